"""The functions of expressions, each with the arguments that it takes.

Source: Microsoft's functions reference of Connect Sync, read in 2025, corrected by its examples, by
the rules that Microsoft installs (391 expressions of 62 rules) and by the answers to questions
about the page: Mid takes three arguments always, the name type of CertNameInfo is a text.
ImportedValue stands in the declarative provisioning page only. No server was asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

__all__ = ["UNDOCUMENTED", "Function", "Parameter", "functions"]

UNDOCUMENTED = frozenset({"CBin", "Thumbprint", "ValueCount"})
"""What Microsoft's rules call, and the reference lacks: what they take is seen there only."""

_SIGNATURES = """
BitAnd(num value1, num value2) num
BitOr(num value1, num value2) num
CBin(num value, num bytes) bin
CBool(exp Expression) bool
CDate(str value) dt
CGuid(str GUID) bin
CNum(str|bin value) num
CRef(str value) ref
CStr(num|ref|bool|str|bin value) str
CertExtensionOids(bin certificateRawData) mvstr
CertFormat(bin certificateRawData) str
CertFriendlyName(bin certificateRawData) str
CertHashString(bin certificateRawData) str
CertIssuer(bin certificateRawData) str
CertIssuerDN(bin certificateRawData) str
CertIssuerOid(bin certificateRawData) str
CertKeyAlgorithm(bin certificateRawData) str
CertKeyAlgorithmParams(bin certificateRawData) str
CertNameInfo(bin certificateRawData, str x509NameType, bool includesIssuerName) str
CertNotAfter(bin certificateRawData) dt
CertNotBefore(bin certificateRawData) dt
CertPublicKeyOid(bin certificateRawData) str
CertPublicKeyParametersOid(bin certificateRawData) str
CertSerialNumber(bin certificateRawData) str
CertSignatureAlgorithmOid(bin certificateRawData) str
CertSubject(bin certificateRawData) str
CertSubjectNameDN(bin certificateRawData) str
CertSubjectNameOid(bin certificateRawData) str
CertThumbprint(bin certificateRawData) str
CertVersion(bin certificateRawData) str
Contains(mvstr|mvref attribute, str search, [CaseInsensitive|CaseSensitive Casetype]) num
ConvertFromBase64(str source, [Unicode|ASCII|UTF8 Encoding]) str
ConvertFromUTF8Hex(str source) str
ConvertToBase64(str|bin source) str
ConvertToUTF8Hex(str source) str
Count(mvstr attribute) num
DNComponent(ref dn, num ComponentNumber) str
DNComponentRev(ref dn, num ComponentNumber, [DC|str Options]) str
DateAdd(str interval, num value, dt date) dt
DateFromNum(num value) dt
Error(str ErrorMessage) void
EscapeDNComponent(str value) str
FormatDateTime(dt value, str format) str
Guid() str
IIF(exp condition, var valueIfTrue, var valueIfFalse) var
ImportedValue(attrname attribute) var
InStr(str stringcheck, str stringmatch, [num start], [vbTextCompare|vbBinaryCompare compare]) num
InStrRev(str stringcheck, str stringmatch, [num start], [vbTextCompare|vbBinaryCompare compare]) num
IsBitSet(num value, num flag) bool
IsCert(bin certificateRawData) bool
IsDate(var Expression) bool
IsEmpty(var Expression) bool
IsGuid(str GUID) bool
IsNull(var Expression) bool
IsNullOrEmpty(var Expression) bool
IsNumeric(var Expression) bool
IsPresent(var Expression) bool
IsString(var Expression) bool
Item(mvstr attribute, num index) var
ItemOrNull(mvstr attribute, num index) var
Join(mvstr attribute, [str Delimiter]) str
LCase(str value) str
LTrim(str value) str
Left(str string, num NumChars) str
Len(str|bin value) num
Mid(str|bin string, num start, num NumChars) str|bin
Now() dt
NumFromDate(dt value) num
PCase(str value) str
PadLeft(str string, num length, str padCharacter) str
PadRight(str string, num length, str padCharacter) str
RTrim(str value) str
RandomNum(num start, num end) num
RemoveDuplicates(mvstr attribute) mvstr
Replace(str string, str OldValue, str NewValue) str
ReplaceChars(str string, str ReplacePattern) str
Right(str string, num NumChars) str
Select(variable item, mvattr|exp attribute, exp function) mvattr
Split(str value, str delimiter, [num limit]) mvstr
StringFromGuid(bin GUID) str
StringFromSid(bin ObjectSID) str
Switch(exp expr, var value, ...) var
Thumbprint(bin value) bin
Trim(str value) str
UCase(str value) str
ValueCount(attrname attribute) num
Where(variable item, mvattr|exp attribute, exp condition) mvattr
With(variable variable, exp subExpression, exp complexExpression) var
Word(str string, num WordNumber, str delimiters) str
"""
"""As on Microsoft's page: type and name of each argument, in brackets where it may be left out.

num: number, str: text, bin: bytes, ref: reference, dt: date, bool: True or False, mvstr and mvref:
an attribute of several values, exp and var: anything, variable: `$name`, attrname: an attribute's
name as a text. Capital letters begin the words of an enumeration.
"""


class Parameter(NamedTuple):
    """An argument that a function takes; `types` are those that are allowed."""

    name: str
    types: tuple[str, ...]
    is_optional: bool
    is_named: bool
    """Whether it is asked for by its name: a variable, or an attribute in quotes."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its enumeration; none where it is not of one."""
        return tuple(t for t in self.types if t not in _TYPES)


_TYPES = frozenset(
    (
        *("attrname", "bin", "bool", "dt", "exp", "mvattr", "mvbin", "mvref", "mvstr"),
        *("num", "ref", "str", "var", "variable", "void"),
    )
)


class Function(NamedTuple):
    """A function; the last parameters may come again and again where it `repeats` them."""

    name: str
    parameters: tuple[Parameter, ...]
    repeats: bool
    fewest: int
    """How many arguments it takes at least."""

    @property
    def most(self) -> int | None:
        """How many arguments it takes at most; `None` where there is no limit."""
        return None if self.repeats else len(self.parameters)

    def takes(self, count: int) -> bool:
        """Return whether it takes that many arguments; those that repeat come as often."""
        if self.repeats:
            return count >= self.fewest and count % len(self.parameters) == 0
        return self.fewest <= count <= len(self.parameters)

    def parameter(self, number: int) -> Parameter:
        """Return what it takes as an argument, counted from 0."""
        return self.parameters[number % len(self.parameters)]

    def __str__(self) -> str:
        names = [f"[{p.name}]" if p.is_optional else p.name for p in self.parameters]
        return f"{self.name}({', '.join([*names, '…'] if self.repeats else names)})"


@cache
def functions() -> Mapping[str, Function]:
    """Return all functions by name."""
    return {f.name: f for f in map(_function, _SIGNATURES.split("\n")) if f is not None}


_NAMED = frozenset(("attrname", "variable"))
_SIGNATURE = re.compile(r"(\w+)\((.*)\) [\w|]+")
_PARAMETER = re.compile(r"(\[?)([\w|]+) (\w+)\]?(?:, )?")


def _function(signature: str) -> Function | None:
    found = _SIGNATURE.fullmatch(signature)
    if found is None:
        return None
    parameters = tuple(
        Parameter(
            name, allowed := tuple(types.split("|")), bool(bracket), not _NAMED.isdisjoint(allowed)
        )
        for bracket, types, name in _PARAMETER.findall(found[2])
    )
    fewest = sum(not p.is_optional for p in parameters)
    return Function(found[1], parameters, found[2].endswith("..."), fewest)

"""Text that breaks readers, rules that hold it, and scripts that a person has laid out anew."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar

from hypothesis import strategies as st

from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.exports.cmdlets import JOIN_CONDITION, SCOPE_CONDITION
from syncrules.rules.enumerations import (
    DIRECTIONS,
    FLOW_TYPES,
    LINK_TYPES,
    OPERATORS,
    VALUE_MERGE_TYPES,
)

__all__ = [
    "SKELETON",
    "SKELETON_RULE",
    "Generated",
    "fragments",
    "newlines",
    "rule_lists",
    "scripts",
    "sync_rules",
    "texts",
]

_T = TypeVar("_T")

newlines = st.sampled_from(["\r\n", "\n", "\r"])

# ---- Text ----------------------------------------------------------------------------------------

_SINGLE = "'‘’‚‛"
_DOUBLE = '"“”„'

_PIECES = (
    *("a", "In from AD - User", "IIF(IsPresent([mail]),[mail],NULL)", "O'Brien", "%Connector.ID%"),
    *(*_SINGLE, "''", "'’", *_DOUBLE, '""', "′", "＇"),
    *("`", "``", "`n", "`0", "`u{41}", "$", "$x", "$(x)", "${x}", "$syncRule[0]", "$_"),
    *("--%", "@'", "'@", '@"', '"@', "@(", ")", "(", "{", "}", "[0]", ".x", "::", "=", ","),
    *("#", "<#", "#>", ";", "|", "&", "&&", "<", ">", "-Name", "–", "—", "―", "New-ADSyncRule"),
    *("\r", "\n", "\r\n", " ", "\t", "\v", "\f", "\0", "\x1b", "\x1c", "\x7f"),
    *("\x85", "\xa0", "\u180e", "\u200b", "\u2028", "\u2029", "\u202e", "\u3000", "\ufeff"),
    *("é", "ß", "字", "e\u0301", "😀", "\ufffd", "0", "50", "007", "True"),
)

texts = st.lists(st.sampled_from(_PIECES), max_size=6).map("".join) | st.text(
    st.characters(codec="utf-8"), max_size=6
)
"""Any text, and more often than chance would have it the characters that PowerShell minds."""

# ---- Choices -------------------------------------------------------------------------------------


class _Choices:
    """Choices by a short tape of drawn bytes, gone round and round.

    A long script costs one draw, and shrinks to the first choice everywhere.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self.tape = cycle(draw(st.binary(min_size=1, max_size=40)))

    def pick(self, values: Sequence[_T]) -> _T:
        """Return the next choice from `values`."""
        return values[next(self.tape) % len(values)]

    def flag(self) -> bool:
        """Return the next choice of yes and no; no is the simpler."""
        return self.pick((False, True))

    def maybe(self, make: Callable[[], _T]) -> _T | None:
        """Return a value or `None`."""
        return make() if self.flag() else None

    def some(self, make: Callable[[], _T], least: int = 0) -> tuple[_T, ...]:
        """Return up to two values more than the least."""
        return tuple(make() for _ in range(least + self.pick((0, 1, 2))))


# ---- Rules ---------------------------------------------------------------------------------------

_ZERO = "00000000-0000-0000-0000-000000000000"
_INTERVALS = (
    *("0", "00:00:00", "1", "300000000", "999999999"),
    *("00:00:30", "1.02:03:04.5678901", "-1:00", "30.00:00:00"),
)
_PRECEDENCES = (0, 1, 50, 100, 148, 999_999_999)


@st.composite
def sync_rules(draw: st.DrawFn) -> SyncRule:
    """Draw a rule that an export can hold; what may be left out is `None` now and then."""
    pool = draw(st.lists(texts, min_size=1, max_size=4))
    guids = draw(st.lists(st.uuids().map(str), min_size=1, max_size=2))
    choices = _Choices(draw)
    pick, flag, maybe, some = choices.pick, choices.flag, choices.maybe, choices.some

    def text() -> str:
        return pick(pool)

    def name() -> str:
        return text() or "*"  # PowerShell wants it filled

    def guid() -> str:
        return pick(guids)

    def flow() -> AttributeFlowMapping:
        return AttributeFlowMapping(
            source=maybe(lambda: some(text)),
            destination=name(),
            flow_type=pick(FLOW_TYPES),
            value_merge_type=maybe(lambda: pick(VALUE_MERGE_TYPES)),
            execute_once=flag(),
            expression=maybe(text),
        )

    def scope() -> ScopeCondition:
        return ScopeCondition(text(), pick([*pool, "2"]), pick(OPERATORS))

    def join() -> JoinCondition:
        return JoinCondition(text(), text(), flag())

    return SyncRule(
        name=name(),
        identifier=maybe(guid),
        description=maybe(text),
        direction=pick(DIRECTIONS),
        precedence=maybe(lambda: pick(_PRECEDENCES)),
        precedence_after=maybe(lambda: pick((_ZERO, *guids))),
        precedence_before=maybe(guid),
        source_object_type=name(),
        target_object_type=name(),
        connector=guid(),
        link_type=maybe(lambda: pick(LINK_TYPES)),
        soft_delete_expiry_interval=maybe(lambda: pick(_INTERVALS)),
        immutable_tag=maybe(text),
        enable_password_sync=flag(),
        disabled=flag(),
        attribute_flow_mappings=some(flow),
        scope_filter=some(lambda: some(scope, 1)),
        join_filter=some(lambda: some(join, 1)),
    )


rule_lists = st.lists(
    sync_rules(),
    max_size=2,
    # On the server a second rule of one identifier would overwrite the first, and of one
    # precedence be refused.
    unique_by=(
        lambda rule: rule.identifier or id(rule),
        lambda rule: id(rule) if rule.precedence is None else rule.precedence,
    ),
).map(tuple)


# ---- Scripts -------------------------------------------------------------------------------------
# What PowerShell takes for the same rules. In a layout `~` is a newline.

_Layouts = tuple[str, ...]
_GAPS: _Layouts = (
    *(" `~", "  `~", "\t`~    ", "\u3000`~\x0c", " `~`~", "\xa0`~ `~\t", " ` `~"),
    *(" ", "  ", " <# it's `~ -Name 'x' #> ", " <##>`~"),
)
_SEPARATORS: _Layouts = (" ", "  ", "\t", "\u2028", " `~", " <# # #> ", ":", ":")
_COMMAS: _Layouts = (",", ", ", " ,", ",~", " , <# ' #>~  ", ", # it's~")
_PADS: _Layouts = ("", " ", "~", "\t# @(~", " `~", " <# ) #>")
_ENDS: _Layouts = (
    *("~~~", "~", ";", " ; ", "\t# it's `~", "~# \u2028 New-ADSyncRule `~", "~<# ~ # > `~#>~"),
    *(" | Out-Null~~~", "|out-null;", " | `~OUT-NULL  ~", " |~~ Out-Null # '~", "~\xa0\t~", " `~~"),
)
_HEADS: _Layouts = (
    "",
    "~",
    "# New-ADSyncRule -Name 'x' `~",
    "<# é ’ ~#> ",
    " ;;~",
    "Import-Module ADSync~",
)
_STOPS: _Layouts = ("", "$ErrorActionPreference = 'Stop'~", '$errorActionPreference="stop";')
_TAILS: _Layouts = ("~~~", "", "~", " ", ";", " # it's", " <#~#>", " |~Out-Null", "~\v# \t `")
_DASHES: _Layouts = ("-", "–", "—", "―")
_CASES: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper, str.swapcase)


@dataclass(frozen=True)
class Generated:
    """A script, the rules that PowerShell would make from it, and its bytes in some encoding."""

    text: str
    rules: tuple[SyncRule, ...]
    data: bytes
    encoding: str | None
    """What the reader has to be told of `data`."""


@st.composite
def scripts(draw: st.DrawFn) -> Generated:
    """Rules as a script in a layout of its own, to be read without an error."""
    rules = draw(rule_lists)
    printer = _Printer(draw)
    text = "".join(printer.script(rules))
    data, encoding = draw(st.sampled_from(_ENCODERS))(text)
    return Generated(text, rules, data, encoding)


class _Printer:
    """Prints commands in a drawn layout."""

    def __init__(self, draw: st.DrawFn) -> None:
        choices = _Choices(draw)
        self.pick, self.flag = choices.pick, choices.flag
        if self.flag():
            self.gaps, self.separators, self.dashes = _GAPS, _SEPARATORS, _DASHES
            self.commas, self.pads = _COMMAS, _PADS
        else:  # the Editor's layout, but for cases, quotes and ends
            self.gaps, self.separators, self.dashes = _GAPS[:2], _SEPARATORS[:1], _DASHES[:1]
            self.commas, self.pads = _COMMAS[:1], _PADS[:1]
        self.cases = _CASES if self.flag() else _CASES[:1]
        self.writers = _WRITERS if self.flag() else _WRITERS[:1]
        self.newlines = self.pick((("\r\n",), ("\n",), ("\r",), ("\r\n", "\n", "\r")))

    def cased(self, text: str) -> str:
        return self.pick(self.cases)(text)

    def laid(self, layout: str) -> str:
        return layout.replace("~", self.pick(self.newlines))

    def script(self, rules: Iterable[SyncRule]) -> Iterator[str]:
        yield self.laid(self.pick(_HEADS))
        yield self.laid(self.pick(_STOPS))
        printed = [c for index, rule in enumerate(rules) for c in self.commands(rule, index)]
        for command in printed[:-1]:
            yield command
            yield self.end(self.pick(_ENDS), command)
        yield from printed[-1:]
        yield self.end(self.pick(_TAILS), printed[-1] if printed else "$")

    def end(self, layout: str, command: str) -> str:
        # An assignment takes no pipe, and neither does an empty script.
        return self.laid("~" if "|" in layout and command.startswith("$") else layout)

    def commands(self, rule: SyncRule, index: int) -> Iterator[str]:
        connector = self.guid(rule.connector)
        if self.flag():
            yield f"$connector{index} = " + self.quoted(rule.connector)
            connector = self.cased(f"$connector{index}")
        to_rule = "SynchronizationRule", self.cased("$syncRule[0]")
        keep = "OutVariable", "syncRule"
        own = None if rule.identifier is None else self.guid(rule.identifier)
        yield self.command(
            "New-ADSyncRule",
            ("Name", self.text(rule.name)),
            ("Identifier", own),
            ("Description", self.text(rule.description)),
            ("Direction", self.text(rule.direction)),
            ("Precedence", None if rule.precedence is None else str(rule.precedence)),
            ("PrecedenceAfter", self.guid(rule.precedence_after)),
            ("PrecedenceBefore", self.guid(rule.precedence_before)),
            ("SourceObjectType", self.text(rule.source_object_type)),
            ("TargetObjectType", self.text(rule.target_object_type)),
            ("Connector", connector),
            ("LinkType", self.text(rule.link_type)),
            ("SoftDeleteExpiryInterval", self.interval(rule.soft_delete_expiry_interval)),
            ("ImmutableTag", self.text(rule.immutable_tag)),
            ("EnablePasswordSync", self.switch(rule.enable_password_sync)),
            ("Disabled", self.switch(rule.disabled)),
            keep,
        )
        for flow in rule.attribute_flow_mappings:
            yield self.command(
                "Add-ADSyncAttributeFlowMapping",
                to_rule,
                ("Source", None if flow.source is None else self.texts(flow.source)),
                ("Destination", self.text(flow.destination)),
                ("FlowType", self.text(flow.flow_type)),
                ("ValueMergeType", self.text(flow.value_merge_type)),
                ("ExecuteOnce", self.switch(flow.execute_once)),
                ("Expression", self.text(flow.expression)),
                keep,
            )
        for scope in rule.scope_filter:
            for number, condition in enumerate(scope):
                values = (
                    self.quoted(condition.attribute),
                    self.number(condition.comparison_value),
                    self.quoted(condition.comparison_operator),
                )
                yield self.condition(SCOPE_CONDITION, values, number)
            group = "ScopeConditions", self.group(len(scope))
            yield self.command("Add-ADSyncScopeConditionGroup", to_rule, group, keep)
        for join in rule.join_filter:
            for number, criterion in enumerate(join):
                values = (
                    self.quoted(criterion.cs_attribute),
                    self.quoted(criterion.mv_attribute),
                    self.cased("$true" if criterion.case_sensitive else "$false"),
                )
                yield self.condition(JOIN_CONDITION, values, number)
            group = "JoinConditions", self.group(len(join))
            yield self.command("Add-ADSyncJoinConditionGroup", to_rule, group, keep)
        yield self.command("Add-ADSyncRule", to_rule)
        if own is not None:
            yield self.command("Get-ADSyncRule", ("Identifier", own))

    def command(self, name: str, *settings: tuple[str, str | bool | None]) -> str:
        # In any order: PowerShell binds parameters by name.
        ordered = settings[::-1] if self.flag() else settings
        return self.cased(name) + "".join(
            self.laid(self.pick(self.gaps)) + self.setting(parameter, value)
            for parameter, value in ordered
            if value is not None
        )

    def setting(self, parameter: str, value: str | bool) -> str:
        name = self.pick(self.dashes) + self.cased(parameter)
        if isinstance(value, bool):
            attached = not value or self.flag()
            return name + (self.cased(f":${value}") if attached else "")
        # Alone, even in quotes, `--%` would stop PowerShell's parsing.
        stops = re.fullmatch(r"@?.\s*--%\s*.@?", value, re.DOTALL)
        return name + (":" if stops else self.laid(self.pick(self.separators))) + value

    def switch(self, on: bool) -> bool | None:
        return on or (False if self.flag() else None)

    def condition(self, type_name: str, values: Sequence[str], number: int) -> str:
        listed = self.flag() and not any("--%" in v for v in values)
        arguments = self.joined(values) if listed else self.array(values)
        return self.command(
            "New-Object",
            ("TypeName", self.text(type_name)),
            ("ArgumentList", arguments),
            ("OutVariable", f"condition{number}"),
        )

    def group(self, count: int) -> str:
        return self.array([self.cased(f"$condition{n}[0]") for n in range(count)])

    def texts(self, values: Sequence[str]) -> str:
        listed = bool(values) and self.flag() and not any("--%" in v for v in values)
        quoted = [self.quoted(v) for v in values]
        return self.joined(quoted) if listed else self.array(quoted)

    def array(self, values: Sequence[str]) -> str:
        before, after = self.laid(self.pick(self.pads)), self.laid(self.pick(self.pads))
        return f"@({before}{self.joined(values)}{after})"

    def joined(self, values: Sequence[str]) -> str:
        return "".join(
            (self.laid(self.pick(self.commas)) if index else "") + value
            for index, value in enumerate(values)
        )

    def text(self, value: str | None) -> str | None:
        if value is None:
            return None
        bare = re.fullmatch("[A-Za-z_][A-Za-z0-9_.-]*", value) and self.flag()
        return value if bare else self.quoted(value)

    def guid(self, value: str | None) -> str | None:
        if value is None:
            return None
        form = self.cased(value)
        return self.text(f" {{{form}}}" if self.flag() else form)

    def number(self, value: str) -> str:
        bare = re.fullmatch("0|[1-9][0-9]{0,8}", value) and self.flag()
        return value if bare else self.quoted(value)

    def interval(self, value: str | None) -> str | None:
        return value if value is None or value.isdecimal() else self.quoted(value)

    def quoted(self, value: str) -> str:
        return self.pick(self.writers)(value, self.pick(self.newlines)) or _single(value, "")


# ---- One text, written in each way that PowerShell has -------------------------------------------


def _single(text: str, _newline: str) -> str:
    return "'" + re.sub(f"([{_SINGLE}])", r"\1\1", text) + "'"


def _typographic_single(text: str, newline: str) -> str:
    return "‘" + _single(text, newline)[1:-1] + "’"


def _double(text: str, _newline: str) -> str:
    return '"' + re.sub(f"([{_DOUBLE}`])", r"\1\1", text).replace("$", "`$") + '"'


def _escaped_double(text: str, _newline: str) -> str:
    return "“" + re.sub(f"([{_DOUBLE}`$])", r"`\1", text).replace("\n", "`n") + "„"


def _single_here(text: str, newline: str) -> str | None:
    return f"@'{newline}{text}{newline}’@" if _fits_here(text, newline, _SINGLE) else None


def _double_here(text: str, newline: str) -> str | None:
    if not _fits_here(text, newline, _DOUBLE):
        return None
    escaped = re.sub("([`$])", r"`\1", text)
    return f'@” \t{newline}{escaped}{newline}"@'


def _fits_here(text: str, newline: str, quotes: str) -> bool:
    """Whether the newlines around stay apart from those of the text, and no line closes it."""
    joins = (newline == "\r" and text[:1] == "\n") or (newline == "\n" and text[-1:] == "\r")
    return not joins and re.search(rf"(?:\A|[\r\n])[{quotes}]@", text) is None


_WRITERS = (_single, _typographic_single, _double, _escaped_double, _single_here, _double_here)

# ---- Encodings -----------------------------------------------------------------------------------


def _utf8(text: str) -> tuple[bytes, str | None]:
    return text.encode(), None


def _utf8_bom(text: str) -> tuple[bytes, str | None]:
    return BOM_UTF8 + text.encode(), None


def _utf16_le(text: str) -> tuple[bytes, str | None]:
    return BOM_UTF16_LE + text.encode("utf-16-le"), None


def _utf16_be(text: str) -> tuple[bytes, str | None]:
    return BOM_UTF16_BE + text.encode("utf-16-be"), None


def _ansi(text: str) -> tuple[bytes, str | None]:
    try:
        return text.encode("cp1252"), "windows-1252"
    except UnicodeEncodeError:
        return _utf8_bom(text)


_ENCODERS = (_utf8, _utf8_bom, _utf16_le, _utf16_be, _ansi)

# ---- The Editor's own layout ---------------------------------------------------------------------

SKELETON = """\
New-ADSyncRule  `
-Name 'In from AD - Custom' `
-Identifier '11111111-2222-3333-4444-555555555555' `
-Description '' `
-Direction 'Inbound' `
-Precedence 50 `
-PrecedenceAfter '00000000-0000-0000-0000-000000000000' `
-PrecedenceBefore '00000000-0000-0000-0000-000000000000' `
-SourceObjectType 'user' `
-TargetObjectType 'person' `
-Connector 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' `
-LinkType 'Join' `
-SoftDeleteExpiryInterval 0 `
-ImmutableTag '' `
-Disabled  `
-OutVariable syncRule


Add-ADSyncAttributeFlowMapping  `
-SynchronizationRule $syncRule[0] `
-Source @('True') `
-Destination 'cloudFiltered' `
-FlowType 'Constant' `
-ValueMergeType 'Update' `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
-ArgumentList 'department','Sales','EQUAL' `
-OutVariable condition0


Add-ADSyncScopeConditionGroup  `
-SynchronizationRule $syncRule[0] `
-ScopeConditions @($condition0[0]) `
-OutVariable syncRule


New-Object  `
-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition' `
-ArgumentList 'employeeID','employeeID',$false `
-OutVariable condition0


Add-ADSyncJoinConditionGroup  `
-SynchronizationRule $syncRule[0] `
-JoinConditions @($condition0[0]) `
-OutVariable syncRule


Add-ADSyncRule  `
-SynchronizationRule $syncRule[0]


Get-ADSyncRule  `
-Identifier '11111111-2222-3333-4444-555555555555'


"""
"""One rule as the Editor prints it, counted over its exports; the values are invented."""

SKELETON_RULE = SyncRule(
    name="In from AD - Custom",
    identifier="11111111-2222-3333-4444-555555555555",
    description="",
    direction="Inbound",
    precedence=50,
    precedence_after=_ZERO,
    precedence_before=_ZERO,
    source_object_type="user",
    target_object_type="person",
    connector="aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    link_type="Join",
    soft_delete_expiry_interval="0",
    immutable_tag="",
    enable_password_sync=False,
    disabled=True,
    attribute_flow_mappings=(
        AttributeFlowMapping(("True",), "cloudFiltered", "Constant", "Update", False, None),
    ),
    scope_filter=((ScopeCondition("department", "Sales", "EQUAL"),),),
    join_filter=((JoinCondition("employeeID", "employeeID", False),),),
)

# ---- Snippets ------------------------------------------------------------------------------------

_SNIPPETS = (
    *_PIECES,
    *("New-ADSyncRule", "Add-ADSyncRule", "New-Object", "Get-ADSyncRule", "if", "#requires"),
    *(" ", " ", "  `\r\n", " `\n", "\n", "\r\n", "\r", "` ", "`\t\n", "\n\n\n"),
    *("-Name ", "-Connector ", "-OutVariable syncRule", "-Disabled", "-Disabled:", "-Source "),
    *("'x'", '"x"', '"$x"', '"`e"', '"`u{110000}"', "'", '"', "@'\n", "\n'@", '@"\r\n', '\r\n"@'),
    *("@('a','b')", "@(", "),", ",", ",,", "$syncRule[0]", "$condition0[0]", "$x = 'y'", "@{"),
    *("50", "²", "٣", "0x10", "1e5", "99999999999999999999", "-1", "$true", "|", "||", "-", "@x"),
    *("| Out-Null", "\udc80", "\ud800", "b891884f-051e-4a83-95af-2544101c9083"),
)

fragments = st.lists(st.sampled_from(_SNIPPETS), max_size=25).map("".join)
"""Pieces of scripts in no order."""

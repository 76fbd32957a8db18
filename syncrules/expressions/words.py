"""The words of expressions besides functions, and those of the languages that look alike.

Sources: the declarative provisioning expressions page (constants, parameters), the functions
reference (enumerations); for the other languages the reference of attribute mapping expressions in
Microsoft Entra ID, and the functions reference of MIM 2016. What a function of theirs is called
here is said only where the pages describe the same.
"""

from __future__ import annotations

__all__ = ["CLOUD", "CONSTANTS", "ELSEWHERE", "ENUMERATIONS", "LIKE_OPERATORS", "MIM", "PARAMETERS"]

CONSTANTS = ("NULL", "CRLF", "IgnoreThisFlow", "AuthoritativeNull", "True", "False")

ENUMERATIONS = (
    *("CaseInsensitive", "CaseSensitive", "vbTextCompare", "vbBinaryCompare"),
    *("Unicode", "ASCII", "UTF8", "DC"),
)

PARAMETERS = (
    *("Domain.Netbios", "Domain.FQDN", "Domain.LDAP"),
    *("Forest.Netbios", "Forest.FQDN", "Forest.LDAP", "Connector.ID"),
)

CLOUD: dict[str, str] = {
    "Append": "join texts with &",
    "AppRoleAssignmentsComplex": "",
    "AssertiveAppRoleAssignmentsComplex": "",
    "Coalesce": "use IIF(IsNullOrEmpty([a]),[b],[a])",
    "DateDiff": "",
    "DefaultDomain": "",
    "IgnoreFlowIfNullOrEmpty": "use IIF(IsNullOrEmpty([a]),IgnoreThisFlow,[a])",
    "NormalizeDiacritics": "replace the letters with ReplaceChars",
    "Not": "compare with False",
    "RandomString": "",
    "Redact": "",
    "SelectUniqueValue": "",
    "SingleAppRoleAssignment": "",
    "StripSpaces": 'use Replace([a]," ","")',
    "ToLower": "use LCase",
    "ToUpper": "use UCase",
}
"""Functions of cloud sync and of app provisioning, and what to use here where that is known."""

MIM: dict[str, str] = {
    "Concatenate": "join texts with &",
    "UpperCase": "use UCase",
    "LowerCase": "use LCase",
    "ProperCase": "use PCase",
    "LeftPad": "use PadLeft",
    "RightPad": "use PadRight",
    "ReplaceString": "use Replace",
    "ConvertSidToString": "use StringFromSid",
    "ConvertStringToGuid": "use CGuid",
    "DateTimeFormat": "use FormatDateTime",
    "Null": "write NULL, without brackets",
    "Eq": "write =",
    "NotEquals": "write <>",
    "LessThan": "write <",
    "LessThanOrEquals": "write <=",
    "GreaterThan": "write >",
    "GreaterThanOrEquals": "write >=",
    "And": "write &&",
    "Or": "write ||",
}
"""Functions of Forefront and Microsoft Identity Manager, likewise."""

ELSEWHERE = {
    "concat": "join texts with &",
    "endswith": "compare Right([a],2) with the text",
    "indexof": "use InStr",
    "isblank": "use IsNullOrEmpty",
    "isnotnull": "use IsPresent",
    "isnotnullorempty": "use IsPresent",
    "isnullorwhitespace": "use IsNullOrEmpty",
    "length": "use Len",
    "lower": "use LCase",
    "proper": "use PCase",
    "startswith": "compare Left([a],2) with the text",
    "substr": "use Mid",
    "substring": "use Mid",
    "today": "use Now",
    "upper": "use UCase",
}
"""Functions of .NET, SQL and spreadsheets, in lower case, and what to use here."""

LIKE_OPERATORS = {
    "and": "write &&",
    "or": "write ||",
    "not": "compare with False instead",
    "eq": "write =",
    "ne": "write <>",
    "mod": "there is no remainder",
    "xor": "there is none",
    "like": "use InStr",
}
"""Words that are operators in other languages, in lower case, and what to do here."""

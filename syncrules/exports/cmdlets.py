"""The export's commands: their parameters in the Editor's order, and the values that they take.

Source: counted over 31 rules in whole Editor exports and 62 in a configuration folder; Microsoft
documents none of these cmdlets. Common parameters: about_CommonParameters.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

__all__ = [
    "ADD_FLOW",
    "ADD_JOIN_GROUP",
    "ADD_RULE",
    "ADD_SCOPE_GROUP",
    "ADSYNC_MODULE",
    "COMMANDS",
    "COMMON",
    "GET_RULE",
    "JOIN_CONDITION",
    "NEW_OBJECT",
    "NEW_RULE",
    "SCOPE_CONDITION",
    "CommandForm",
    "Kind",
    "is_automatic",
]


class Kind(Enum):
    """What a parameter takes; a word is a text too, without blanks and quotes in all rules seen."""

    TEXT = auto()
    WORD = auto()
    TEXTS = auto()
    GUID = auto()
    INTEGER = auto()
    INTERVAL = auto()
    SWITCH = auto()
    RULE = auto()
    CONDITIONS = auto()
    ARGUMENTS = auto()
    VARIABLE_NAME = auto()
    PREFERENCE = auto()


class CommandForm(NamedTuple):
    """A command's parameters, those that it needs, and those that it takes by position."""

    parameters: dict[str, Kind]
    needed: tuple[str, ...] = ()
    positional: tuple[str, ...] = ()


ADD_FLOW = "Add-ADSyncAttributeFlowMapping"
ADD_JOIN_GROUP = "Add-ADSyncJoinConditionGroup"
ADD_RULE = "Add-ADSyncRule"
ADD_SCOPE_GROUP = "Add-ADSyncScopeConditionGroup"
GET_RULE = "Get-ADSyncRule"
NEW_OBJECT = "New-Object"
NEW_RULE = "New-ADSyncRule"
_RULE = {"SynchronizationRule": Kind.RULE}

COMMANDS = {
    NEW_RULE: CommandForm(
        {
            "Name": Kind.TEXT,
            "Identifier": Kind.GUID,
            "Description": Kind.TEXT,
            "Direction": Kind.WORD,
            "Precedence": Kind.INTEGER,
            "PrecedenceAfter": Kind.GUID,
            "PrecedenceBefore": Kind.GUID,
            "SourceObjectType": Kind.WORD,
            "TargetObjectType": Kind.WORD,
            "Connector": Kind.GUID,
            "LinkType": Kind.WORD,
            "SoftDeleteExpiryInterval": Kind.INTERVAL,
            "ImmutableTag": Kind.WORD,
            "EnablePasswordSync": Kind.SWITCH,
            "Disabled": Kind.SWITCH,
        },
        needed=("Name", "Direction", "SourceObjectType", "TargetObjectType", "Connector"),
    ),
    ADD_FLOW: CommandForm(
        _RULE
        | {
            "Source": Kind.TEXTS,
            "Destination": Kind.TEXT,
            "FlowType": Kind.WORD,
            "ValueMergeType": Kind.WORD,
            "ExecuteOnce": Kind.SWITCH,
            "Expression": Kind.TEXT,
        },
        needed=("SynchronizationRule", "Destination", "FlowType"),
    ),
    NEW_OBJECT: CommandForm(
        {"TypeName": Kind.TEXT, "ArgumentList": Kind.ARGUMENTS},
        needed=("TypeName",),
        positional=("TypeName", "ArgumentList"),
    ),
    ADD_SCOPE_GROUP: CommandForm(
        _RULE | {"ScopeConditions": Kind.CONDITIONS},
        needed=("SynchronizationRule", "ScopeConditions"),
    ),
    ADD_JOIN_GROUP: CommandForm(
        _RULE | {"JoinConditions": Kind.CONDITIONS},
        needed=("SynchronizationRule", "JoinConditions"),
    ),
    ADD_RULE: CommandForm(_RULE, needed=("SynchronizationRule",)),
    GET_RULE: CommandForm({"Identifier": Kind.GUID}),
    "Import-Module": CommandForm(
        {"Name": Kind.TEXT, "Force": Kind.SWITCH, "DisableNameChecking": Kind.SWITCH},
        needed=("Name",),
        positional=("Name",),
    ),
}
"""What a script of rules may hold. `Import-Module` is not part of an export; people add it."""

COMMON = {
    "OutVariable": (Kind.VARIABLE_NAME, "ov"),
    "ErrorAction": (Kind.PREFERENCE, "ea"),
    "Verbose": (Kind.SWITCH, "vb"),
    "Debug": (Kind.SWITCH, "db"),
    "WarningAction": (None, "wa"),
    "InformationAction": (None, "infa"),
    "ProgressAction": (None, "proga"),
    "ErrorVariable": (None, "ev"),
    "WarningVariable": (None, "wv"),
    "InformationVariable": (None, "iv"),
    "OutBuffer": (None, "ob"),
    "PipelineVariable": (None, "pv"),
}
"""Common parameters with their aliases; those without a kind are known, and refused."""

SCOPE_CONDITION = "Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition"
JOIN_CONDITION = "Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition"

ADSYNC_MODULE = (
    r"(?i:adsync|.*[\\/]microsoft azure ad sync[\\/]bin[\\/]adsync(?:[\\/]adsync(?:\.psd1)?)?)"
)
"""The module's name, or its path where the server installs it."""

_AUTOMATIC = frozenset(
    (
        *("true", "false", "null", "_", "args", "input", "error", "ofs", "home", "pid", "pwd"),
        *("host", "profile", "matches", "this", "switch", "foreach", "executioncontext"),
        *("shellid", "stacktrace", "myinvocation"),
    )
)


def is_automatic(variable: str) -> bool:
    """Return whether a variable, in lower case, means something to PowerShell.

    Source: about_Automatic_Variables and about_Preference_Variables.
    """
    return (
        variable in _AUTOMATIC
        or variable.startswith(("ps", "is", "maximum"))
        or variable.endswith("preference")
    )

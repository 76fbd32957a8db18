"""What may not hold together in a script of rules, in words."""

from __future__ import annotations

from syncrules.diagnostics import Code, Problem
from syncrules.wording import BY_EDITOR

__all__ = [
    "ADDED_BEFORE",
    "ELSEWHERE",
    "EMPTY_GROUP",
    "GOES_ON",
    "NOT_ADDED",
    "NOT_AN_ELEMENT",
    "NOT_A_NAME",
    "NOT_A_RULE",
    "UNUSED_CONDITION",
    "automatic_variable",
    "foreign",
    "kept",
    "never_made",
    "not_a",
    "not_kept",
    "of_the_server",
    "second_value",
    "without_value",
]

NOT_ADDED = Problem(
    Code.SR311,
    "This rule is made, but no Add-ADSyncRule adds it: the server would not get it.",
    f"Export the rule again {BY_EDITOR}, or add its Add-ADSyncRule.",
)
UNUSED_CONDITION = Problem(
    Code.SR312,
    "This condition is made, but no group uses it: the rule would apply to "
    "more objects than it says.",
    "Add it to its group, or delete the command.",
)
GOES_ON = Problem(
    Code.SR314,
    "After an error the script would go on with the rule before it.",
    "Delete -ErrorAction; the output stops at the first error.",
)
ELSEWHERE = Problem(
    Code.SR315,
    "This asks for a rule that is not in the file.",
    "Nothing to do if the rule was meant to be left out.",
)
NOT_A_NAME = Problem(
    Code.SR316,
    "This name cannot be used as a variable of an export.",
    "Write a name of letters and digits, such as syncRule.",
)
NOT_A_RULE = Problem(
    Code.SR317,
    "This variable contains a condition, not a rule.",
    "Name the variable of the rule's New-ADSyncRule.",
)
ADDED_BEFORE = Problem(
    Code.SR318,
    "This rule was added to the server before: what follows its Add-ADSyncRule would be lost.",
    "Move the command above the rule's Add-ADSyncRule; delete a second Add-ADSyncRule.",
)
NOT_AN_ELEMENT = Problem(
    Code.SR317,
    "An export passes the first element of a variable here: $syncRule[0].",
    "Write $name[0], with the name after -OutVariable.",
)
EMPTY_GROUP = Problem(
    Code.SR317,
    "This group has no condition.",
    "Delete the command, or name its conditions.",
)


def automatic_variable(name: str) -> Problem:
    """Return the problem of an assignment to a variable that PowerShell knows."""
    return Problem(
        Code.SR331,
        f"${name} means something to PowerShell: this changes how the script runs.",
        "Delete it.",
    )


def second_value(name: str) -> Problem:
    """Return the problem of a variable that is assigned again."""
    return Problem(
        Code.SR313,
        f"${name} is given a value a second time, so its value depends on the order.",
        "Use another name, or write the value itself where it is used.",
    )


def kept(what: str) -> Problem:
    """Return the problem of a command that no export holds, and that is kept."""
    return Problem(
        Code.SR226,
        f"{what}; it is kept as it is. syncrules cannot tell what it does on the server.",
        "Make sure that it should run on the staging server.",
    )


def not_kept(what: str) -> Problem:
    """Return the problem of a command that --keep-foreign does not keep."""
    return Problem(
        Code.SR208,
        f"{what}. --keep-foreign keeps only commands that cannot change what the rules' own "
        "commands and variables mean, such as Write-Host and Start-Sleep, and only between the "
        "rules.",
        "Remove it from the file, and run it by itself if it is needed.",
    )


def foreign(what: str) -> Problem:
    """Return the problem of a command that no export holds."""
    return Problem(
        Code.SR208,
        f"{what}; syncrules cannot tell what it would do.",
        "Remove it from the file, and run it by itself if it is needed.",
    )


def never_made(name: str) -> Problem:
    """Return the problem of a variable that no command made."""
    return Problem(
        Code.SR319,
        f"${name} is not set: no earlier command has -OutVariable {name}.",
        f"Export the rule again {BY_EDITOR}; its first commands are missing.",
    )


def of_the_server(name: str) -> Problem:
    """Return the problem of a variable that holds what a command got from the server."""
    return Problem(
        Code.SR317,
        f"${name} does not contain the rule that this file makes: a Get-ADSyncRule or "
        f"Import-Module above has -OutVariable {name}, so this command would change what the "
        "server returned.",
        f"Delete that -OutVariable {name}, or give it another name.",
    )


def not_a(kind: str) -> Problem:
    """Return the problem of a variable that holds no condition of the kind."""
    return Problem(
        Code.SR317,
        f"This variable does not contain a {kind}.",
        "Name the variable of a condition of this group.",
    )


def without_value(name: str) -> Problem:
    """Return the problem of a variable that is used before its assignment."""
    return Problem(
        Code.SR319,
        f"${name} is not given a value before it is used.",
        "Write the connector's GUID itself, in single quotes.",
    )

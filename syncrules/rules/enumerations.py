"""The words that a rule's fields take, as .NET prints them.

Source: counted over 31 rules in whole Editor exports and 62 in a configuration folder.
"""

from __future__ import annotations

from collections.abc import Collection

__all__ = [
    "CONSTANT",
    "DIRECT",
    "DIRECTIONS",
    "EXPRESSION",
    "FLOW_TYPES",
    "INBOUND",
    "LINK_TYPES",
    "MISSPELT_OPERATORS",
    "OPERATORS",
    "OUTBOUND",
    "VALUE_MERGE_TYPES",
    "canonical",
]

INBOUND, OUTBOUND = DIRECTIONS = ("Inbound", "Outbound")
LINK_TYPES = ("Join", "Provision", "StickyJoin", "JoinNoFlow")
DIRECT, CONSTANT, EXPRESSION = FLOW_TYPES = ("Direct", "Constant", "Expression")
VALUE_MERGE_TYPES = ("Update", "Replace", "Merge", "MergeCaseInsensitive")
OPERATORS = (
    *("EQUAL", "NOTEQUAL", "LESSTHAN", "LESSTHAN_OR_EQUAL", "CONTAINS", "NOTCONTAINS"),
    *("STARTSWITH", "NOTSTARTSWITH", "ENDSWITH", "NOTENDSWITH", "GREATERTHAN"),
    *("GREATERTHAN_OR_EQUAL", "ISNULL", "ISNOTNULL", "ISIN", "ISNOTIN", "ISBITSET"),
    *("ISBITNOTSET", "ISMEMBEROF", "ISNOTMEMBEROF"),
)
MISSPELT_OPERATORS = {"ISNOTBITSET": "ISBITNOTSET", "NOTSTARTWITH": "NOTSTARTSWITH"}
"""Names in Microsoft's documentation that no server takes."""


def canonical(word: str, known: Collection[str]) -> str | None:
    """Return a word as .NET prints it, or `None` where it is not among `known` in any case.

    >>> canonical("join", LINK_TYPES)
    'Join'
    """
    if word in known:
        return word
    return next((one for one in known if one.lower() == word.lower()), None)

"""The words that a rule's fields take, as .NET prints them.

Source: counted over 31 rules in whole Editor exports and 62 in a configuration folder.
"""

from __future__ import annotations

__all__ = [
    "DIRECTIONS",
    "FLOW_TYPES",
    "LINK_TYPES",
    "MISSPELT_OPERATORS",
    "OPERATORS",
    "VALUE_MERGE_TYPES",
]

DIRECTIONS = ("Inbound", "Outbound")
LINK_TYPES = ("Join", "Provision", "StickyJoin", "JoinNoFlow")
FLOW_TYPES = ("Direct", "Constant", "Expression")
VALUE_MERGE_TYPES = ("Update", "Replace", "Merge", "MergeCaseInsensitive")
OPERATORS = (
    *("EQUAL", "NOTEQUAL", "LESSTHAN", "LESSTHAN_OR_EQUAL", "CONTAINS", "NOTCONTAINS"),
    *("STARTSWITH", "NOTSTARTSWITH", "ENDSWITH", "NOTENDSWITH", "GREATERTHAN"),
    *("GREATERTHAN_OR_EQUAL", "ISNULL", "ISNOTNULL", "ISIN", "ISNOTIN", "ISBITSET"),
    *("ISBITNOTSET", "ISMEMBEROF", "ISNOTMEMBEROF"),
)
MISSPELT_OPERATORS = {"ISNOTBITSET": "ISBITNOTSET", "NOTSTARTWITH": "NOTSTARTSWITH"}
"""Names in Microsoft's documentation that no server takes."""

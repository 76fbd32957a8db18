"""Synchronization rules as values, with the fields that an export holds.

Field names are the ADSync cmdlets' parameters in snake_case. What an export leaves out is `None`,
never a default. GUIDs are lower case without braces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .guids import ZERO_GUID

__all__ = [
    "AFTER",
    "BEFORE",
    "ENTRA_CONNECTOR",
    "MAX_CUSTOM_PRECEDENCE",
    "AttributeFlowMapping",
    "JoinCondition",
    "RuleReference",
    "ScopeCondition",
    "SyncRule",
    "is_out_of_box",
    "tag_stem",
]

ENTRA_CONNECTOR = "b891884f-051e-4a83-95af-2544101c9083"
"""The Entra connector's identifier: the same on every server seen, and in Microsoft's scripts."""

MAX_CUSTOM_PRECEDENCE = 99
"""Custom rules have precedences from 0 to this one; out-of-box rules begin at the next."""


@dataclass(frozen=True, slots=True)
class AttributeFlowMapping:
    """How one attribute of the target is filled."""

    source: tuple[str, ...] | None
    """Attributes, or the one constant; expression flows may list some, all or none."""
    destination: str
    flow_type: str
    value_merge_type: str | None
    execute_once: bool
    expression: str | None


@dataclass(frozen=True, slots=True)
class ScopeCondition:
    """One condition of a scope group; a group is true if all of its conditions are."""

    attribute: str
    comparison_value: str
    comparison_operator: str


@dataclass(frozen=True, slots=True)
class JoinCondition:
    """One condition of a join group: connector space attribute equals metaverse attribute."""

    cs_attribute: str
    mv_attribute: str
    case_sensitive: bool


BEFORE, AFTER = "PrecedenceBefore", "PrecedenceAfter"
"""The parameters that place a rule directly before, or directly behind, another."""


class RuleReference(NamedTuple):
    """The rule that places another: `parameter` is `BEFORE` or `AFTER`."""

    parameter: str
    identifier: str


@dataclass(frozen=True, slots=True)
class SyncRule:
    """A synchronization rule.

    `direction`, `link_type` and the other words of enumerations are as .NET prints them, where
    they are known. `precedence` is the smaller the stronger; `precedence_after` and
    `precedence_before` hold the identifier of another *rule*. `soft_delete_expiry_interval` is as
    written: digits are ticks of 100 nanoseconds, everything else a .NET TimeSpan.
    """

    name: str
    identifier: str | None
    description: str | None
    direction: str
    precedence: int | None
    precedence_after: str | None
    precedence_before: str | None
    source_object_type: str
    target_object_type: str
    connector: str
    link_type: str | None
    soft_delete_expiry_interval: str | None
    immutable_tag: str | None
    enable_password_sync: bool
    disabled: bool
    attribute_flow_mappings: tuple[AttributeFlowMapping, ...] = ()
    scope_filter: tuple[tuple[ScopeCondition, ...], ...] = ()
    join_filter: tuple[tuple[JoinCondition, ...], ...] = ()

    @property
    def is_out_of_box(self) -> bool:
        """Whether Microsoft installed this rule, by its tag."""
        return is_out_of_box(self.immutable_tag)

    @property
    def references(self) -> tuple[RuleReference, ...]:
        """The rules that place this one: its own precedence does not count then."""
        named = (BEFORE, self.precedence_before), (AFTER, self.precedence_after)
        return tuple(RuleReference(p, i) for p, i in named if i and i != ZERO_GUID)

    @property
    def reference(self) -> RuleReference | None:
        """The rule that places this one, if any does."""
        return next(iter(self.references), None)


def is_out_of_box(tag: str | None) -> bool:
    """Return whether an ImmutableTag is one of Microsoft's: it starts with `Microsoft.`, any case.

    Source: microsoft/AADConnectConfigDocumenter, and all 62 rules of its sample.
    """
    return (tag or "").lower().startswith("microsoft.")


@lru_cache(maxsize=1 << 15)  # each rule is compared with many
def tag_stem(tag: str) -> str:
    """Return an out-of-box tag without its version, in lower case.

    >>> tag_stem("Microsoft.InfromADUserJoin.004")
    'microsoft.infromaduserjoin'
    """
    return _TAG_VERSION.sub("", tag.lower())


_TAG_VERSION = re.compile(r"\.[0-9]+$")

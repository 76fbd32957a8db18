"""In what two files show a custom rule otherwise, in words and with both values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from syncrules.rules.comparison import (
    Value,
    content_differences,
    differing_destinations,
    fields_of,
    flows_by_destination,
    quoted,
)
from syncrules.rules.model import SyncRule
from syncrules.servers.model import ServerRule
from syncrules.wording import contrasted

from .content import WORDS

__all__ = ["differences_with_values"]


class _Unlike(NamedTuple):
    """A field with what each of two files shows; `None` where it does not, or leaves it open."""

    what: str
    one: str | None
    other: str | None


def differences_with_values(one: ServerRule, other: ServerRule) -> tuple[str, ...]:
    """Return the fields that two files do not show alike, with what each of them shows.

    What only one of them shows is not compared. Connector and direction are disputes: see
    `merging`.
    """
    fields = [*_of_both(one, other)]
    if one.sync_rule is not None and other.sync_rule is not None:
        fields += _of_whole_rules(one.sync_rule, other.sync_rule)
    return tuple(
        "{} ({} and {})".format(what, *contrasted(first, second))
        for what, first, second in fields
        if first is not None and second is not None and first != second
    )


def _of_both(one: ServerRule, other: ServerRule) -> Iterator[_Unlike]:
    yield _Unlike("name", quoted(one.name), quoted(other.name))
    yield _Unlike("state", _state(one), _state(other))
    yield _Unlike("precedence", _precedence(one), _precedence(other))
    yield _Unlike("tag", _tag(one), _tag(other))


def _state(rule: ServerRule) -> str | None:
    return None if rule.disabled is None else "disabled" if rule.disabled else "enabled"


def _precedence(rule: ServerRule) -> str | None:
    """Return the precedence, unless it does not count, since another rule places this one."""
    is_placed = rule.sync_rule is not None and rule.sync_rule.references
    return None if rule.precedence is None or is_placed else str(rule.precedence)


def _tag(rule: ServerRule) -> str | None:
    return None if rule.immutable_tag is None else quoted(rule.immutable_tag)


def _of_whole_rules(one: SyncRule, other: SyncRule) -> Iterator[_Unlike]:
    yield _Unlike("description", quoted(one.description), quoted(other.description))
    yield _Unlike("place", _place(one), _place(other))
    first, second = fields_of(one), fields_of(other)
    for name in content_differences(one, other):
        if name == "AttributeFlowMappings":
            yield from _flows(one, other)
        elif name in _GROUPS:
            yield _Unlike(WORDS[name], *_groups(name, first[name], second[name]))
        else:
            yield _Unlike(WORDS[name], str(first[name]), str(second[name]))


_GROUPS = ("ScopeFilter", "JoinFilter")


def _place(rule: SyncRule) -> str | None:
    return " ".join(rule.reference) if rule.reference else None


def _flows(one: SyncRule, other: SyncRule) -> Iterator[_Unlike]:
    first, second = flows_by_destination(one), flows_by_destination(other)
    for name in differing_destinations(one, other):
        start = f"Destination {quoted(name)}, "
        texts = (
            "; ".join(flow.removeprefix(start) for flow in flows.get(name, ())) or "none"
            for flows in (first, second)
        )
        yield _Unlike(f"attribute flow to {name}", *texts)


def _groups(name: str, one: Value, other: Value) -> tuple[str, str]:
    """Return groups of conditions; of scopes, whose order does not count, those of one alone."""
    first, second = ([tuple(sorted(group)) for group in groups] for groups in (one, other))
    if name == "ScopeFilter":
        both = Counter(first) & Counter(second)
        first, second = (list((Counter(groups) - both).elements()) for groups in (first, second))
    texts = (" or ".join(f"({' and '.join(g)})" for g in groups) for groups in (first, second))
    one_text, other_text = (text or "none" for text in texts)
    return one_text, other_text

"""What is left behind on purpose: rules, or all rules of a connector, by name or identifier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Option, Problem, can_be_typed
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server, ServerRule
from syncrules.wording import first_of

from .moving_rules import MovingRule

__all__ = ["Key", "Leaving", "key_of", "leaving"]

Key = str | tuple[str, str | None, str]
"""An identifier; of a rule that has none, its connector, direction and name."""


class _Candidate(NamedTuple):
    """A rule or connector that can be named.

    `is_sure` tells that no other candidate is the same one under another identifier, as a rule
    that was mapped before may be.
    """

    key: Key
    called: str
    is_connector: bool
    is_out_of_box: bool
    is_sure: bool


class Leaving(NamedTuple):
    """What is left behind, what is wrong with the names that were given, and all that have one.

    `keys` are those of rules, and of connectors whose rules are all left behind.
    """

    keys: frozenset[Key]
    diagnostics: tuple[Diagnostic, ...]
    by_name: Mapping[str, tuple[_Candidate, ...]]

    def leaves(self, rule: SyncRule | ServerRule) -> bool:
        """Return whether a rule of the exports or of the active server is left behind."""
        return rule.connector in self.keys or key_of(rule) in self.keys

    def option(self, rule: SyncRule | ServerRule) -> Option:
        """Return the option that leaves this rule behind: by its name, where that is unique."""
        named = self.by_name.get(_plain(rule.name), ())
        if rule.identifier and (len(_meant(named)) != 1 or not can_be_typed(rule.name)):
            return Option("--leave", rule.identifier)
        return Option("--leave", rule.name)


def leaving(
    names: Iterable[str], customs: Iterable[MovingRule], active: Server, staging: Server
) -> Leaving:
    """Find what `names` name: rules of the exports or of the active server, or its connectors."""
    by_name: dict[str, dict[Key, _Candidate]] = {}
    for name, candidate in _candidates(customs, active, staging):
        by_name.setdefault(_plain(name), {}).setdefault(candidate.key, candidate)
    known = {name: tuple(found.values()) for name, found in by_name.items()}
    left: list[_Candidate] = []
    diagnostics: list[Diagnostic] = []
    for name in names:
        found = _meant(known.get(parse_guid(name) or _plain(name), ()))
        if not found:
            diagnostics.append(_unknown(name, known).at())
        elif _are_several(found):
            diagnostics.append(_several(name, found).at())
        else:
            left += found
    return Leaving(frozenset(c.key for c in left), tuple(diagnostics), known)


def _candidates(
    customs: Iterable[MovingRule], active: Server, staging: Server
) -> Iterator[tuple[str, _Candidate]]:
    """Yield what can be named, by each of its names."""
    mapped: dict[str, None] = {}
    for moving in customs:
        rule = moving.rule
        is_sure = not moving.is_mapped and rule.identifier is not None
        yield from _of_rule(rule, active.whose(rule), is_sure=is_sure)
        if moving.is_mapped:
            mapped.setdefault(rule.connector)
    for known in active.rules:
        yield from _of_rule(known, active.whose(known), is_sure=known.identifier is not None)
    for connector in active.connectors:
        yield from _of_connector(connector.identifier, active, is_sure=True)
    for identifier in mapped:
        yield from _of_connector(identifier, staging, is_sure=False)


def _of_rule(
    rule: SyncRule | ServerRule, whose: str, *, is_sure: bool
) -> Iterator[tuple[str, _Candidate]]:
    called = f"the rule '{rule.name}'{whose} ({rule.identifier or 'without an identifier'})"
    candidate = _Candidate(key_of(rule), called, False, rule.is_out_of_box, is_sure)
    yield rule.name, candidate
    if rule.identifier:
        yield rule.identifier, candidate


def _of_connector(
    identifier: str, server: Server, *, is_sure: bool
) -> Iterator[tuple[str, _Candidate]]:
    known = server.connector(identifier)
    label = f" '{known.label}'" if known and known.label else ""
    candidate = _Candidate(identifier, f"the connector{label} ({identifier})", True, False, is_sure)
    yield identifier, candidate
    if known is not None:
        yield from ((name, candidate) for name in (known.name, known.forest) if name)


def key_of(rule: SyncRule | ServerRule) -> Key:
    """Return what a rule of the exports or of the active server is known by."""
    return rule.identifier or (rule.connector, rule.direction, rule.name)


def _plain(name: str) -> str:
    return name.strip().casefold()


def _meant(candidates: tuple[_Candidate, ...]) -> tuple[_Candidate, ...]:
    """Return those that a name can mean: a custom rule often has the name of an out-of-box one."""
    return tuple(c for c in candidates if not c.is_out_of_box) or candidates


def _are_several(candidates: tuple[_Candidate, ...]) -> bool:
    sure = sum(c.is_sure for c in candidates)
    return sure > 1 or len(candidates) - sure > 1 or len({c.is_connector for c in candidates}) > 1


def _unknown(name: str, known: Mapping[str, tuple[_Candidate, ...]]) -> Problem:
    from difflib import get_close_matches  # most names are known

    can_be_left = [
        candidate.called
        for found in known.values()
        for candidate in found
        if not candidate.is_out_of_box
    ]

    near = [
        candidate.called
        for plain in get_close_matches(_plain(name), known, cutoff=0.7)
        for candidate in _meant(known[plain])
    ]
    shown = (
        f"Near it: {first_of(dict.fromkeys(near))}."
        if near
        else (f"There are: {first_of(dict.fromkeys(can_be_left))}.")
    )
    return Problem(
        Code.SR476,
        f"--leave names '{name}', but no rule or connector of the active server that the files "
        "show has that name or identifier.",
        f"Correct the name, or omit the option. {shown}",
    )


def _several(name: str, found: tuple[_Candidate, ...]) -> Problem:
    return Problem(
        Code.SR477,
        f"--leave names '{name}', which is the name of {len(found)} things: "
        f"{first_of(c.called for c in found)}. Which of them stays behind is not guessed.",
        "Name each that you mean by its identifier, such as: --leave "
        f"{next((c.key for c in found if isinstance(c.key, str)), 'IDENTIFIER')}",
    )

"""What the connectors of two servers read, and how they are run.

Of containers, what is read counts, not how it is written: the entry nearest to a container decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from syncrules.servers.model import Connector, PartitionScope, RunProfile, RunStep, Server

from .model import (
    Detail,
    DifferenceKind,
    DifferenceLevel,
    NotCompared,
    ServerDifference,
    not_shown,
    subject_of_connector,
)

__all__ = ["connector_differences", "connectors_not_compared", "containers_read"]


def connector_differences(
    a: Server, b: Server, connectors: Mapping[str, str]
) -> Iterator[ServerDifference]:
    """Yield in what paired connectors differ, but for their attributes."""
    for one, other in _paired(a, b, connectors):
        subjects = subject_of_connector(one, a), subject_of_connector(other, b)
        for kind, details in (found for part in _PARTS for found in part.differences(one, other)):
            if own := tuple(details):
                level = DifferenceLevel.DIFFERS
                yield ServerDifference(kind, level, *subjects, own, weight=len(own))


def connectors_not_compared(
    a: Server, b: Server, connectors: Mapping[str, str]
) -> Iterator[NotCompared]:
    """Yield what the files of one of the servers do not show of paired connectors."""
    for part in _PARTS:
        unseen: dict[tuple[bool, bool], list[str]] = {}
        for one, other in _paired(a, b, connectors):
            lacking = not part.is_shown(one), not part.is_shown(other)
            if any(lacking) and not (part.is_optional and all(lacking)):
                unseen.setdefault(lacking, []).append(a.label(one.identifier))
        for (on_a, on_b), names in unseen.items():
            yield not_shown(part.name, on_a=on_a, on_b=on_b, names=tuple(sorted(names)))


def _paired(
    a: Server, b: Server, connectors: Mapping[str, str]
) -> Iterator[tuple[Connector, Connector]]:
    for old, new in connectors.items():
        one, other = a.connector(old), b.connector(new)
        if one is not None and other is not None:
            yield one, other


_Differing = tuple[DifferenceKind, Iterable[Detail]]
"""The details of one difference; of none where there are none."""


# ---- Partitions, object types, containers --------------------------------------------------------


def _scopes(one: Connector, other: Connector) -> Iterator[_Differing]:
    if one.scopes is None or other.scopes is None:
        return
    ones, others = ({_dn(s.name): s for s in c.scopes or ()} for c in (one, other))
    both = [
        (ones[name], others[name])
        for name in ones
        if name in others and ones[name].is_selected and others[name].is_selected
    ]
    for details in (_partitions(ones, others), _object_types(both), _containers(both)):
        yield DifferenceKind.SELECTION, details


_Dn = tuple[str, ...]


def _partitions(
    ones: Mapping[_Dn, PartitionScope], others: Mapping[_Dn, PartitionScope]
) -> Iterator[Detail]:
    for name in dict.fromkeys((*ones, *others)):
        states = [side.get(name) for side in (ones, others)]
        selected = [state is not None and state.is_selected for state in states]
        if selected[0] is not selected[1]:
            known = next(state for state in states if state is not None)
            yield Detail("partition", known.name, *map(_selected, selected))


def _object_types(both: Iterable[tuple[PartitionScope, PartitionScope]]) -> Iterator[Detail]:
    both = tuple(both)
    for one, other in both:
        if one.object_types is None or other.object_types is None:
            continue
        where = f" in {one.name}" if len(both) > 1 else ""
        for name in sorted(one.object_types ^ other.object_types):
            states = (_selected(name in side) for side in (one.object_types, other.object_types))
            yield Detail("object type", f"{name}{where}", *states)


def _containers(both: Iterable[tuple[PartitionScope, PartitionScope]]) -> Iterator[Detail]:
    """Yield the containers that one server reads and the other does not, the outermost of each."""
    for one, other in both:
        entries = {_dn(e): e for s in (one, other) for e in (*s.included, *s.excluded)}
        is_read, is_read_on_b = _reads(one), _reads(other)
        changed: dict[_Dn, tuple[bool, bool]] = {}
        for dn in sorted(entries, key=len):
            states = is_read(dn), is_read_on_b(dn)
            around = _nearest(changed, dn)
            changed[dn] = states
            if states[0] is not states[1] and states != around:
                yield Detail("container", entries[dn] or one.name, *map(_read, states))


def containers_read(scope: PartitionScope) -> Iterator[str]:
    """Yield the containers at which it changes what is read, each with what begins there."""
    is_read = _reads(scope)
    known: dict[_Dn, bool] = {}
    for dn in sorted({_dn(e) for e in (*scope.included, *scope.excluded)}, key=_from_the_root):
        around = bool(_nearest(known, dn))
        known[dn] = is_read(dn)
        if known[dn] is not around:
            yield f"container {','.join(dn)}: {_read(known[dn])}"


def _from_the_root(dn: _Dn) -> tuple[int, _Dn]:
    return len(dn), dn


def _reads(scope: PartitionScope) -> Callable[[_Dn], bool]:
    known = {_dn(e): True for e in scope.included} | {_dn(e): False for e in scope.excluded}
    return lambda dn: bool(_nearest(known, dn, itself=True))


def _nearest(known: Mapping[_Dn, object], dn: _Dn, *, itself: bool = False) -> object:
    """Return what is known of the nearest container around another one."""
    for start in range(0 if itself else 1, len(dn) + 1):
        if dn[start:] in known:
            return known[dn[start:]]
    return None


_BETWEEN = re.compile(r"(?<!\\),")


@lru_cache(maxsize=1 << 14)
def _dn(name: str) -> _Dn:
    """Return the parts of a distinguished name, in which case and blanks around do not count."""
    return tuple(part.strip().casefold() for part in _BETWEEN.split(name) if part.strip())


def _selected(state: bool) -> str:
    return "selected" if state else "not selected"


def _read(state: object) -> str:
    return "included" if state else "excluded"


# ---- Run profiles and password hashes ------------------------------------------------------------


def _run_profiles(one: Connector, other: Connector) -> Iterator[_Differing]:
    if one.run_profiles is None or other.run_profiles is None:
        return
    ones, others = ({p.name.casefold(): p for p in c.run_profiles or ()} for c in (one, other))
    details = (
        Detail("run profile", found.name, _steps(ones.get(name)), _steps(others.get(name)))
        for name, found in sorted((ones | others).items())
        if _kept(ones.get(name)) != _kept(others.get(name))
    )
    yield DifferenceKind.RUN_PROFILE, details


def _kept(profile: RunProfile | None) -> object:
    return None if profile is None else [(s.what.lower(), _dn(s.partition)) for s in profile.steps]


def _steps(profile: RunProfile | None) -> str | None:
    return None if profile is None else ", ".join(map(_step, profile.steps)) or "no step"


def _step(step: RunStep) -> str:
    return f"{step.what} of {step.partition}" if step.partition else step.what


def _password_hashes(one: Connector, other: Connector) -> Iterator[_Differing]:
    states = one.password_hash_sync, other.password_hash_sync
    if None not in states and states[0] is not states[1]:
        told = ("on" if state else "off" for state in states)
        detail = Detail("password hash synchronization", "", *told)
        yield DifferenceKind.OPTION, [detail]


# ---- All parts -----------------------------------------------------------------------------------


class _Part(NamedTuple):
    """Something that a connector's file may show; what `is_optional`, not each has to."""

    name: str
    differences: Callable[[Connector, Connector], Iterator[_Differing]]
    is_shown: Callable[[Connector], bool]
    is_optional: bool = False


_PARTS = (
    _Part("partitions, object types and containers", _scopes, lambda c: c.scopes is not None),
    _Part("run profiles", _run_profiles, lambda c: c.run_profiles is not None),
    _Part(
        "password hash synchronization",
        _password_hashes,
        lambda c: c.password_hash_sync is not None,
        is_optional=True,
    ),
)

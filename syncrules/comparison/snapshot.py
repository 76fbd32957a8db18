"""What a server does, as text files for version control and for side-by-side comparison.

Identifiers and numbers are left out, and so is what means nothing: a rule's file differs exactly
when a comparison finds that rule different. Lines that begin with # are notes, which mean nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from syncrules.diagnostics import printable
from syncrules.pairing.same_rules import is_custom
from syncrules.rules.canonical import CONTENT, canonical_lines
from syncrules.rules.enumerations import DIRECTIONS, INBOUND
from syncrules.rules.folding import with_connectors
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Connector, Server, ServerRule

from .attributes import DecidedAttribute, Decider, by_precedence, decided, mark_of
from .options import compared_options
from .order import joined_by
from .selection import containers_read

__all__ = ["FIRST_LINE", "Snapshot", "snapshot"]

FIRST_LINE = "# A snapshot by syncrules, for reading and comparing. It cannot be imported."
"""How each file begins."""

Lines = Iterator[str]


class Snapshot(NamedTuple):
    """The text of each file by its path, and the rules that no file shows whole."""

    files: Mapping[str, str]
    not_shown: tuple[ServerRule, ...]


def snapshot(server: Server) -> Snapshot:
    """Return what a server does as text files; paths have forward slashes."""
    places = _Places(server)
    files: dict[str, Iterable[str]] = {}
    for place in places.rules:
        files[place.path] = _rule(place.rule, places.names)
    for connector in server.connectors:
        lines = [*_selection(connector), *_run_profiles(connector)]
        if lines:
            files[f"{places.folders[connector.identifier]}/connector.txt"] = lines
    attributes = decided(server)
    for direction in DIRECTIONS:
        own = (d for d in attributes if (d.connector is None) is (direction == INBOUND))
        files[f"order-{direction.lower()}.txt"] = (
            *_order(own, places),
            *_joins(server, direction, places),
        )
    if server.parameters:
        files["options.txt"] = _options(server)
    return Snapshot(
        {path: _text(lines) for path, lines in sorted(files.items())},
        tuple(r for r in server.rules if r.sync_rule is None),
    )


def _text(lines: Iterable[str]) -> str:
    return "\n".join((FIRST_LINE, *map(_on_one_line, lines))) + "\n"


def _on_one_line(line: str) -> str:
    """Return a line in which other line ends, and what cannot be seen, are escapes."""
    if printable(line) == line:
        return line
    return f"(escaped) {printable(line.replace(chr(92), chr(92) * 2))}"


# ---- Where a file stands -------------------------------------------------------------------------

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]|[. ]$')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_MOST = 100
"""Windows takes 260 characters in a whole path."""


def _file_name(name: str) -> str:
    """Return a name that every file system takes; a name that is changed for it gets a digest."""
    safe = _FORBIDDEN.sub("_", name)[:_MOST]
    if safe != name or not safe or _DEVICE.fullmatch(safe):
        return f"{safe}~{_digest(name)}"
    return safe


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class _Places:
    """The folder of each connector, and what it is called in texts."""

    def __init__(self, server: Server) -> None:
        self.server = server
        known = {c.identifier: (c.label or c.identifier).lower() for c in server.connectors}
        times = Counter(known.values())
        self.names = {
            identifier: label if times[label] == 1 else f"{label} {identifier}"
            for identifier, label in known.items()
        }
        self.folders = {identifier: _file_name(name) for identifier, name in self.names.items()}

        self.rules = tuple(self._of_rules())
        self.marks = {mark_of(place.of): place.mark for place in self.rules if place.mark}

    def called(self, rule: ServerRule) -> str:
        """Return what a rule is called in texts: rules of one name get the digest of their file."""
        connector = self.names.get(rule.connector, rule.connector)
        return f"{rule.name}{self.marks.get(mark_of(rule), '')} ({connector})"

    def _of_rules(self) -> Iterator[_Place]:
        """Yield each rule with its path; what several rules would have gets a digest of each."""
        found: dict[str, list[_Place]] = {}
        for rule in self.server.rules:
            if rule.sync_rule is not None:
                kind = "custom" if is_custom(rule) else "out-of-box"
                folder = self.folders.get(rule.connector, rule.connector)
                path = f"{folder}/{(rule.direction or '').lower()}/{kind}/{_file_name(rule.name)}"
                found.setdefault(path.casefold(), []).append(_Place(path, "", rule, rule.sync_rule))
        for own in found.values():
            for place in own if len(own) == 1 else self._apart(own):
                yield place._replace(path=f"{place.path}{place.mark}.txt")

    def _apart(self, places: Iterable[_Place]) -> Iterator[_Place]:
        times = Counter[str]()
        for place in places:
            digest = _digest("\n".join(_compared(_rule(place.rule, self.names))))
            times[digest] += 1
            again = f"-{times[digest]}" if times[digest] > 1 else ""
            yield place._replace(mark=f"~{digest}{again}")


class _Place(NamedTuple):
    """A rule with the path of its file; `mark` tells it from others of its name."""

    path: str
    mark: str
    of: ServerRule
    rule: SyncRule


def _compared(lines: Iterable[str]) -> Lines:
    return (line for line in lines if not line.startswith("#"))


# ---- What stands in it ---------------------------------------------------------------------------


def _rule(rule: SyncRule, connectors: Mapping[str, str]) -> Lines:
    yield from _note("description", rule.description or "")
    yield from _note("tag", rule.immutable_tag or "")
    yield f"name: {rule.name}"
    yield f"state: {'disabled' if rule.disabled else 'enabled'}"
    lines = canonical_lines(with_connectors(rule, connectors))
    for field in CONTENT:
        for line in lines.get(field, ()):
            yield f"{_WORDS.get(field, field)}: {line}"


_WORDS = {"scope_filter": "scope", "join_filter": "join", "attribute_flow_mappings": "flow"}


def _note(what: str, text: str) -> Lines:
    yield from (f"# {what}: {line}" for line in text.splitlines())


def _order(attributes: Iterable[DecidedAttribute], places: _Places) -> Lines:
    """Yield the rules that contest an attribute, in their order."""
    for one in attributes:
        if len(one.deciders) > 1:
            space = places.names[one.connector] + " " if one.connector else ""
            yield f"{space}{one.object_type.lower()} {one.attribute.lower()}"
            yield from (f"    {places.called(d.rule)}" for d in _in_order(one.deciders, places))


def _joins(server: Server, direction: str, places: _Places) -> Lines:
    """Yield the rules that may join the same objects, in their order."""
    found: dict[str, list[ServerRule]] = {}
    for rule in sorted(server.rules, key=by_precedence):
        joined = joined_by(rule.sync_rule)
        if joined is not None and joined[0] == direction:
            space = places.names.get(rule.connector, rule.connector)
            found.setdefault(f"{space} {joined[1]}: joins", []).append(rule)
    for title, rules in sorted(found.items()):
        if len(rules) > 1:
            yield title
            yield from (f"    {places.called(r)}" for r in rules)


def _in_order(deciders: Iterable[Decider], places: _Places) -> Iterator[Decider]:
    """Yield rules in their order, those in a row that all merge by name: of these, all counts."""
    merging: list[Decider] = []
    for one in deciders:
        if all(f.value_merge_type in _MERGING for f in one.flows):
            merging.append(one)
        else:
            yield from sorted(merging, key=lambda d: places.called(d.rule))
            merging = []
            yield one
    yield from sorted(merging, key=lambda d: places.called(d.rule))


_MERGING = ("Merge", "MergeCaseInsensitive")


def _selection(connector: Connector) -> Lines:
    for scope in sorted(connector.scopes or (), key=lambda s: s.name.lower()):
        name = scope.name.lower()
        yield f"partition {name}: {'selected' if scope.is_selected else 'not selected'}"
        if scope.is_selected:
            yield from (f"    object type {kind}" for kind in sorted(scope.object_types or ()))
            yield from (f"    {line}" for line in containers_read(scope))
    yield from (f"attribute {name}" for name in sorted(connector.selected_attributes or ()))


def _run_profiles(connector: Connector) -> Lines:
    for profile in sorted(connector.run_profiles or (), key=lambda p: p.name.lower()):
        yield f"run profile {profile.name.lower()}"
        for step in profile.steps:
            yield f"    {step.what.lower()} {step.partition.lower()}".rstrip()
    if connector.password_hash_sync is not None:
        yield f"password hash synchronization: {'on' if connector.password_hash_sync else 'off'}"


def _options(server: Server) -> Lines:
    for name, value, is_compared in compared_options(server):
        yield f"{'' if is_compared else '# '}{name}: {value}"

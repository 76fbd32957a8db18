"""The ladder of precedences as it is drawn: staging's rules before on the left, after on the right.

Staging's own rules keep their order, so a rule stands at one height on both sides, and the moved
rules fill the gaps that are left on the left.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from syncrules.diagnostics import printable
from syncrules.migration.plan import Plan, Rung
from syncrules.servers.model import ServerRule

__all__ = ["Box", "Drawing", "Row", "drawn"]

_FOLDED_FROM = 4
"""So many out-of-box rules in a row are drawn as one rung."""
_ROWS = 16
"""Rows of one picture: printers break pages between pictures only."""
_ROOM = 322
"""Pixels that a name has in the drawing."""
_SIZE = 13
_NARROW = frozenset("iIjlt.,:;!|'()[]/\\ -f")
_BROAD = frozenset("mwMWOQ@%ABCDEGHKNRUVXY<>=+~#$&*^")

_Key = tuple[str, str, str, int | None]


@dataclass(frozen=True, slots=True)
class Box:
    """A rung on one side. `text` may be cut; `uncut` is not."""

    number: str
    text: str
    uncut: str


@dataclass(frozen=True, slots=True)
class Row:
    """A rung on both sides. `shift` is by how much its number grows.

    `kind` is moved, disabled, anchor, custom, out-of-box or folded.
    """

    kind: str
    before: Box | None
    after: Box | None
    shift: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A rung as the table says it."""

    rung: Rung
    kind: str
    connector: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing, in pictures of some rows each, and what it shows as a table.

    `standing` is how many rules of the staging server are known.
    """

    pictures: tuple[tuple[Row, ...], ...]
    table: tuple[Listed, ...]
    standing: int
    width: int = 920
    height: int = 30


def drawn(plan: Plan) -> Drawing:
    """Return the drawing of a plan's ladder."""
    disabled = {_key_of(p.staging) for p in plan.disabled}
    anchors = {_key_of(r) for r in plan.anchors}
    names = Counter(rung.name for rung in plan.ladder)
    table = tuple(
        Listed(rung, _kind(rung, disabled, anchors), plan.staging.label(rung.connector))
        for rung in plan.ladder
    )
    rows = tuple(_rows(table, {name for name, count in names.items() if count > 1}))
    return Drawing(
        tuple(rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)),
        table,
        sum(1 for rung in plan.ladder if not rung.moves),
    )


def _key_of(rule: ServerRule) -> _Key:
    return rule.name, rule.connector, rule.direction or "", rule.precedence


def _kind(rung: Rung, disabled: set[_Key], anchors: set[_Key]) -> str:
    if rung.moves:
        return "moved"
    if not rung.is_out_of_box:
        return "custom"
    key = rung.name, rung.connector, rung.direction, rung.before
    return "disabled" if key in disabled else "anchor" if key in anchors else "out-of-box"


def _rows(table: Sequence[Listed], shared: set[str]) -> Iterator[Row]:
    def run(listed: Listed) -> tuple[str, bool]:
        return listed.kind, listed.rung.after is None

    for (kind, _), group in groupby(table, key=run):
        same = tuple(group)
        if kind == "out-of-box" and len(same) >= _FOLDED_FROM:
            yield _folded([listed.rung for listed in same])
        else:
            yield from (_row(listed, is_shared=listed.rung.name in shared) for listed in same)


def _row(listed: Listed, *, is_shared: bool) -> Row:
    """Return a rung as a row; where others have its name, its connector is told too."""
    rung = listed.rung
    uncut = f"{rung.name} ({rung.direction or 'direction not known'}, {listed.connector})"
    text = _cut(printable(f"{rung.name}, {listed.connector}" if is_shared else rung.name))
    before = None if rung.moves else Box(_shown(rung.before), text, uncut)
    after = Box(_shown(rung.after), text, uncut)
    return Row(listed.kind, before, after, _shift(rung))


def _shown(number: int | None) -> str:
    return "?" if number is None else str(number)


def _shift(rung: Rung) -> int:
    return 0 if rung.before is None or rung.after is None else rung.after - rung.before


def _folded(rungs: Sequence[Rung]) -> Row:
    shifts = {_shift(rung) for rung in rungs}
    return Row(
        "folded",
        _run(len(rungs), [rung.before for rung in rungs]),
        _run(len(rungs), [rung.after for rung in rungs]),
        shifts.pop() if len(shifts) == 1 else 0,
    )


def _run(count: int, numbers: Iterable[int | None]) -> Box:
    known = [number for number in numbers if number is not None]
    place = f", {min(known)} to {max(known)}" if known else "; precedences not known"
    text = f"{count} out-of-box rules{place}"
    return Box("", text, text)


def _cut(text: str) -> str:
    """Return a text as far as it has room: no program that lays it out is asked."""
    room = float(_ROOM)
    for kept, character in enumerate(text):
        room -= _width(character)
        if room < 0:
            return text[: max(kept - 2, 0)] + "…"
    return text


def _width(character: str) -> float:
    """Return about how many pixels a character takes, rather too many."""
    if unicodedata.east_asian_width(character) in "WF":
        return _SIZE
    if character in _NARROW:
        return 0.4 * _SIZE
    if character in _BROAD or not character.isascii():
        return 0.84 * _SIZE
    return 0.64 * _SIZE

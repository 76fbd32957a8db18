"""What PowerShell prints of objects: a table (Format-Table) or a list (Format-List), as rows.

In a table each column begins where the dashes below its name begin. PowerShell cuts what does not
fit and ends it with an ellipsis, and leaves out columns; a cut value is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

__all__ = ["PRINTED", "Unfit", "printed_rows"]

PROMPT = r"(?:PS [^>\r\n]*>|PS>)[^\r\n]*"
_BREAK = r"(?>\r\n|[\r\n])"
_TABLE = rf"\w++(?: ++\w++)*+ *+{_BREAK} *+-++(?: ++-++)*+ *+(?:{_BREAK}|\Z)"
_LIST = (
    rf"(?=(?:(?!identifier *: )[^\r\n]*+{_BREAK})*+identifier *: )\w+ *: ?[^\r\n]*(?:{_BREAK}|\Z)"
)
PRINTED = re.compile(rf"(?:\s*+{PROMPT}{_BREAK})*+\s*+(?:{_TABLE}|{_LIST})", re.IGNORECASE)
"""How printed objects begin, a prompt with the command before them or not."""

_PROPERTY = re.compile(r"(\w+) *: ?(.*)")
_CUT = ("…", "...")
_READ = {"name", "identifier", "type", "subtype", "connectortypename"}
"""The properties that are taken from what is printed."""


class Unfit(Exception):
    """Why a file is not taken."""


def printed_rows(text: str) -> list[Mapping[str, object]]:
    """Return the printed objects' properties by name, in lower case."""
    lines = [line.rstrip() for line in re.split(_BREAK, text)]
    lines = [line for line in lines if not re.fullmatch(PROMPT, line)]
    first = next((n for n, line in enumerate(lines) if line), len(lines))
    dashes = lines[first + 1] if first + 1 < len(lines) else ""
    is_table = dashes.strip("- ") == "" and dashes != ""
    rows = list(_table(lines[first:]) if is_table else _list(lines[first:]))
    if not rows:
        raise Unfit("lists no connector")
    return rows


# ---- Tables --------------------------------------------------------------------------------------


def _table(lines: Sequence[str]) -> Iterator[Mapping[str, object]]:
    starts = [m.start() for m in re.finditer(r"-+", lines[1])]
    columns = [c.lower() for c in _cells(lines[0], starts, len) or ()]
    if len(set(columns)) < len(starts):
        raise Unfit("has columns that are not above their dashes")
    if "identifier" not in columns and not {"direction", "precedence"} & set(columns):
        raise Unfit("has no column Identifier")
    for line in filter(None, lines[2:]):
        cells = _cells(line, starts, len) or _cells(line, starts, _width)
        if cells is None:
            raise Unfit("has a row whose values are not below the names of their columns")
        row = dict(zip(columns, cells, strict=True))
        for name in _READ & row.keys():
            _whole(name, row[name])
        yield row


def _cells(line: str, starts: Sequence[int], width: Callable[[str], int]) -> list[str] | None:
    """Return the values of a row; `None` where one reaches into the next column."""
    edges = [0]
    column = 0
    for at, character in enumerate(line):
        if len(edges) < len(starts) and column >= starts[len(edges)]:
            if column > starts[len(edges)] or line[at - 1] != " ":
                return None
            edges.append(at)
        column += width(character)
    edges += [len(line)] * (len(starts) + 1 - len(edges))
    return [line[start:end].strip() for start, end in pairwise(edges)]


def _width(character: str) -> int:
    """Return how many columns a console takes for a character."""
    import unicodedata  # most runs read no printed table

    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _whole(name: str, value: str) -> None:
    if value.endswith(_CUT):
        raise Unfit(f"cuts the {name.capitalize()} '{value}', because it did not fit")


# ---- Lists ---------------------------------------------------------------------------------------


def _list(lines: Sequence[str]) -> Iterator[Mapping[str, object]]:
    row: dict[str, object] = {}
    last = ""
    for line in (*lines, ""):
        found = _PROPERTY.fullmatch(line)
        if not line:
            if row:
                yield row
            row = {}
        elif found is not None:
            last, value = found[1].lower(), found[2].strip()
            if last in row:
                raise Unfit(f"has the property '{found[1]}' twice in one object")
            row[last] = value
            if last in _READ:
                _whole(last, value)
        elif last in _READ or not line.startswith(" "):
            raise Unfit(f"has a line that is not a property: '{line.strip()[:60]}'")

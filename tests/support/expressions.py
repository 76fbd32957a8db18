"""Right expressions from the table of functions, oddly laid out; and Microsoft's own."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

import syncrules
from syncrules import SyncRule
from syncrules.expressions.functions import UNDOCUMENTED, Function, functions
from syncrules.expressions.words import PARAMETERS

__all__ = [
    "FOLDER",
    "Piece",
    "expressions",
    "laid_out",
    "microsoft_expressions",
    "microsoft_rules",
    "microsoft_schema",
]

FOLDER = Path(__file__).resolve().parents[1] / "data" / "microsoft-server"


# ---- Microsoft's ---------------------------------------------------------------------------------


@cache
def microsoft_rules() -> tuple[SyncRule, ...]:
    """Return the 62 rules of Microsoft's sample configuration."""
    return syncrules.parse(gzip.decompress((FOLDER / "rules.ps1.gz").read_bytes())).rules


@cache
def microsoft_schema() -> dict[str, list[str]]:
    """Return the names of attributes, of the metaverse and by connector."""
    found: dict[str, list[str]] = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    return found


@cache
def microsoft_expressions() -> tuple[str, ...]:
    """Return the expressions of Microsoft's rules, each as often as it stands there."""
    flows = (f for rule in microsoft_rules() for f in rule.attribute_flow_mappings)
    return tuple(f.expression for f in flows if f.expression is not None)


# ---- Right expressions ---------------------------------------------------------------------------


class Piece(NamedTuple):
    """A token of a generated expression; `call` is the function whose name or bracket it is."""

    text: str
    role: str = ""
    call: str = ""


Pieces = list[Piece]

_CHARACTERS = st.sampled_from("abz09 ,;()[]&|<>=%$'`’“@.:-_/") | st.characters(codec="utf-8")
_TEXTS = (
    st.lists(_CHARACTERS, min_size=1, max_size=6)
    .map("".join)
    .map(lambda text: text.replace("\\", "\\\\").replace('"', "'"))
    .filter(lambda text: not text.startswith("x509:"))
)
_LITERALS: dict[str, st.SearchStrategy[str]] = {
    "str": _TEXTS.map('"{}"'.format),
    "num": st.integers(-5, 2**63).map(str) | st.integers(0, 2**32).map("&H{:X}".format),
    "bool": st.sampled_from(("True", "False")),
    "var": st.sampled_from(("NULL", "AuthoritativeNull", "IgnoreThisFlow", "CRLF", "1.5")),
    "attrname": st.sampled_from(('"member"', '"proxyAddresses"')),
    "interval": st.sampled_from(('"yyyy"', '"ww"')),
    "delimiter": st.sampled_from(('","', '"@"')),
}
_ATTRIBUTES = ("[cn]", "[mS-DS-ConsistencyGuid]", "[extension_a1]")
_OTHERS = st.sampled_from((*_ATTRIBUTES, *(f"%{name}%" for name in PARAMETERS)))
_SLIPS = UNDOCUMENTED | {"Left", "Join"}
"""Functions of which there is a note, or may be."""
_FUNCTIONS = st.sampled_from([f for name, f in functions().items() if name not in _SLIPS])


class _Maker:
    """Makes pieces of right expressions."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.bound = 0

    def value(self, kind: str, depth: int, variables: tuple[str, ...]) -> Pieces:
        """Return pieces that may stand as an argument of a type; `variables` are bound there."""
        ways: list[Callable[[], Pieces]] = [lambda: self.leaf(kind, variables)]
        if depth > 0 and kind not in ("attrname", "interval", "delimiter"):
            ways += [
                lambda: self.call(depth - 1, variables),
                lambda: self.group(kind, depth - 1, variables),
                lambda: self.chain(kind, depth - 1, variables),
            ]
        return self.draw(st.sampled_from(ways))()

    def leaf(self, kind: str, variables: tuple[str, ...]) -> Pieces:
        choices = [_LITERALS[kind].map(_literal)] if kind in _LITERALS else []
        if kind not in ("attrname", "interval", "delimiter"):
            choices.append(_OTHERS.map(Piece))
            choices += [st.just(Piece(f"${name}")) for name in variables]
        return [self.draw(st.one_of(choices))]

    def group(self, kind: str, depth: int, variables: tuple[str, ...]) -> Pieces:
        inner = self.value(kind, depth, variables)
        return [Piece("(", "open"), *inner, Piece(")", "close")]

    def chain(self, kind: str, depth: int, variables: tuple[str, ...]) -> Pieces:
        """Return operands with operators between them that fit: texts are joined, not added."""
        operator, of = "&", "str"
        if kind == "num":
            operator, of = self.draw(st.sampled_from("+-*")), "num"
        elif kind in ("bool", "condition"):
            operator, of = self.draw(st.sampled_from(("&&", "||"))), "comparison"
        pieces = self.operand(of, depth, variables)
        for _ in range(self.draw(st.integers(1, 3))):
            pieces += [Piece(operator), *self.operand(of, depth, variables)]
        return pieces

    def operand(self, kind: str, depth: int, variables: tuple[str, ...]) -> Pieces:
        """Return pieces that are one operand; of a comparison, both and its operator."""
        if kind == "comparison":
            operator = self.draw(st.sampled_from(("=", "<>", "<", "<=", ">", ">=")))
            one = self.operand("str", depth, variables)
            return [*one, Piece(operator), *self.operand("str", depth, variables)]
        if depth > 0 and self.draw(st.booleans()):
            return self.call(depth - 1, variables)
        return self.leaf(kind, variables)

    def call(self, depth: int, variables: tuple[str, ...]) -> Pieces:
        function = self.draw(_FUNCTIONS)
        pieces = [Piece(function.name, "name", function.name), Piece("(", "open", function.name)]
        for number, argument in enumerate(self.arguments(function, depth, variables)):
            if number:
                pieces.append(Piece(",", "comma", function.name))
            pieces += argument
        return [*pieces, Piece(")", "close", function.name)]

    def arguments(
        self, function: Function, depth: int, variables: tuple[str, ...]
    ) -> Iterator[Pieces]:
        if function.parameters and function.parameters[0].types == ("variable",):
            self.bound += 1
            name = f"v{self.bound}"
            yield [Piece(f"${name}")]
            yield self.value("mvstr", depth, variables)
            # What is bound is used.
            other = self.operand("str", depth, (*variables, name))
            yield [Piece(f"${name}"), Piece("="), *other]
            return
        times = self.draw(st.integers(1, 2)) if function.repeats else 1
        most = self.draw(st.integers(function.fewest, len(function.parameters)))
        for parameter in function.parameters[:most] * times:
            if parameter.words:
                yield [Piece(parameter.words[0])]
            elif parameter.name in ("interval", "delimiter", "condition"):
                yield self.value(parameter.name, depth, variables)
            else:
                yield self.value(self.draw(st.sampled_from(parameter.types)), depth, variables)


def _literal(text: str) -> Piece:
    return Piece(text, "text" if text.startswith('"') else "")


@st.composite
def expressions(draw: st.DrawFn) -> Pieces:
    """Return the pieces of a right expression."""
    kind = draw(st.sampled_from(("str", "num", "bool", "var")))
    return _Maker(draw).value(kind, draw(st.integers(0, 4)), ())


_BLANKS = st.sampled_from(("", "", "", " ", "  ", "\r\n\t", "\n"))


@st.composite
def laid_out(draw: st.DrawFn, pieces: Pieces) -> tuple[str, list[int]]:
    """Return pieces as a text, with the place of each."""
    text, places = draw(_BLANKS), []
    for piece in pieces:
        if text.endswith("&") and piece.text.startswith("&"):
            text += " "  # else they would be another operator
        places.append(len(text))
        text += piece.text + draw(_BLANKS)
    return text, places

"""Brackets that are not closed, or not opened, and how deep they are nested.

Which bracket is wrong cannot be seen from brackets alone, but often from the arguments between
them: a function with more than it takes was not closed in time, one with fewer too early.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from syncrules.diagnostics import Code, Problem, Span

from .finding import Finding
from .functions import functions
from .lexer import OTHER, Token
from .parser import MAX_NESTING, parse
from .words import CONSTANTS, ENUMERATIONS

__all__ = ["unbalanced"]


class _Pair(NamedTuple):
    """Brackets with what stands before the opening one, and how many arguments are between."""

    opened: Token
    name: Token | None
    arguments: int

    @property
    def span(self) -> Span:
        return Span((self.name or self.opened).start, self.opened.end)

    @property
    def called(self) -> str:
        return f"'{self.name.text}('" if self.name else "this '('"

    @property
    def allowed(self) -> tuple[int, int | None]:
        """How many arguments may stand between, as far as that is known."""
        if self.name is None:
            return 1, 1
        function = functions().get(self.name.text)
        return (function.fewest, function.most) if function else (0, None)

    @property
    def has_more(self) -> bool:
        most = self.allowed[1]
        return most is not None and self.arguments > most

    @property
    def has_fewer(self) -> bool:
        return self.arguments < self.allowed[0]


def unbalanced(tokens: Sequence[Token]) -> Finding | None:
    """Return what is wrong with the brackets, if anything."""
    open_: list[int] = []
    commas: list[int] = []
    closed: list[_Pair] = []
    for number, token in enumerate(tokens):
        if token.kind == "OPEN":
            open_.append(number)
            commas.append(0)
            if len(open_) > MAX_NESTING:
                return _too_deep(token)
        elif token.kind == "COMMA" and commas:
            commas[-1] += 1
        elif token.kind == "CLOSE":
            if not open_:
                return _never_opened(tokens, number, closed)
            closed.append(_pair(tokens, open_.pop(), commas.pop(), number))
    if not open_:
        return None
    left = [_pair(tokens, o, c, len(tokens)) for o, c in zip(open_, commas, strict=True)]
    return _never_closed(left, closed)


def _pair(tokens: Sequence[Token], opened: int, commas: int, end: int) -> _Pair:
    before = tokens[opened - 1] if opened else None
    name = before if before is not None and before.kind == "WORD" else None
    return _Pair(tokens[opened], name, 0 if end == opened + 1 else commas + 1)


def _never_closed(left: Sequence[_Pair], closed: Sequence[_Pair]) -> Finding:
    at = innermost = left[-1]
    where = ""
    doubtful = next((pair for pair in (*closed, *reversed(left)) if pair.has_more), None)
    if doubtful is not None:
        at = doubtful
        where = (
            f" The missing ')' probably belongs to {doubtful.called}, which now has "
            f"{doubtful.arguments} arguments."
        )
    elif innermost.arguments:
        where = " The missing ')' can be anywhere to the right of it."
    if len(left) == 1:
        message = f"In this expression {innermost.called} is not closed.{where}"
    else:
        message = (
            f"In this expression {len(left)} brackets are not closed; the innermost is "
            f"{innermost.called}.{where}"
        )
    hint = "Add the missing ')': each '(' needs its own."
    return Finding(at.span, Problem(Code.SR703, message, hint))


def _never_opened(tokens: Sequence[Token], number: int, closed: Sequence[_Pair]) -> Finding:
    extra = tokens[number]
    at, where = Span.of(extra), ""
    hint = "Delete this ')', or add the '(' that it should close."
    stopped = parse(tokens[:number]).stopped
    doubtful = next((pair for pair in closed if pair.has_fewer), None)
    joined = next((t for t in tokens[:number] if t.kind == "WORD" and _is_joined(t.text)), None)
    bare = joined or _without_brackets(tokens[: number + 1])
    if 0 < stopped < number and tokens[stopped].kind not in ("COMMA", OTHER):
        at = Span(tokens[stopped - 1].start, tokens[stopped].end)
        between = f"'{tokens[stopped - 1].text}' and '{tokens[stopped].text}'"
        where = f" A '(' is probably missing between {between}."
        hint = "Add the missing '(': each ')' needs its own."
    elif bare is not None:
        at = Span.of(bare)
        where = f" A '(' is probably missing {'inside' if joined else 'after'} '{bare.text}'."
        hint = "Add the missing '(': each ')' needs its own."
    elif doubtful is not None:
        at = doubtful.span
        where = (
            f" {doubtful.called} is probably closed too early: it has {doubtful.arguments} "
            f"argument{'s' * (doubtful.arguments != 1)}."
        )
        hint = "Delete the ')' that is one too many."
    message = f"This expression has a ')' that closes nothing.{where}"
    return Finding(at, Problem(Code.SR703, message, hint))


def _without_brackets(tokens: Sequence[Token]) -> Token | None:
    """Return the first name of a function behind which no bracket opens."""
    for token, following in pairwise(tokens):
        if token.kind == "WORD" and token.text in functions() and following.kind != "OPEN":
            return token
    return None


def _is_joined(word: str) -> bool:
    """Return whether a word is a function's name and something else, with no bracket between."""
    others = (*CONSTANTS, *ENUMERATIONS)
    if word in functions() or word in others or len(word) > _LONGEST:
        return False
    splits = ((word[:n], word[n:]) for n in range(2, len(word)))
    return any(
        one in functions() and (two in functions() or two in others or two.isdigit())
        for one, two in splits
    )


_LONGEST = 60
"""More letters than two names of functions have."""


def _too_deep(token: Token) -> Finding:
    return Finding(
        Span.of(token),
        Problem(
            Code.SR705,
            f"Brackets are nested more than {MAX_NESTING} deep here, so this expression was not "
            "checked.",
            "Split the expression: no rule seen nests deeper than 22.",
        ),
    )

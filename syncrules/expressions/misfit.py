"""A token that cannot stand where it does: something is missing before it, or it is too many."""

from __future__ import annotations

from collections.abc import Sequence

from syncrules.diagnostics import Code, Problem, Span

from .finding import Finding
from .functions import Function, functions
from .lexer import Token
from .words import LIKE_OPERATORS

__all__ = ["misfit"]

_OPERANDS = frozenset({"TEXT", "ATTRIBUTE", "PARAMETER", "VARIABLE", "NUMBER", "WORD", "CLOSE"})
"""What an operand ends with."""

_NO_OPERATORS = frozenset((("=", "="), ("=", ">"), ("=", "<"), ("<", ">"), (">", "="), ("<", "=")))
"""Operators that were written one behind another, or with a blank between."""

_What = tuple[str, str]
"""What is wrong, and what to do."""


def misfit(tokens: Sequence[Token], stopped: int) -> Finding:
    """Return what is wrong at a token that the grammar does not take; past the last, at the end."""
    before = tokens[stopped - 1] if stopped else None
    here = tokens[stopped] if stopped < len(tokens) else None
    if before is not None and before.kind in _OPERANDS and here is not None:
        what, hint = _without_operator(before, here)
        is_before = before.text.lower() in LIKE_OPERATORS or _function(before, here) is not None
        at = Span.of(before if is_before else here)
        if here.kind == "OPEN":  # a bracket by itself tells little
            at = Span(before.start, here.end)
    elif here is not None and (number := _like_a_number(here, tokens[stopped + 1 :][:1])):
        what, hint = f"'{number}' is not a hexadecimal number.", "Write a number as &HFF."
        at = Span(here.start, here.start + len(number))
    else:
        what, hint = _without_value(before, here)
        at = Span.of(here or before or Token("", 0, 0, ""))
    return Finding(at, Problem(Code.SR704, f"{what} The expression will not work.", hint))


def _like_a_number(here: Token, after: Sequence[Token]) -> str:
    """Return what begins as a hexadecimal number and goes on otherwise, else nothing."""
    follows = [t for t in after if t.start == here.end and t.text[:1] in ("H", "h")]
    return f"&{follows[0].text}" if here.text == "&" and follows else ""


def _function(before: Token, here: Token) -> Function | None:
    """Return the function that a word names behind which a value stands, and no bracket."""
    if before.kind != "WORD" or here.kind in ("COMMA", "CLOSE"):
        return None
    return functions().get("IIF" if before.text.lower() == "if" else before.text)


def _without_operator(before: Token, here: Token) -> _What:
    """Return what is wrong where a value ended and neither an operator nor a comma comes."""
    for word in (before.text, here.text):
        if word.lower() in LIKE_OPERATORS:
            return (
                f"'{word}' is not an operator of this language.",
                f"For '{word}', {LIKE_OPERATORS[word.lower()]}.",
            )
    function = _function(before, here)
    if function is not None:
        return f"{before.text} has no brackets here.", f"Write {function}."
    if here.kind == "COMMA":
        return (
            "This comma is outside the brackets of any function.",
            "Look for a function whose name or brackets are missing, or that is closed too early.",
        )
    if here.text.startswith("&"):
        return (
            f"{here.text} is a hexadecimal number, and nothing joins it to {_told(before)}.",
            "Put a comma before it; if & should join, put a blank behind the &.",
        )
    if before.kind == here.kind == "TEXT" and before.end == here.start:
        return (
            "Two quotes together end one text and begin another here.",
            'For a quote inside a text, try \\"; it is not documented. Else put & between texts.',
        )
    return (
        f"A comma or an operator is missing between {_told(before)} and {_told(here)}.",
        "Put a comma between two arguments, or & between two texts that should be joined.",
    )


def _without_value(before: Token | None, here: Token | None) -> _What:
    """Return what is wrong where a value should begin and something else comes."""
    if here is None:
        if before is None:
            return "The expression is empty.", "Write the expression, or delete the flow."
        return (
            f"The expression ends after {_told(before)}: a value is missing.",
            "Add what is missing; the expression may have been cut.",
        )
    if before is None and here.text in ("<", ">", "<>"):
        return (
            "The expression begins with an angle bracket, which pages put around what is to be "
            "replaced.",
            "Delete the angle brackets around the expression.",
        )
    if before is not None and (before.text, here.text) in _NO_OPERATORS:
        return (
            f"'{before.text}{here.text}' is not an operator of this language.",
            "Write = for 'equal' and <> for 'not equal'.",
        )
    if here.kind == "COMMA" or (
        here.kind == "CLOSE" and before is not None and before.kind == "COMMA"
    ):
        return (
            f"An argument is missing before this '{here.text}'; the language of cloud provisioning "
            "has empty arguments, this one does not.",
            'Write what belongs there, such as NULL or "", or delete the comma.',
        )
    return (
        f"A value is missing before {_told(here)}.",
        f"Write what belongs there, or delete {_told(here)}.",
    )


def _told(token: Token) -> str:
    """Return a token as a message tells it."""
    return token.text if token.kind == "TEXT" and len(token.text) < 40 else f"'{token.text[:40]}'"

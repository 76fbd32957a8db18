"""Text to a tree, or the one reason against it.

One damage leaves many traces: so a lexical fault hides the brackets, and brackets hide the rest.
"""

from __future__ import annotations

from syncrules.diagnostics import Excerpt, Place, Span, Spot
from syncrules.errors import InputRefused

from .brackets import unbalanced
from .damage import damaged
from .finding import Finding
from .lexer import scan
from .misfit import misfit
from .parser import parse
from .tree import Expression

__all__ = ["parse_expression", "read_expression"]


def parse_expression(text: str) -> Expression:
    """Read the text of an expression, as a rule has it, into a tree.

    Raises InputRefused where it cannot be read; the diagnostic is a warning, since the server takes
    such a rule and fails later.
    """
    expression, unread = read_expression(text)
    if expression is None:
        assert unread is not None
        raise InputRefused((unread.problem.at(_place(text, unread.span)),))
    return expression


def _place(text: str, span: Span) -> Place:
    """Return the place of a part of an expression that stands in no file."""
    first = text.rfind("\n", 0, span.start) + 1
    line = text[first:].split("\n", 1)[0].rstrip("\r")
    column = span.start - first + 1
    excerpt = Excerpt(line, 1, goes_on=False)
    return Place("", Spot(span, text.count("\n", 0, span.start) + 1, column, excerpt))


def read_expression(text: str) -> tuple[Expression | None, Finding | None]:
    """Read an expression, or say why it cannot be read."""
    tokens = tuple(scan(text))
    wrong = damaged(tokens) or unbalanced(tokens)
    if wrong is not None:
        return None, wrong
    root, stopped = parse(tokens)
    if root is None:
        return None, misfit(tokens, stopped)
    return Expression(text, root), None

"""An expression as a tree, lossless: each node has its span, each token stands at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from syncrules.diagnostics import Span

from .lexer import scan
from .scanner import NAMING

__all__ = ["Expression", "ExpressionNode", "NodeKind", "text_value"]


class NodeKind(StrEnum):
    """What a node of an expression is."""

    TEXT = "text"
    ATTRIBUTE = "attribute"
    PARAMETER = "parameter"
    VARIABLE = "variable"
    NUMBER = "number"
    CONSTANT = "constant"
    OPERATOR = "operator"
    CALL = "call"
    GROUP = "group"
    CHAIN = "chain"


class ExpressionNode(NamedTuple):
    """A node of an expression.

    `value` is the text of a text, the name of an attribute, parameter, variable or function, and
    what is written of a number, constant or operator. A call has its arguments as `children`, a
    group what stands in its brackets, a chain operands and operators in turn: operators have no
    priority here. `start` and `end` are offsets in code points of the expression's text.
    """

    kind: NodeKind
    start: int
    end: int
    value: str = ""
    children: tuple[ExpressionNode, ...] = ()

    @property
    def name_span(self) -> Span:
        """The span of a function's name; of any other node, its own."""
        is_call = self.kind is NodeKind.CALL
        return Span(self.start, self.start + len(self.value) if is_call else self.end)


class Expression(NamedTuple):
    """An expression that was read. `str(expression)` is its text, from the tokens and the gaps."""

    text: str
    root: ExpressionNode

    @property
    def tokens(self) -> tuple[Span, ...]:
        """The places of all that means something; between them stand blanks and line ends."""
        return tuple(Span(token.start, token.end) for token in scan(self.text))

    def __str__(self) -> str:
        return "".join(self.pieces())

    def pieces(self) -> Iterator[str]:
        """Yield gap and token in turn, from the first gap to the last; gaps may be empty."""
        end = 0
        for token in self.tokens:
            yield self.text[end : token.start]
            yield self.text[token.start : token.end]
            end = token.end
        yield self.text[end:]

    def nodes(self) -> Iterator[ExpressionNode]:
        """Yield all nodes, each before its children, in the order of the text."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    @property
    def attributes(self) -> tuple[ExpressionNode, ...]:
        """The nodes that name an attribute: in brackets, or as the text that a function asks for.

        Those are ImportedValue and ValueCount.
        """
        return tuple(self._attributes())

    def _attributes(self) -> Iterator[ExpressionNode]:
        for node in self.nodes():
            if node.kind is NodeKind.ATTRIBUTE:
                yield node
            elif node.kind is NodeKind.CALL and node.value in NAMING:
                yield from (c for c in node.children[:1] if c.kind is NodeKind.TEXT)


_ESCAPED = re.compile(r'\\([\\"])')


def text_value(literal: str) -> str:
    r"""Return the text of a literal in double quotes.

    Two backslashes are one: so Microsoft's rules write the \0ACNF: of a conflict object's name.
    What a backslash before another letter means is not known; both stay.
    """
    return _ESCAPED.sub(r"\1", literal[1:-1]) if "\\" in literal else literal[1:-1]

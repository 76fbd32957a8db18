"""Tokens to a tree, by the tables that Lark makes of grammar/expression.lark.

The tables say what each state does with the next token: it is kept, or the last ones become one.
So nothing here recurses, however deep an expression is nested.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from syncrules.grammar.stored_expression import END, STATES

from .lexer import Token
from .tree import ExpressionNode, NodeKind, text_value

__all__ = ["MAX_NESTING", "Parsed", "parse"]

MAX_NESTING = 200
"""Nine times the deepest nesting in any rule seen (22): an expression beyond is not looked into."""

_Part = Token | ExpressionNode | list[ExpressionNode]
"""What stands on the stack; a chain of several, or a call's arguments, as a list that grows."""


class Parsed(NamedTuple):
    """The tree, or else the number of the token that does not fit; one past the last is the end."""

    root: ExpressionNode | None
    stopped: int = 0


def parse(tokens: Iterable[Token]) -> Parsed:
    """Read tokens as an expression."""
    states, parts = [0], list[_Part]()
    for number, token in enumerate((*tokens, _END)):
        kind = token.kind
        while isinstance(action := STATES[states[-1]].get(kind), tuple):
            name, origin, size = action
            if size == 1:  # nearly always
                if name != "chain":  # of one, which is that one until it is longer
                    parts[-1] = _made_of_one(name, parts[-1])
                states[-1] = STATES[states[-2]][origin]
                continue
            made = _made(name, parts[-size:])
            del states[-size:], parts[-size:]
            parts.append(made)
            states.append(STATES[states[-1]][origin])
        if action is None:
            is_whole = token is _END and states[-1] == END
            return Parsed(_folded(parts[0])) if is_whole else Parsed(None, number)
        states.append(action)
        parts.append(token)
    raise AssertionError  # the end is never kept


_END = Token("$END", 0, 0, "")

_LEAVES = {
    "ATTRIBUTE": NodeKind.ATTRIBUTE,
    "PARAMETER": NodeKind.PARAMETER,
    "VARIABLE": NodeKind.VARIABLE,
    "NUMBER": NodeKind.NUMBER,
    "WORD": NodeKind.CONSTANT,
    "TEXT": NodeKind.TEXT,
}


def _made_of_one(name: str, part: _Part) -> _Part:
    """Return what a rule of the grammar makes of its only part."""
    if name == "_operand":
        return _leaf(part) if isinstance(part, Token) else part
    assert name == "first"
    return [_folded(part)]


def _made(name: str, parts: list[_Part]) -> _Part:
    """Return what a rule of the grammar makes of its parts."""
    first, last = parts[0], parts[-1]
    match name:
        case "longer":
            chain: list[ExpressionNode] = first if isinstance(first, list) else [_node(first)]
            chain += _operator(parts[1]), _node(last)
            return chain
        case "further":
            assert isinstance(first, list)
            first.append(_folded(last))
            return first
    assert isinstance(first, Token)
    assert isinstance(last, Token)
    start, end = first.start, last.end
    if name == "negative":
        return ExpressionNode(NodeKind.NUMBER, start, end, f"-{last.text}")
    if name == "group":
        return ExpressionNode(NodeKind.GROUP, start, end, "", (_folded(parts[1]),))
    assert name == "call"
    arguments = parts[2] if len(parts) > 3 else []
    assert isinstance(arguments, list)
    return ExpressionNode(NodeKind.CALL, start, end, first.text, tuple(arguments))


def _leaf(token: Token) -> ExpressionNode:
    kind, start, end, value = token
    if kind == "ATTRIBUTE" or kind == "PARAMETER":
        value = value[1:-1]
    elif kind == "TEXT":
        value = text_value(value)
    elif kind == "VARIABLE":
        value = value[1:]
    return ExpressionNode(_LEAVES[kind], start, end, value)


def _node(part: _Part) -> ExpressionNode:
    assert isinstance(part, ExpressionNode)
    return part


def _operator(part: _Part) -> ExpressionNode:
    assert isinstance(part, Token)
    return ExpressionNode(NodeKind.OPERATOR, part.start, part.end, part.text)


def _folded(chain: _Part) -> ExpressionNode:
    """Return a chain as one node; of a single operand, that one."""
    if isinstance(chain, ExpressionNode):
        return chain
    assert isinstance(chain, list)
    return ExpressionNode(NodeKind.CHAIN, chain[0].start, chain[-1].end, "", tuple(chain))

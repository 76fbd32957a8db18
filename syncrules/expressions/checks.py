"""All that can be said of one expression by itself.

Way in: `findings_in`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache

from syncrules.diagnostics import Code, Span

from .calls import function_of, is_counted, of_call
from .finding import Finding
from .reading import read_expression
from .slips import of_slips
from .tree import Expression, ExpressionNode, NodeKind
from .values import is_unquoted, of_chain, of_constant, of_parameter, of_text, of_unquoted
from .variables import binds, of_variables

__all__ = ["findings_in", "findings_of"]


def findings_of(text: str) -> tuple[Finding, ...]:
    """Return what is wrong or doubtful in the text of an expression."""
    expression, unread = read_expression(text)
    if unread is not None:
        return (unread,)
    return () if expression is None else findings_in(expression)


def findings_in(expression: Expression) -> tuple[Finding, ...]:
    """Return what is wrong or doubtful in an expression that was read, in the order of its text."""
    nodes, text = [*expression.nodes()], expression.text
    found = [*_of_nodes(nodes, text), *of_slips(expression.root, nodes)]
    if "$" in text:
        found += of_variables(expression.root)
    if not found:
        return ()
    words = {f.span for f in found if f.problem.code in _OF_WORDS}
    follows = {span for node in nodes for span in _following(node, words)}
    follows |= {span for node in nodes for span in _following_quotes(node, text)}
    follows |= {*_following_sign(nodes, words)}
    told = (f for f in found if f.span not in follows)
    told = (f for f in told if f.problem.code is not Code.SR714 or f.span not in words)
    return tuple(sorted(told, key=lambda f: f.span))


def _variables(node: ExpressionNode) -> Iterator[ExpressionNode]:
    """Yield a variable, or the word that stands where one is bound."""
    if node.kind is NodeKind.VARIABLE:
        yield node
    elif node.kind is NodeKind.CALL and node.children and binds(node):
        yield from (c for c in node.children[:1] if c.kind is NodeKind.CONSTANT)


def _following(call: ExpressionNode, words: Collection[Span]) -> Iterator[Span]:
    """Yield the places of findings that have one cause with another: a comma is lost in a call.

    Where it made one word of two, that word (one of `words`) says more than the number of
    arguments. Else the number does, and not what stands now on both sides of an operator.
    """
    if call.kind is not NodeKind.CALL or function_of(call) is None or is_counted(call):
        return
    parts = [p for argument in call.children for p in _parts(argument)]
    if any(p.name_span in words for p in parts):
        yield call.name_span
    yield from (Span.of(p) for p in parts if p.kind in (NodeKind.OPERATOR, *_LITERALS))


def _following_quotes(chain: ExpressionNode, text: str) -> Iterator[Span]:
    """Yield the places of the words of a text that has lost its quotes: none of them is one."""
    if chain.kind is NodeKind.CHAIN and is_unquoted(chain, text[chain.start : chain.end]):
        yield from (Span.of(part) for part in chain.children)


def _following_sign(nodes: Sequence[ExpressionNode], words: Collection[Span]) -> Iterator[Span]:
    """Yield the places of findings that have one cause with that of a word: its $ is lost.

    So the variable is never used; or where it should be bound, it is not.
    """
    same: dict[str, list[ExpressionNode]] = {}
    for node in nodes:
        if node.kind is NodeKind.CONSTANT and Span.of(node) in words:
            same.setdefault(node.value, []).append(node)
    for bound in (v for node in nodes for v in _variables(node) if v.value in same):
        if bound.kind is NodeKind.VARIABLE:
            yield Span.of(bound)
        else:
            yield from (Span.of(n) for n in same.pop(bound.value) if n is not bound)


_OF_WORDS = (Code.SR710, Code.SR715, Code.SR717)
_LITERALS = (NodeKind.TEXT, NodeKind.NUMBER)


def _parts(argument: ExpressionNode) -> tuple[ExpressionNode, ...]:
    return argument.children if argument.kind is NodeKind.CHAIN else (argument,)


def _of_nodes(nodes: Sequence[ExpressionNode], text: str) -> Iterator[Finding]:
    """Yield what is wrong with each node by itself."""

    @cache  # few ask for them
    def variables() -> frozenset[str]:
        return frozenset(v.value for node in nodes for v in _variables(node))

    for node in nodes:
        kind = node.kind
        if kind is NodeKind.CALL:
            yield from of_call(node)
        elif kind is NodeKind.TEXT:
            yield from of_text(node, text[node.start : node.end])
        elif kind is NodeKind.CHAIN:
            written = text[node.start : node.end]
            if is_unquoted(node, written):
                yield of_unquoted(node, written)
            else:
                yield from of_chain(node)
        elif kind is NodeKind.CONSTANT:
            yield from of_constant(node, variables)
        elif kind is NodeKind.PARAMETER:
            yield from of_parameter(node)

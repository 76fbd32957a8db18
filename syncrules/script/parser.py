"""From text to the parser's nodes, going on after each place that stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from syncrules.diagnostics import Code, Diagnostic, Span
from syncrules.grammar import script_parser

from .bare_words import DASHES, explain_word
from .source import Source
from .stops import Stop, resume_at
from .syntax_errors import explain_cut, explain_stop

__all__ = [
    "LarkNode",
    "Parsed",
    "Token",
    "Tree",
    "end_of",
    "parse_nodes",
    "start_of",
    "symbol_of",
    "tokens_of",
]

# Lark's own types say that a token may have no offsets; those of this parser always have.
Token = Any
Tree = Any
LarkNode = Any
"""A Token or a Tree."""

MAX_SYNTAX_ERRORS = 20
"""After so many stops in one file the rest of it is not looked at."""

_STATEMENTS = ("EDITOR_COMMAND", "command", "assignment")
_WORDS = ("COMMAND", "PARAMETER", "VARIABLE", "WORD")
_TO_THE_END = {Code.SR201, Code.SR217}  # what is not closed leaves nothing to go on with


@dataclass(frozen=True, slots=True)
class Parsed:
    """A script's statements, with the ends between them, and a diagnostic for each stop."""

    nodes: tuple[LarkNode, ...]
    stops: tuple[Diagnostic, ...]


def parse_nodes(source: Source) -> Parsed:
    """Parse a script, and what follows each place that the grammar does not take."""
    from lark import TextSlice, UnexpectedInput

    text = source.text
    nodes: list[LarkNode] = []
    stops: list[Diagnostic] = []
    start = 0
    for _ in range(MAX_SYNTAX_ERRORS):
        try:
            nodes += script_parser().parse(TextSlice(text, start, len(text))).children
            break
        except UnexpectedInput as error:
            stack = error.interactive_parser.parser_state.value_stack
            nodes += _finished(stack)
            stop = _stop(source, error, stack)
            found = _explain(source, stop, stack, nodes)
        if not stops or not _closes(source.text, stop):
            stops.append(found)
        resume = None if found.code in _TO_THE_END else resume_at(text, stop)
        if resume is None:
            break
        start = resume
    return Parsed(tuple(nodes), tuple(stops))


def _closes(text: str, stop: Stop) -> bool:
    """Return whether a closing bracket stands at a stop; what it closes may have been skipped."""
    return stop.opened is None and text[stop.at : stop.at + 1] in (")", "}")


def _stop(source: Source, error: Any, stack: list[LarkNode]) -> Stop:
    """Return where the parser stopped, from its error and what waits on its stack."""
    kind = error.token.type if hasattr(error, "token") else ""
    at = len(source.text) if kind == "$END" else error.pos_in_stream
    waiting = [n for n in stack if _is_token(n)]
    begun = next((t for t in waiting if t.type in ("COMMAND", "ASSIGNED")), None)
    piped = any(t.type == "PIPE" for t in waiting)
    opened = next((t.start_pos for t in reversed(waiting) if t.type == "ARRAY"), None)
    command = str(begun) if begun is not None and begun.type == "COMMAND" else ""
    return Stop(at, begun.start_pos if begun else at, opened, kind, piped, command)


def _explain(
    source: Source, stop: Stop, stack: list[LarkNode], nodes: list[LarkNode]
) -> Diagnostic:
    """Return the diagnostic for a stop; `nodes` are the finished statements before it."""
    if stop.command:
        if stop.command[0] in DASHES:
            before = next((end_of(n) for n in reversed(nodes) if symbol_of(n) in _STATEMENTS), 0)
            return explain_cut(source, before, stop.statement)
        begun = next(i for i, n in enumerate(stack) if _is_token(n) and n.type == "COMMAND")
        for word in () if stop.is_foreign else tokens_of(stack[begun:]):
            problem = explain_word(word.type, str(word)) if word.type in _WORDS else None
            if problem is not None:  # it may well be what the parser stumbled over
                return problem.at(source.place(Span(word.start_pos, word.end_pos)))
    return explain_stop(source, stop)


def _finished(stack: Iterable[LarkNode]) -> Iterator[LarkNode]:
    """Yield the finished statements on the parser's stack, with the ends between them."""
    for node in stack:
        kind = symbol_of(node)
        if kind in (*_STATEMENTS, "NEWLINE", "SEMICOLON"):
            yield node
        elif kind.startswith("_"):  # the rules that Lark made of repetitions
            yield from _finished(node.children)


def _is_token(node: LarkNode) -> bool:
    return not hasattr(node, "data")


def symbol_of(node: LarkNode) -> str:
    """Return a token's terminal or a tree's rule."""
    kind: str = node.type if _is_token(node) else node.data
    return kind


def start_of(node: LarkNode) -> int:
    """Return the offset of a node's first character."""
    while not _is_token(node):
        node = node.children[0]
    start: int = node.start_pos
    return start


def end_of(node: LarkNode) -> int:
    """Return the offset after a node's last character."""
    while not _is_token(node):
        node = node.children[-1]
    end: int = node.end_pos
    return end


def tokens_of(nodes: Iterable[LarkNode]) -> Iterator[Token]:
    """Yield the tokens of nodes, in order. Nothing here recurses: nesting may be thousands deep."""
    waiting = [iter(nodes)]
    while waiting:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
        elif _is_token(node):
            yield node
        else:
            waiting.append(iter(node.children))

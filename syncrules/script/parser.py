"""From text to the parser's nodes, going on after each place that stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Span
from syncrules.grammar import script_parser

from .bare_words import DASHES, explain_word
from .editor_layout import Forms, Known, begins_with_command, scan
from .nodes import Statement
from .refusals import TOO_DEEP
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

MAX_NESTING = 50
"""So many arrays in one another are read; an export has one."""

_DEEPER = {"ARRAY": 1, "CLOSE": -1}
_STATEMENTS = ("EDITOR_COMMAND", "command", "assignment")
_WORDS = ("COMMAND", "PARAMETER", "VARIABLE", "WORD")
_TO_THE_END = {Code.SR201, Code.SR217}  # what is not closed leaves nothing to go on with


class Parsed(NamedTuple):
    """A script's statements, its tokens, and a diagnostic for each stop.

    Between the nodes that are still to be built stand statements that are built already.
    """

    nodes: list[LarkNode | Statement]
    tokens: list[Span]
    stops: list[Diagnostic]


def parse_nodes(source: Source, start: int, parsed: Parsed, known: Known, forms: Forms) -> None:
    """Parse a script from `start` on, and what follows each place that the grammar does not take.

    What is found is added to `parsed`.
    """
    errors = 0
    while start < len(source.text):
        resume, is_stop = _parse_on(source, start, parsed)
        errors += is_stop
        if resume is None or errors == MAX_SYNTAX_ERRORS:
            return
        start = scan(source.text, resume, parsed.nodes, parsed.tokens, known, forms)


def _parse_on(source: Source, start: int, parsed: Parsed) -> tuple[int | None, bool]:
    """Parse from the beginning of a statement to the next line that begins as the Editor's do.

    Returns the offset to go on from, if there is more, and whether something stopped it there.
    """
    from lark import UnexpectedInput

    session = _session(source.text, start)
    stack = session.parser_state.value_stack
    token: Token = None
    depth = 0
    try:
        for token in session.lexer_thread.lex(session.parser_state):
            session.feed_token(token)
            depth += _DEEPER.get(token.type, 0)
            if depth > MAX_NESTING:  # before there is a tree of it, which takes stack to be freed
                _keep(parsed, _finished(stack))
                parsed.stops.append(TOO_DEEP.at(source.place(_span(token))))
                return resume_at(source.text, _stop_at(token.start_pos, token.type, stack)), True
            if (
                token.type == "NEWLINE"
                and "EDITOR_COMMAND" in session.choices()  # no line end inside a command
                and begins_with_command(source.text, token.end_pos)
            ):
                _keep(parsed, _finished(stack))
                return token.end_pos, False
        _keep(parsed, session.feed_eof(token).children)
    except UnexpectedInput as error:
        _keep(parsed, _finished(stack))
        stop = _stop(source, error, stack)
        found = _explain(source, stop, stack, parsed.nodes)
        if not parsed.stops or not _closes(source.text, stop):
            parsed.stops.append(found)
        return None if found.code in _TO_THE_END else resume_at(source.text, stop), True
    return None, False


def _session(text: str, start: int) -> Any:
    """Return Lark's parser at the beginning of a statement; it does not count the lines before."""
    from lark import TextSlice
    from lark.lexer import LexerState, LineCounter

    session: Any = script_parser().parse_interactive()
    counter: Any = LineCounter("\n")  # type: ignore[no-untyped-call]
    counter.char_pos = start
    session.lexer_thread.state = LexerState(TextSlice(text, start, len(text)), counter)
    return session


def _keep(parsed: Parsed, nodes: Iterable[LarkNode]) -> None:
    nodes = list(nodes)
    parsed.nodes.extend(nodes)
    parsed.tokens.extend(_span(t) for t in tokens_of(nodes))


def _closes(text: str, stop: Stop) -> bool:
    """Return whether a closing bracket stands at a stop; what it closes may have been skipped."""
    return stop.opened is None and text[stop.at : stop.at + 1] in (")", "}")


def _stop(source: Source, error: Any, stack: list[LarkNode]) -> Stop:
    """Return where the parser stopped, from its error and what waits on its stack."""
    kind = error.token.type if hasattr(error, "token") else ""
    return _stop_at(len(source.text) if kind == "$END" else error.pos_in_stream, kind, stack)


def _stop_at(at: int, kind: str, stack: list[LarkNode]) -> Stop:
    waiting = [n for n in stack if _is_token(n)]
    begun = next((t for t in waiting if t.type in ("COMMAND", "ASSIGNED")), None)
    piped = any(t.type == "PIPE" for t in waiting)
    opened = next((t.start_pos for t in reversed(waiting) if t.type == "ARRAY"), None)
    command = str(begun) if begun is not None and begun.type == "COMMAND" else ""
    return Stop(at, begun.start_pos if begun else at, opened, kind, piped, command)


def _explain(
    source: Source, stop: Stop, stack: list[LarkNode], nodes: list[LarkNode | Statement]
) -> Diagnostic:
    """Return the diagnostic for a stop; `nodes` are the finished statements before it."""
    if stop.command:
        if stop.command[0] in DASHES:
            before = next((end_of(n) for n in reversed(nodes) if _is_statement(n)), 0)
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


def _is_statement(node: LarkNode | Statement) -> bool:
    return isinstance(node, Statement) or symbol_of(node) in _STATEMENTS


def _span(token: Token) -> Span:
    return Span(token.start_pos, token.end_pos)


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
    if isinstance(node, Statement):
        return node.end
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

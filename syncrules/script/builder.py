"""From the parser's nodes to the statements of a script, or to every reason against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from syncrules.diagnostics import Code, Diagnostic, Problem, Span, Spanned, has_errors

from .bare_words import DASHES, explain_word
from .comments import obeyed_comments
from .editor_layout import EditorCommand, Forms, Known, variable
from .foreign_commands import foreign_command, is_foreign
from .nodes import (
    Argument,
    Array,
    Assignment,
    Command,
    List,
    Number,
    Parameter,
    Script,
    Statement,
    Text,
    Value,
    Variable,
    Word,
)
from .parser import LarkNode, Parsed, Token, Tree, end_of, parse_nodes, start_of, symbol_of
from .quoting import DOUBLE_QUOTES, ESCAPE, unquote, unquote_word
from .refusals import STOP_PARSING, new_escape
from .source import Source
from .syntax_errors import explain_cut, once_if_program

__all__ = ["read_on"]


def read_on(
    source: Source,
    start: int,
    statements: list[Statement],
    tokens: list[Span],
    known: Known,
    forms: Forms,
) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """Read a script from `start` on, behind statements that were found with their tokens."""
    parsed = Parsed(statements, tokens, [])
    parse_nodes(source, start, parsed, known, forms)
    builder = _Builder(source)
    spans = tuple(tokens)
    built = tuple(builder.statements(parsed.nodes))
    last = built[-1].end if built else 0
    builder.diagnostics += obeyed_comments(source, _before_stops(source, spans, parsed.stops), last)
    diagnostics = tuple(
        sorted((*builder.diagnostics, *parsed.stops), key=lambda d: d.span or Span(0, 0))
    )
    if has_errors(diagnostics):
        return None, once_if_program(diagnostics)
    return Script(source, built, spans), diagnostics


def _before_stops(
    source: Source, tokens: tuple[Span, ...], stops: Sequence[Diagnostic]
) -> tuple[Span, ...]:
    """Return the tokens before which there is nothing but trivia; the end of the text is one."""
    if not stops:
        return (*tokens, Span(len(source.text), len(source.text)))
    first = min(s.span.start for s in stops if s.span is not None)
    return tuple(t for t in tokens if t.end <= first)


_PUNCTUATION = {"ARRAY", "CLOSE", "COMMA", "NEWLINE", "PIPE", "OUT_NULL"}


def _foreign(statement: Statement) -> Command | None:
    return statement if isinstance(statement, Command) and is_foreign(statement.name) else None


class _Builder:
    """Builds statements, and keeps a diagnostic for each word that PowerShell reads otherwise."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self.foreign: Command | None = None  # it and the pieces of it that were cut off

    def _report(self, at: Spanned, problem: Problem) -> None:
        self.diagnostics.append(problem.at(self.source.place(at)))

    def statements(self, nodes: Iterable[LarkNode | Statement]) -> Iterator[Statement]:
        """Yield the statements of a script, in order."""
        before = 0  # the end of the statement before
        found: Statement | None = None  # that one, if it was found without Lark
        for node in nodes:
            statement: Statement
            if isinstance(node, Command) or isinstance(node, Assignment):  # noqa: SIM101 - faster
                yield node
                before, found = node.end, node
                continue
            if found is not None:
                self.foreign, found = _foreign(found), None
            match symbol_of(node):
                case "EDITOR_COMMAND":
                    name = node[: node.index(" ")]
                    statement = EditorCommand(node.start_pos, node.end_pos, name, self.source.text)
                case "command":
                    statement = self._command(node, before)
                case "assignment":
                    statement = self._assignment(node)
                case _:
                    continue
            yield statement
            before = statement.end
            if not isinstance(statement, Command) or statement.name[0] not in DASHES:
                self.foreign = _foreign(statement)

    def _command(self, node: Tree, before: int) -> Command:
        name, *rest = node.children
        start, end = name.start_pos, end_of(node)
        known = len(self.diagnostics)
        if name[0] in DASHES:
            if self.foreign is not None:
                self._report_foreign(self.foreign)
                return Command(start, end, str(name), ())
            if not self._is_glued(before):  # that diagnostic tells why the line did not go on
                self.diagnostics.append(explain_cut(self.source, before, start))
        elif not self._check("COMMAND", name):
            return Command(start, end, str(name), ())  # what it takes is of no use then
        arguments = tuple(self._argument(n) for n in rest if symbol_of(n) not in _PUNCTUATION)
        out_null = bool(rest) and symbol_of(rest[-1]) == "OUT_NULL"
        command = Command(start, end, str(name), arguments, out_null)
        if len(self.diagnostics) > known and is_foreign(command.name):
            del self.diagnostics[known:]
            self._report_foreign(command)
        return command

    def _report_foreign(self, command: Command) -> None:
        """Name a command that has to go, once, however it goes on."""
        found = foreign_command(command.name).at(self.source.place(command))
        if found not in self.diagnostics[-1:]:
            self.diagnostics.append(found)

    def _is_glued(self, end: int) -> bool:
        """Return whether the statement before, which ends here, has a backtick in its last word."""
        last = self.diagnostics[-1] if self.diagnostics else None
        return last is not None and last.code == Code.SR214 and (last.span or Span(0, 0)).end == end

    def _assignment(self, node: Tree) -> Assignment:
        name, literal = node.children[0], node.children[-1]
        value = self._value(literal)
        assert isinstance(value, Text | Number)  # the grammar takes no other literal
        return Assignment(name.start_pos, value.end, name[1:], value)

    def _argument(self, node: LarkNode) -> Argument:
        if symbol_of(node) in ("PARAMETER", "attached"):
            return self._parameter(node)
        value = self._value(node)
        for item in value.items if isinstance(value, List) else (value,):
            if isinstance(item, Text) and item.text == "--%":
                self._report(item, STOP_PARSING)
        return value

    def _parameter(self, node: LarkNode) -> Parameter:
        if symbol_of(node) == "attached":
            name, value = node.children[0], self._value(node.children[1])
            return Parameter(name.start_pos, value.end, name[1:-1], value)
        self._check("PARAMETER", node)
        return Parameter(node.start_pos, node.end_pos, node[1:])

    def _value(self, node: LarkNode) -> Value:
        kind = symbol_of(node)
        if kind in ("array", "list", "single"):
            inner = (n for n in node.children if symbol_of(n) not in _PUNCTUATION)
            items = tuple(map(self._value, inner))
            make = Array if kind == "array" else List
            return make(start_of(node), end_of(node), items)
        start, end, text = node.start_pos, node.end_pos, str(node)
        if kind in ("VARIABLE", "ENDED_VARIABLE"):
            return self._variable(node)
        if kind in ("WORD", "NUMBER"):
            self._check("WORD", node)
            if text.isascii() and text.isdigit():
                return Number(start, end, int(text[:18]))
            return Word(start, end, unquote_word(text))
        if "`" in text:
            self._check_escapes(start, text)
        return Text(start, end, unquote(text), text[: 2 if text[0] == "@" else 1])

    def _variable(self, node: Token) -> Variable:
        start, end = node.start_pos, node.end_pos
        if self._check("VARIABLE", node):
            return variable(str(node), start, end)
        return Variable(start, end, str(node)[1:], None)

    def _check(self, kind: str, token: Token) -> bool:
        """Return whether PowerShell reads a word as it stands here; keep the diagnostic if not."""
        problem = explain_word(kind, str(token))
        if problem is not None:
            self._report(Span(token.start_pos, token.end_pos), problem)
        return problem is None

    def _check_escapes(self, start: int, text: str) -> None:
        if text.lstrip("@")[0] not in DOUBLE_QUOTES:
            return
        for escape in re.finditer(ESCAPE, text):
            if escape.group()[1] in "eu":
                at = start + escape.start()
                self._report(Span(at, at + 2), new_escape(escape.group()))

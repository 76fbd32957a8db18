"""The lossless script: commands, arguments and values, each with its span.

`write(read(source)) == bytes`: the text is rebuilt from the tokens and the gaps between them, and
every gap is wholly trivia (blanks, continuations, comments).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .diagnostics import Diagnostic, Span, has_errors
from .explaining import (
    DASHES,
    Stop,
    explain_cut,
    explain_stop,
    explain_word,
    new_escape,
    not_a_script,
    once_if_program,
    requires,
    stop_parsing,
)
from .grammar import script_parser
from .quoting import ESCAPE, unquote, unquote_word
from .source import Source, encode

if TYPE_CHECKING:
    from lark import Token, Tree, UnexpectedInput

_Node = Any  # Tree[Token] | Token: Lark's stack and children hold both

__all__ = [
    "Argument",
    "Array",
    "Assignment",
    "Command",
    "List",
    "Node",
    "Number",
    "Parameter",
    "Script",
    "Statement",
    "Text",
    "Value",
    "Variable",
    "Word",
    "read",
]

@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a script. `start` and `end` are offsets in code points of the source's text."""

    start: int = field(compare=False, repr=False)
    end: int = field(compare=False, repr=False)

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A quoted text or here-string: `text` is its value, `quote` how it opens (`'`, `"`, `@'`)."""

    text: str
    quote: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A bare word, which PowerShell takes as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A whole decimal number without a sign."""

    value: int


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """`$name` or `$name[index]`. PowerShell compares names without regard to case."""

    name: str
    index: int | None


@dataclass(frozen=True, slots=True)
class Array(Node):
    """`@( … )`."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class List(Node):
    """`a,b` outside brackets."""

    items: tuple[Value, ...]


Value = Text | Word | Number | Variable | Array | List


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """`-Name`, or `-Name:value` with its value attached. `name` is as written, without the dash."""

    name: str
    attached: Value | None = None


Argument = Parameter | Value


@dataclass(frozen=True, slots=True)
class Command(Node):
    """A command with its arguments, from its name to the last of them or to `| Out-Null`."""

    name: str
    arguments: tuple[Argument, ...]
    out_null: bool = False


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """`$name = 'literal'`."""

    name: str
    value: Text | Number


Statement = Command | Assignment


@dataclass(frozen=True)
class Script:
    """A script that PowerShell reads in the same way."""

    source: Source
    statements: tuple[Statement, ...]
    tokens: tuple[Span, ...]

    def __bytes__(self) -> bytes:
        """Return the script's bytes, from its tokens and the gaps between them."""
        return encode(self.source, "".join(self.pieces()))

    def pieces(self) -> Iterator[str]:
        """Yield gap and token in turn, from the first gap to the last; gaps may be empty."""
        text, end = self.source.text, 0
        for token in self.tokens:
            yield text[end : token.start]
            yield text[token.start : token.end]
            end = token.end
        yield text[end:]


def read(source: Source) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """Read a script; `None` and every finding where PowerShell's reading would be another."""
    refusal = not_a_script(source)
    if refusal is not None:
        return None, (refusal,)
    nodes, stops = _parse(source)
    builder = _Builder(source)
    statements = tuple(builder.statements(nodes))
    builder.findings += _requirements(source, nodes)
    findings = tuple(sorted((*builder.findings, *stops), key=lambda f: f.span or Span(0, 0)))
    if has_errors(findings):
        return None, once_if_program(findings)
    spans = tuple(Span(t.start_pos, t.end_pos) for t in _tokens(nodes))
    return Script(source, statements, spans), findings


_REQUIRES = re.compile(r"<#[^#]*(?:#(?!>)[^#]*)*#>|(#requires(?![^ \t\r\n]))|#[^\r\n]*", re.IGNORECASE)


def _requirements(source: Source, nodes: list[_Node]) -> Iterator[Diagnostic]:
    """Yield a finding for each `#requires`: a comment that PowerShell obeys."""
    if "#requires" not in source.text.lower():
        return
    end = 0
    for token in _tokens(nodes):
        for comment in _REQUIRES.finditer(source.text, end, token.start_pos):
            if comment[1]:
                yield requires().at(source, *comment.span(1))
        end = token.end_pos


# ---- Parsing, and going on after a stop ----------------------------------------------------------

MOST_STOPS = 20
"""After so many stops in one file the rest of it is not looked at."""

_RESUME = re.compile(
    r"(?:\r\n?|\n)[ \t]*(?=(?:New-ADSyncRule|New-Object|(?:Add|Get)-ADSync[A-Za-z]*)[ \t]*`)",
    re.IGNORECASE,
)
_TO_THE_END = {"SR201", "SR217"}  # what is not closed leaves nothing to go on with


def _parse(source: Source) -> tuple[list[_Node], list[Diagnostic]]:
    """Return the statements' subtrees and tokens, and a finding for each place that stopped."""
    from lark import TextSlice, UnexpectedInput

    text = source.text
    nodes: list[_Node] = []
    findings: list[Diagnostic] = []
    start = 0
    while len(findings) < MOST_STOPS:
        try:
            tree = script_parser().parse(TextSlice(text, start, len(text)))
        except UnexpectedInput as error:
            stack = error.interactive_parser.parser_state.value_stack
            nodes += _statement_nodes(stack)
            findings.append(_explain(source, error, stack, nodes))
            resume = _RESUME.search(text, error.pos_in_stream or 0)
        else:
            nodes += tree.children
            break
        if resume is None or findings[-1].code in _TO_THE_END:
            break
        start = resume.end()
    return nodes, findings


def _explain(
    source: Source, error: UnexpectedInput, stack: list[_Node], nodes: list[_Node]
) -> Diagnostic:
    from lark import Token

    token: Token | None = getattr(error, "token", None)
    ended = token is not None and token.type == "$END"
    at = len(source.text) if ended else (error.pos_in_stream or 0)
    open_tokens = [t for t in stack if isinstance(t, Token)]
    begun = next((t for t in open_tokens if t.type in ("COMMAND", "ASSIGNED")), None)
    if begun is not None and begun.type == "COMMAND":
        if begun[0] in DASHES:
            return explain_cut(source, _end(nodes[-1]) if nodes else 0, begun.start_pos)
        reason = explain_word("COMMAND", begun)
        if reason is not None:
            return reason.at(source, begun.start_pos, begun.end_pos)
    return explain_stop(
        source,
        Stop(
            at,
            begun.start_pos if begun is not None else at,
            next((t.start_pos for t in reversed(open_tokens) if t.type == "ARRAY"), None),
            token.type if token is not None else "",
        ),
    )


def _statement_nodes(stack: list[_Node]) -> Iterator[_Node]:
    """Yield the finished statements on the parser's stack, with the ends between them."""
    for node in stack:
        if not hasattr(node, "data"):
            if node.type in ("EDITOR_COMMAND", "NEWLINE", "SEMICOLON"):
                yield node
        elif node.data in ("command", "assignment"):
            yield node
        elif node.data not in ("array", "list", "single", "parameter"):
            yield from _statement_nodes(node.children)


# ---- From the parser's nodes to statements -------------------------------------------------------

_PUNCTUATION = {"ARRAY", "CLOSE", "COMMA", "NEWLINE", "PIPE", "OUT_NULL"}


class _Builder:
    """Builds statements, and keeps a finding for each word that PowerShell would read otherwise."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Diagnostic] = []

    def statements(self, nodes: Iterable[_Node]) -> Iterator[Statement]:
        """Yield the statements of a script, in order."""
        before = 0  # the end of the statement before
        for node in nodes:
            statement: Statement
            match _kind(node):
                case "EDITOR_COMMAND":
                    statement = _editor_command(node)
                case "command":
                    statement = self._command(node, before)
                case "assignment":
                    statement = self._assignment(node)
                case _:
                    continue
            yield statement
            before = statement.end

    def _command(self, node: Tree[Token], before: int) -> Command:
        name, *rest = node.children
        if name[0] in DASHES:
            self.findings.append(explain_cut(self.source, before, name.start_pos))
        else:
            self._check("COMMAND", name)
        arguments = tuple(self._argument(n) for n in rest if _kind(n) not in _PUNCTUATION)
        out_null = bool(rest) and _kind(rest[-1]) == "OUT_NULL"
        return Command(name.start_pos, _end(node), str(name), arguments, out_null)

    def _assignment(self, node: Tree[Token]) -> Assignment:
        name, literal = node.children[0], node.children[-1]
        value = self._value(literal)
        assert isinstance(value, Text | Number)  # the grammar takes no other literal
        return Assignment(name.start_pos, value.end, name[1:], value)

    def _argument(self, node: _Node) -> Argument:
        if _kind(node) == "parameter":
            return self._parameter(node)
        value = self._value(node)
        for item in value.items if isinstance(value, List) else (value,):
            if isinstance(item, Text) and item.text == "--%":
                self.findings.append(stop_parsing().at(self.source, *item.span))
        return value

    def _parameter(self, node: Tree[Token]) -> Parameter:
        name, *attached = node.children
        if attached:
            value = self._value(attached[0])
            return Parameter(name.start_pos, value.end, name[1:-1], value)
        self._check("PARAMETER", name)
        return Parameter(name.start_pos, name.end_pos, name[1:])

    def _value(self, node: _Node) -> Value:
        kind = _kind(node)
        if kind in ("array", "list", "single"):
            items = tuple(self._value(n) for n in node.children if _kind(n) not in _PUNCTUATION)
            make = Array if kind == "array" else List
            return make(_start(node), _end(node), items)
        start, end, text = node.start_pos, node.end_pos, str(node)
        if kind == "ELEMENT":
            return _variable(text, start, end)
        if kind == "VARIABLE":
            self._check(kind, node)
            return _variable(text, start, end)
        if kind in ("WORD", "NUMBER"):
            self._check("WORD", node)
            if text.isdigit():
                return Number(start, end, int(text[:18]))
            return Word(start, end, unquote_word(text))
        if kind.startswith("DOUBLE"):
            self._check_escapes(start, text)
        return Text(start, end, unquote(text), text[: 2 if text[0] == "@" else 1])

    def _check(self, kind: str, token: Token) -> None:
        reason = explain_word(kind, str(token))
        if reason is not None:
            self.findings.append(reason.at(self.source, token.start_pos, token.end_pos))

    def _check_escapes(self, start: int, text: str) -> None:
        for escape in ESCAPE.finditer(text):
            if escape.group()[1] in "eu":
                at = start + escape.start()
                self.findings.append(new_escape(escape.group()).at(self.source, at, at + 2))


def _kind(node: _Node) -> str:
    return str(node.data) if hasattr(node, "data") else node.type


def _start(node: _Node) -> int:
    return _start(node.children[0]) if hasattr(node, "data") else node.start_pos


def _end(node: _Node) -> int:
    return _end(node.children[-1]) if hasattr(node, "data") else node.end_pos


def _tokens(nodes: Iterable[_Node]) -> Iterator[Token]:
    for node in nodes:
        if hasattr(node, "data"):
            yield from _tokens(node.children)
        else:
            yield node


# ---- The one-token command, taken apart ----------------------------------------------------------
# The grammar has checked its form: here it is only split.

_EDITOR_SETTING = re.compile(r"-([A-Za-z]+)(?: ((?:'[^']*'|[^' \r\n]+)+))?")
_EDITOR_ITEM = re.compile(r"'[^']*(?:''[^']*)*'|[^',@()]+")


def _editor_command(token: Token) -> Command:
    offset = token.start_pos
    text = str(token)
    name_end = text.index(" ")
    arguments: list[Argument] = []
    for setting in _EDITOR_SETTING.finditer(text, name_end):
        start, end = setting.span()
        name, value = setting.groups()
        if value is None:
            arguments.append(Parameter(offset + start, offset + end, name))
            continue
        at = end - len(value)
        arguments.append(Parameter(offset + start, offset + at - 1, name))
        arguments.append(_editor_value(value, offset + at))
    return Command(offset, token.end_pos, text[:name_end], tuple(arguments))


def _editor_value(text: str, at: int) -> Value:
    if text[0] == "'" and text.count("'") == 2 and text[-1] == "'":
        return Text(at, at + len(text), text[1:-1], "'")
    items = tuple(
        _editor_item(found.group(), at + found.start()) for found in _EDITOR_ITEM.finditer(text)
    )
    if text[0] == "@":
        return Array(at, at + len(text), items)
    return items[0] if len(items) == 1 else List(at, at + len(text), items)


def _editor_item(text: str, at: int) -> Value:
    end = at + len(text)
    if text[0] == "'":
        return Text(at, end, text[1:-1].replace("''", "'"), "'")
    if text[0] == "$":
        return _variable(text, at, end)
    return Number(at, end, int(text)) if text[0].isdigit() else Word(at, end, text)


def _variable(text: str, start: int, end: int) -> Variable:
    name, _, index = text[1:].partition("[")
    return Variable(start, end, name, int(index[:-1]) if index[:-1].isdigit() else None)

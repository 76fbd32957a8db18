"""Equation 1: `bytes(read_script(source)) == data`, by tokens and by gaps that are wholly trivia.

To rebuild a text from its slices proves nothing by itself. So the check here is of the tokens:
they stand in order, none holds trivia at its ends, and between them is nothing but trivia, by a
regular expression that owes nothing to the grammar. The faults planted below show that it sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings

import syncrules
from support.strategies import Generated, scripts
from support.visible import visible
from syncrules import grammar
from syncrules.diagnostics import Span
from syncrules.script import parser as parsing
from syncrules.script.nodes import (
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
from syncrules.script.reader import read_script
from syncrules.script.source import decode, from_text

if TYPE_CHECKING:
    from lark import Lark
    from lark.lexer import TerminalDef

BLANK = "[ \t\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
NEWLINE = "(?:\r\n|\r|\n)"
TRIVIA = f"(?:{BLANK}|`(?:{NEWLINE}|{BLANK})|<#(?:(?!#>).)*#>|#[^\r\n]*)"
GAP = re.compile(f"{TRIVIA}*", re.DOTALL)
NEWLINES = re.compile(f"{NEWLINE}+")
EDGE = re.compile(f"{BLANK}|{NEWLINE}|`|<#|#")
END = re.compile(rf"(?:{BLANK}|{NEWLINE})\Z")


def read(data: bytes | str, encoding: str | None = None) -> Script:
    source = from_text(data) if isinstance(data, str) else decode(data, encoding=encoding)[0]
    script, findings = read_script(source)
    assert script is not None, (findings, visible(source.text))
    return script


# ---- The check -----------------------------------------------------------------------------------


def check_lossless(script: Script, data: bytes) -> None:
    """Fail unless the script is its tokens, in order, and trivia between them."""
    text = script.source.text
    assert bytes(script) == data
    pieces = list(script.pieces())
    assert "".join(pieces) == text
    assert pieces[1::2] == [text[start:end] for start, end in script.tokens]
    end = 0
    for token in (*script.tokens, Span(len(text), len(text))):
        assert token.start >= end, f"{token} begins before {end}, where the one before ends"
        gap = text[end : token.start]
        assert GAP.fullmatch(gap), f"no trivia: {visible(gap)}"
        end = token.end
    for token in script.tokens:
        piece = text[token.start : token.end]
        assert piece, f"{token} is empty"
        if not NEWLINES.fullmatch(piece):
            assert not EDGE.match(piece), f"begins with trivia: {visible(piece)}"
            assert not END.search(piece), f"ends with trivia: {visible(piece)}"


def check_spans(script: Script) -> None:
    """Fail unless each value's span is that of a text which is read as that value again."""
    text = script.source.text
    nodes = list(nodes_of(script.statements))
    values = [n for n in nodes if isinstance(n, Value)]
    slices = [text[v.start : v.end] for v in values]
    again = read("\n".join(f"X-Y -Z:{piece}" for piece in slices))
    assert len(again.statements) == len(values)
    for value, piece, statement in zip(values, slices, again.statements, strict=True):
        assert not EDGE.match(piece), visible(piece)
        assert not END.search(piece), visible(piece)
        assert isinstance(statement, Command)
        (parameter,) = statement.arguments
        assert isinstance(parameter, Parameter)
        assert parameter.attached is not None, visible(piece)
        assert meaning(parameter.attached) == meaning(value), visible(piece)
    for node in nodes:
        piece = text[node.start : node.end]
        match node:
            case Parameter(name=name, attached=None):
                assert piece[1:] == name, visible(piece)
                assert piece[0] in "-–—―", visible(piece)
            case Parameter(name=name, attached=attached) if attached is not None:
                assert piece[1:].startswith(f"{name}:"), visible(piece)
                assert attached.end == node.end, visible(piece)
            case Command(name=name, out_null=out_null):
                assert piece.startswith(name), visible(piece)
                assert piece.lower().endswith("out-null") == out_null, visible(piece)
            case Assignment(name=name):
                assert piece.startswith(f"${name}"), visible(piece)


def nodes_of(nodes: tuple[Statement | Argument, ...]) -> Iterator[Statement | Argument]:
    """Yield nodes and all nodes inside them; each inside its parent, and after its sibling."""
    end = 0
    for node in nodes:
        assert end <= node.start < node.end
        end = node.end
        yield node
        inner: tuple[Argument, ...] = ()
        match node:
            case Command(arguments=arguments):
                inner = arguments
            case Array(items=items) | List(items=items):
                inner = items
            case Parameter(attached=value) | Assignment(value=value) if value is not None:
                inner = (value,)
        for child in nodes_of(inner):
            assert node.start <= child.start < child.end <= node.end
            yield child


def meaning(value: Value) -> Any:  # noqa: ANN401 - a tree of tuples
    """Return a value without its place."""
    match value:
        case Text(text=text, quote=quote):
            return "text", text, quote
        case Word(text=text):
            return "word", text
        case Number(value=number):
            return "number", number
        case Variable(name=name, element=element):
            return "variable", name, element
        case Array(items=items) | List(items=items):
            return type(value).__name__, *map(meaning, items)


# ---- Properties ----------------------------------------------------------------------------------


@given(scripts())
def test_a_script_is_its_tokens_and_trivia_between_them(generated: Generated) -> None:
    check_lossless(read(generated.data, generated.encoding), generated.data)


@given(scripts())
def test_every_value_stands_where_its_span_says(generated: Generated) -> None:
    check_spans(read(generated.text))


@given(scripts())
def test_the_rules_are_those_that_were_laid_out(generated: Generated) -> None:
    export = syncrules.parse(generated.data, encoding=generated.encoding)
    assert export.rules == generated.rules, visible(generated.text)
    assert not [d for d in export.diagnostics if d.is_error], visible(generated.text)
    assert bytes(export) == generated.data


# ---- Planted faults ------------------------------------------------------------------------------

SCRIPT = """\
New-ADSyncRule  `
-Name 'O''Brien' `
-Source 'a',"b" `
-OutVariable syncRule; <# c #> Add-ADSyncRule -SynchronizationRule:$syncRule[0] # d
# e
"""


def check(script: Script) -> None:
    check_lossless(script, SCRIPT.encode())
    check_spans(script)


def edited(name: str, change: Callable[[str], str]) -> Lark:
    """Return the parser with the regular expression of one terminal changed."""

    def edit(terminal: TerminalDef) -> None:
        from lark.lexer import PatternRE

        if terminal.name == "EDITOR_COMMAND":
            terminal.pattern = PatternRE("x(?<!x)")  # so that the others are at work
        if terminal.name == name:
            terminal.pattern = PatternRE(change(terminal.pattern.to_regexp()))

    parser: Lark = grammar.build(edit_terminals=edit)
    return parser


def test_the_script_without_a_fault_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    check(read(SCRIPT))
    fine = edited("", str)
    monkeypatch.setattr(parsing, "script_parser", lambda: fine)
    check(read(SCRIPT))


@pytest.mark.parametrize(
    ("terminal", "change"),
    [
        pytest.param("TRIVIA", lambda p: f"(?:{p}|;)+", id="trivia that take a semicolon"),
        pytest.param("TRIVIA", lambda p: f"(?:{p}|,)+", id="trivia that take a comma"),
        pytest.param("COMMENT", lambda _: r"#[^\n]*\n?", id="a comment that takes its newline"),
        pytest.param(
            "QUOTED", lambda p: f"(?:{p})(?: `\n)?", id="a text that takes a continuation"
        ),
        pytest.param("SEMICOLON", lambda p: f"(?:{p})[ ]?", id="a semicolon that takes a blank"),
        pytest.param("NEWLINE", lambda p: f"(?:{p}|#[^\\n]*)+", id="a newline that takes comments"),
    ],
)
def test_a_fault_in_a_terminal_is_seen(
    terminal: str, change: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = edited(terminal, change)
    monkeypatch.setattr(parsing, "script_parser", lambda: faulty)
    script = read(SCRIPT)
    with pytest.raises(AssertionError):
        check(script)


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda t: [Span(t.start + 1, t.end)], id="begins late"),
        pytest.param(lambda t: [Span(t.start - 1, t.end)], id="begins early"),
        pytest.param(lambda t: [Span(t.start, t.end - 1)], id="ends early"),
        pytest.param(lambda t: [Span(t.start, t.end + 1)], id="ends late"),
        pytest.param(lambda _: [], id="is left out"),
        pytest.param(lambda t: [t, t], id="comes twice"),
        pytest.param(lambda t: [t, Span(t.start, t.start)], id="goes back"),
    ],
)
def test_a_fault_in_a_span_is_seen(index: int, fault: Callable[[Span], list[Span]]) -> None:
    script = read("New-ADSyncRule 'a' -Disabled\n\nX ")
    assert len(script.tokens) == 5
    tokens = [*script.tokens]
    tokens[index : index + 1] = fault(tokens[index])
    broken = replace(script, tokens=tuple(tokens))
    with pytest.raises(AssertionError):
        check_lossless(broken, b"New-ADSyncRule 'a' -Disabled\n\nX ")


@pytest.mark.parametrize("shift", [-1, 1])
@pytest.mark.parametrize("end", ["start", "end"])
@pytest.mark.parametrize("statement", range(2))
def test_a_shifted_value_is_seen(statement: int, end: str, shift: int) -> None:
    script = read("X-Y -A 'a' -B \"b\" -C c `\n-D @('d', $d[0]) -E 1,2\n$e = 'e'")
    statements = list(script.statements)
    whole = statements[statement]
    value = whole.value if isinstance(whole, Assignment) else whole.arguments[1]
    moved: Any = value._replace(**{end: getattr(value, end) + shift})
    if isinstance(whole, Assignment):
        statements[statement] = whole._replace(value=moved)
    else:
        arguments = (whole.arguments[0], moved, *whole.arguments[2:])
        statements[statement] = Command(whole.start, whole.end, whole.name, arguments)
    with pytest.raises(AssertionError):
        check_spans(replace(script, statements=tuple(statements)))


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of what it finds
def test_the_property_fails_over_generated_scripts_where_the_tokenizer_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A reader that takes every token one character too short is found without any example."""
    tokens_of = parsing.tokens_of

    def shortened(nodes: Any) -> Iterator[Any]:  # noqa: ANN401 - Lark's
        for token in tokens_of(nodes):
            copy = token.update(value=token.value)
            copy.end_pos = max(token.start_pos + 1, token.end_pos - 1)
            yield copy

    monkeypatch.setattr(parsing, "tokens_of", shortened)

    @settings(database=None, max_examples=20, phases=[Phase.generate])
    @given(scripts())
    def find(generated: Generated) -> None:
        check_lossless(read(generated.text), generated.text.encode())

    with pytest.raises(AssertionError, match="trivia"):
        find()


# ---- Examples named for their oddity -------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "tokens"),
    [
        pytest.param(b"", 0, id="empty file"),
        pytest.param(b"\xef\xbb\xbf", 0, id="empty file with a byte order mark"),
        pytest.param(b"\xff\xfe", 0, id="empty UTF-16 file"),
        pytest.param(b"\xef\xbb\xbf\r\n", 1, id="one empty line with a byte order mark"),
        pytest.param(b"X-Y", 1, id="unfinished last line"),
        pytest.param(b"X-Y # c", 1, id="unfinished last line in a comment"),
        pytest.param(b"X-Y `", None, id="unfinished last line that would go on"),
        pytest.param(b"X-Y `\n", 1, id="a last line that goes on to nothing"),
        pytest.param(b"<# c", None, id="unfinished comment"),
        pytest.param(b"X-Y 'a\0b' # \0\n", 3, id="NUL in a text and in a comment"),
        pytest.param(b"\fX-Y\f-A\v'x'\f\n", 4, id="form feeds and vertical tabs as blanks"),
        pytest.param(b"X-Y\r\n\n\r\rX-Y\n\rX-Y\r", 6, id="mixed newlines"),
        pytest.param(b"X-Y `\r\n`\r`\n-A", 2, id="continuations of mixed newlines"),
        pytest.param(b"# a\rX-Y # b\rX-Y", 4, id="a comment ends at a lone CR"),
        pytest.param("X-Y\x85-A\u2028'x'\u3000".encode(), 3, id="Unicode's blanks"),
        pytest.param("\ufeff\ufeffX-Y".encode(), None, id="two byte order marks"),
        pytest.param(b"X-Y 'a\r\n b\n c\rd'", 2, id="a text over lines of mixed newlines"),
        pytest.param(b"X-Y @'\r\n#>\n'@", 2, id="a here-string with the end of a comment"),
        pytest.param(b"<# ' #>X-Y <# \" #>", 1, id="quotes in comments"),
        pytest.param(b"X-Y '#' \"<#\"", 3, id="comment marks in texts"),
        pytest.param(b"<#>X-Y#>", 0, id="a comment that only seems to close"),
        pytest.param(b"<###>X-Y", 1, id="a comment of number signs"),
        pytest.param(b";;\n;", 4, id="nothing but ends"),
        pytest.param(b" \t ", 0, id="nothing but blanks"),
    ],
)
def test_odd_file(data: bytes, tokens: int | None) -> None:
    source, _ = decode(data)
    script, findings = read_script(source)
    if tokens is None:
        assert script is None
        assert findings
    else:
        assert script is not None, findings
        check_lossless(script, data)
        assert len(script.tokens) == tokens

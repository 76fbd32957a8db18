"""PowerShell's quoted text, both ways: what is written is read back, and each escape by itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.strategies import newlines, texts
from support.visible import visible
from syncrules.script.nodes import Command, Parameter, Text, Word
from syncrules.script.quoting import DOUBLE_QUOTES, SINGLE_QUOTES, quote, unquote, unquote_word
from syncrules.script.reader import read_script
from syncrules.script.source import from_text

# U+2032 and U+FF07 look like quotes, and are none.
LOOKALIKES = "′＇´`"

single_marks = st.sampled_from(SINGLE_QUOTES)
double_marks = st.sampled_from(DOUBLE_QUOTES)


def read(literal: str) -> str:
    """Return the text that the parser reads in a literal attached to a parameter."""
    script, findings = read_script(from_text(f"X-Y -Z:{literal}"))
    assert script is not None, (visible(literal), findings)
    (command,) = script.statements
    assert isinstance(command, Command), visible(literal)
    (parameter,) = command.arguments
    assert isinstance(parameter, Parameter), visible(literal)
    assert isinstance(parameter.attached, Text | Word), visible(literal)
    assert (parameter.attached.start, parameter.attached.end) == (7, 7 + len(literal))
    return parameter.attached.text


def test_the_quotes_are_those_that_powershell_takes_for_quotes() -> None:
    assert set(SINGLE_QUOTES) == {"'", "\u2018", "\u2019", "\u201a", "\u201b"}
    assert set(DOUBLE_QUOTES) == {'"', "\u201c", "\u201d", "\u201e"}


# ---- quote ---------------------------------------------------------------------------------------


@given(texts, single_marks)
@example("", "'")
@example("'", "’")
@example("’'‘", "'")
@example("--%", "'")
def test_what_is_quoted_is_read_back(text: str, mark: str) -> None:
    literal = quote(text, mark)
    assert unquote(literal) == text, visible(literal)
    assert read(literal) == text, visible(literal)


@given(texts)
def test_a_quoted_text_begins_and_ends_with_its_mark_and_doubles_nothing_but_quotes(
    text: str,
) -> None:
    literal = quote(text)
    assert (literal[0], literal[-1]) == ("'", "'")
    assert re.sub(f"([{SINGLE_QUOTES}])\\1", r"\1", literal[1:-1]) == text, visible(literal)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", "''"),
        ("O'Brien", "'O''Brien'"),
        ("O’Brien", "'O’’Brien'"),
        ("'", "''''"),
        ('"$x`n"', "'\"$x`n\"'"),
        (LOOKALIKES, f"'{LOOKALIKES}'"),
        ("a\r\nb\0", "'a\r\nb\0'"),
    ],
)
def test_the_editor_would_write(text: str, literal: str) -> None:
    assert quote(text) == literal


# ---- Single quotes -------------------------------------------------------------------------------


@pytest.mark.parametrize("first", SINGLE_QUOTES)
@pytest.mark.parametrize("second", SINGLE_QUOTES)
def test_two_single_quotes_of_any_kinds_are_one_namely_the_second(first: str, second: str) -> None:
    literal = f"'a{first}{second}b'"
    assert unquote(literal) == read(literal) == f"a{second}b"


@pytest.mark.parametrize("opening", SINGLE_QUOTES)
@pytest.mark.parametrize("closing", SINGLE_QUOTES)
def test_any_single_quote_opens_and_any_closes(opening: str, closing: str) -> None:
    assert unquote(f"{opening}a{closing}") == read(f"{opening}a{closing}") == "a"


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        pytest.param("'a`n$x\"`'", 'a`n$x"`', id="nothing is escaped"),
        pytest.param("''''''", "''", id="two pairs"),
        pytest.param("'‘’‚‛'", "’‛", id="pairs from left to right"),
        pytest.param(f"'{LOOKALIKES}'", LOOKALIKES, id="what only looks like a quote"),
        pytest.param("'\r\n'", "\r\n", id="a newline"),
        pytest.param("'\x85\u2028\x0c'", "\x85\u2028\x0c", id="blanks"),
    ],
)
def test_a_single_quoted_text_with(literal: str, text: str) -> None:
    assert unquote(literal) == read(literal) == text, visible(literal)


# ---- Double quotes -------------------------------------------------------------------------------


@given(texts, double_marks, double_marks, st.booleans())
def test_a_double_quoted_text_is_read_back(
    text: str, opening: str, closing: str, doubled: bool
) -> None:
    quotes = re.sub(f"([{DOUBLE_QUOTES}])", r"\1\1", re.sub("([`$])", r"`\1", text))
    escaped = re.sub(f"([{DOUBLE_QUOTES}`$])", r"`\1", text)
    literal = opening + (quotes if doubled else escaped) + closing
    assert unquote(literal) == text, visible(literal)
    assert read(literal) == text, visible(literal)


@pytest.mark.parametrize("first", DOUBLE_QUOTES)
@pytest.mark.parametrize("second", DOUBLE_QUOTES)
def test_two_double_quotes_of_any_kinds_are_one_namely_the_second(first: str, second: str) -> None:
    literal = f'"a{first}{second}b"'
    assert unquote(literal) == read(literal) == f"a{second}b"


@pytest.mark.parametrize(
    ("escape", "text"),
    [
        *(("`0", "\0"), ("`a", "\a"), ("`b", "\b"), ("`f", "\f"), ("`n", "\n"), ("`r", "\r")),
        *(("`t", "\t"), ("`v", "\v"), ("``", "`"), ('`"', '"'), ("`„", "„"), ("`'", "'")),
        *(("`$", "$"), ("`x", "x"), ("`N", "N"), ("`T", "T"), ("` ", " "), ("`é", "é")),
        *(("`\n", "\n"), ("`\u2028", "\u2028"), ("`😀", "😀"), ("`1", "1")),
    ],
)
def test_an_escape(escape: str, text: str) -> None:
    assert unquote(f'"a{escape}b"') == read(f'"a{escape}b"') == f"a{text}b", visible(escape)


@pytest.mark.parametrize(
    ("escape", "text"), [("`e", "\x1b"), ("`u{41}", "A"), ("`u{1F600}", "😀"), ("`u{00e9}", "é")]
)
def test_an_escape_of_powershell_7_has_its_reading_and_is_an_error(escape: str, text: str) -> None:
    """Windows PowerShell 5.1, which runs the script, reads a letter there."""
    assert unquote(f'"a{escape}b"') == f"a{text}b"
    script, findings = read_script(from_text(f'New-Object -Z "a{escape}b"'))
    assert script is None
    assert [(f.code, f.column) for f in findings] == [("SR220", 17)]


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        pytest.param('"it\'s"', "it's", id="single quotes"),
        pytest.param('"$ $"', "$ $", id="dollars that expand nothing"),
        pytest.param('"5$, %x%"', "5$, %x%", id="a dollar before a comma"),
        pytest.param('"``n"', "`n", id="an escaped backtick before a letter"),
        pytest.param('"```""', '`"', id="an escaped backtick before an escaped quote"),
        pytest.param('"`""""', '""', id="an escaped quote before a pair"),
        pytest.param('"a`\r\nb"', "a\r\nb", id="a backtick before CRLF"),
        pytest.param('"`\0`n"', "`\0\n", id="a backtick before NUL, which it does not escape"),
        pytest.param('"a\rb"', "a\rb", id="a newline as it stands"),
        pytest.param('""', "", id="nothing"),
    ],
)
def test_a_double_quoted_text_with(literal: str, text: str) -> None:
    assert unquote(literal) == read(literal) == text, visible(literal)


# ---- Here-strings --------------------------------------------------------------------------------


@given(
    st.lists(texts.map(lambda t: re.sub(r"[\r\n]", "", t)), min_size=1, max_size=4),
    newlines,
    st.sampled_from([SINGLE_QUOTES, DOUBLE_QUOTES]),
    st.data(),
)
def test_a_here_string_is_what_stands_between_its_first_and_last_newline(
    lines: list[str], newline: str, quotes: str, data: st.DataObject
) -> None:
    opening, closing = data.draw(st.sampled_from(quotes)), data.draw(st.sampled_from(quotes))
    text = newline.join(re.sub(rf"\A[{quotes}]@", "x", line) for line in lines)  # would close it
    body = re.sub("([`$])", r"`\1", text) if quotes == DOUBLE_QUOTES else text
    literal = f"@{opening} \t{newline}{body}{newline}{closing}@"
    assert unquote(literal) == text, visible(literal)
    assert read(literal) == text, visible(literal)


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        pytest.param("@'\n'@", "", id="no line"),
        pytest.param("@'\n\n'@", "", id="one empty line"),
        pytest.param("@'\r\n\r\n\r\n'@", "\r\n", id="two empty lines"),
        pytest.param("@'\ra\r'@", "a", id="CR alone"),
        pytest.param("@'\n\ra\r\n'@", "\ra", id="LF CR before the text, CRLF after it"),
        pytest.param("@'\r\na\n'@", "a", id="mixed newlines"),
        pytest.param("@'\n'\n'@", "'", id="a quote that is not doubled"),
        pytest.param("@'\n''\n'@", "''", id="two quotes that are not one"),
        pytest.param("@'\n '@\n'@", " '@", id="its mark behind a blank"),
        pytest.param("@'\n\"@\n'@", '"@', id="the other mark"),
        pytest.param("@'\n`n$x\n'@", "`n$x", id="nothing escaped"),
        pytest.param("@‘\u3000\na\n‛@", "a", id="other quotes, and a blank behind the first"),
        pytest.param('@"\n"\n"@', '"', id="a double quote that is not doubled"),
        pytest.param('@"\n""\n"@', '""', id="two double quotes that are not one"),
        pytest.param('@"\n`"`n`$\n"@', '"\n$', id="escapes"),
        pytest.param('@"\n\'@\n"@', "'@", id="the single mark in a double here-string"),
        pytest.param('@"\r\na`\r\nb\r\n"@', "a\r\nb", id="a backtick before CRLF"),
        pytest.param('@"\n`\0\n"@', "`\0", id="a backtick before NUL, which it does not escape"),
        pytest.param('@"\na`\nb\n"@', "a\nb", id="a backtick before LF"),
        pytest.param('@"\n`\n"@\n"@', '\n"@', id="a line that is not one: its mark closes nothing"),
        pytest.param('@"\r\na`\r\n"@', "a\r", id="a backtick takes the CR of the last line break"),
        pytest.param('@"\r\na``\r\n"@', "a`", id="an escaped backtick takes no CR"),
        pytest.param('@"\n`\r\r\n"@', "\r", id="an escaped CR before the last line break"),
    ],
)
def test_a_here_string_with(literal: str, text: str) -> None:
    assert unquote(literal) == read(literal) == text, visible(literal)


# ---- Bare words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Inbound", "Inbound"),
        ("a'b'c", "abc"),
        ("a'b''c'd", "ab'cd"),
        ('a"b"c', "abc"),
        ("a'‘’'b", "a’b"),
    ],
)
def test_quoted_pieces_are_part_of_a_bare_word(word: str, text: str) -> None:
    assert unquote_word(word) == read(word) == text

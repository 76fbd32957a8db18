"""The grammar as a text, and its two ways to read one command."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.strategies import Generated, fragments, scripts
from support.visible import visible
from syncrules import grammar
from syncrules.diagnostics import Span
from syncrules.exports.editor_forms import FORMS
from syncrules.script import parser as parsing
from syncrules.script import reader
from syncrules.script.nodes import Command, Script
from syncrules.script.reader import read_script
from syncrules.script.source import from_text

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from lark import Lark
    from lark.lexer import TerminalDef

GRAMMARS = [f for f in files("syncrules.grammar").iterdir() if f.name.endswith(".lark")]
EVERY_CHARACTER = "".join(map(chr, range(0x110000)))


def test_there_is_a_grammar() -> None:
    assert grammar.SCRIPT in [f.name for f in GRAMMARS]


def test_the_grammar_of_scripts_builds_in_strict_mode() -> None:
    """No conflict of rules, and no two terminals that take one text where both may stand."""
    pytest.importorskip("interegular")
    grammar.build(strict=True)


@pytest.mark.parametrize("file", GRAMMARS, ids=lambda f: f.name)
def test_no_class_of_characters_is_left_to_python(file: Traversable) -> None:
    r"""Python's \s, \w and \d are not PowerShell's, and change with Python's Unicode tables."""
    without_comments = re.sub(r"(?m)(?:^|\s)//.*$", "", file.read_text(encoding="utf-8"))
    assert re.findall(r"(?<!\\)(?:\\\\)*\\([sSwWdDbB])", without_comments) == []


# ---- Characters ----------------------------------------------------------------------------------


def pattern_of(terminal: str) -> str:
    """Return the regular expression of a terminal, whether a rule uses it or not."""
    from lark import Lark

    text = (files("syncrules.grammar") / grammar.SCRIPT).read_text(encoding="utf-8")
    probe = Lark(f"{text}\nprobe : {terminal}\n", start=["script", "probe"], parser="lalr")
    (pattern,) = (t.pattern.to_regexp() for t in probe.terminals if t.name == terminal)
    return pattern


def powershell_blanks() -> set[str]:
    """Return what PowerShell's tokenizer skips: its CharExtensions.IsWhitespace."""
    first = {" ", "\t", "\v", "\f", "\x85", "\xa0"}
    separators = {
        c for c in EVERY_CHARACTER[0x100:] if unicodedata.category(c) in ("Zs", "Zl", "Zp")
    }
    return first | separators


def test_blanks_are_those_of_powershell() -> None:
    assert set(re.findall(pattern_of("BLANK"), EVERY_CHARACTER)) == powershell_blanks()


@pytest.mark.parametrize(
    ("terminal", "ends"),
    [("WORD_CHARACTER", "\0\r\n|;,(){}&"), ("PARAMETER_CHARACTER", "\0\r\n|;,(){}&:")],
)
def test_blanks_end_a_word(terminal: str, ends: str) -> None:
    quotes = set("'‘’‚‛\"“”„")
    left_out = set(re.sub(f"(?:{pattern_of(terminal)})+", "", EVERY_CHARACTER))
    assert left_out == powershell_blanks() | quotes | set(ends)


# ---- The one-token command -----------------------------------------------------------------------


def parser_without_one_token_commands() -> Lark:
    """Return a parser that has to read every command by its words."""

    def edit(terminal: TerminalDef) -> None:
        from lark.lexer import PatternRE

        if terminal.name == "EDITOR_COMMAND":
            terminal.pattern = PatternRE("x(?<!x)")  # no text is that

    parser: Lark = grammar.build(edit_terminals=edit)
    return parser


FINE = parser_without_one_token_commands()


def read_both_ways(text: str) -> Iterator[Any]:
    """Yield the reading with what is found without Lark, and that by Lark and words alone."""
    source = from_text(text)
    yield read_script(source, forms=FORMS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "script_parser", lambda: FINE)
        for module in (reader, parsing):
            patch.setattr(module, "scan", lambda _text, start, *_found: start)
        patch.setattr(parsing, "begins_with_command", lambda *_place: False)
        yield read_script(source)


def assert_read_alike(text: str) -> None:
    (one, one_findings), (fine, fine_findings) = read_both_ways(text)
    if one is None or fine is None:
        assert one is fine, (
            f"read in one way only: {one_findings or fine_findings}\n{visible(text)}"
        )
    else:
        assert one.statements == fine.statements, visible(text)
        assert outside_commands(one) == outside_commands(fine), visible(text)
        assert one_findings == fine_findings, visible(text)


def outside_commands(script: Script) -> list[Span]:
    """Return the tokens but for those of commands, which may be one token or many."""
    commands = [s for s in script.statements if isinstance(s, Command)]
    return [t for t in script.tokens if not any(c.start <= t.start < c.end for c in commands)]


@given(scripts())
def test_a_command_in_one_token_is_the_command_of_its_words(generated: Generated) -> None:
    assert_read_alike(generated.text)


@given(fragments)
def test_so_is_anything_else(text: str) -> None:
    assert_read_alike(text)


VALUES = (
    *("'x'", "''", "'O''Brien'", "''''", "'a''''b'", "'’’'", "'x''", "'--%'", "'-%'", "' `'"),
    *(
        "'a','b'",
        "'a','b',$false",
        "@('a')",
        "@('a','b')",
        "@('')",
        "@($a[0],$b[0])",
        "'@('",
        "','",
    ),
    *("$syncRule[0]", "$syncRule", "$a[0],$b[1]", "$a[10]", "$a.b", "50", "0", "007", "999999999"),
    *("1234567890", "50,51", "x", "x1", "1x", "x,y", "x.y", "'a'.x", "'a'[0]", "'a'::x", "'a'b"),
    *("'‘''", "'‘'x'", "'a’'b'", "'x'‘'", "'a','’'b'", "@('‘'a',$c[0])", "'$‘'x'"),
    *("'a\nb'", "'a `\n-Name ''b'' `\n'", "@('a', 'b')", "@()", "'a' 'b'", '"x"', "'a' # b"),
)


LAYOUTS = (
    *("~", "~ `\n-Disabled", "~  `\n-Disabled  `\n-B 'y'", "~ `\n-B 'y' `\n-C 50", "~`\n-B 'y'"),
    *(
        "-Disabled `\n~",
        "-Disabled  `\n~",
        "-A 'x' `\r\n~  `\r\n-B $c[0]",
        "-A x `\n~ `\n-B @('y')",
    ),
    *("~  \n", "~ | Out-Null", "~;", "~ # c `\n-B 'y'", "~ `\n\n-B 'y'", "~ ` \n-B 'y'"),
    "~\n\n\nAdd-ADSyncRule  `\n-SynchronizationRule $syncRule[0]\n\n\n",
    *("~\n\n$a = 'O''B’’'  \n$b='y'\n\n", "~\n$a  =   'x' # c\n$b = 'y’\n", "~\n$a = 'x' `\n\n"),
    *("~\n$a = 'x'.y\n", "~\n$a = 'x'’y'\n", "~\n$a = 'x' -B 'y'\n", "~\n$a = 'x';\n"),
    *("~\n$a = 'x','y'\n", "~\n$a = 'x'y\n", "~\n$a = 'x'[0]\n", "~\n$a = 'x'\r\n$b = ''\r"),
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=visible)
def test_every_value_is_read_alike_in_the_layout(layout: str) -> None:
    for value in VALUES:
        assert_read_alike("New-ADSyncRule  `\n" + layout.replace("~", f"-Name {value}"))


@given(
    st.lists(
        st.sampled_from(("'", "‘", "''", "‘'", "'’", "a", ",", " ", "$c[0]", "`\n-B ")),
        max_size=8,
    )
)
def test_a_text_of_quotes_is_read_alike(pieces: list[str]) -> None:
    assert_read_alike(f"New-ADSyncRule  `\n-Name '{''.join(pieces)}' `\n-B 'y'\n")


def test_the_editors_own_layout_is_one_token_a_command() -> None:
    """Or what is compared above would be the same thing twice."""
    text = "New-ADSyncRule  `\n-Name 'O''Brien' `\n-Precedence 50 `\n-Disabled  `\n-Source @('a')\n"
    (one, _), (fine, _) = read_both_ways(text)
    assert [len(one.tokens), len(fine.tokens)] == [2, 11]


def recorded_texts(name: str) -> list[str]:
    path = Path(__file__).parents[1] / "conformance" / "data" / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        return [json.loads(line)["text"] for line in lines]


@pytest.mark.parametrize("name", ["edited", "hostile", "layout", "rule", "value"])
def test_scripts_recorded_with_powershells_reading_are_read_alike(name: str) -> None:
    recorded = recorded_texts(name)
    assert recorded
    for text in recorded[::5]:
        assert_read_alike(text)

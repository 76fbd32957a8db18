"""The output of a plan, equation by equation.

The inputs are put together from pieces whose fate is known, so that the expected output is put
together from the same pieces and never asked of the code.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
    PREFERENCE,
    STAGING,
    errors,
    export,
    mapped,
    out_of_box,
    rule,
    server,
    staging_with,
    text_of,
    the,
)
from support.strategies import newlines, texts
from syncrules import PlanRefused, SyncRule
from syncrules.exports.cmdlets import SCOPE_CONDITION
from syncrules.migration.output import mapped_files
from syncrules.script.source import Source, encode

MAPPING = {A1: B1, A2: B2, ENTRA: ENTRA}
BOTH = staging_with(B1, B2)


# ---- Inputs of which every piece is known --------------------------------------------------------


def _braced(identifier: str) -> str:
    return f"{{{identifier}}}"


def _digits(identifier: str) -> str:
    return identifier.replace("-", "")


def _upper(identifier: str) -> str:
    return identifier.upper()


def _plain(identifier: str) -> str:
    return identifier


# How a literal may be written, and what it becomes: quotes, braces and dashes stay, the digits
# are the new connector's.
FORMS: tuple[tuple[Callable[[str], str], Callable[[str], str]], ...] = (
    (_plain, _plain),
    (_upper, _plain),
    (_braced, _braced),
    (lambda g: _braced(g.upper()), _braced),
    (lambda g: f"({g})", lambda g: f"({g})"),
    (_digits, _digits),
    (lambda g: f"  {g}\t", lambda g: f"  {g}\t"),
)
QUOTES = ("'{}'", '"{}"', "‘{}’", "‚{}'", "“{}”", "@'\n{}\n'@", '@"\r\n{}\r\n"@')
PARAMETERS = ("-Connector {}", "-Connector:{}", "-connector {}", "–Connector  {}")


@dataclass(frozen=True)
class Spelling:
    """How a rule or a variable writes its connector."""

    template: str
    before: Callable[[str], str]
    after: Callable[[str], str]

    def written(self, connector: str) -> str:
        return self.template.format(self.before(connector))

    def rewritten(self, connector: str) -> str:
        """Return the literal after the move; one that does not move stays as it was written."""
        target = MAPPING[connector]
        return (
            self.written(connector)
            if target == connector
            else self.template.format(self.after(target))
        )


@dataclass(frozen=True)
class Piece:
    """A rule's part of the text, cut where its connector's literal stands."""

    rule: SyncRule
    before: str
    spelling: Spelling | None
    """`None` where the variable `$ad` is used, which holds A1."""
    after: str

    def input(self) -> str:
        literal = "$ad" if self.spelling is None else self.spelling.written(self.rule.connector)
        return self.before + literal + self.after

    def output(self) -> str:
        if self.rule.is_out_of_box:
            return ""
        literal = "$ad" if self.spelling is None else self.spelling.rewritten(self.rule.connector)
        return self.before + literal + self.after

    @property
    def becomes(self) -> SyncRule:
        return replace(self.rule, connector=MAPPING[self.rule.connector])


@dataclass(frozen=True, repr=False)
class Input:
    """A whole script of pieces."""

    head: str
    variable: Spelling
    pieces: tuple[Piece, ...]
    newline: str

    @property
    def text(self) -> str:
        return self._head(self.variable.written(A1)) + "".join(p.input() for p in self.pieces)

    @property
    def expected(self) -> str:
        """What the output holds behind its prologue."""
        moves = any(p.spelling is None for p in self.custom)
        literal = self.variable.rewritten(A1) if moves else self.variable.written(A1)
        return self._head(literal) + "".join(p.output() for p in self.pieces)

    @property
    def custom(self) -> tuple[Piece, ...]:
        return tuple(p for p in self.pieces if not p.rule.is_out_of_box)

    @property
    def mapping(self) -> dict[str, str]:
        """--map for the connectors that the rules name; one named in vain is an error."""
        named = {p.rule.connector for p in self.pieces}
        return {old: new for old, new in MAPPING.items() if old in named and old != ENTRA}

    @property
    def planned(self) -> tuple[SyncRule, ...]:
        return tuple(p.becomes for p in self.custom)

    def __repr__(self) -> str:
        return f"Input({self.text!r})"

    def _head(self, literal: str) -> str:
        if all(p.spelling is not None for p in self.pieces):
            return self.head
        return f"{self.head}$ad = {literal}{self.newline}"


# Texts that a whole-file replacement would damage, and that a careless reader would trip over.
TEXTS = texts | st.sampled_from(
    [A1, f"CStr({A1.upper()})", f"-Connector '{A1}'", "\n#\n# text\r\n", "O'Brien’s", "$item"]
)
QUOTED = st.builds(
    lambda template, form: Spelling(template, *form),
    st.sampled_from(QUOTES),
    st.sampled_from(FORMS),
)
LOWER_CASE = st.sampled_from(QUOTES).map(lambda t: Spelling(t, _plain, _plain))
A_WORD = st.just(Spelling("{}", _plain, _plain))


@st.composite
def inputs(
    draw: st.DrawFn, quoted: st.SearchStrategy[Spelling] = QUOTED, with_out_of_box: bool = True
) -> Input:
    """Draw a script; at least one of its rules is custom."""
    newline = draw(newlines)
    fates = draw(st.lists(st.booleans() if with_out_of_box else st.just(True), max_size=2))
    fates.insert(draw(st.integers(0, len(fates))), True)
    head = draw(st.sampled_from(["", "# exported by me\n\n", "Import-Module ADSync\n", "\n \n"]))
    pieces = tuple(
        draw(_pieces(number, custom, newline, quoted | A_WORD))
        for number, custom in enumerate(fates)
    )
    return Input(head.replace("\n", newline), draw(quoted), pieces, newline)


@st.composite
def _pieces(
    draw: st.DrawFn, number: int, custom: bool, newline: str, spellings: st.SearchStrategy[Spelling]
) -> Piece:
    connector = draw(st.sampled_from([A1, A1, A2, ENTRA]))
    spelling = None if connector == A1 and draw(st.booleans()) else draw(spellings)
    flows = tuple(
        syncrules.AttributeFlowMapping(None, "title", "Expression", "Update", False, draw(TEXTS))
        for _ in range(draw(st.integers(0, 1)))
    )
    make = rule if custom else out_of_box
    name = f"In from AD - {number} {draw(TEXTS)}" if custom else f"In from AD - Rule {number}"
    made = replace(
        make(name, number + 1, connector),
        description=draw(TEXTS),
        attribute_flow_mappings=flows,
        disabled=draw(st.booleans()),
    )
    above = "".join(
        draw(st.lists(st.sampled_from(["# mine\n", "  #\n", "\t# New-ADSyncRule `\n"]), max_size=2))
    )
    indent = draw(st.sampled_from(["", "  "]))
    below = draw(st.sampled_from(["\n", "\n\n\n", "\n# left from before\n\n", "; \n", "\n  \n"]))
    text = text_of(made, newline=newline).rstrip("\r\n")
    before, line, after = text.partition(f"-Connector '{connector}'")
    assert line
    parameter = draw(st.sampled_from(PARAMETERS)).removesuffix("{}")
    return Piece(
        made,
        above.replace("\n", newline) + indent + before + parameter,
        spelling,
        after + below.replace("\n", newline),
    )


ENCODED: dict[str, Callable[[str], bytes]] = {
    "UTF-8 with BOM": lambda text: codecs.BOM_UTF8 + text.encode(),
    "UTF-8 without BOM": str.encode,
    "UTF-16LE": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16BE": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


def _expected_bytes(text: str, encoding: str) -> bytes:
    """Return how a text is written: text outside ASCII is never without a mark."""
    if encoding == "UTF-8 without BOM" and not text.isascii():
        encoding = "UTF-8 with BOM"
    return ENCODED[encoding](text)


def _plan(given_: Input, encoding: str = "UTF-8 with BOM", *, bare: bool = False) -> syncrules.Plan:
    script = syncrules.parse(ENCODED[encoding](given_.text), name="custom.ps1")
    return syncrules.plan([script], staging=BOTH, mapping=given_.mapping, bare=bare)


# ---- Equation 2: the output is the input, but for the literals named -----------------------------


@given(inputs(), st.sampled_from(sorted(ENCODED)))
def test_a_bare_output_is_the_input_without_out_of_box_blocks_and_with_the_new_connectors(
    given_: Input, encoding: str
) -> None:
    planned = _plan(given_, encoding, bare=True)
    assert planned.output() == {"custom.ps1": _expected_bytes(given_.expected, encoding)}


@given(inputs(), st.sampled_from(sorted(ENCODED)))
def test_any_other_output_is_a_prologue_and_then_the_same_bytes(
    given_: Input, encoding: str
) -> None:
    (data,) = _plan(given_, encoding).output().values()
    text = syncrules.parse(data).source.text
    assert text.endswith(given_.expected)
    prologue = text.removesuffix(given_.expected)
    assert data == _expected_bytes(text, encoding)
    assert prologue.isascii()
    _assert_is_prologue(prologue)


@given(inputs())
def test_the_edits_listed_are_the_differences_and_each_stands_where_it_says(given_: Input) -> None:
    edits = _plan(given_).edits
    text, lines = given_.text, re.split(r"(?<=\n)|(?<=\r)(?!\n)", given_.text)
    for edit in edits:
        assert edit.span is not None
        assert text[edit.span.start : edit.span.end] == edit.old
        at = sum(map(len, lines[: edit.line - 1])) + edit.column - 1
        assert at == edit.span.start
        assert edit.old != edit.new
    moving = [p.spelling for p in given_.custom if p.rule.connector != ENTRA]
    literals = sum(s is not None for s in moving) + (None in moving)
    assert len(edits) == literals
    assert len({e.span for e in edits}) == literals


@given(inputs())
def test_every_rule_of_the_input_is_moved_or_left_out_by_name(given_: Input) -> None:
    planned = _plan(given_)
    assert [m.before for m in planned.rules] == [p.rule for p in given_.custom]
    assert [o.rule for o in planned.left_out] == [
        p.rule for p in given_.pieces if p.rule.is_out_of_box
    ]


# ---- Equation 3: what is written gives the planned rules -----------------------------------------


@given(inputs(), st.sampled_from(sorted(ENCODED)), st.booleans())
def test_the_output_read_again_gives_the_planned_rules(
    given_: Input, encoding: str, bare: bool
) -> None:
    planned = _plan(given_, encoding, bare=bare)
    (data,) = planned.output().values()
    again = syncrules.parse(data)
    assert again.rules == given_.planned
    assert errors(again.diagnostics) == []
    assert tuple(m.after for m in planned.rules) == given_.planned


# ---- Idempotence and inverse ---------------------------------------------------------------------


@given(inputs(), st.sampled_from(sorted(ENCODED)))
def test_remapping_an_output_changes_nothing(given_: Input, encoding: str) -> None:
    (once,) = _plan(given_, encoding).output().values()
    again = syncrules.plan([syncrules.parse(once, name="custom.ps1")], staging=BOTH)
    assert again.output() == {"custom.ps1": once}
    assert again.edits == ()


@given(inputs(LOWER_CASE, with_out_of_box=False))
def test_there_and_back_again_gives_the_original_text(given_: Input) -> None:
    (there,) = _plan(given_, bare=True).output().values()
    back = {new: old for old, new in given_.mapping.items()}
    returned = mapped(there, staging=staging_with(A1, A2), mapping=back)
    assert syncrules.parse(returned).source.text == given_.text


# ---- Before and after ----------------------------------------------------------------------------

BARE_RULE = text_of(rule())
_LINE = f"-Connector '{A1}'"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"-Connector '{A1}'", f"-Connector '{B1}'", id="single quotes"),
        pytest.param(f'-Connector "{A1}"', f'-Connector "{B1}"', id="double quotes"),
        pytest.param(f"-Connector ‘{A1}’", f"-Connector ‘{B1}’", id="typographic quotes"),
        pytest.param(f"-Connector ‛{A1}'", f"-Connector ‛{B1}'", id="two kinds of quotes"),
        pytest.param(f"-Connector {A1}", f"-Connector {B1}", id="a bare word"),
        pytest.param(f"-Connector '{{{A1}}}'", f"-Connector '{{{B1}}}'", id="braces"),
        pytest.param(f"-Connector '({A1})'", f"-Connector '({B1})'", id="parentheses"),
        pytest.param(f"-Connector '{A1.upper()}'", f"-Connector '{B1}'", id="upper case"),
        pytest.param(
            f"-Connector '{_digits(A1)}'", f"-Connector '{_digits(B1)}'", id="without dashes"
        ),
        pytest.param(f"-Connector ' {A1} '", f"-Connector ' {B1} '", id="blanks in the quotes"),
        pytest.param(
            f"-Connector @'\r\n{A1}\r\n'@", f"-Connector @'\r\n{B1}\r\n'@", id="a here-string"
        ),
        pytest.param(f"-Connector:'{A1}'", f"-Connector:'{B1}'", id="attached by a colon"),
        pytest.param(f"-cOnNeCtOr '{A1}'", f"-cOnNeCtOr '{B1}'", id="another case of the name"),
        pytest.param(f"–Connector '{A1}'", f"–Connector '{B1}'", id="an en dash"),
        pytest.param(
            f'-Connector "{A1.replace("-", "`-")}"', f"-Connector '{B1}'", id="written with escapes"
        ),
        pytest.param(
            f"-Connector aaaaaaaa'{A1[8:]}'", f"-Connector '{B1}'", id="a word with a quoted piece"
        ),
        pytest.param(
            f"-Connector <# was '{A1}' #> '{A1}'",
            f"-Connector <# was '{A1}' #> '{B1}'",
            id="a comment keeps the old one",
        ),
    ],
)
def test_only_the_connectors_digits_change(before: str, after: str) -> None:
    text = codecs.BOM_UTF8.decode() + BARE_RULE.replace(_LINE, before)
    expected = codecs.BOM_UTF8.decode() + BARE_RULE.replace(_LINE, after)
    assert mapped(text.encode()).decode() == expected


@pytest.mark.parametrize(
    ("written", "instead_of"),
    [
        pytest.param("-Disabled `", "-Disabled  `", id="one blank behind a switch"),
        pytest.param("New-ADSyncRule `", "New-ADSyncRule  `", id="one blank behind a command"),
        pytest.param("    -Name", "-Name", id="indentation"),
        pytest.param(
            "-LinkType 'Join' -Disabled", "-LinkType 'Join' `\r\n-Disabled", id="one line"
        ),
        pytest.param("-Disabled:$true `", "-Disabled  `", id="a switch with its value"),
        pytest.param("$syncRule[0] | Out-Null\r\n", "$syncRule[0]\r\n", id="Out-Null"),
        pytest.param("$SYNCRULE[0]", "$syncRule[0]", id="a variable in another case"),
        pytest.param("\r\n \r\n", "\r\n\r\n\r\n", id="empty lines made of blanks"),
        pytest.param("# x\r\nNew-ADSyncRule", "New-ADSyncRule", id="a comment above"),
        pytest.param(";\r\nAdd-ADSyncRule", "Add-ADSyncRule", id="a semicolon"),
    ],
)
def test_a_layout_that_people_and_other_tools_write_is_kept(written: str, instead_of: str) -> None:
    text = text_of(replace(rule(), disabled=True)).replace(
        "-SoftDeleteExpiryInterval 0 `\r\n-ImmutableTag '' `\r\n", ""
    )
    assert instead_of in text
    text = text.replace(instead_of, written)
    assert mapped(text).decode() == text.replace(A1, B1)


def test_a_connectors_guid_anywhere_else_is_not_touched() -> None:
    mentions = replace(
        rule(f"In from AD - {A1}"),
        description=f"-Connector '{A1}'",
        attribute_flow_mappings=(
            syncrules.AttributeFlowMapping((A1,), A1, "Expression", "Merge", False, f'"{A1}"'),
        ),
        scope_filter=((syncrules.ScopeCondition("connector", A1, "EQUAL"),),),
    )
    after = mapped(f"# {A1}\r\n{text_of(mentions)}").decode()
    assert after == f"# {A1}\r\n{text_of(replace(mentions, connector=B1))}"


def test_a_variable_that_two_rules_use_is_edited_once() -> None:
    rules = text_of(rule(), rule("In from AD - Second", 2)).replace(_LINE, "-Connector $ad")
    planned = syncrules.plan(
        [syncrules.parse(f"$ad = '{A1}'\n{rules}")], staging=STAGING, bare=True
    )
    assert [(e.line, e.column, e.old, e.new) for e in planned.edits] == [
        (1, 7, f"'{A1}'", f"'{B1}'")
    ]
    assert list(planned.output().values()) == [f"$ad = '{B1}'\n{rules}".encode()]


def test_a_variable_that_an_out_of_box_rule_uses_too_is_edited_where_it_is_kept() -> None:
    both = text_of(out_of_box()).replace(_LINE, "-Connector $ad")
    kept = BARE_RULE.replace(_LINE, "-Connector $ad")
    assert mapped(f"$ad = '{A1}'\n{both}{kept}") == f"$ad = '{B1}'\n{kept}".encode()


def test_edits_are_listed_in_the_order_of_their_places() -> None:
    """Whatever the order in which the parameters of a rule stand."""
    own, there = out_of_box("In from AD - User Common", 900), rule("Second", 2)
    placed = replace(rule(), precedence=0, precedence_before=own.identifier)
    staging = replace(own, identifier=rule(number=800).identifier, connector=B1)
    planned = syncrules.plan(
        export(placed, there, own),
        staging=server(export(staging, name="staging.ps1")),
        mapping={A1: B1},
        new_identifiers="seed",
    )
    places = [(e.line, e.column) for e in planned.edits]
    assert len(places) == 7
    assert places == sorted(places)


def test_entra_rules_move_without_an_edit() -> None:
    text = text_of(rule("Out to AAD - Custom", connector=ENTRA))
    assert mapped(text).decode() == text


# ---- The encoding --------------------------------------------------------------------------------

UMLAUT = text_of(rule("In from AD - Übung"))
UMLAUT_MAPPED = codecs.BOM_UTF8 + text_of(rule("In from AD - Übung", connector=B1)).encode()


@pytest.mark.parametrize(
    ("data", "encoding", "old"),
    [
        pytest.param(UMLAUT.encode(), None, "utf-8", id="UTF-8 without BOM"),
        pytest.param(UMLAUT.encode("cp1252"), "windows-1252", "windows-1252", id="windows-1252"),
    ],
)
def test_text_outside_ascii_without_a_mark_becomes_utf_8_with_bom_and_that_is_listed(
    data: bytes, encoding: str | None, old: str
) -> None:
    assert mapped(data, encoding=encoding) == UMLAUT_MAPPED
    export_ = syncrules.parse(data, name="custom.ps1", encoding=encoding)
    edits = syncrules.plan([export_], staging=STAGING).edits
    (edit,) = (e for e in edits if e.what == "encoding")
    assert (edit.span, edit.line, edit.column) == (None, 1, 1)
    assert old in edit.old
    assert "utf-8 with" in edit.new


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(text_of(rule()).encode("ascii"), id="ASCII stays ASCII"),
        pytest.param(codecs.BOM_UTF8 + UMLAUT.encode(), id="UTF-8 with BOM stays"),
        pytest.param(codecs.BOM_UTF16_LE + UMLAUT.encode("utf-16-le"), id="UTF-16LE stays"),
        pytest.param(codecs.BOM_UTF16_BE + UMLAUT.encode("utf-16-be"), id="UTF-16BE stays"),
    ],
)
@pytest.mark.parametrize("bare", [True, False])
def test_what_powershell_5_1_reads_stays_in_its_encoding(data: bytes, bare: bool) -> None:
    written = mapped(data, bare=bare)
    before, after = syncrules.parse(data).source, syncrules.parse(written).source
    assert (after.encoding, after.bom) == (before.encoding, before.bom)
    assert after.text.endswith(before.text.replace(A1, B1))
    planned = syncrules.plan([syncrules.parse(data)], staging=STAGING)
    assert [e.what for e in planned.edits] == ["connector"]


def test_text_outside_ascii_that_is_left_out_changes_no_encoding() -> None:
    text = text_of(out_of_box("In from AD - Übung")) + BARE_RULE
    assert mapped(text.encode()) == BARE_RULE.replace(A1, B1).encode()


def test_a_comment_in_an_unknown_code_page_keeps_its_bytes() -> None:
    data = b"# gr\xfc\xdfe\r\n\r\n" + BARE_RULE.encode()
    assert mapped(data) == data.replace(A1.encode(), B1.encode())


# ---- The prologue --------------------------------------------------------------------------------


def _prologue(data: str | bytes, name: str = "custom.ps1") -> str:
    """Return what stands before the rules of an output that is made from a bare rule."""
    text = syncrules.parse(mapped(data, name=name, bare=False)).source.text
    before, _, _ = text.partition("New-ADSyncRule  `")
    return before


def _assert_is_prologue(text: str) -> None:
    """Assert that no line of a prologue does anything but stop the script at the first error."""
    # str.splitlines knows more line ends than PowerShell, and no fewer.
    lines = text.splitlines()
    assert lines.count(PREFERENCE) == 1
    assert all(line.startswith("#") or line in (PREFERENCE, "") for line in lines), lines
    assert not any(line.lower().startswith("#requires") for line in lines)


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_the_prologue_is_written_in_the_files_own_newline(newline: str) -> None:
    before = _prologue(text_of(rule(), newline=newline))
    assert before.endswith(newline)
    assert set(re.findall(r"\r\n|\r|\n", before)) == {newline}


def test_the_prologue_says_what_it_was_made_from_how_to_run_it_and_which_connector_is_which() -> (
    None
):
    before = _prologue(BARE_RULE, name="some/where/custom.txt")
    _assert_is_prologue(before)
    assert "custom.txt" in before
    assert "some/where" not in before  # the same input gives the same bytes in every folder
    assert ".\\custom.ps1" in before
    assert re.search(rf"{A1} -> {B1}", before)


HOSTILE = (
    "a\nRemove-ADSyncRule",
    "a\rRemove-ADSyncRule",
    "a\r\nRemove-ADSyncRule #",
    "a\u2028Remove-ADSyncRule",
    "a\x85Remove-ADSyncRule",
    "#> Remove-ADSyncRule <#",
    "\x1b[2J\x1b]0;owned\x07",
    "'; Remove-ADSyncRule '",
    '"; $(Remove-ADSyncRule) "',
    "’; Remove-ADSyncRule ’",
    "`\nRemove-ADSyncRule",
    "\u202egnp",
    "規則",
    "\udcfc",
)


@given(st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=30))
def test_no_file_name_becomes_code(name: str) -> None:
    before = _prologue(BARE_RULE, name=f"{name}.ps1")
    assert before.isascii()
    assert before.replace("\r\n", "").isprintable()
    _assert_is_prologue(before)


def test_a_prologue_that_was_written_before_says_which_connector_the_rules_have_now() -> None:
    once = mapped(BARE_RULE, bare=False)
    twice = mapped(once, staging=staging_with(B2), bare=False)
    assert [r.connector for r in syncrules.parse(twice).rules] == [B2]
    before, _, _ = twice.decode().partition("New-ADSyncRule  `")
    _assert_is_prologue(before)
    assert re.findall(r"-> (\S+)", before) == [B2]


# ---- Read again before it is handed out: SR501 ---------------------------------------------------


def test_sr501_what_a_rule_needs_stands_in_a_block_that_is_left_out() -> None:
    uses = BARE_RULE.replace(_LINE, "-Connector $ad")
    text = f"{text_of(out_of_box())}$ad = '{A1}'\r\n{uses}"
    planned = syncrules.plan([syncrules.parse(text, name="custom.ps1")], staging=STAGING)
    assert errors(planned.diagnostics) == ["SR501"]
    with pytest.raises(PlanRefused) as refused:
        planned.output()
    assert the("SR501", refused.value.diagnostics).file == "custom.ps1"


@pytest.mark.parametrize("first", ["Add-ADSyncAttributeFlowMapping", "Add-ADSyncRule"])
def test_sr501_a_rules_commands_stand_in_a_block_that_is_left_out(first: str) -> None:
    mine = BARE_RULE.replace("syncRule", "mine")
    at = mine.index(first)
    text = mine[:at] + text_of(out_of_box()) + mine[at:]
    planned = syncrules.plan([syncrules.parse(text)], staging=STAGING)
    assert errors(planned.diagnostics) == ["SR501"]


def test_sr501_a_condition_would_be_left_without_its_group() -> None:
    condition = (
        f"New-Object -TypeName '{SCOPE_CONDITION}' -ArgumentList 'a','b','EQUAL' "
        "-OutVariable condition0\r\n"
    )
    group = (
        "Add-ADSyncScopeConditionGroup -SynchronizationRule $syncRule[0] "
        "-ScopeConditions @($condition0[0])\r\n"
    )
    standard = text_of(out_of_box()).replace("Add-ADSyncRule", f"{group}Add-ADSyncRule")
    planned = syncrules.plan([syncrules.parse(BARE_RULE + condition + standard)], staging=STAGING)
    assert errors(planned.diagnostics) == ["SR501"]


def test_sr501_whatever_goes_wrong_in_the_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "syncrules.migration.output.mapped_files._rewritten", lambda written, _target: written
    )
    planned = syncrules.plan([export(rule())], staging=STAGING)
    assert errors(planned.diagnostics) == ["SR501"]


_ADDED = b"Add-ADSyncRule"
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a byte added to a text": lambda data: data.replace(b"'cloudFiltered", b"'cloudFiltered ", 1),
    "a byte added between commands": lambda data: data.replace(_ADDED, b"x" + _ADDED, 1),
    "a byte added at the end": lambda data: data + b"x",
    "a byte lost": lambda data: data.replace(b"'cloudFiltered", b"'loudFiltered", 1),
    "a line lost": lambda data: data.replace(b"-Destination 'cloudFiltered' `\r\n", b"", 1),
    "a command lost": lambda data: data[: data.rindex(b"Add-ADSyncAttribute")] + _end(data),
    "a command repeated": lambda data: data.replace(_ADDED, _last_flow(data) + _ADDED, 1),
    "the last command lost": lambda data: data[: data.rindex(_ADDED)],
    "two rules exchanged": lambda data: b"".join(sorted(_rules(data), reverse=True)),
    "an edit undone": lambda data: data.replace(B1.encode(), A1.encode(), 1),
}


def _end(data: bytes) -> bytes:
    return data[data.rindex(_ADDED) :]


def _last_flow(data: bytes) -> bytes:
    return data[data.rindex(b"Add-ADSyncAttribute") : data.rindex(_ADDED)]


def _rules(data: bytes) -> list[bytes]:
    return [b"New-ADSyncRule" + one for one in data.split(b"New-ADSyncRule")[1:]]


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_sr501_every_command_of_the_output_counts_whether_it_was_changed_or_not(
    damage: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(source: Source, text: str) -> bytes:
        data = encode(source, text)
        changed = damage(data)
        assert changed != data
        return changed

    monkeypatch.setattr(mapped_files, "encode", damaged)
    given_ = export(rule("First", 1), rule("Second", 2))
    planned = syncrules.plan([given_], staging=STAGING, bare=True)
    assert errors(planned.diagnostics) == ["SR501"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert mapped(BARE_RULE, bare=False) == mapped(BARE_RULE, bare=False)
    in_folders = {mapped(BARE_RULE, bare=False, name=f"{f}/custom.ps1") for f in ("a", "b")}
    assert len(in_folders) == 1

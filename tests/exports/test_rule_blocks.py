"""Where a rule's block begins and ends: seen by what is left when an out-of-box one is left out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

import syncrules
from support.builders import A1, B1, codes, mapped, out_of_box, rule, text_of
from support.strategies import Generated, scripts
from syncrules.exports.cmdlets import SCOPE_CONDITION
from syncrules.exports.rule_blocks import blocks

CUSTOM = text_of(rule())
STANDARD = text_of(out_of_box())
KEPT = CUSTOM.replace(A1, B1)


def left(text: str) -> str:
    """Return what is left of a text whose out-of-box rules are left out."""
    return mapped(text).decode()


# ---- Properties ----------------------------------------------------------------------------------


@given(scripts())
def test_blocks_follow_one_another_without_a_gap_to_the_end(script: Generated) -> None:
    export = syncrules.parse(script.text)
    found = blocks(export)
    assert [b.placed.rule for b in found] == list(export.rules)
    assert all(one.span.end == other.span.start for one, other in pairwise(found))
    assert not found or found[-1].span.end == len(export.source.text)


@given(scripts())
def test_a_block_begins_at_its_rule_or_at_comments_above_it(script: Generated) -> None:
    export = syncrules.parse(script.text)
    for block in blocks(export):
        above = export.source.text[block.span.start : block.placed.command.start]
        lines = above.replace("\r", "\n").split("\n")
        assert not lines[-1].strip()
        assert all(line.strip().startswith("#") for line in lines[:-1] if line.strip())


# ---- Comments above ------------------------------------------------------------------------------


def test_comment_lines_directly_above_go_with_their_rule() -> None:
    assert left(f"{CUSTOM}# Microsoft's\r\n  # as it came\r\n{STANDARD}") == KEPT


def test_comment_lines_above_a_rule_that_is_kept_are_kept() -> None:
    assert (
        left(f"{STANDARD}# mine\r\n\t# and mine\r\n{CUSTOM}") == f"# mine\r\n\t# and mine\r\n{KEPT}"
    )


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=["CRLF", "LF", "CR"])
def test_a_comment_with_an_empty_line_below_belongs_to_the_rule_before(end: str) -> None:
    assert left(f"{CUSTOM}# of the custom rule{end}{end}{STANDARD}") == (
        f"{KEPT}# of the custom rule{end}{end}"
    )


def test_a_line_of_blanks_parts_a_comment_from_the_rule() -> None:
    assert left(f"{CUSTOM}# of the custom rule\r\n \t\r\n{STANDARD}") == (
        f"{KEPT}# of the custom rule\r\n \t\r\n"
    )


def test_a_comment_behind_the_last_command_stays_with_it() -> None:
    one = CUSTOM.rstrip("\r\n")
    assert left(f"{one} # done\r\n{STANDARD}") == f"{KEPT.rstrip()} # done\r\n"


def test_a_comment_at_the_head_of_the_file_goes_with_a_rule_directly_below() -> None:
    assert left(f"# Microsoft's\r\n{STANDARD}{CUSTOM}") == KEPT


def test_what_stands_at_the_head_of_the_file_stays() -> None:
    head = "# exported on Monday\r\n\r\nImport-Module ADSync\r\n"
    assert left(f"{head}{STANDARD}{CUSTOM}") == head + KEPT


@pytest.mark.parametrize("comment", ["<# Microsoft's #>\r\n", "<#\r\n# Microsoft's\r\n#>\r\n"])
def test_a_block_comment_above_an_out_of_box_rule_is_never_cut_in_two(comment: str) -> None:
    after = left(f"{CUSTOM}{comment}{STANDARD}")
    assert after in (KEPT, KEPT + comment)


@pytest.mark.parametrize("comment", ["<# mine #>\r\n", "<#\r\n# mine\r\n#>\r\n"])
def test_a_block_comment_above_a_custom_rule_is_never_cut_in_two(comment: str) -> None:
    after = left(f"{STANDARD}{comment}{CUSTOM}")
    assert after in (KEPT, comment + KEPT)


# ---- Lines that only look like comments ----------------------------------------------------------


@pytest.mark.parametrize("text", ["'Sales\r\n#Marketing'", '"Sales\r\n\t # Marketing"'])
def test_a_line_of_a_text_that_begins_with_a_hash_is_no_comment(text: str) -> None:
    condition = (
        f"New-Object -OutVariable condition0 -TypeName '{SCOPE_CONDITION}' "
        f"-ArgumentList 'department',{text},'EQUAL'\r\n"
    )
    group = (
        "Add-ADSyncScopeConditionGroup -SynchronizationRule $syncRule[0] "
        "-ScopeConditions @($condition0[0])\r\n"
    )
    second = text_of(rule("In from AD - Second", 2)).replace(
        "Add-ADSyncRule", f"{group}Add-ADSyncRule"
    )
    export = syncrules.parse(CUSTOM + condition + second)
    assert not export.diagnostics
    one, two = blocks(export)
    assert export.source.text[one.span.start : one.span.end] == CUSTOM + condition
    assert export.source.text[two.span.start : two.span.end] == second


# ---- Layout --------------------------------------------------------------------------------------


def _joined(text: str) -> str:
    """Return an export on one line, its commands joined by semicolons."""
    commands = [c.strip() for c in text.replace(" `\r\n", " ").split("\r\n") if c.strip()]
    return "; ".join(commands)


def test_rules_joined_by_semicolons_on_one_line() -> None:
    one, other = _joined(CUSTOM), _joined(STANDARD)
    assert left(f"{one}; {other}; ") == f"{one.replace(A1, B1)}; "
    assert left(f"{other}; {one}") == one.replace(A1, B1)
    third = _joined(text_of(out_of_box("In from AD - Group Join", 901)))
    assert left(f"{other}; {one}; {third}\n") == f"{one.replace(A1, B1)}; "


def test_a_rule_that_begins_behind_a_semicolon_leaves_its_line_to_the_rule_before() -> None:
    one = CUSTOM.rstrip()
    assert left(f"# mine\r\n{one}; {STANDARD}") == f"# mine\r\n{one.replace(A1, B1)}; "


def test_a_rule_behind_a_block_comment_on_its_line_leaves_the_comment() -> None:
    assert left(f"{CUSTOM}<# here #> {STANDARD}") == f"{KEPT}<# here #> "


@pytest.mark.parametrize("indent", ["  ", "\t", "    \t"])
def test_an_indented_rule_goes_with_its_indentation(indent: str) -> None:
    indented = "".join(indent + line for line in STANDARD.splitlines(keepends=True))
    assert left(f"{CUSTOM}{indent}# Microsoft's\r\n{indented}") == KEPT
    assert left(f"{indented}{indent}{CUSTOM}") == indent + KEPT


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_the_last_line_may_be_unfinished(newline: str) -> None:
    one, other = text_of(rule(), newline=newline), text_of(out_of_box(), newline=newline)
    kept = one.replace(A1, B1)
    assert left(one + other.rstrip("\r\n")) == kept
    assert left(other + one.rstrip("\r\n")) == kept.rstrip("\r\n")
    assert left(f"{one}# Microsoft's{newline}{other.rstrip(newline)}") == kept


@pytest.mark.parametrize("foreign", ["Write-Host 'done'\r\n", "Start-Sleep -Seconds 5\r\n"])
def test_a_foreign_command_is_kept_only_where_it_stays(foreign: str) -> None:
    """Behind an out-of-box rule it would go with that rule, though it was told to be kept."""
    told = {
        text: codes(syncrules.parse(text, keep_foreign=True).diagnostics)
        for text in (
            foreign + STANDARD,
            CUSTOM + foreign,
            STANDARD + foreign,
            STANDARD + foreign + CUSTOM,
        )
    }
    assert list(told.values()) == [["SR226"], ["SR226"], ["SR208"], ["SR208"]]


@pytest.mark.parametrize(
    ("command", "is_kept"),
    [
        ("Write-Host $true", True),
        ("Write-Host -NoNewline:$true 'done'", True),
        ("Write-Host $done", False),
        ("Write-Host $true[0]", False),
        ("Write-Host $host[0]", False),
        ("Write-Host -NoNewline:$done 'done'", False),
    ],
)
def test_a_foreign_command_is_kept_where_all_of_it_is_written_out(
    command: str, is_kept: bool
) -> None:
    found = syncrules.parse(f"{command}\r\n{CUSTOM}", keep_foreign=True).diagnostics
    assert codes(found) == ["SR226" if is_kept else "SR208"]


def test_a_foreign_command_within_a_rule_is_not_kept() -> None:
    text = CUSTOM.replace("Add-ADSyncRule", "Write-Host 'soon'\r\nAdd-ADSyncRule")
    (found,) = syncrules.parse(text, keep_foreign=True).diagnostics
    assert found.code == "SR208"
    assert "--keep-foreign keeps only" in found.message
    (found,) = syncrules.parse(text).diagnostics
    assert "cannot tell what it would do" in found.message


def test_a_comment_as_the_unfinished_last_line_stays_with_the_last_rule() -> None:
    assert left(f"{STANDARD}{CUSTOM}# the end") == f"{KEPT}# the end"
    assert left(f"{CUSTOM}{STANDARD}# the end") == KEPT


def test_every_line_may_end_otherwise() -> None:
    one = "# mine\r" + text_of(rule(), newline="\n")
    other = "# Microsoft's\r# as it came\n" + text_of(out_of_box(), newline="\r\n")
    assert left(one + other) == one.replace(A1, B1)
    assert left(other + one) == one.replace(A1, B1)


def test_two_out_of_box_rules_in_a_row_go_and_the_rule_between_two_stays() -> None:
    second = text_of(out_of_box("In from AD - Group Join", 901))
    assert left(STANDARD + second + CUSTOM) == KEPT
    assert left(STANDARD + CUSTOM + second) == KEPT
    assert left(CUSTOM + STANDARD + second) == KEPT

"""Whatever it is given, the reader reads it or refuses it, in a time that grows with its length."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import syncrules
from support.strategies import Generated, fragments, scripts
from support.visible import visible
from syncrules import SyntaxRefused
from syncrules.script.source import ENCODINGS


def check(data: bytes | str, encoding: str | None = None) -> None:
    """Fail unless `data` comes back as it was, or is refused with reasons."""
    try:
        export = syncrules.parse(data, encoding=encoding)
    except SyntaxRefused as refused:
        assert any(d.is_error for d in refused.diagnostics), visible(data)
        assert all(d.code and d.message and d.hint for d in refused.diagnostics), visible(data)
        assert str(refused)
        return
    assert bytes(export) == (data.encode() if isinstance(data, str) else data), visible(data)
    if not any(d.is_error for d in export.diagnostics):
        assert syncrules.parse(syncrules.emit(export.rules)).rules == export.rules, visible(data)


# ---- Nothing but SyntaxRefused -------------------------------------------------------------------


@given(st.binary(max_size=200), st.sampled_from([None, *ENCODINGS]))
@example(b"\xff\xfe\0\0", None)
@example(b"\xff\xfe'", None)
@example(b"PK\x03\x04", None)
def test_any_bytes_are_read_or_refused(data: bytes, encoding: str | None) -> None:
    check(data, encoding)


@given(fragments)
@example('X-Y "`u{110000}"')
@example('X-Y "`u{d800}"')
@example("X-Y ²")
@example("X-Y -A:²")
@example("X-Y " + "@(" * 3_000 + ")" * 3_000)
@example("X-Y " + "@('a'" + ",,'a'" * 3_000 + ")")
@example("X-Y " + "9" * 5_000)
@example("X-Y $a[" + "9" * 5_000 + "]")
@example("'\ud800'")
@example("\ufeff\ufeff")
def test_any_pieces_of_scripts_are_read_or_refused(text: str) -> None:
    check(text)


@given(scripts(), fragments, st.floats(0, 1), st.integers(0, 60))
def test_a_script_with_a_piece_taken_out_and_others_put_in_is_read_or_refused(
    generated: Generated, piece: str, place: float, length: int
) -> None:
    text = generated.text
    at = int(place * len(text))
    check(text[:at] + piece + text[at + length :])


@given(scripts(), st.floats(0, 1))
def test_a_truncated_script_is_read_or_refused(generated: Generated, place: float) -> None:
    check(generated.data[: int(place * len(generated.data))], generated.encoding)


# ---- Time ----------------------------------------------------------------------------------------

TIMES = 4
"""How many times as long the longer input is. A quadratic reader takes 16 times as long for it."""
MOST = 10

RULE = """\
New-ADSyncRule -Name 'x' -Identifier '{0}' -Direction Inbound -SourceObjectType user `
-TargetObjectType person -Connector '{0}' -OutVariable syncRule
Add-ADSyncRule -SynchronizationRule $syncRule[0]
Get-ADSyncRule -Identifier '{0}'
"""

# Of each no more than some 10,000 characters: at a size of its own choice the machine's memory
# becomes slower, which is no matter of the reader's.
ADVERSARIES: dict[str, tuple[int, Callable[[int], str]]] = {
    "single quotes": (10_000, lambda n: "X-Y " + "'" * n),
    "single quotes apart": (2_000, lambda n: "X-Y " + "' " * n),
    "double quotes": (10_000, lambda n: "X-Y " + '"' * n),
    "quotes turned": (200, lambda n: "X-Y 'a’b " * n),
    "doubled quotes": (4_000, lambda n: "X-Y 'a" + "''b" * n + "'"),
    "doubled quotes, unclosed": (4_000, lambda n: "X-Y 'a" + "''b" * n),
    "texts of doubled quotes": (500, lambda n: "X-Y" + " 'a''b'" * n),
    "texts glued to each other": (2_000, lambda n: "X-Y " + "a'b'" * n),
    "dollars in double quotes": (5_000, lambda n: 'X-Y "' + "$ " * n + '"'),
    "backticks": (10_000, lambda n: "X-Y " + "`" * n),
    "backticks in double quotes": (5_000, lambda n: 'X-Y "' + "`" * (2 * n) + '"'),
    "continuations": (5_000, lambda n: "X-Y " + "`\n" * n),
    "blanks before no continuation": (10_000, lambda n: "X-Y `\n-A" + " " * n + "`x"),
    "brackets, unclosed": (1_000, lambda n: "X-Y " + "@(" * n),
    "brackets": (1_000, lambda n: "X-Y " + "@(" * n + ")" * n),
    "an array": (500, lambda n: "X-Y @('a'" + ",'a'" * n + ")"),
    "an array of arrays of one": (300, lambda n: "X-Y @('a'" + ",,'a'" * n + ")"),
    "a list": (300, lambda n: "X-Y 'a'" + ",'a'" * n),
    "comments, unclosed": (3_000, lambda n: "<#\n" * n),
    "comments": (3_000, lambda n: "<#\n#>" * n),
    "comment lines": (500, lambda n: "#\n" * n),
    "requirements": (200, lambda n: "#requires -x\n" * n),
    "here-strings, unclosed": (4_000, lambda n: "X-Y @'\n" * n),
    "lines of a here-string": (3_000, lambda n: "X-Y @'\n" + " '@\n" * n + "'@"),
    "escapes in a here-string": (3_000, lambda n: 'X-Y @"\n' + "`$x\n" * n + '"@'),
    "a long line": (10_000, lambda n: "X-Y " + "a" * n),
    "a long line of commands": (80, lambda n: f"X-Y '{'a' * 1_000}';" * n),
    "a long line of mistakes": (80, lambda n: f"X-Y >{'a' * 1_000};" * n),
    "blanks": (10_000, lambda n: " " * n),
    "newlines": (5_000, lambda n: "\r\n" * n),
    "semicolons": (2_000, lambda n: ";" * n),
    "letters and hyphens": (5_000, lambda n: "A-" * n),
    "parameters": (500, lambda n: "X-Y" + " -A" * n),
    "pipes": (4_000, lambda n: "X-Y |" * n),
    "keywords": (300, lambda n: "if\n" * n),
    "statements that stop the parser": (300, lambda n: "New-ADSyncRule `\n-Name (1)\n" * n),
    "texts that stop the parser": (200, lambda n: "New-ADSyncRule `\n-Name 'x\n" * n),
    "brackets that stop the parser": (300, lambda n: "New-ADSyncRule `\n-Name @(\n" * n),
    "commands cut in two": (150, lambda n: "New-ADSyncRule\n-Name 'x'\n" * n),
    "a command of many lines": (400, lambda n: "A-B  `\n" + "-Name 'x' `\n" * n + "-Name 'x"),
    "assignments": (200, lambda n: "$a = 'x'\n" * n),
    "rules": (20, lambda n: "".join(RULE.format(f"{i:032x}") for i in range(n))),
    "one rule again and again": (20, lambda n: RULE.format("a" * 32) * n),
}


def seconds(text: str) -> float:
    """Return the processor's time for a text."""
    gc.disable()
    try:
        start = time.process_time()
        with contextlib.suppress(SyntaxRefused):
            syncrules.parse(text)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("name", ADVERSARIES)
def test_time_grows_with_the_length_and_no_faster(name: str) -> None:
    size, make = ADVERSARIES[name]
    seconds("X-Y")  # builds the parser
    short, long = make(size), make(TIMES * size)
    short_best = long_best = float("inf")
    for _ in range(4):  # the best of some, since whatever else the machine does costs time too
        short_best = min(short_best, seconds(short))
        long_best = min(long_best, seconds(long))
        # A millisecond is given for what does not depend on the length.
        if long_best < MOST * (short_best + 0.001):
            return
    pytest.fail(f"{long_best / short_best:.1f} times as long for {TIMES} times the length")

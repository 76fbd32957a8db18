"""One cause that has damaged a whole file is one finding, and an undamaged file never has it."""

from __future__ import annotations

import html
import json
import quopri
import textwrap
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import syncrules
from support.builders import rule, text_of
from support.strategies import Generated, scripts
from syncrules.diagnostics import has_errors
from syncrules.exports.export import read_export

CODES = {"SR229", "SR230", "SR231", "SR232"}
Damage = Callable[[str], str]


def each_line(change: Callable[[int, str], str]) -> Damage:
    return lambda text: "".join(
        change(n, line) for n, line in enumerate(text.splitlines(keepends=True), start=1)
    )


def wrapped_between_words(text: str) -> str:
    return "\n".join(
        piece
        for line in text.splitlines()
        for piece in textwrap.wrap(line, 42, break_long_words=False, break_on_hyphens=False) or [""]
    )


def wrapped_at(width: int) -> Damage:
    return lambda text: "\n".join(
        line[at : at + width]
        for line in text.splitlines()
        for at in range(0, len(line) or 1, width)
    )


WAYS: dict[str, tuple[str, Damage]] = {
    "a quoted mail": ("SR231", each_line(lambda _, line: f"> {line}")),
    "a mail quoted twice": ("SR231", each_line(lambda _, line: f">> {line}")),
    "a console": ("SR231", each_line(lambda n, s: (r"PS C:\Users\ann> " if n == 1 else ">> ") + s)),
    "line numbers": ("SR231", each_line(lambda n, line: f"{n:5}  {line}")),
    "line numbers with a colon": ("SR231", each_line(lambda n, line: f"{n}: {line}")),
    "line numbers with a bar": ("SR231", each_line(lambda n, line: f"{n} | {line}")),
    "a diff": ("SR231", each_line(lambda _, line: f"+{line}")),
    "a diff with its head": (
        "SR231",
        lambda text: (
            "diff --git a/x.ps1 b/x.ps1\n--- /dev/null\n+++ b/x.ps1\n@@ -0,0 +1,9 @@\n"
            + each_line(lambda _, line: f"+{line}")(text)
        ),
    ),
    "quoted-printable": ("SR230", lambda text: quopri.encodestring(text.encode()).decode()),
    "a page's source": ("SR230", html.escape),
    "a page's source with br": ("SR230", lambda text: html.escape(text).replace("\n", "<br>\n")),
    "blanks that do not break": ("SR232", lambda text: text.replace("`\r\n", "`\xa0\r\n")),
    "characters of no width": ("SR230", lambda text: text.replace("`", "`\u200b")),
    "a cell": ("SR230", lambda text: '"' + text.replace('"', '""') + '"'),
    "JSON": ("SR230", json.dumps),
    "turned backticks": ("SR230", lambda text: text.replace("`", "´").replace("'", "’")),
    "backticks turned to quotes": ("SR230", lambda text: text.replace("`", "‘")),
    "a fence": (
        "SR229",
        lambda text: f"# Rules\n\nSee this:\n\n```powershell\n{text}```\n\nDone.\n",
    ),
    "two fences": ("SR229", lambda text: f"It's:\n```\n{text}\n```\nand\n```\nGet-X\n```\n"[:-16]),
    "a letter": ("SR229", lambda text: f"Hi Ann,\nhere's the export:\n\n{text}\nRegards,\nBob\n"),
    "one line": ("SR232", lambda text: text.replace("\r\n", "")),
    "one line with blanks": ("SR232", lambda text: text.replace("\r\n", " ")),
    "line ends as words": ("SR232", lambda text: text.replace("\r\n", r"\r\n")),
    "padded lines": ("SR232", lambda text: text.replace("\r\n", "   \r\n")),
    "empty lines": ("SR232", lambda text: text.replace("\r\n", "\r\n\r\n")),
    "no backticks": ("SR232", lambda text: text.replace("`", "")),
    "broken lines": ("SR232", wrapped_between_words),
    "a narrow window": ("SR232", wrapped_at(50)),
}


def damaged(way: str, text: str) -> list[str]:
    """Return the codes of the errors of a text, damaged."""
    _, found = read_export(WAYS[way][1](text).encode(), "x.ps1")
    return [d.code for d in found if d.is_error]


EXPRESSION = syncrules.AttributeFlowMapping(
    None, "title", "Expression", "Update", False, 'IIF(IsPresent([title]) && [a]<>"x",[title],"")'
)
SCOPE = ((syncrules.ScopeCondition("department", "Sales", "EQUAL"),),)


def rules(names: list[str]) -> str:
    made = [rule(f"In from AD - {name}", n) for n, name in enumerate(names, start=1)]
    return text_of(
        *(
            syncrules.SyncRule(
                **{
                    **{f: getattr(one, f) for f in one.__dataclass_fields__},
                    "attribute_flow_mappings": (EXPRESSION, *one.attribute_flow_mappings),
                    "scope_filter": SCOPE,
                }
            )
            for one in made
        )
    )


names = st.lists(
    st.sampled_from(["User", "O'Brien", "Büro", "A  B", "x - y"]), min_size=1, max_size=3
)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=10)
@given(names=names)
def test_one_cause_is_one_finding(way: str, names: list[str]) -> None:
    assert damaged(way, rules(names)) == [WAYS[way][0]]


@given(scripts())
def test_what_is_not_damaged_never_has_a_cause(generated: Generated) -> None:
    _, found = read_export(generated.data, "x.ps1", generated.encoding)
    assert not has_errors(found)
    assert not CODES & {d.code for d in found}


@pytest.mark.parametrize("way", ["a quoted mail", "line numbers", "a diff", "turned backticks"])
@given(names=names)
def test_every_line_that_is_damaged_is_told(way: str, names: list[str]) -> None:
    text = rules(names)
    harmed = WAYS[way][1](text)
    pairs = zip(text.splitlines(), harmed.splitlines(), strict=True)
    spots = [
        (n, first_difference(one, other))
        for n, (one, other) in enumerate(pairs, start=1)
        if one != other
    ]
    _, found = read_export(harmed.encode(), "x.ps1")
    (cause,) = (d for d in found if d.is_error)
    told = [(p.spot.line, p.spot.column) for p in cause.places if p.spot is not None]
    assert [line for line, _ in told] == [line for line, _ in spots]
    assert told == spots or way == "line numbers"  # some of the blanks before them may be kept
    assert cause.message.endswith(f" This is so in {len(spots)} lines.")


def first_difference(one: str, other: str) -> int:
    """Return the column of the first character in which two lines differ."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False), 1) if a != b), 1)


@pytest.mark.parametrize(("before", "behind"), [("Hi Ann,\n", ""), ("", "Regards,\nBob\n")])
def test_what_stands_around_the_commands_is_told_where_it_begins(before: str, behind: str) -> None:
    text = rules(["User"])
    _, found = read_export(f"{before}{text}{behind}".encode(), "x.ps1")
    (cause,) = (d for d in found if d.is_error)
    place = 1 if before else text.count("\n") + 1
    assert (cause.code, cause.line, cause.column) == ("SR229", place, 1)


def test_one_place_is_not_counted() -> None:
    _, found = read_export(WAYS["a cell"][1](rules(["User"])).encode(), "x.ps1")
    (cause,) = (d for d in found if d.is_error)
    assert "This is so" not in cause.message


def test_two_lines_are_several() -> None:
    text = rules(["User"])
    for kind in ("user", "person"):
        text = text.replace(f"Type '{kind}'", f"Type &#39;{kind}&#39;", 1)
    (cause,) = read_export(text.encode(), "x.ps1")[1]
    assert (cause.code, cause.message[-22:]) == ("SR230", "This is so in 2 lines.")


def broken_lines(text: str, width: int) -> tuple[str, list[int]]:
    """Return a text broken at a width, and the lines that end there."""
    pieces = [
        (line[at : at + width], at + width < len(line))
        for line in text.splitlines()
        for at in range(0, len(line) or 1, width)
    ]
    lines = [n for n, (_, goes_on) in enumerate(pieces, start=1) if goes_on]
    return "\n".join(piece for piece, _ in pieces), lines


def told(text: str) -> tuple[str, list[int]]:
    """Return the message of the one cause, and its lines."""
    _, found = read_export(text.encode(), "x.ps1")
    (cause,) = (d for d in found if d.is_error)
    return cause.message, [place.spot.line for place in cause.places if place.spot]


@given(names=names)
def test_every_line_that_is_too_much_is_told(names: list[str]) -> None:
    text = rules(names)
    message, lines = told(WAYS["empty lines"][1](text))
    harmed = WAYS["empty lines"][1](text).splitlines()
    behind = [n for n, line in enumerate(harmed, start=1) if n > 1 and not line]
    wrong = [n for n in behind if harmed[n - 2].endswith("`")]
    assert lines == wrong
    assert message.endswith(f" This is so in {len(wrong)} lines.")
    harmed = WAYS["a letter"][1](text).splitlines()
    message, lines = told(WAYS["a letter"][1](text))
    assert [harmed[n - 1] for n in lines] == ["Hi Ann,", "here's the export:", "Regards,", "Bob"]
    assert message.endswith(" This is so in 4 lines.")


@given(names=names)
def test_every_line_that_was_broken_is_told_where_it_was(names: list[str]) -> None:
    harmed, broken = broken_lines(rules(names), 50)
    message, lines = told(harmed)
    assert lines == broken
    assert len(broken) < 2 or message.endswith(f" This is so in {len(broken)} lines.")


@pytest.mark.parametrize("way", ["a fence", "one line", "JSON", "quoted-printable"])
def test_where_it_is_not_known_how_often_the_first_place_is_told(way: str) -> None:
    message, lines = told(WAYS[way][1](rules(["User", "O'Brien"])))
    assert len(lines) == 1
    assert "This is so" not in message


def test_a_separator_of_lines_in_a_text_ends_no_line() -> None:
    text = WAYS["turned backticks"][1](rules(["User"])).replace("In from AD", "In\u2028from AD", 1)
    _, found = read_export(text.encode(), "x.ps1", "utf-8")
    (cause,) = (d for d in found if d.is_error)
    lines = [place.spot and place.spot.line for place in cause.places]
    assert len(lines) == len(set(lines)) > 1


BROKEN = [
    ("SR204", lambda text: text.replace("' `\r\n-Desc", "'\r\n-Desc", 1)),
    ("SR202", lambda text: text.replace("' `\r\n-Desc", "' ` \r\n-Desc", 1)),
    ("SR215", lambda text: text + "}\r\n"),
    ("SR207", lambda text: f"function f {{\r\n{text}}}\r\n"),
    ("SR207", lambda text: f"if ($true) {{\r\n{text}}}\r\n"),
    ("SR208", lambda text: "net stop adsync\r\n" + text),
    ("SR208", lambda text: text + "cd ..\r\n"),
    ("SR208", lambda text: text + "echo This is the end of it.\r\n"),
    ("SR208", lambda text: text + "pause\r\n"),
    ("SR208", lambda text: "Get-X 'This is a sentence.'\r\n" + text),
    ("SR214", lambda text: text.replace("Direct'", "Direct", 1).replace("Inbound'", "Inbound", 1)),
]


@pytest.mark.parametrize(("code", "breaks"), BROKEN)
def test_a_mistake_at_one_place_is_no_damage_of_the_whole(code: str, breaks: Damage) -> None:
    _, found = read_export(breaks(rules(["User"])).encode(), "x.ps1")
    codes = [d.code for d in found if d.is_error]
    assert code in codes
    assert not CODES & set(codes)


def test_two_ways_of_damage_are_one_finding_still() -> None:
    text = WAYS["a letter"][1](WAYS["no backticks"][1](rules(["User"])))
    _, found = read_export(each_line(lambda _, line: f"> {line}")(text).encode(), "x.ps1")
    assert [d.code for d in found if d.is_error] == ["SR231"]


@pytest.mark.parametrize("way", ["a quoted mail", "line numbers", "a letter"])
def test_what_is_wrong_besides_is_not_explained_by_the_damage(way: str) -> None:
    text = rules(["User"]).replace("'Inbound'", "'Sideways'")
    assert not CODES & set(damaged(way, text))


def test_two_rules_of_one_identifier_are_no_damage_of_the_file() -> None:
    one = rules(["User"])
    _, found = read_export((one + one).encode(), "x.ps1")
    assert not CODES & {d.code for d in found}


@pytest.mark.slow
def test_the_search_for_a_cause_takes_linear_time() -> None:
    for piece in (
        "> ",
        "`",
        "` ",
        "'",
        '"',
        "=\n",
        "&#",
        "<p ",
        " ",
        "```\n",
        "a ",
        "-a\n",
        "\\n",
        "1 ",
        "+",
    ):
        assert (
            read_export(piece * 50_000 + "(", "x.ps1")[0] is None
        )  # a square of it would take hours

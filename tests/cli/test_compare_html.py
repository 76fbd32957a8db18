"""`syncrules compare --html FILE`: the comparison as a page, beside the report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import listing, rule, run, write
from support.command_line import document_of
from support.pages import Page, parsed


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write two servers that differ in one rule, into the current folder."""
    write(tmp_path / "old" / "rules.ps1", rule())
    write(tmp_path / "new" / "rules.ps1", replace(rule(), disabled=True))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def page(path: Path) -> Page:
    return parsed(path.read_bytes())


@pytest.mark.parametrize("where", ["differs.html", "weekly/here/differs.HTM"])
def test_the_page_is_written_beside_the_report(servers: Path, where: str) -> None:
    done = run("compare", "old", "new", "--html", where)

    assert (done.code, done.stderr) == (1, "")
    assert done.stdout.endswith(f"\nWritten: {where}\n")
    told = page(servers / where)
    assert told.of("h1") == ["Different"]
    assert "1 rule changed" in told.whole
    assert f"syncrules compare old new --html {where}" in told.of("code")


@pytest.mark.usefixtures("servers")
def test_the_exit_code_tells_what_it_told_without_it(servers: Path) -> None:
    assert run("compare", "old", "old", "--html", "same.html").code == 0
    assert page(servers / "same.html").of("h1") == ["No difference was found"]


def test_json_stays_one_document(servers: Path) -> None:
    done = run("compare", "old", "new", "--html", "differs.html", "--format", "json")

    assert (done.code, document_of(done)["same"]) == (1, False)
    assert page(servers / "differs.html").of("h1") == ["Different"]


def test_it_tells_what_is_accepted_and_what_attributes_are_decided_by(servers: Path) -> None:
    words = "compare", "old", "new"
    done = run(*words, "--write-accepted", "known.json", "--html", "first.html")
    assert done.stdout.endswith("Written: known.json\nWritten: first.html\n")
    assert page(servers / "first.html").of("h1") == ["Different"]

    run(*words, "--accept", "known.json", "--html", "second.html", "--attributes")
    told = page(servers / "second.html")
    assert told.of("h1") == ["No difference was found but 1 that you accepted"]
    assert any(title.startswith("Attributes") for title in told.of("h2"))


def test_sr505_a_page_that_is_there_is_replaced_only_with_force(servers: Path) -> None:
    write(servers / "differs.html", "mine")
    before = listing(servers)
    words = "compare", "old", "new", "--html", "differs.html"
    done = run(*words, "--write-accepted", "known.json")

    assert (done.code, done.codes, done.stdout) == (2, ["SR505"], "")
    assert "nothing was compared" in done.stderr
    assert listing(servers) == before
    document = document_of(run(*words, "--format", "json"))
    assert [d["code"] for d in document["diagnostics"]] == ["SR505"]
    assert run(*words, "--force").code == 1
    assert page(servers / "differs.html").of("h1") == ["Different"]


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("where", ["old/x.html", "new/deep/x.html", "more/x.html"])
def test_sr517_it_does_not_lie_among_the_inputs(
    servers: Path, where: str, force: tuple[str, ...]
) -> None:
    write(servers / "more" / "rules.ps1", rule("Other", 2))
    before = listing(servers)
    done = run("compare", "old", "new", "--also-b", "more", "--html", where, *force)

    assert (done.code, done.codes) == (2, ["SR517"])
    assert listing(servers) == before


def test_sr504_what_is_read_is_never_replaced_by_it(servers: Path) -> None:
    run("compare", "old", "new", "--write-accepted", "known.html")
    before = listing(servers)
    done = run(
        "compare", "old", "new", "--accept", "known.html", "--html", "./known.html", "--force"
    )

    assert (done.code, done.codes) == (2, ["SR504"])
    assert listing(servers) == before


def test_sr508_where_the_page_cannot_be_written_nothing_is(servers: Path) -> None:
    write(servers / "file", "mine")
    before = listing(servers)
    words = "compare", "old", "new", "--html", "file/x.html", "--write-accepted", "known.json"
    done = run(*words)

    assert done.code == 2
    assert done.codes == ["SR508"]
    assert "nothing was written" in done.stderr
    assert listing(servers) == before


def test_one_path_cannot_be_both(servers: Path) -> None:
    before = listing(servers)
    done = run("compare", "old", "new", "--html", "x.html", "--write-accepted", "x.html")

    assert done.code == 2
    assert "the same file" in done.stderr
    assert listing(servers) == before


@pytest.mark.parametrize("where", ["x", "x.txt", "x.json", ""])
def test_a_name_of_another_kind_is_wrong_usage(servers: Path, where: str) -> None:
    before = listing(servers)

    assert run("compare", "old", "new", "--html", where).code == 2
    assert listing(servers) == before


def test_input_that_cannot_be_read_gives_no_page(servers: Path) -> None:
    write(servers / "new" / "bad.xml", "<no")
    before = listing(servers)

    assert run("compare", "old", "new", "--html", "x.html").code == 2
    assert listing(servers) == before

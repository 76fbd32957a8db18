"""`syncrules remap --html FILE`: the change list without a kit, with the files or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.builders import listing, rule, run, write
from support.command_line import CONFIRMED, document_of, remap_several
from support.marks import posix_only
from support.pages import Page, parsed


def page(path: Path) -> Page:
    return parsed(path.read_bytes())


@pytest.mark.parametrize("where", ["changes.html", "signed/here/changes.HTM", "new/changes.html"])
def test_the_change_list_is_written_along_with_the_files(several: Path, where: str) -> None:
    done = remap_several("new", "--html", where)

    assert done.code == 0, done.stderr
    assert where in done.stdout.replace(os.sep, "/")
    assert {"a.ps1", "b.ps1", "c.ps1"} <= listing(several / "new").keys()
    told = page(several / where)
    assert "3 rules in 3 files" in told.whole
    assert {"a.ps1", "b.ps1", "c.ps1"} <= {*told.of("th")}
    assert not [p for p in several.rglob("*") if p.name.startswith(".syncrules-")]


def test_the_files_are_the_same_with_it_and_without(several: Path) -> None:
    remap_several("one", "--html", "changes.html")
    remap_several("two")

    assert listing(several / "one") == listing(several / "two")


def test_the_same_run_gives_the_same_page_where_the_time_is_set(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    pages = []
    for _ in range(2):
        assert remap_several("old", "--force", "--html", "changes.html").code == 0
        pages.append((several / "changes.html").read_bytes())

    assert pages[0] == pages[1]
    assert b"1970-01-01 00:00:00 UTC" in pages[0]


@pytest.mark.usefixtures("several")
def test_json_lists_it() -> None:
    done = remap_several("new", "--html", "changes.html", "--format", "json")

    assert document_of(done)["written"][-1] == "changes.html"


def test_check_writes_none_and_tells_what_stands_against_it(several: Path) -> None:
    write(several / "changes.html", "mine")
    before = listing(several)
    words = "remap", "active", "--staging", "staging.ps1", *CONFIRMED, "--check", "--html"

    assert run(*words, "other.html").code == 0
    assert run(*words, "changes.html").codes == ["SR505"]
    assert listing(several) == before


def test_a_refused_plan_writes_none(several: Path) -> None:
    before = listing(several)
    words = "remap", "active", "--staging", "staging.ps1", "--out", "new", "--strict"

    assert run(*words, "--html", "changes.html").code == 1
    assert listing(several) == before


@pytest.mark.parametrize("where", ["changes.html", "old/changes.html"])
def test_sr505_a_page_that_is_there_is_replaced_only_with_force(several: Path, where: str) -> None:
    write(several / where, "mine")
    before = listing(several)
    done = remap_several("new" if where == "changes.html" else "old", "--html", where)

    assert (done.code, "SR505" in done.codes) == (1, True)
    assert "--html" in done.stderr
    assert listing(several) == before
    assert remap_several("old", "--html", where, "--force").code == 0
    assert "3 rules in 3 files" in page(several / where).whole


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_sr517_it_does_not_lie_among_the_inputs(several: Path, force: tuple[str, ...]) -> None:
    before = listing(several)
    for where in ("active/changes.html", "active/new/changes.html", "new/../active/changes.html"):
        done = remap_several("new", "--html", where, *force)
        assert (done.code, done.codes) == (1, ["SR517"]), where
    assert listing(several) == before


def test_it_may_lie_in_the_output_that_lies_among_the_inputs(several: Path) -> None:
    done = remap_several("active/mapped", "--html", "active/mapped/changes.html")

    assert done.code == 0, done.stderr
    assert "3 rules" in page(several / "active/mapped/changes.html").whole


@posix_only
def test_sr504_an_input_is_never_replaced_by_it(several: Path) -> None:
    (several / "link.html").symlink_to(several / "staging.ps1")
    before = listing(several)
    done = remap_several("new", "--html", "link.html", "--force")

    assert (done.code, done.codes) == (1, ["SR504"])
    assert listing(several) == before


def test_sr507_a_folder_is_not_replaced_by_it(several: Path) -> None:
    write(several / "pages.html" / "a.txt", "mine")
    before = listing(several)
    done = remap_several("new", "--html", "pages.html", "--force")

    assert (done.code, done.codes) == (1, ["SR507"])
    assert listing(several) == before


@pytest.mark.parametrize("where", ["new.html", "new.html/x.html"])
def test_sr508_one_path_cannot_be_both(several: Path, where: str) -> None:
    before = listing(several)
    done = remap_several(
        "new.html/x" if where == "new.html" else "new.html/x.html", "--html", where
    )

    assert done.code == 1
    assert done.codes[-1] in ("SR507", "SR508")
    assert listing(several) == before


@pytest.mark.parametrize("where", ["changes.ps1", "changes", "changes.html/", "a.html.txt", ""])
def test_a_name_of_another_kind_is_wrong_usage(several: Path, where: str) -> None:
    before = listing(several)
    done = remap_several("new", "--html", where)

    assert done.code == (2 if where != "changes.html/" else 0)
    assert where == "changes.html/" or listing(several) == before


def test_hostile_names_do_no_harm_in_it(here: Path) -> None:
    name = "</title><script>alert(1)</script>"
    write(here / "hostile.ps1", rule(name))
    done = run(
        *("remap", "hostile.ps1", "--staging", "staging.ps1", "--out", "out"),
        *("--html", "x.html", "--leave", "<b>"),
    )
    assert done.code == 1  # nothing has that name
    done = run(
        "remap", "hostile.ps1", "--staging", "staging.ps1", "--out", "out", "--html", "x.html"
    )

    assert done.code == 0, done.stderr
    assert page(here / "x.html").of("script") == []
    assert name in page(here / "x.html").whole

"""The page in Chromium, from its file: the kit is the command line's, and nothing leaves.

The pictures are kept where SCREENSHOTS names a folder, for a person to look at.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from support.builders import A1, A2, B1, B2, out_of_box, rule, run, run_apart, text_of, write
from support.chromium import chromium
from support.handed_out import ROOT, but_report, pyodide, unpacked
from support.migrations import migrate

pytest.importorskip("playwright", reason="no Playwright")
from support.driven_page import Driven, Quiet, Task, browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium"),
]

SAMPLES = ROOT / "samples"
SWING = SAMPLES / "swing" / "active", SAMPLES / "swing" / "staging"
FORESTS = SAMPLES / "forests"
WORLDS = range(10)
SIDES = "active", "staging"
TASKS: tuple[Task, ...] = ("move", "compare", "check")


@pytest.fixture(scope="module")
def quiet() -> Iterator[Quiet]:
    with browser() as quiet:
        yield quiet


@pytest.fixture(scope="module")
def shared(quiet: Quiet, page_file: Path) -> Iterator[Driven]:
    """Return a page for all tests that leave it as it was."""
    with quiet.opened(page_file) as driven:
        driven.settle("Ready")
        yield driven


@pytest.fixture
def driven(shared: Driven) -> Driven:
    shared.clear()
    shared.said.clear()
    return shared


def kit_of_the_command(driven: Driven, folder: Path) -> dict[str, bytes]:
    """Run what the page says is the same, in the folder that has the files; return the kit."""
    words = shlex.split(driven.command)
    assert words[0] == "syncrules"
    done = run(*words[1:])
    assert done.code == 0, done.stderr
    kit = folder / words[-1]
    return {p.relative_to(kit).as_posix(): p.read_bytes() for p in kit.rglob("*") if p.is_file()}


def with_names(folder: Path, *paths: Path) -> list[Path]:
    """Copy files and folders side by side, as they lie in the page."""
    for path in paths:
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
    return [folder / path.name for path in paths]


# ---- The kit is the command line's ---------------------------------------------------------------


def test_a_sample_is_planned_and_its_kit_is_that_of_the_command_line(
    driven: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    active, staging = with_names(tmp_path, *SWING)
    monkeypatch.chdir(tmp_path)

    assert driven.give("active", active) == "Now give the files of the staging server."
    assert "Planned" in driven.give("staging", staging)

    assert driven.verdict == "12 rules can move to the staging server"
    assert driven.command == "syncrules kit active --staging staging --out kit"
    kit = unpacked(driven.download("kit"))
    assert but_report(kit) == but_report(kit_of_the_command(driven, tmp_path))
    assert driven.download("report").startswith(b"<!DOCTYPE html>")
    document = json.loads(driven.download("document"))
    assert document["diagnostics"] == driven.document()["diagnostics"]
    assert driven.codes == [found["code"] for found in document["diagnostics"]]
    assert driven.said == []
    assert driven.asked == []


def test_mapped_files_alone_are_those_of_remap(driven: Driven, tmp_path: Path) -> None:
    driven.give("active", SWING[0])
    driven.give("staging", SWING[1])

    mapped = unpacked(driven.download("remap"))

    assert run("remap", SWING[0], "--staging", SWING[1], "--out", tmp_path / "mapped").code == 0
    assert mapped == {p.name: p.read_bytes() for p in (tmp_path / "mapped").iterdir()}


def test_configurations_are_evidence(
    driven: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = "active", "active-configuration", "staging-configuration"
    exports, configuration, staging = with_names(tmp_path, *(FORESTS / name for name in names))
    monkeypatch.chdir(tmp_path)

    driven.give("active", exports, configuration)
    driven.give("staging", staging)

    assert "--active active-configuration" in driven.command
    kit = unpacked(driven.download("kit"))
    assert but_report(kit) == but_report(kit_of_the_command(driven, tmp_path))
    assert driven.page.locator("#active .mark.accent").all_inner_texts() == ["Complete"]
    assert driven.said == []


@pytest.mark.parametrize("seed", WORLDS)
def test_a_world_is_as_on_the_command_line(
    driven: Driven, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = migrate(seed, tmp_path, "kit")
    monkeypatch.chdir(tmp_path)
    active = (tmp_path / name for name in ("active", "custom"))

    for old, new in world.given.items():
        driven.add("--map", f"{old}={new}")
    driven.give("active", *(path for path in active if path.exists()))
    driven.give("staging", tmp_path / "staging")

    done = run(*shlex.split(driven.command)[1:], "--format", "json")
    said = json.loads(done.stdout)
    assert driven.document() == said
    assert ("Refused" in driven.status) == (done.code != 0)
    if done.code == 0:
        written = {
            Path(p).relative_to("kit").as_posix(): Path(p).read_bytes() for p in said["written"]
        }
        assert but_report(unpacked(driven.download("kit"))) == but_report(written)
    assert driven.said == []


# ---- What is decided -----------------------------------------------------------------------------


@pytest.fixture
def ambiguous(tmp_path: Path) -> tuple[Path, Path]:
    """Return two sides, of two forests each: nothing tells which is which."""
    active, staging = tmp_path / "old", tmp_path / "new"
    write(active / "rules.ps1", text_of(rule(connector=A1), rule("Other", 2, A2)))
    standard = out_of_box(connector=B1), out_of_box("In from AD - Group Join", 901, B2)
    write(staging / "standard.ps1", text_of(*standard))
    return active, staging


def test_a_connector_is_chosen_and_the_choice_is_taken_back(
    driven: Driven, ambiguous: tuple[Path, Path]
) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])
    assert "Refused" in driven.status
    assert not driven.page.locator("#move .downloads").is_visible()
    driven.shoot("ambiguous")

    driven.add("--map", f"{A1}={B1}")

    assert "Planned" in driven.status
    assert f"--map {A1}={B1} " in driven.command
    pairs = {pair["from"]: pair["to"] for pair in driven.document()["pairs"]}
    assert pairs == {A1: B1, A2: B2}

    driven.add("--map", f"{A1}={B2}")  # in place of the first

    assert {p["from"]: p["to"] for p in driven.document()["pairs"]} == {A1: B2, A2: B1}

    driven.page.click("#move .chosen button")
    assert "Refused" in driven.settle()


def test_a_way_out_of_a_finding_is_a_button(driven: Driven, ambiguous: tuple[Path, Path]) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])
    ways = driven.page.locator("#move .findings .choices button")
    assert f"--map {A1}={B2}" in ways.all_inner_texts()

    ways.get_by_text(f"--map {A1}={B2}").click()

    assert "Planned" in driven.settle("Planned", "Refused")
    assert f"--map {A1}={B2}" in driven.command
    assert {p["from"]: p["to"] for p in driven.document()["pairs"]} == {A1: B2, A2: B1}
    assert driven.page.evaluate("document.activeElement.className") == "verdict"


def test_values_are_offered_from_the_files(driven: Driven, ambiguous: tuple[Path, Path]) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])
    driven.add("--strict")
    offered = driven.page.locator("#move datalist option")

    driven.page.select_option("#move .flag", "--map")
    pairs = [one.get_attribute("value") for one in offered.all()]
    driven.page.select_option("#move .flag", "--leave")
    rules = [one.get_attribute("value") for one in offered.all()]

    assert pairs == [f"{a}={b}" for a in (A1, A2) for b in (B1, B2)]
    assert rules == [rule().name, "Other", A1, A2]


def test_an_option_that_is_wrong_is_told_in_the_words_of_the_command(
    driven: Driven, ambiguous: tuple[Path, Path]
) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])

    driven.add("--precedence", "after=1000")

    assert "Refused" in driven.status
    assert "after=1000" in driven.page.inner_text("#move .findings")


def test_an_option_that_a_finding_names_leads_to_the_form(driven: Driven, tmp_path: Path) -> None:
    export = tmp_path / "rules.ps1"
    export.write_bytes(text_of(rule("Büro")).encode("cp1252"))
    driven.give("staging", SWING[1])
    driven.give("active", export)
    assert driven.codes == ["SR103"]

    driven.page.click("#move .findings button:has-text('--encoding …')")

    assert driven.page.evaluate("document.activeElement.className") == "value"
    assert driven.page.input_value("#move .flag") == "--encoding"
    driven.page.keyboard.type("windows-1252")
    driven.page.keyboard.press("Enter")
    driven.settle()
    assert driven.command == (
        "syncrules kit rules.ps1 --staging staging --encoding windows-1252 --out kit"
    )
    assert "SR103" not in driven.codes
    assert "rules.ps1 (export: 1 custom rule, 0 out-of-box)" in driven.page.inner_text("#active")
    assert driven.turn_to("check") == "Checked. Read the findings below."
    assert driven.command.endswith("--encoding windows-1252")


# ---- Tabs ----------------------------------------------------------------------------------------


def test_files_are_given_once_for_all_tasks(
    driven: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = "active", "active-configuration", "staging-configuration"
    exports, configuration, staging = with_names(tmp_path, *(FORESTS / name for name in names))
    monkeypatch.chdir(tmp_path)
    driven.give("active", exports, configuration)
    driven.give("staging", staging)

    expected: dict[Task, str] = {
        "compare": (
            "compare active staging-configuration --also-a active-configuration "
            "--html comparison.html"
        ),
        "check": "check active active-configuration --staging staging-configuration",
    }
    for task, words in expected.items():
        driven.turn_to(task)
        assert driven.command == f"syncrules {words}"
        done = run(*shlex.split(driven.command)[1:], "--format", "json")
        assert driven.download("document") == done.stdout.encode()
        driven.shoot(task)

    driven.turn_to("compare")
    assert driven.verdict == f"{sum(driven.document()['counts'].values())} differences"
    assert driven.download("report") == driven.page.evaluate("answers.compare.report").encode()
    driven.page.locator("#compare iframe").scroll_into_view_if_needed()
    frame = driven.page.frame_locator("#compare iframe")
    assert frame.locator("h1").inner_text() == "Different"
    assert frame.locator(".difference >> visible=true").count() > 10
    frame.locator("label[for=show-only-a]").click()  # by the style alone
    assert frame.locator(".difference >> visible=true").count() == 11
    driven.turn_to("check")
    sarif = run(*shlex.split(driven.command)[1:], "--format", "sarif").stdout
    assert driven.download("sarif") == sarif.encode()
    found = json.loads(driven.download("document"))
    assert driven.codes == [one["code"] for one in found["diagnostics"]]
    assert driven.verdict == "47 rules checked"
    driven.page.click(f"#check .findings summary:has-text('{driven.codes[0]}') >> nth=0")
    assert driven.page.locator("#check .findings .page").first.is_visible()
    assert driven.said == []
    assert driven.asked == []


def test_the_files_of_one_server_are_enough_to_check(driven: Driven) -> None:
    driven.turn_to("check")
    assert driven.status == "Ready. Give the files of a server."

    driven.give("staging", FORESTS / "staging-configuration")

    assert driven.command == "syncrules check staging-configuration"
    assert not driven.page.locator("#subject").is_visible()
    driven.give("active", FORESTS / "active")
    assert driven.command == "syncrules check active --staging staging-configuration"
    driven.page.select_option("#subject", "staging")
    driven.settle()
    assert driven.command == "syncrules check staging-configuration"
    driven.page.select_option("#subject", "active")
    driven.settle()
    assert driven.command == "syncrules check active"


def test_what_is_not_to_be_reported_is_a_button(driven: Driven) -> None:
    driven.turn_to("check")
    driven.give("active", FORESTS / "active", FORESTS / "active-configuration")
    first = driven.codes[0]

    driven.page.click(f"#check .findings button:has-text('--ignore {first}') >> nth=0")

    driven.settle("Checked")
    assert driven.command.endswith(f" --ignore {first}")
    assert first not in driven.codes


def test_an_option_about_the_servers_holds_for_each_task(
    driven: Driven, ambiguous: tuple[Path, Path]
) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])
    driven.add("--map", f"{A1}={B2}")
    driven.add("--strict")

    driven.turn_to("compare")

    assert driven.command == f"syncrules compare old new --map {A1}={B2} --html comparison.html"
    driven.page.click("#compare .chosen button")
    driven.settle()
    driven.turn_to("move")
    assert driven.page.locator("#move .chosen code").all_inner_texts() == ["--strict"]


def test_tabs_are_used_by_their_keys(driven: Driven) -> None:
    driven.page.focus("#tab-move")
    shown = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"):
        driven.page.keyboard.press(key)
        (selected,) = driven.page.locator("[role=tab][aria-selected=true]").all()
        (panel,) = driven.page.locator("[role=tabpanel]:not([hidden])").all()
        name = panel.get_attribute("id")
        assert selected.get_attribute("aria-controls") == name
        assert panel.get_attribute("aria-labelledby") == selected.get_attribute("id")
        assert driven.page.evaluate("document.activeElement.id") == f"tab-{name}"
        assert driven.page.locator("[role=tab][tabindex='-1']").count() == 2
        shown.append(name)
    assert shown == ["compare", "check", "move", "check", "move", "check"]
    driven.page.keyboard.press("Tab")
    assert driven.page.evaluate("document.activeElement.id") == "check"


def test_who_changes_the_tab_meanwhile_sees_that_of_the_new_one(driven: Driven) -> None:
    driven.give("active", SWING[0])
    driven.page.set_input_files("#staging .folder", SWING[1])
    for task in ("compare", "check", "compare"):
        driven.page.click(f"#tab-{task}")

    driven.task = "compare"

    assert driven.settle("Compared") == "Compared. Read the report below."
    assert driven.verdict.endswith(" differences")
    assert driven.turn_to("move").startswith("Planned")
    assert driven.said == []


# ---- What goes wrong -----------------------------------------------------------------------------


def with_expression(text: str) -> str:
    """Return an export in which a flow has an expression."""
    flow = (
        "Add-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Destination 'title' "
        f"-FlowType 'Expression' -ValueMergeType 'Update' -Expression '{text}'\r\n"
    )
    return text_of(rule()).replace("Add-ADSyncRule", f"{flow}Add-ADSyncRule")


BOMB = "<!DOCTYPE a [{}]><ma-data>&e9;</ma-data>".format(
    "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))
)
HOSTILE: dict[str, str | bytes] = {
    "deep.json": "[" * 100_000,
    "objects.json": '[{"a":' * 5_000,
    "number.json": "1" * 500_000,
    "deep.xml": "<a>" * 20_000 + "</a>" * 20_000,
    "unclosed.xml": "<a>" * 20_000,
    "attributes.xml": "<a " + " ".join(f"b{n}='c'" for n in range(50_000)) + "/>",
    "bomb.xml": BOMB,
    "quotes.csv": '"' * 500_001,
    "arrays.ps1": "$x = " + "@(" * 20_000 + ")" * 20_000,
    "argument.ps1": "New-ADSyncRule -Name " + "@(" * 20_000 + ")" * 20_000,
    "unclosed.ps1": "New-ADSyncRule -Name " + "@(" * 20_000 + ")" * 19_000,
    "brackets.ps1": "(" * 50_000,
    "blocks.ps1": "{" * 50_000,
    "subexpressions.ps1": "$(" * 20_000,
    "texts.ps1": '"$(' * 5_000 + '"',
    "commas.ps1": "$x = 1" + ",1" * 100_000,
    "archive.ps1": b"PK\x03\x04" + bytes(1_000),
    "program.ps1": b"MZ\x90\0" + bytes(range(256)) * 40,
    "zeros.ps1": bytes(500_000),
    "utf-16.ps1": b"\xff\xfea\0\0\xd8",
    "utf-8.ps1": b"\xef\xbb\xbf\xfc",
    "utf-32.ps1": text_of(rule()).encode("utf-32"),
    "nothing.ps1": "",
}
HOSTILE_EXPRESSIONS = {
    "calls": "IIF(" * 20_000 + "[a]" + ",1,2)" * 20_000,
    "brackets": "(" * 20_000 + "[a]" + ")" * 20_000,
    "unclosed": "(" * 50_000,
    "signs": "-" * 50_000 + "1",
    "words": "Not " * 20_000 + "[a]",
    "operators": "[a]" + "&[a]" * 20_000,
    "quotes": '"' * 100_001,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_and_python_goes_on(
    driven: Driven, name: str, tmp_path: Path
) -> None:
    bad = write(tmp_path / name, HOSTILE[name])
    driven.give("staging", SWING[1])

    driven.give("active", SWING[0], bad)

    for task in TASKS:
        driven.turn_to(task)
        assert "Python stopped" not in driven.status
        said = driven.document()["diagnostics"]
        assert [one for one in said if one["file"] == name]
    assert driven.said == []


@pytest.mark.parametrize("name", HOSTILE_EXPRESSIONS)
def test_expressions_that_are_hostile_do_not_stop_python(
    driven: Driven, name: str, tmp_path: Path
) -> None:
    driven.give("staging", SWING[1])

    driven.give("active", write(tmp_path / "bad.ps1", with_expression(HOSTILE_EXPRESSIONS[name])))

    for task in TASKS:
        driven.turn_to(task)
        assert "Python stopped" not in driven.status
        assert driven.verdict
    assert driven.said == []


def test_a_file_that_is_too_large_is_refused_by_its_size(driven: Driven, tmp_path: Path) -> None:
    driven.give("staging", SWING[1])

    driven.give("active", write(tmp_path / "large.ps1", "#" * (65 * 1024 * 1024)))

    assert driven.codes == ["SR108"]
    assert "65 MiB" in driven.page.inner_text("#move .findings")
    driven.give("active", SWING[0])
    driven.page.click("#active .given button")
    assert driven.settle("Planned")
    assert "large.ps1" not in driven.command


def test_names_of_files_stay_text(driven: Driven, tmp_path: Path) -> None:
    name = "<img src=x onerror=console.error('ran')>&.ps1"
    driven.give("staging", SWING[1])

    driven.give("active", SWING[0], write(tmp_path / name, "oh no"))

    assert name in driven.page.inner_text("#active .given")
    assert driven.page.locator("img").count() == 0
    assert driven.said == []


def test_python_is_started_again_and_the_files_are_still_there(driven: Driven) -> None:
    driven.give("active", SWING[0])
    driven.page.workers[0].evaluate(
        "void (onmessage = ({ data }) => postMessage({ id: data.id, failed: 'RangeError' }))"
    )

    assert "Python stopped while it worked on these files (RangeError)" in driven.give(
        "staging", SWING[1]
    )
    driven.shoot("stopped")
    assert "6 files" in driven.page.inner_text("#active .given")
    assert "Planned" in driven.add("--strict") or "Refused" in driven.status
    assert driven.verdict


def test_what_stopped_python_can_be_removed(driven: Driven) -> None:
    driven.give("active", SWING[0], FORESTS / "active")
    driven.page.workers[0].evaluate(
        "void (onmessage = ({ data }) => postMessage({ id: data.id, failed: 'RangeError' }))"
    )
    driven.give("staging", FORESTS / "staging-configuration")
    (top,) = driven.page.locator("#staging .given bdi").all_inner_texts()
    assert top == "staging-configuration"

    driven.page.click("#staging .given button")

    assert driven.settle() == "Now give the files of the staging server."


def test_what_takes_too_long_is_stopped(driven: Driven) -> None:
    driven.give("active", SWING[0])
    driven.page.workers[0].evaluate("void (self.onmessage = () => {})")
    driven.page.set_input_files("#staging .folder", SWING[1])
    driven.page.locator("#stop").wait_for()
    driven.shoot("reading")

    driven.page.click("#stop")

    assert driven.settle("Stopped").startswith("Stopped. Your files are still here")
    assert not driven.page.locator("#stop").is_visible()
    driven.add("--partial")
    assert "Planned" in driven.status


def test_a_file_that_changed_meanwhile_is_told(driven: Driven, tmp_path: Path) -> None:
    mine = write(tmp_path / "rules.ps1", text_of(rule()))
    driven.give("active", mine)
    time.sleep(0.1)
    write(mine, text_of(rule(), rule("Another", 2)))

    driven.give("staging", SWING[1])

    assert driven.status.startswith("rules.ps1 cannot be read any more")


# ---- Nothing leaves ------------------------------------------------------------------------------

ASKING = {
    "fetch": "original('https://example.invalid/a').then(() => 1)",
    "XMLHttpRequest": (
        "new Promise((yes, no) => { const x = new XMLHttpRequest();"
        " x.onload = yes; x.onerror = no; x.open('GET', 'https://example.invalid/b'); x.send() })"
    ),
    "WebSocket": (
        "new Promise((yes, no) => { const w = new WebSocket('wss://example.invalid/c');"
        " w.onopen = yes; w.onerror = no })"
    ),
    "EventSource": (
        "new Promise((yes, no) => { const e = new EventSource('https://example.invalid/d');"
        " e.onopen = yes; e.onerror = no })"
    ),
    "WebTransport": "new WebTransport('https://example.invalid/e').ready",
    "import": "import('https://example.invalid/f')",
    "Worker": (
        "new Promise((yes, no) => { const w = new Worker('https://example.invalid/g');"
        " w.onmessage = yes; w.onerror = no })"
    ),
    "urllib in Python": "python.runPythonAsync(`import urllib.request as u\n"
    "u.urlopen('https://example.invalid/h')`)",
    "JavaScript in Python": "python.runPythonAsync(`from js import XMLHttpRequest\n"
    "x = XMLHttpRequest.new()\nx.open('GET', 'https://example.invalid/i', False)\nx.send(None)`)",
    "pyodide.http in Python": "python.runPythonAsync(`from pyodide.http import open_url\n"
    "open_url('https://example.invalid/j')`)",
}
"""Every way that a worker has, and Python in it; where nothing forbids it, each asks the proxy."""

WITH_PYTHON = """async () => {
  const python = await loadPyodide({
    createPyodideModule, indexURL: NOWHERE, packageBaseUrl: NOWHERE,
    lockFileContents: JSON.parse(await (await fetch(NOWHERE + "pyodide-lock.json")).text()),
  });
  const original = Object.getPrototypeOf(self).constructor.prototype.fetch
    ?? WorkerGlobalScope.prototype.fetch;
  try { await (%s); return "asked"; } catch (error) { return `refused: ${error}`; }
}"""


@pytest.mark.parametrize("way", ASKING)
def test_nothing_is_asked_from_where_python_and_the_files_are(driven: Driven, way: str) -> None:
    done = driven.page.workers[0].evaluate(WITH_PYTHON.replace("%s", ASKING[way]))

    assert done.startswith("refused"), done
    assert way != "WebTransport" or "violates the document's Content Security Policy" in done
    assert driven.asked == []


def test_without_the_policy_each_of_them_asks(
    quiet: Quiet, page_file: Path, tmp_path: Path
) -> None:
    """The tests above can fail.

    WebTransport goes past a proxy, and is known by what it says; a worker of another origin is
    never started, whatever the policy.
    """
    text = re.sub(r'<meta http-equiv="Content-Security[^>]*>', "", page_file.read_text("utf-8"))
    with quiet.opened(write(tmp_path / "page.html", text)) as driven:
        driven.settle("Ready")
        silent = []
        for way, asking in ASKING.items():
            driven.page.workers[0].evaluate(WITH_PYTHON.replace("%s", asking))
            time.sleep(0.2)
            silent += [] if driven.asked else [way]
            driven.nobody.lines.clear()
    assert silent == ["WebTransport", "Worker"]


def test_the_page_itself_cannot_connect_either(driven: Driven) -> None:
    for asking in (ASKING["fetch"].replace("original", "fetch"), ASKING["XMLHttpRequest"]):
        tried = f"try {{ await ({asking}); return 'asked'; }} catch {{ return 'refused'; }}"
        assert driven.page.evaluate(f"async () => {{ {tried} }}") == "refused"
    driven.page.evaluate(
        "document.body.append(Object.assign(new Image(), "
        "{ src: 'https://example.invalid/k', id: 'asking' }))"
    )
    driven.page.evaluate("document.getElementById('asking').remove()")
    assert driven.asked == []


# ---- For everyone --------------------------------------------------------------------------------


def test_who_has_an_old_browser_or_no_scripts_is_told(quiet: Quiet, page_file: Path) -> None:
    with quiet.opened(page_file, java_script_enabled=False) as driven:
        assert driven.page.locator("#old").is_visible()
        assert not driven.page.locator("#main").is_visible()
        driven.shoot("old", full=False)


def test_it_works_by_keyboard_alone(quiet: Quiet, page_file: Path) -> None:
    with quiet.opened(page_file) as driven:
        choosers: list[Any] = []
        driven.page.on(
            "filechooser", lambda one: choosers.append(one)
        )  # early: the browser is told so by and by
        driven.settle("Ready")
        keyboard, reached = driven.page.keyboard, []
        for _ in range(6):
            keyboard.press("Tab")
            reached.append(
                driven.page.evaluate("(e => e.className || e.localName)(document.activeElement)")
            )
        assert reached == ["summary", "folder", "files", "folder", "files", "button"]
        driven.page.locator("#active .files").focus()
        keyboard.press("Enter")
        until = time.monotonic() + 10
        while not choosers and time.monotonic() < until:
            driven.page.wait_for_timeout(50)
        choosers[0].set_files(sorted(SWING[0].iterdir()))
        driven.settle("Now give")
        driven.give("staging", SWING[1])
        driven.page.locator("#move button[data-ask=kit]").focus()
        with driven.page.expect_download():
            keyboard.press("Enter")


def test_who_decides_by_keyboard_is_led_to_the_new_plan(
    driven: Driven, ambiguous: tuple[Path, Path]
) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])
    driven.page.locator("#move .findings summary").first.focus()
    driven.page.evaluate("choose('move', '--partial', null)")  # as the button of a finding does

    driven.settle()

    assert driven.page.evaluate("document.activeElement.className") == "verdict"


def test_a_screen_reader_is_told(driven: Driven) -> None:
    driven.give("active", SWING[0])
    driven.give("staging", SWING[1])

    heard = driven.page.locator("main").aria_snapshot()

    for line in (
        "status: Planned.",
        'region "Active server (the old one)"',
        'region "Staging server (the new one)"',
        'heading "12 rules can move to the staging server"',
        'list "Findings"',
        'button "Download the kit (ZIP)"',
        "iframe",
    ):
        assert line in heard, heard
    assert driven.page.locator("html").get_attribute("lang") == "en"
    assert driven.page.locator("#move iframe").get_attribute("title")
    assert driven.page.locator("#move iframe").get_attribute("sandbox") == ""


VIEWS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
    "phone-dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}
GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}


@pytest.mark.parametrize("view", VIEWS)
def test_it_is_seen_in_light_and_dark_and_on_a_phone(
    quiet: Quiet, view: str, page_file: Path
) -> None:
    with quiet.opened(page_file, **VIEWS[view]) as driven:
        driven.settle("Ready")
        driven.shoot(f"{view}-empty")
        driven.give("active", FORESTS / "active", FORESTS / "active-configuration")
        driven.shoot(f"{view}-half")
        driven.give("staging", FORESTS / "staging-configuration")
        driven.page.click("#move .more summary")
        driven.page.locator("#move .findings summary").first.click()
        driven.shoot(f"{view}-planned")
        driven.page.locator("#move iframe").scroll_into_view_if_needed()
        assert driven.page.frame_locator("#move iframe").locator("h1").is_visible()
        time.sleep(0.5)  # until the frame is painted
        driven.shoot(f"{view}-report", full=False)
        for task in TASKS:
            driven.turn_to(task)
            assert fits(driven)
            driven.shoot(f"{view}-{task}")

        ground = driven.page.evaluate("getComputedStyle(document.body).backgroundColor")

        assert ground == GROUND["dark" if "dark" in view else "light"]
        assert driven.said == []
        assert driven.asked == []


def fits(driven: Driven) -> bool:
    """Return whether nothing is wider than the window."""
    fits: bool = driven.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fits


def test_links_in_the_report_stay_in_it(driven: Driven) -> None:
    driven.give("active", SWING[0])
    driven.give("staging", SWING[1])
    driven.page.locator("#move iframe").scroll_into_view_if_needed()  # else it is not painted
    frame = driven.page.frame_locator("#move iframe")

    frame.locator("nav a").last.click()

    assert driven.page.frames[-1].url.startswith("about:srcdoc#")
    assert driven.said == []


def test_folders_and_files_can_be_dropped(
    quiet: Quiet, page_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From outside the browser, where the page is opened from its file."""
    names = "active", "active-configuration", "staging-configuration"
    exports, configuration, staging = with_names(tmp_path, *(FORESTS / name for name in names))
    alone = write(tmp_path / "more.ps1", text_of(out_of_box(connector=A1)))
    monkeypatch.chdir(tmp_path)
    with quiet.opened(page_file) as driven:
        driven.settle("Ready")
        driven.drop("active", exports, configuration, alone)
        driven.drop("staging", staging)

        assert driven.command == (
            "syncrules kit active more.ps1 --active active-configuration "
            "--staging staging-configuration --out kit"
        )
        done = run(*shlex.split(driven.command)[1:], "--format", "json")
        assert driven.document()["diagnostics"] == json.loads(done.stdout)["diagnostics"]
        given = [sorted(driven.page.evaluate(f"[...given.{side}.keys()]")) for side in SIDES]
        assert given[1] == sorted(
            p.relative_to(tmp_path).as_posix() for p in staging.rglob("*") if p.is_file()
        )
        assert "more.ps1" in given[0]
        assert driven.said == []


FAKE_FOLDER = """async (names) => {
  const file = (name) => ({
    isFile: true, fullPath: `/old/rules/${name}`, file: (yes) => yes(new File(["x"], name)),
  });
  const folder = (path, children) => ({
    isFile: false, fullPath: path,
    createReader: () => {
      const left = [...children];
      return { readEntries: (yes) => yes(left.splice(0, 100)) };
    },
  });
  const old = folder("/old", [folder("/old/rules", names.map(file)), folder("/old/empty", [])]);
  const found = await fromDrop([{ webkitGetAsEntry: () => old, getAsFile: () => null }]);
  return found.map(([path, { name }]) => [path, name]);
}"""


def test_folders_are_read_where_a_browser_has_entries_only(driven: Driven) -> None:
    """As Firefox and Safari have; these give a hundred at a time."""
    names = [f"{number}.ps1" for number in range(250)]

    found = driven.page.evaluate(FAKE_FOLDER, names)

    assert found == [[f"old/rules/{name}", name] for name in names]


def test_files_of_another_page_can_be_dropped(driven: Driven) -> None:
    text = (SWING[0] / "user-join.ps1").read_text("utf-8")
    drop = driven.page.evaluate_handle(
        """(text) => {
          const drop = new DataTransfer();
          drop.items.add(new File([text], "user-join.ps1"));
          return drop;
        }""",
        text,
    )

    driven.page.dispatch_event("#active", "drop", {"dataTransfer": drop})

    assert driven.settle("Now give")
    assert "user-join.ps1 (export: 1 custom rule, 0 out-of-box)" in re.sub(
        r"\s+", " ", driven.page.inner_text("#active .given")
    )


# ---- How long it takes ---------------------------------------------------------------------------


BARE = """
import {{ loadPyodide }} from "{module}";
const begun = performance.now();
await loadPyodide();
console.log((performance.now() - begun) / 1000);
"""


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ratio(what: str, ours: Callable[[], float], theirs: Callable[[], float]) -> float:
    """Return and print the ratio of medians of interleaved pairs: other programs run meanwhile."""
    pairs = [(ours(), theirs()) for _ in range(5)]
    page, other = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    print(f"{what}: {page:.2f} s in the page, {other:.2f} s without, ratio {page / other:.2f}")
    return page / other


def test_it_is_ready_in_no_more_than_three_times_what_python_takes(
    quiet: Quiet, page_file: Path, tmp_path: Path
) -> None:
    """Pyodide alone is measured as its package is, in Node."""
    module = pyodide(tmp_path) / "pyodide.mjs"
    script = write(tmp_path / "bare.mjs", BARE.format(module=module.as_uri()))
    node = shutil.which("node")
    assert node is not None

    def alone() -> float:
        return float(subprocess.run([node, script], capture_output=True, check=True).stdout)

    def page() -> float:
        begun = time.perf_counter()
        with quiet.opened(page_file) as driven:
            driven.settle("Ready")
            return time.perf_counter() - begun

    assert ratio("Until it is ready", page, alone) < 3


def test_a_second_plan_takes_no_more_than_five_times_the_command_line(
    driven: Driven, tmp_path: Path
) -> None:
    names = "active", "active-configuration", "staging-configuration"
    exports, configuration, staging = (FORESTS / name for name in names)
    driven.give("active", exports, configuration)
    driven.give("staging", staging)
    words = ("kit", exports, "--active", configuration, "--staging", staging, "--out")

    def again() -> None:
        driven.page.evaluate("update()")
        driven.settle("Planned")

    def alone() -> None:
        assert run_apart(*words, tmp_path / "kit", "--force").code == 0

    assert ratio("A second plan", lambda: seconds(again), lambda: seconds(alone)) < 5

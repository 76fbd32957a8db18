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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.builders import A1, A2, B1, B2, out_of_box, rule, run, run_apart, text_of, write
from support.chromium import chromium
from support.handed_out import ROOT, but_report, pyodide, unpacked
from support.migrations import migrate

pytest.importorskip("playwright", reason="no Playwright")
from support.driven_page import Driven, Quiet, browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium"),
]

SAMPLES = ROOT / "samples"
SWING = SAMPLES / "swing" / "active", SAMPLES / "swing" / "staging"
FORESTS = SAMPLES / "forests"
WORLDS = range(10)


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
    assert not driven.page.locator("#downloads").is_visible()
    driven.shoot("ambiguous")

    driven.add("--map", f"{A1}={B1}")

    assert "Planned" in driven.status
    assert f"--map {A1}={B1} " in driven.command
    pairs = {pair["from"]: pair["to"] for pair in driven.document()["pairs"]}
    assert pairs == {A1: B1, A2: B2}

    driven.add("--map", f"{A1}={B2}")  # in place of the first

    assert {p["from"]: p["to"] for p in driven.document()["pairs"]} == {A1: B2, A2: B1}

    driven.page.click("#chosen button")
    assert "Refused" in driven.settle()


def test_a_way_out_of_a_finding_is_a_button(driven: Driven, ambiguous: tuple[Path, Path]) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])
    ways = driven.page.locator("#findings .choices button")
    assert f"--map {A1}={B2}" in ways.all_inner_texts()

    ways.get_by_text(f"--map {A1}={B2}").click()

    assert "Planned" in driven.settle("Planned", "Refused")
    assert f"--map {A1}={B2}" in driven.command
    assert {p["from"]: p["to"] for p in driven.document()["pairs"]} == {A1: B2, A2: B1}
    assert driven.page.evaluate("document.activeElement.id") == "verdict"


def test_values_are_offered_from_the_files(driven: Driven, ambiguous: tuple[Path, Path]) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])
    driven.add("--strict")
    offered = driven.page.locator("#values option")

    driven.page.select_option("#flag", "--map")
    pairs = [one.get_attribute("value") for one in offered.all()]
    driven.page.select_option("#flag", "--leave")
    rules = [one.get_attribute("value") for one in offered.all()]

    assert pairs == [f"{a}={b}" for a in (A1, A2) for b in (B1, B2)]
    assert rules == [rule().name, "Other"]


def test_an_option_that_is_wrong_is_told_in_the_words_of_the_command(
    driven: Driven, ambiguous: tuple[Path, Path]
) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])

    driven.add("--precedence", "after=1000")

    assert "Refused" in driven.status
    assert "after=1000" in driven.page.inner_text("#findings")


# ---- What goes wrong -----------------------------------------------------------------------------

HOSTILE = {
    "deep.json": "[" * 100_000,
    "objects.json": '[{"a":' * 5_000,
    "deep.xml": "<a>" * 20_000 + "</a>" * 20_000,
    "arrays.ps1": "$x = " + "@(" * 20_000 + ")" * 20_000,
    "argument.ps1": "New-ADSyncRule -Name " + "@(" * 20_000 + ")" * 20_000,
    "unclosed.ps1": "New-ADSyncRule -Name " + "@(" * 20_000 + ")" * 19_000,
    "unclosed.xml": "<a>" * 20_000,
    "brackets.ps1": "(" * 50_000,
    "subexpressions.ps1": "$(" * 20_000,
    "commas.ps1": "$x = 1" + ",1" * 100_000,
    "archive.ps1": "PK\x03\x04" + "\0" * 1_000,
    "nothing.ps1": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_and_python_goes_on(
    driven: Driven, name: str, tmp_path: Path
) -> None:
    bad = write(tmp_path / name, HOSTILE[name])
    driven.give("staging", SWING[1])

    driven.give("active", SWING[0], bad)

    said = driven.document()["diagnostics"]
    assert [one for one in said if one["file"] == name]
    assert "Python stopped" not in driven.status
    assert driven.said == []


def test_a_file_that_is_too_large_is_refused_by_its_size(driven: Driven, tmp_path: Path) -> None:
    driven.give("staging", SWING[1])

    driven.give("active", write(tmp_path / "large.ps1", "#" * (65 * 1024 * 1024)))

    assert driven.codes == ["SR108"]
    assert "65 MiB" in driven.page.inner_text("#findings")


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
        assert reached == ["summary", "folder", "files", "folder", "files", "summary"]
        driven.page.locator("#active .files").focus()
        keyboard.press("Enter")
        until = time.monotonic() + 10
        while not choosers and time.monotonic() < until:
            driven.page.wait_for_timeout(50)
        choosers[0].set_files(sorted(SWING[0].iterdir()))
        driven.settle("Now give")
        driven.give("staging", SWING[1])
        driven.page.locator("button[data-ask=kit]").focus()
        with driven.page.expect_download():
            keyboard.press("Enter")


def test_who_decides_by_keyboard_is_led_to_the_new_plan(
    driven: Driven, ambiguous: tuple[Path, Path]
) -> None:
    driven.give("active", ambiguous[0])
    driven.give("staging", ambiguous[1])
    driven.page.locator("#findings summary").first.focus()
    driven.page.evaluate("choose('--partial', null)")  # as the button of a finding does

    driven.settle()

    assert driven.page.evaluate("document.activeElement.id") == "verdict"


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
    assert driven.page.locator("#frame").get_attribute("title")


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
        driven.page.click("#more summary")
        driven.page.locator("#findings summary").first.click()
        driven.shoot(f"{view}-planned")
        driven.page.locator("#frame").scroll_into_view_if_needed()
        assert driven.page.frame_locator("#frame").locator("h1").is_visible()
        time.sleep(0.5)  # until the frame is painted
        driven.shoot(f"{view}-report", full=False)

        width = driven.page.evaluate("document.documentElement.scrollWidth")
        ground = driven.page.evaluate("getComputedStyle(document.body).backgroundColor")

        assert width <= VIEWS[view]["viewport"]["width"]
        assert ground == GROUND["dark" if "dark" in view else "light"]
        assert driven.said == []
        assert driven.asked == []


def test_links_in_the_report_stay_in_it(driven: Driven) -> None:
    driven.give("active", SWING[0])
    driven.give("staging", SWING[1])
    frame = driven.page.frame_locator("#frame")

    frame.locator("nav a").last.click()

    assert driven.page.frames[-1].url.startswith("about:srcdoc#")
    assert driven.said == []


def test_files_can_be_dropped(driven: Driven) -> None:
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


def test_it_is_ready_in_no_more_than_three_times_what_python_takes(
    quiet: Quiet, page_file: Path, tmp_path: Path
) -> None:
    """Pyodide alone is measured as its package is, in Node."""
    module = pyodide(tmp_path) / "pyodide.mjs"
    script = write(tmp_path / "bare.mjs", BARE.format(module=module.as_uri()))
    node = shutil.which("node")
    assert node is not None
    alone = float(subprocess.run([node, script], capture_output=True, check=True).stdout)

    begun = time.perf_counter()
    with quiet.opened(page_file) as driven:
        driven.settle("Ready")
    page = time.perf_counter() - begun

    print(f"ready in {page:.2f} s, Pyodide alone in {alone:.2f} s")
    assert page < 3 * alone


def test_a_second_plan_takes_no_more_than_five_times_the_command_line(
    driven: Driven, tmp_path: Path
) -> None:
    names = "active", "active-configuration", "staging-configuration"
    exports, configuration, staging = (FORESTS / name for name in names)
    driven.give("active", exports, configuration)
    driven.give("staging", staging)

    begun = time.perf_counter()
    driven.add("--keep-foreign")
    page = time.perf_counter() - begun

    words: list[str | Path] = [
        "kit",
        exports,
        "--active",
        configuration,
        "--staging",
        staging,
        "--out",
    ]
    begun = time.perf_counter()
    assert run_apart(*words, tmp_path / "kit").code == 0
    alone = time.perf_counter() - begun
    print(f"{page:.2f} s in the page, {alone:.2f} s on the command line")
    assert page < 5 * alone

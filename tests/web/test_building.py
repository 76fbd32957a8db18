"""What is handed out beside the wheel: the same twice, small, and under its policy."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import build_page
import click
import pytest
from packaging.requirements import Requirement
from syncrules.cli.check import check_command
from syncrules.cli.compare import compare_command
from syncrules.cli.remap import remap

from support.builders import run
from support.handed_out import ROOT, build, but_report

SWING = ROOT / "samples" / "swing"
WEB = ROOT / "web"


@pytest.fixture(scope="session")
def pyz(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pyz") / "syncrules.pyz"
    build("build_pyz.py", built_wheel, out)
    return out


# ---- The single file -----------------------------------------------------------------------------


@pytest.mark.slow
def test_the_single_file_makes_the_same_kit(pyz: Path, tmp_path: Path) -> None:
    words = ["kit", str(SWING / "active"), "--staging", str(SWING / "staging"), "--out"]

    # -I: nothing that is installed or lies about is found.
    done = subprocess.run([sys.executable, "-I", pyz, *words, "kit"], cwd=tmp_path, check=True)

    assert done.returncode == 0
    assert run(*words, tmp_path / "own").code == 0
    made, own = (
        {p.name: p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("kit", "own")
    )
    assert but_report(made) == but_report(own)


@pytest.mark.slow
def test_the_single_file_explains_findings(pyz: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", pyz, "explain", "SR450"], capture_output=True, check=True
    )
    assert b"SR450" in done.stdout


@pytest.mark.slow
def test_the_single_file_holds_what_it_needs_and_no_more(pyz: Path) -> None:
    with zipfile.ZipFile(pyz) as archive:
        names = archive.namelist()

    assert not [n for n in names if n.endswith((".so", ".pyd", ".pyc", ".pyi"))]
    packages = {n.split("/")[0] for n in names if n.endswith(".py") and "/" in n}
    for package in packages - {"syncrules"}:
        assert any(n.startswith(package) and "licen" in n.lower() for n in names), package
    assert pyz.stat().st_size < 1_300_000
    assert pyz.read_bytes().startswith(b"#!/usr/bin/env python3\n")


@pytest.mark.slow
def test_an_old_python_is_told_so(pyz: Path) -> None:
    names = ("python3.8", "python3.9", "python3.10", "python2.7", "python2")
    old = next((found for found in map(shutil.which, names) if found and runs(found)), None)
    if old is None:
        pytest.skip("no old Python")
    done = subprocess.run([old, pyz, "--version"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("syncrules needs Python 3.11 or newer; this is Python ")


def runs(program: str) -> bool:
    """Return whether a program is more than the name of one that is not chosen."""
    return subprocess.run([program, "-c", ""], check=False, capture_output=True).returncode == 0


@pytest.mark.slow
def test_the_single_file_is_the_same_twice(built_wheel: Path, pyz: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pyz"
    build("build_pyz.py", built_wheel, again)
    assert again.read_bytes() == pyz.read_bytes()


def test_what_is_bundled_is_what_is_depended_on() -> None:
    """Each dependency of the package, in a version that it allows, and pinned by its hash."""
    lines = (ROOT / "tools" / "bundled.txt").read_text().replace("\\\n", " ").splitlines()
    pinned = [line.split() for line in lines if line and not line.startswith("#")]
    versions = {words[0].split("==")[0]: words[0].split("==")[1] for words in pinned}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert all(any(word.startswith("--hash=sha256:") for word in words) for words in pinned)
    for wanted in map(Requirement, project["dependencies"]):
        assert wanted.specifier.contains(versions.pop(wanted.name.lower()))
    assert set(versions) == {"colorama", "markupsafe"}  # what these need themselves


# ---- The page ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_page_is_the_same_twice(page_file: Path, built_wheel: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    said = build("build_page.py", built_wheel, again)

    assert again.read_bytes() == page_file.read_bytes()
    assert re.fullmatch(r".*again\.html: \d+\.\d\d MB\n", said)


@pytest.mark.slow
def test_the_page_is_one_file_under_its_policy(page_file: Path) -> None:
    text = page_file.read_text("utf-8")

    assert page_file.stat().st_size <= 12_000_000
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert len(scripts) == len(styles) == 1
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert len(policy) == 1
    assert text.index("Content-Security-Policy") < text.index("<style>")
    assert f"script-src '{digest(scripts[0])}' 'wasm-unsafe-eval';" in policy[0]
    assert f"style-src '{digest(styles[0])}' " in policy[0]
    assert "default-src 'none'" in policy[0]
    assert "connect-src 'none'" in policy[0]
    assert "unsafe-inline" not in policy[0]
    assert "'unsafe-eval'" not in policy[0]
    assert "{{" not in text.replace(scripts[0], "").split('id="pieces"')[0]
    assert not re.findall(r'(?:src|href)="(?!#)[^"]', text.split('id="pieces"')[0])


def digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def test_the_script_of_the_page_leads_nowhere() -> None:
    """No policy forbids a page's own script to go to another one with what it knows."""
    script = "".join(
        path.read_text("utf-8") for path in (WEB / "page").glob("*.js") if path.name != "worker.js"
    )
    leads = (
        r"\blocation\b|\bopen\(|\.submit\(|\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|\.action\b"
    )
    assert re.findall(leads, script) == []
    assert re.findall(r"\.href\b", script) == [".href"]  # of a download, to give its memory back
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script) == []
    )


def test_no_part_of_the_page_names_a_host() -> None:
    found = {
        host
        for path in (*WEB.glob("*.py"), *(WEB / "page").iterdir())
        for host in re.findall(r"https?://([\w.-]+)", path.read_text("utf-8"))
    }
    assert found == {"nowhere.invalid"}


def test_each_script_is_in_the_page_once() -> None:
    scripts = {path.stem for path in (WEB / "page").glob("*.js")}
    assert sorted((*build_page.SCRIPTS, "worker")) == sorted(scripts)


NOT_IN_THE_PAGE = {
    "move": {"--staging", "--active", "--out", "--check", "--force", "--html"},
    "compare": {
        *("--also-a", "--also-b", "--accept", "--write-accepted", "--html", "--force", "--all"),
    },
    "check": {"--staging"},
}
"""What names files there, which are dropped here; and `--all`, since all is shown."""


@pytest.mark.parametrize(
    ("task", "command"), [("move", remap), ("compare", compare_command), ("check", check_command)]
)
def test_each_option_of_a_command_is_in_its_form(task: str, command: click.Command) -> None:
    script = (WEB / "page" / "tasks.js").read_text("utf-8")
    flags = re.search(rf"^  {task}: {{\n    flags: (\[.*?\]),\n    \w+:", script, re.DOTALL | re.M)
    assert flags is not None
    in_form = set(re.findall(r'"(--[a-z-]+)"', flags.group(1)))
    options = {p.opts[-1] for p in command.params if isinstance(p, click.Option)}

    how_it_is_told = {"--format", "--verbose", "--quiet"}
    assert options - how_it_is_told - NOT_IN_THE_PAGE[task] == in_form
    known = (WEB / "page" / "options.js").read_text("utf-8")
    assert all(f'"{flag}": {{ told: "' in known for flag in in_form)


def test_what_of_python_is_left_out_is_there_in_the_first_place() -> None:
    assert all(name.endswith(".py") or "." not in name for name in build_page.UNUSED)
    assert len(set(build_page.UNUSED)) == len(build_page.UNUSED)

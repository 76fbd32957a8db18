"""`syncrules snapshot`: text files for version control; what is not ours is never replaced."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from support.builders import A1, listing, rule, run, write
from support.command_line import configured
from support.configurations import settings_file
from syncrules.comparison.snapshot import FIRST_LINE

RULE = "contoso.com/inbound/custom/In from AD - Custom.txt"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a server's configuration, and change to its folder."""
    monkeypatch.chdir(tmp_path)
    return configured(tmp_path / "server", A1, rule())


def test_a_file_for_each_rule(server: Path) -> None:
    done = run("snapshot", server, "--out", "out")
    assert (done.code, done.stdout, done.stderr) == (0, "1 rule in out\n", "")
    assert Path("out", RULE).read_text("utf-8") == (
        f"{FIRST_LINE}\n"
        "name: In from AD - Custom\n"
        "state: enabled\n"
        "link_type: Join\n"
        "source_object_type: 'user'\n"
        "target_object_type: 'person'\n"
        "enable_password_sync: False\n"
        "soft_delete_expiry_interval: 00:00:00\n"
        "flow: cloudfiltered <- 'True'\n"
    )


def test_the_same_server_gives_the_same_bytes(server: Path) -> None:
    for out in ("one", "other"):
        assert run("snapshot", server, "--out", out).code == 0
    assert listing(Path("one")) == listing(Path("other"))


def test_an_earlier_snapshot_is_replaced_if_asked_and_nothing_else(server: Path) -> None:
    assert run("snapshot", server, "--out", "out").code == 0
    write(Path("out/mine.txt"), "mine")
    write(Path("out/contoso.com/mine.txt"), "mine")
    configured(server, A1, replace(rule(), name="Renamed"))
    assert run("snapshot", server, "--out", "out").codes == ["SR505"]
    assert run("snapshot", server, "--out", "out", "--force").code == 0
    assert not Path("out", RULE).exists()
    assert Path("out", RULE.replace("In from AD - Custom", "Renamed")).exists()
    assert Path("out/mine.txt").read_text("utf-8") == "mine"
    assert Path("out/contoso.com/mine.txt").read_text("utf-8") == "mine"


def test_a_file_that_is_not_ours_is_never_replaced(server: Path) -> None:
    write(Path("out", RULE), "mine")
    for force in ((), ("--force",)):
        done = run("snapshot", server, "--out", "out", *force)
        assert (done.code, done.codes) == (1, ["SR505"])
        assert "move this file" in done.stderr
    assert Path("out", RULE).read_text("utf-8") == "mine"


def test_a_file_is_no_folder(server: Path) -> None:
    write(Path("out"), "mine")
    assert run("snapshot", server, "--out", "out").codes == ["SR507"]


def test_what_cannot_be_read_is_not_written(server: Path) -> None:
    write(server / "Connectors" / "bad.xml", "<!DOCTYPE x><x/>")
    done = run("snapshot", server, "--out", "out")
    assert (done.code, done.codes) == (1, ["SR112"])
    assert not Path("out").exists()


def test_rules_that_no_file_shows_whole_are_named(server: Path) -> None:
    settings = settings_file(server.parent / "settings.json", rule("Other", 2))
    done = run("snapshot", server, settings, "--out", "out")
    assert "Not written, since no file shows what they do: Other\n" in done.stdout

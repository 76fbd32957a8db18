"""The help: its examples run, and it names every option."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from syncrules.cli.help import SECTIONS

import syncrules
from support.builders import A1, B1, command, out_of_box, rule, run, text_of, write


def _commands() -> Iterator[tuple[str, click.Command]]:
    group = command()
    assert isinstance(group, click.Group)
    context = click.Context(group)
    yield "", group
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield name, found


def _examples(name: str) -> list[list[str]]:
    done = run(*filter(None, [name]), "--help")
    assert (done.code, done.stderr) == (0, "")
    lines = (line.strip() for line in done.stdout.splitlines())
    return [shlex.split(line)[1:] for line in lines if line.startswith("syncrules ")]


@pytest.mark.parametrize("name", [name for name, _ in _commands()])
def test_the_examples_of_every_help_run_as_they_are_written(here: Path, name: str) -> None:
    write(here / "active" / "custom.ps1", rule())
    write(here / "staging" / "standard.ps1", out_of_box(connector=B1))
    write(here / "rules.ps1", rule())
    write(here / "old" / "standard.ps1", out_of_box(connector=A1))
    write(here / "new" / "standard.ps1", out_of_box(connector=B1))
    if name == "verify":
        assert run("kit", "active/", "--staging", "staging/", "--out", "kit").code == 0
        after = text_of(rule(connector=B1), out_of_box(connector=B1))
        write(here / "exported-again" / "all.ps1", after)
    examples = _examples(name)
    assert examples
    for example in examples:
        assert run(*example).code == 0, example


@pytest.mark.parametrize("name", [name for name, _ in _commands()])
def test_every_help_explains_every_option_and_fits_a_terminal(name: str) -> None:
    done = run(*filter(None, [name]), "--help")
    found = dict(_commands())[name]
    assert found.help or found.__doc__
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[-1] in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout == run(*filter(None, [name]), "-h").stdout


@pytest.mark.parametrize("name", [name for name, _ in _commands() if name])
def test_every_option_stands_in_a_group_and_shows_what_it_is_without(name: str) -> None:
    found = dict(_commands())[name]
    groups = re.split(r"(?m)^(?=\S.*:$)", run(name, "--help").stdout)
    shown = {group.partition(":")[0]: group for group in groups[1:]}
    assert [title for title in shown if title in SECTIONS] == [t for t in SECTIONS if t in shown]
    assert shown.keys() <= {*SECTIONS, "Help"}
    for title, names in SECTIONS.items():
        for option in (p for p in found.params if isinstance(p, click.Option) and p.name in names):
            assert re.search(rf"(?m)^  {option.opts[0]}\b", shown[title])
    assert re.findall(r"(?m)^  (-\S+)", shown["Help"]) == ["-h,"]
    defaults = [p.default for p in found.params if p.default in ("keep", "text")]
    assert re.findall(r"\[default:\s+(\w+)\]", run(name, "--help").stdout) == defaults


def test_help_tells_the_exit_codes_and_every_command() -> None:
    help_text = run("--help").stdout
    assert "Exit codes" in help_text
    for name, _ in _commands():
        assert name in help_text


def test_version() -> None:
    done = run("--version")
    assert done.code == 0
    assert syncrules.__version__ in done.stdout


def test_help_loads_neither_the_parser_nor_the_terminal_library() -> None:
    program = (
        "import sys\n"
        "from syncrules.cli import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "except SystemExit as end:\n"
        "    assert not end.code\n"
        "print(*sorted({m.split('.')[0] for m in sys.modules} & {'lark', 'rich'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-Pc", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[0].startswith("Usage: ")
    assert done.stdout.splitlines()[-1] == ""

"""Arguments that are empty, or no text: wrong usage for every option and argument there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from support.builders import command, listing, run

COMPLETE: dict[str, dict[str, str]] = {
    "check": {"paths": "custom.ps1"},
    "compare": {"a": "custom.ps1", "b": "staging.ps1"},
    "explain": {},
    "inspect": {"paths": "custom.ps1"},
    "remap": {"exports": "custom.ps1", "staging": "staging.ps1", "out": "out"},
    "kit": {"exports": "custom.ps1", "staging": "staging.ps1", "out": "out"},
    "snapshot": {"paths": "staging.ps1", "out": "out"},
    "verify": {"kit": "kit", "staging": "staging.ps1"},
}
"""What each command needs."""

NAMES = frozenset(
    {"codes", "seed", "keep_enabled", "leave", "pairs", "first", "encoding", "form", "identifiers"}
    | {"select", "ignore"}
)
"""Parameters whose values are no paths: those are text."""


def _commands() -> dict[str, click.Command]:
    group = command()
    assert isinstance(group, click.Group)
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: one for name, one in found.items() if one is not None}


def _parameters() -> Iterator[tuple[str, click.Parameter]]:
    for name, one in _commands().items():
        for parameter in one.params:
            if not (isinstance(parameter, click.Option) and parameter.is_flag):
                yield name, parameter


def _line(name: str, given: click.Parameter, value: str) -> list[str]:
    """Return a command line that is right but for one value."""
    options: list[str] = []
    arguments: list[str] = []
    for parameter in _commands()[name].params:
        needed = COMPLETE[name].get(parameter.name or "")
        said = value if parameter.name == given.name else needed
        if said is None:
            continue
        if isinstance(parameter, click.Option):
            options += [parameter.opts[0], said]
        else:
            arguments.append(said)
    seeded = ["--identifiers", "new"] if given.name == "seed" else []
    return [name, *options, *seeded, "--", *arguments]


PARAMETERS = [*_parameters()]


def test_every_command_is_looked_at() -> None:
    assert {name for name, _ in PARAMETERS} == set(COMPLETE) == set(_commands())
    assert len(PARAMETERS) > 20


def _wrong() -> Iterator[object]:
    for name, parameter in PARAMETERS:
        values = {"empty": "", "blank": "  ", "NUL": "a\0b"}
        if parameter.name in NAMES:  # a path may be of bytes that are not text
            values["no text"] = "\udcff"
        for what, value in values.items():
            yield pytest.param(name, parameter, value, id=f"{name}-{parameter.name}-{what}")


@pytest.mark.parametrize(("name", "parameter", "value"), [*_wrong()])
def test_2_for_an_argument_that_is_empty_or_no_text(
    here: Path, name: str, parameter: click.Parameter, value: str
) -> None:
    before = listing(here)
    done = run(*_line(name, parameter, value))
    assert (done.code, done.stdout) == (2, "")
    label = parameter.opts[0] if isinstance(parameter, click.Option) else parameter.metavar
    assert f"Invalid value for '{label}'" in done.stderr
    assert "\0" not in done.stderr
    assert listing(here) == before


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("remaap", "remap"),
        ("REMAP", "remap"),
        ("Kit", "kit"),
        ("verfy", "verify"),
        ("inspct", "inspect"),
        ("explian", "explain"),
        ("map", "remap"),
    ],
)
def test_2_for_a_command_that_there_is_not_with_the_one_that_may_be_meant(
    written: str, meant: str
) -> None:
    done = run(written, "custom.ps1")
    assert (done.code, done.stdout) == (2, "")
    assert f"'{written}' is not a command. Did you mean {meant}?" in done.stderr


@pytest.mark.usefixtures("here")
def test_2_for_a_path_where_a_command_should_be() -> None:
    done = run("custom.ps1", "--staging", "staging.ps1")
    assert done.code == 2
    assert done.stderr.endswith(
        "It is a file or folder: a command comes first, such as syncrules inspect custom.ps1\n"
    )


def test_2_for_a_word_that_is_like_no_command_with_all_of_them() -> None:
    done = run("zzz\x1b")
    assert done.code == 2
    named = ", ".join(_commands())
    assert f"'zzz\\x1b' is not a command. The commands are {named}." in done.stderr


@pytest.mark.parametrize(
    ("written", "meant"), [("--stagging", "--staging"), ("--forse", "--force"), ("--uot", "--out")]
)
def test_2_for_an_option_that_there_is_not_with_the_one_that_may_be_meant(
    written: str, meant: str
) -> None:
    done = run("remap", "custom.ps1", written, "x")
    assert done.code == 2
    # The words are click's: those of its oldest version that is taken, and newer ones.
    assert re.search(rf"(?:Did you mean|Possible options:) .*{meant}\b", done.stderr)


def test_the_message_says_what_to_look_for(here: Path) -> None:
    said = run("remap", "custom.ps1", "--staging", "staging.ps1", "--out", "").stderr
    assert "Invalid value for '--out': it is empty. Is a variable in the command not set?" in said
    assert listing(here).keys() == {"custom.ps1", "staging.ps1"}

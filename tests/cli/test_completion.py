"""What a shell completes: commands, options, their values, paths and codes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import click
import pytest

from support.builders import command, script
from syncrules.diagnostics import Code

PATHS = {
    *("paths", "exports", "staging", "active", "kit", "html"),
    *("a", "b", "also_a", "also_b", "accept", "write_accepted"),
}
FOLDERS = {"out"}
OTHERS = {
    *("codes", "seed", "first", "pairs", "identifiers", "keep_enabled", "leave", "form"),
    *("accept_elements", "encoding", "select", "ignore"),
}


def completed(*words: str, shell: str = "bash") -> list[str]:
    """Return what the installed command says to a shell, for the last of the words."""
    done = subprocess.run(
        [script()],
        env={
            "_SYNCRULES_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": " ".join(("syncrules", *words)),
            "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("re",), ["plain,remap"]),
        (("remap", "--pre"), ["plain,--precedence"]),
        (("remap", "--identifiers", "k"), ["plain,keep"]),
        (("remap", "--staging", "st"), ["file,st"]),
        (("remap", "cu"), ["file,cu"]),
        (("kit", "cu", "--out", "k"), ["dir,k"]),
        (("inspect", "cu"), ["file,cu"]),
        (("verify", "k"), ["dir,k"]),
        (("check", "cu"), ["file,cu"]),
        (("check", "--ignore", "sr70"), [f"plain,SR70{n}" for n in range(6)]),
        (("check", "--format", "s"), ["plain,sarif"]),
        (("explain", "sr45"), [f"plain,{code}" for code in Code if code.startswith("SR45")]),
    ],
)
def test_bash_gets_what_may_follow(words: tuple[str, ...], expected: list[str]) -> None:
    assert completed(*words) == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_get_it_too(shell: str) -> None:
    assert any("remap" in line for line in completed("re", shell=shell))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_to_set_it_up(shell: str) -> None:
    done = subprocess.run(
        [script()], env={"_SYNCRULES_COMPLETE": f"{shell}_source", "PATH": "/usr/bin:/bin"},
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert "_SYNCRULES_COMPLETE" in done.stdout


def _parameters() -> Iterator[tuple[str, click.Parameter, click.Context]]:
    group = command()
    assert isinstance(group, click.Group)
    context = click.Context(group)
    for name in group.list_commands(context):
        one = group.get_command(context, name)
        assert one is not None
        for parameter in one.params:
            if not (isinstance(parameter, click.Option) and parameter.is_flag):
                yield name, parameter, click.Context(one)


@pytest.mark.parametrize(("name", "parameter", "context"), [*_parameters()])
def test_every_path_is_completed_as_one(
    name: str, parameter: click.Parameter, context: click.Context
) -> None:
    kinds = {item.type for item in parameter.shell_complete(context, "x")}
    assert parameter.name in PATHS | FOLDERS | OTHERS
    if (name == "verify" and parameter.name == "kit") or parameter.name in FOLDERS:
        assert kinds == {"dir"}
    elif parameter.name in PATHS:
        assert kinds == {"file"}

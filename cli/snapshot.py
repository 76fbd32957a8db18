"""`syncrules snapshot`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from syncrules.comparison.snapshot import FIRST_LINE, Snapshot, snapshot
from syncrules.diagnostics import Code, Diagnostic, Place, Problem, has_errors, printable
from syncrules.wording import counted, first_of

from . import exits
from .diagnostics import tell_findings
from .help import Command
from .inputs import inputs_of, read
from .options import a_folder, a_path, encoding_option
from .progress import progress
from .targets import is_no_folder
from .writing import write

__all__ = ["snapshot_command"]


@click.command("snapshot", cls=Command)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=a_path)
@click.option("--out", metavar="DIR", type=a_folder, required=True, help="Where to write.")
@click.option("--force", is_flag=True, help="Replace an earlier snapshot in DIR.")
@encoding_option
@click.pass_context
def snapshot_command(
    context: click.Context,
    paths: tuple[str, ...],
    out: Path,
    force: bool,
    encoding: str | None,
) -> None:
    """Write what a server does as text files, for version control and side-by-side comparison.

    PATH describes a server, as for inspect. Each rule gets a file without identifiers, precedences
    and layout, which do not count: it changes exactly when compare finds that the rule differs.
    Lines that begin with # are notes. The files are for reading; they cannot be imported.

    \b
    Examples:
      syncrules snapshot staging/ --out snapshot
      syncrules snapshot staging/ --out snapshot --force
    """
    inputs = inputs_of(paths)
    with progress(len(inputs)) as advance:
        found = read(inputs, encoding, advance)
    made = snapshot(found.server)
    diagnostics = tuple(d for d in found.diagnostics if d.is_error)
    if not has_errors(diagnostics):
        earlier = _earlier(out)
        diagnostics = tuple(_against(out, made.files, earlier, force=force))
    if not has_errors(diagnostics):
        files = {
            path: text.encode("utf-8", "backslashreplace") for path, text in made.files.items()
        }
        diagnostics = write(out, files, sorted(earlier - made.files.keys()))
    refused = has_errors(diagnostics)
    tell_findings(diagnostics, refused=refused)
    if refused:
        context.exit(exits.REFUSED)
    for line in _report(made, out):
        click.echo(printable(line))


def _earlier(out: Path) -> frozenset[str]:
    """Return the paths of the files in a folder that a snapshot wrote."""
    return frozenset(
        Path(where, name).relative_to(out).as_posix()
        for where, _, names in os.walk(out)
        for name in names
        if name.endswith(".txt") and _is_ours(Path(where, name))
    )


def _is_ours(path: Path) -> bool:
    start = FIRST_LINE.encode()
    try:
        with path.open("rb") as file:
            return file.read(len(start)) == start
    except OSError:
        return False


def _against(
    out: Path, names: Iterable[str], earlier: frozenset[str], *, force: bool
) -> Iterator[Diagnostic]:
    """Yield what stands against writing: a file that is there and may not be replaced."""
    if no_folder := is_no_folder(out):
        yield no_folder
        return
    for name in names:
        target = out / name
        if os.path.lexists(target) and not (force and name in earlier):
            hint = "add --force to replace it" if name in earlier else "move this file"
            yield Problem(
                Code.SR505,
                "The file exists already.",
                f"Name another folder with --out, or {hint}.",
            ).at(Place(str(target)))
            return  # the others may be there as well: one is enough


def _report(made: Snapshot, out: Path) -> Iterator[str]:
    rules = sum("/" in path and not path.endswith("/connector.txt") for path in made.files)
    yield f"{counted(rules, 'rule')} in {out}"
    if made.not_shown:
        names = first_of(sorted(r.name for r in made.not_shown))
        yield f"Not written, since no file shows what they do: {names}"

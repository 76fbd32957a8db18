"""`syncrules remap`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Diagnostic, Severity, has_errors, printable
from syncrules.remap import Plan, plan
from syncrules.rules import parse_guid
from syncrules.servers import merge
from syncrules.servers.exports import server_of_export
from syncrules.source import ENCODINGS

from . import exits
from .document import dumps, migration
from .findings import count, echo_findings
from .inputs import Inputs, paths_of, read_inputs
from .progress import progress
from .report import report
from .writing import check_target, write_all

__all__ = ["remap"]


def _mapping(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """Turn the values of --map into a mapping of identifiers."""
    mapping: dict[str, str] = {}
    for value in values:
        old, equals, new = value.partition("=")
        source, target = parse_guid(old), parse_guid(new)
        if not equals or source is None or target is None:
            shown = printable(value)
            raise click.BadParameter(f"'{shown}' is not OLD=NEW with two connector GUIDs.")
        if mapping.get(source, target) != target:
            raise click.BadParameter(f"{source} is given two targets.")
        mapping[source] = target
    return mapping


@click.command(short_help="Map an active server's custom rules to the staging server.")
@click.argument("exports", metavar="EXPORT...", nargs=-1, required=True)
@click.option(
    "--staging", metavar="PATH", multiple=True, required=True,
    help="The staging server's exported out-of-box rules: a file or a folder. May be repeated.",
)  # fmt: skip
@click.option(
    "--active", metavar="PATH", multiple=True,
    help="More about the active server, to tell its connectors apart: out-of-box rules exported "
    "there. May be repeated.",
)  # fmt: skip
@click.option(
    "--map", "mapping", metavar="OLD=NEW", multiple=True, callback=_mapping,
    help="The staging connector NEW stands for the active connector OLD. May be repeated.",
)  # fmt: skip
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Where to write.")
@click.option("--check", is_flag=True, help="Do all but write.")
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option("--force", is_flag=True, help="Replace files of an earlier run in DIR.")
@click.option("--bare", is_flag=True, help="Write no prologue before the rules.")
@click.option(
    "--keep-foreign", is_flag=True,
    help="Keep simple commands that no export holds, where they stand between the rules.",
)  # fmt: skip
@click.option(
    "--encoding", metavar="NAME", type=click.Choice(ENCODINGS, case_sensitive=False),
    help="The code page of files without a byte order mark, such as windows-1252 or cp932.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def remap(
    context: click.Context,
    exports: tuple[str, ...],
    staging: tuple[str, ...],
    active: tuple[str, ...],
    mapping: dict[str, str],
    out: Path | None,
    check: bool,
    strict: bool,
    force: bool,
    bare: bool,
    keep_foreign: bool,
    encoding: str | None,
    form: Literal["text", "json"],
) -> None:
    """Map an active server's custom rules to the staging server.

    EXPORT is a file that the Synchronization Rules Editor exported on the active server, a folder
    of such files, or - for standard input. Custom rules are moved. Out-of-box rules are left out;
    they help to tell connectors apart.

    \b
    Examples:
      syncrules remap custom.ps1 --staging staging.ps1 --out mapped
      syncrules remap active/ --staging staging/ --check --format json
    """
    if out is None and not check:
        raise click.UsageError("Missing option '--out' (or '--check' to write nothing).")
    groups = [paths_of(paths) for paths in (exports, staging, active)]
    with progress(sum(map(len, groups))) as advance:
        moving = read_inputs(groups[0], encoding, advance, keep_foreign=keep_foreign)
        there, here = (read_inputs(paths, encoding, advance) for paths in groups[1:])
        planned, findings = _plan(moving, there, here, mapping, bare)
    if planned is not None and out is not None:
        names = [f.name for f in planned.files]
        files = (*moving.files, *there.files, *here.files)
        findings = (*findings, *check_target(out, names, files, force=force))
    refused = _stops(findings, strict)
    target = None if check else out
    if planned is not None and target is not None and not refused:
        failed = write_all(target, planned.output())
        findings = (*findings, *failed)
        refused = bool(failed)
    _say(form, planned, findings, target, refused)
    context.exit(exits.REFUSED if refused else exits.DONE)


def _plan(
    moving: Inputs, there: Inputs, here: Inputs, mapping: dict[str, str], bare: bool
) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """Plan the move; there is no plan where an input is refused."""
    # Warnings about evidence are of no use here: nothing of it is written.
    evidence = tuple(f for f in (*there.findings, *here.findings) if f.is_error)
    if has_errors((*moving.findings, *evidence)):
        return None, (*moving.findings, *evidence)
    planned = plan(
        moving.exports,
        staging=merge(map(server_of_export, there.exports)),
        active=merge(map(server_of_export, here.exports)),
        mapping=mapping,
        bare=bare,
    )
    return planned, planned.diagnostics


def _stops(findings: tuple[Diagnostic, ...], strict: bool) -> bool:
    """Return whether a finding forbids to write; with --strict, warnings do."""
    least = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return any(f.severity in least for f in findings)


def _say(
    form: Literal["text", "json"],
    planned: Plan | None,
    findings: tuple[Diagnostic, ...],
    target: Path | None,
    refused: bool,
) -> None:
    """Print findings to standard error, the report or the document to standard output."""
    if form == "json":
        written = [] if refused or target is None or planned is None else _paths(planned, target)
        click.echo(dumps(migration(planned, findings, written)))
    echo_findings(findings)
    if refused:
        why = "" if has_errors(findings) else ", taken for errors by --strict"
        click.echo(f"{count(findings)}{why}: nothing was written.", err=True)
    elif form == "text" and planned is not None:
        click.echo("\n".join(map(printable, report(planned, target))))


def _paths(planned: Plan, target: Path) -> list[str]:
    return [str(target / f.name) for f in planned.files]

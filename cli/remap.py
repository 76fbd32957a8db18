"""`syncrules remap`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Diagnostic, has_errors, printable
from syncrules.migration.plan import Plan

from . import exits
from .diagnostics import echo_diagnostics, echo_refusal
from .help import Command
from .options import format_option
from .request import Request, migration_options, planned, stops
from .targets import check_target
from .text_report import report
from .writing import write

__all__ = ["remap"]


@click.command(cls=Command)
@migration_options
@format_option
def remap(request: Request, form: Literal["text", "json"]) -> None:
    """Map an active server's custom rules to the staging server.

    EXPORT is a file that the Synchronization Rules Editor exported on the active server, a folder
    of such files, the active server's configuration folder, or - for standard input. Custom rules
    are moved. Out-of-box rules are left out; they help to tell connectors apart.

    \b
    Examples:
      syncrules remap custom.ps1 --staging staging.ps1 --out mapped
      syncrules remap active/ --staging staging/ --check --format json
      syncrules remap rules.ps1 --active old/ --staging new/ --out mapped
    """
    found = planned(request)
    plan, diagnostics = found.plan, found.diagnostics
    files = _files(plan, diagnostics)
    if plan is not None and request.out is not None:
        diagnostics = (
            *diagnostics,
            *check_target(request.out, _contents(plan, files), found.paths, force=request.force),
        )
    refused = stops(diagnostics, strict=request.strict)
    target = None if request.check else request.out
    if plan is not None and target is not None and not refused:
        failed = write(target, files)
        diagnostics = (*diagnostics, *failed)
        refused = bool(failed)
    _say(form, plan, diagnostics, target, refused)
    click.get_current_context().exit(exits.REFUSED if refused else exits.DONE)


def _files(plan: Plan | None, diagnostics: tuple[Diagnostic, ...]) -> dict[str, bytes]:
    """Return the files to be written; none where the plan has errors."""
    return {} if plan is None or has_errors(diagnostics) else dict(plan.output())


def _contents(plan: Plan, files: dict[str, bytes]) -> dict[str, bytes | None]:
    """Return the names that are to be written, each with what will be in it, where it is known."""
    return {file.name: files.get(file.name) for file in plan.files}


def _say(
    form: Literal["text", "json"],
    plan: Plan | None,
    diagnostics: tuple[Diagnostic, ...],
    target: Path | None,
    refused: bool,
) -> None:
    """Print diagnostics to standard error, the report or the document to standard output."""
    if form == "json":
        from .json_documents import dumps, migration

        written = [] if refused or target is None or plan is None else _paths(plan, target)
        click.echo(dumps(migration(plan, diagnostics, written)))
    echo_diagnostics(diagnostics)
    if refused:
        echo_refusal(diagnostics, "nothing was written")
    elif form == "text" and plan is not None:
        click.echo("\n".join(map(printable, report(plan, target))))


def _paths(plan: Plan, target: Path) -> list[str]:
    return [str(target / f.name) for f in plan.files]

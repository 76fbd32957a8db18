"""`syncrules remap`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Diagnostic, grouped, has_errors
from syncrules.migration.plan import Plan
from syncrules.migration.verdict import verdict as parts_of
from syncrules.wording import counted

from . import exits
from .atomic_write import OneFile
from .diagnostics import Told, tell_findings
from .help import Command
from .options import a_page, format_option, quiet_option, verbose_option
from .page import Page, page
from .request import Request, migration_options, planned, stops
from .targets import check_page, check_target
from .text_report import report, verdict, verdict_lines
from .what_moves import files_that_move
from .writing import write

__all__ = ["remap"]


@click.command(cls=Command)
@migration_options
@click.option(
    "--html",
    metavar="FILE",
    type=a_page,
    help="Write the change list too, as one HTML file to be read, printed and signed.",
)
@verbose_option
@quiet_option
@format_option
def remap(
    request: Request,
    html: Path | None,
    verbose: bool,
    quiet: bool,
    form: Literal["text", "json"],
) -> None:
    """Map an active server's custom rules to the staging server.

    EXPORT is a file that the Synchronization Rules Editor exported on the active server, a folder
    of such files, the active server's configuration folder, or - for standard input. Custom rules
    are moved. Out-of-box rules are left out; they are evidence for pairing connectors.

    \b
    Examples:
      syncrules remap custom.ps1 --staging staging.ps1 --out mapped
      syncrules remap active/ --staging staging/ --check --format json
      syncrules remap rules.ps1 --active old/ --staging new/ --out mapped
      syncrules remap active/ --staging new/ --out moved --html changes.html
    """
    found = planned(request)
    plan, diagnostics = found.plan, found.diagnostics
    files = _files(plan, diagnostics)
    if plan is not None and request.out is not None:
        against = check_target(
            request.out, _contents(plan, files), found.paths, force=request.force
        )
        diagnostics = grouped((*diagnostics, *against))
    if plan is not None and html is not None:
        given = map(Path, (*request.exports, *request.staging, *request.active))
        against = check_page(html, request.out, found.paths, given, force=request.force)
        diagnostics = grouped((*diagnostics, *against))
    refused = stops(diagnostics, strict=request.strict)
    target = None if request.check else request.out
    if plan is not None and target is not None and not refused:
        failed = _write(plan, files, target, html)
        diagnostics = (*diagnostics, *failed)
        refused = bool(failed)
    how = Told(form, verbose=verbose, quiet=quiet)
    if form == "json":
        from .json_documents import dumps, migration

        written = [] if refused or target is None or plan is None else _paths(plan, target, html)
        click.echo(dumps(migration(plan, diagnostics, written)))
    if refused or plan is None or form == "json":
        tell_findings(diagnostics, how, refused=refused)
    else:
        _report(plan, diagnostics, request, html, how)
    click.get_current_context().exit(exits.REFUSED if refused else exits.DONE)


def _files(plan: Plan | None, diagnostics: tuple[Diagnostic, ...]) -> dict[str, bytes]:
    """Return the files to be written; none where the plan has errors."""
    return {} if plan is None or has_errors(diagnostics) else dict(plan.output())


def _contents(plan: Plan, files: dict[str, bytes]) -> dict[str, bytes | None]:
    """Return the names that are to be written, each with what will be in it, where it is known."""
    return {file.name: files.get(file.name) for file in plan.files}


def _write(
    plan: Plan, files: dict[str, bytes], target: Path, html: Path | None
) -> tuple[Diagnostic, ...]:
    """Write the files and the page, or none of them; return why it failed."""
    if html is None:
        return write(target, files)
    from syncrules.kit.report import report_of  # few runs write one

    from .making import made

    data = report_of(plan, made())
    if html.resolve().is_relative_to(target.resolve()):
        inside = html.resolve().relative_to(target.resolve()).as_posix()
        return write(target, files | {inside: data})
    return write(target, files, beside=OneFile(html, data))


def _report(
    plan: Plan, diagnostics: tuple[Diagnostic, ...], request: Request, html: Path | None, how: Told
) -> None:
    paper, parts = page(lists_all=how.verbose), parts_of(plan, diagnostics)
    is_written = not request.check
    paper.print(
        verdict_lines(verdict(parts, paper, is_written=is_written), diagnostics, paper)
        if how.quiet
        else report(
            plan,
            diagnostics,
            paper,
            parts=parts,
            moving=files_that_move(plan, paper),
            ending=_ending(plan, request.out, html, paper),
            is_written=is_written,
        )
    )


def _ending(plan: Plan, out: Path | None, html: Path | None, paper: Page) -> Iterator[str]:
    """Yield where it was written; the files, in the order above, are listed with -v."""
    if paper.lists_all and out is not None:
        yield from _paths(plan, out, html)
        return
    yield f"{out}: {counted(len(plan.files), 'file')}, to be run in the order above"
    if html is not None:
        yield str(html)


def _paths(plan: Plan, target: Path, html: Path | None) -> list[str]:
    pages = [] if html is None else [str(html)]
    return [*(str(target / f.name) for f in plan.files), *pages]

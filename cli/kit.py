"""`syncrules kit`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Diagnostic, grouped, has_errors
from syncrules.kit.assembling import Kit, kit_of
from syncrules.kit.hints import for_kit
from syncrules.kit.manifest import MANIFEST, sha256
from syncrules.kit.report import REPORT
from syncrules.migration.plan import Plan
from syncrules.migration.verdict import kit_verdict

from . import exits
from .diagnostics import Told, tell_findings
from .help import Command
from .kit_target import check_kit_target, is_same_kit
from .making import made as made_now
from .options import format_option, quiet_option, verbose_option
from .page import page
from .request import Planned, Request, migration_options, planned, stops
from .text_report import report, verdict, verdict_lines
from .what_moves import rules_that_move
from .writing import write

__all__ = ["kit"]


@click.command(cls=Command)
@migration_options
@verbose_option
@quiet_option
@format_option
def kit(request: Request, verbose: bool, quiet: bool, form: Literal["text", "json"]) -> None:
    """Write a migration kit: the mapped rules with scripts that run them safely.

    Copy the folder DIR to the staging server and follow its README.txt there: check, apply,
    verify, and undo if need be, in Windows PowerShell 5.1 and without Python. EXPORT and the
    options are those of remap.

    \b
    Examples:
      syncrules kit active/ --staging staging/ --out kit
      syncrules kit rules.ps1 --active old/ --staging new/ --check
    """
    found = planned(request, one_by_one=True)
    made, diagnostics = _made(found)
    earlier: tuple[str, ...] = ()
    if made is not None and request.out is not None:
        earlier, against = check_kit_target(
            request.out, made.files, found.paths, force=request.force
        )
        diagnostics = grouped((*diagnostics, *against))
    refused = stops(diagnostics, strict=request.strict) or made is None
    target = None if request.check else request.out
    if made is not None and target is not None and not refused:
        failed = _write(made, target, earlier)
        diagnostics = (*diagnostics, *failed)
        refused = bool(failed)
    how = Told(form, verbose=verbose, quiet=quiet)
    plan = found.plan
    if form == "json":
        from .json_documents import dumps, migration

        written = [] if made is None or target is None or refused else _paths(made, target)
        click.echo(dumps(migration(plan, diagnostics, written)))
    if refused or plan is None or made is None or form == "json":
        tell_findings(diagnostics, how, refused=refused)
    else:
        _report(plan, made, diagnostics, request, how)
    click.get_current_context().exit(exits.REFUSED if refused else exits.DONE)


def _made(found: Planned) -> tuple[Kit | None, tuple[Diagnostic, ...]]:
    """Return the kit and all diagnostics; no kit where the plan has errors."""
    if found.plan is None or has_errors(found.diagnostics):
        return None, for_kit(found.diagnostics, is_made=False)
    kit, diagnostics = kit_of(found.plan, made_now())
    return kit, (*for_kit(found.diagnostics), *diagnostics)


def _write(made: Kit, target: Path, earlier: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """Write the kit; one that is there already keeps its report, with the time it was made."""
    if (target / REPORT).is_file() and is_same_kit(target, made.files):
        return write(target, {})
    return write(target, made.files, earlier)


def _report(
    plan: Plan, made: Kit, diagnostics: tuple[Diagnostic, ...], request: Request, how: Told
) -> None:
    paper, parts = page(lists_all=how.verbose), kit_verdict(plan, diagnostics, len(made.files))
    is_written = not request.check
    paper.print(
        verdict_lines(verdict(parts, paper, is_written=is_written), diagnostics, paper)
        if how.quiet
        else report(
            plan,
            diagnostics,
            paper,
            parts=parts,
            moving=rules_that_move(plan, [(f.planned, f.path) for f in made.rules], paper),
            ending=_next(made, request.out),
            is_written=is_written,
        )
    )


def _next(made: Kit, out: Path | None) -> Iterator[str]:
    yield (
        f"{out}: {len(made.files)} files. Copy the folder to the staging server; README.txt in it "
        "says what to do."
    )
    yield f"The kit has the code {made.code}, which its pages and its scripts show."
    yield (
        f"{MANIFEST} has the SHA-256 {sha256(made.files[MANIFEST])}: 1-check.ps1 shows it "
        "there; the two must be the same."
    )


def _paths(made: Kit, target: Path) -> list[str]:
    return [str(target / path) for path in sorted(made.files)]

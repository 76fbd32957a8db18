"""`syncrules kit`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Diagnostic, has_errors, printable
from syncrules.kit.assembling import Kit, kit_of
from syncrules.kit.manifest import MANIFEST, sha256
from syncrules.migration.plan import Plan

from . import exits
from .diagnostics import echo_diagnostics, echo_refusal
from .help import Command
from .kit_target import check_kit_target
from .options import format_option
from .request import Planned, Request, migration_options, planned, stops
from .text_report import changes, counted, described
from .writing import write

__all__ = ["kit"]


@click.command(cls=Command)
@migration_options
@format_option
def kit(request: Request, form: Literal["text", "json"]) -> None:
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
        diagnostics += against
    refused = stops(diagnostics, strict=request.strict) or made is None
    target = None if request.check else request.out
    if made is not None and target is not None and not refused:
        failed = write(target, made.files, earlier)
        diagnostics += failed
        refused = bool(failed)
    _say(form, found.plan, made, diagnostics, None if refused else target, refused=refused)
    click.get_current_context().exit(exits.REFUSED if refused else exits.DONE)


def _made(found: Planned) -> tuple[Kit | None, tuple[Diagnostic, ...]]:
    """Return the kit and all diagnostics; no kit where the plan has errors."""
    if found.plan is None or has_errors(found.diagnostics):
        return None, found.diagnostics
    kit, diagnostics = kit_of(found.plan)
    return kit, (*found.diagnostics, *diagnostics)


def _say(
    form: Literal["text", "json"],
    plan: Plan | None,
    made: Kit | None,
    diagnostics: tuple[Diagnostic, ...],
    target: Path | None,
    *,
    refused: bool,
) -> None:
    """Print diagnostics to standard error, the report or the document to standard output."""
    if form == "json":
        from .json_documents import dumps, migration

        written = [] if made is None or target is None else _paths(made, target)
        click.echo(dumps(migration(plan, diagnostics, written)))
    echo_diagnostics(diagnostics)
    if refused:
        echo_refusal(diagnostics, "nothing was written")
    elif form == "text" and plan is not None and made is not None:
        lines = [*_rules(plan, made), *changes(plan), *_next(made, target)]
        click.echo("\n".join(map(printable, lines)))


def _rules(plan: Plan, made: Kit) -> Iterator[str]:
    """Yield the rules with their files, and the originals that 2-apply.ps1 disables."""
    yield f"{counted(len(made.rules), 'rule')} to the staging server"
    for file in made.rules:
        yield f"  {file.path}"
        yield f"     - {described(file.planned)}"
    if plan.disabled:
        yield f"{counted(len(plan.disabled), 'out-of-box rule')} to be disabled there first"
        yield from (f"     - '{p.staging.name}' ({p.staging.immutable_tag})" for p in plan.disabled)


def _next(made: Kit, target: Path | None) -> list[str]:
    if target is None:
        return ["", "Checked only: nothing was written."]
    return [
        "",
        f"Written: {target}, {len(made.files)} files. Copy the folder to the staging server; "
        "README.txt in it says what to do.",
        f"{MANIFEST} has the SHA-256 {sha256(made.files[MANIFEST])}: 1-check.ps1 shows it there; "
        "the two must be the same.",
    ]


def _paths(made: Kit, target: Path) -> list[str]:
    return [str(target / path) for path in sorted(made.files)]

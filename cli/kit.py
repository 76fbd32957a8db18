"""`syncrules kit`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Diagnostic, has_errors, printable
from syncrules.kit.assembling import JOURNAL, kit_of
from syncrules.kit.manifest import MANIFEST, sha256
from syncrules.kit.rule_files import FOLDER
from syncrules.migration.plan import Plan

from . import exits
from .document import dumps, migration
from .findings import echo_findings, echo_refusal
from .options import format_option
from .planning import Planned, Request, migration_options, planned, stops
from .report import changes, counted, described
from .writing import check_folder, write_folder

__all__ = ["kit"]


@click.command(short_help="Write a folder that moves the rules safely on the staging server.")
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
    found = planned(request)
    files, findings = _made(found)
    if files and request.out is not None:
        findings += tuple(
            check_folder(request.out, MANIFEST, JOURNAL, found.files, force=request.force)
        )
    refused = stops(findings, strict=request.strict) or not files
    target = None if request.check else request.out
    if target is not None and not refused:
        failed = write_folder(target, files)
        findings += failed
        refused = bool(failed)
    _say(form, found.plan, findings, files, None if refused else target, refused=refused)
    click.get_current_context().exit(exits.REFUSED if refused else exits.DONE)


def _made(found: Planned) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """Return the kit's files and all findings; no files where the plan has errors."""
    if found.plan is None or has_errors(found.findings):
        return {}, found.findings
    made = kit_of(found.plan)
    return made.files, (*found.findings, *made.diagnostics)


def _say(
    form: Literal["text", "json"],
    plan: Plan | None,
    findings: tuple[Diagnostic, ...],
    files: dict[str, bytes],
    target: Path | None,
    *,
    refused: bool,
) -> None:
    """Print findings to standard error, the report or the document to standard output."""
    if form == "json":
        written = [] if target is None else [str(target / path) for path in sorted(files)]
        click.echo(dumps(migration(plan, findings, written)))
    echo_findings(findings)
    if refused:
        echo_refusal(findings, "nothing was written")
    elif form == "text" and plan is not None:
        lines = [*_rules(plan, files), *changes(plan), *_next(files, target)]
        click.echo("\n".join(map(printable, lines)))


def _rules(plan: Plan, files: dict[str, bytes]) -> Iterator[str]:
    """Yield the rules with their files, and the originals that 2-apply.ps1 disables."""
    yield f"{counted(len(plan.moved), 'rule')} to the staging server"
    paths = sorted(path for path in files if path.startswith(f"{FOLDER}/"))
    for path, moved in zip(paths, plan.moved, strict=True):
        yield f"  {path}"
        yield f"     - {described(moved)}"
    if plan.disabled:
        yield f"{counted(len(plan.disabled), 'out-of-box rule')} to be disabled there first"
        yield from (f"     - '{p.target.name}' ({p.target.immutable_tag})" for p in plan.disabled)


def _next(files: dict[str, bytes], target: Path | None) -> list[str]:
    if target is None:
        return ["", "Checked only: nothing was written."]
    return [
        "",
        f"Written: {target}, {len(files)} files. Copy the folder to the staging server; README.txt "
        "in it says what to do.",
        f"{MANIFEST} has the SHA-256 {sha256(files[MANIFEST])}: 1-check.ps1 shows it there; the "
        "two must be the same.",
    ]

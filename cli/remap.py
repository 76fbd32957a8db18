"""`syncrules remap`."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Diagnostic, Severity, has_errors, printable
from syncrules.loading import Loaded
from syncrules.migration.plan import Plan, plan_with
from syncrules.migration.situation import Choices
from syncrules.servers import merge

from . import exits
from .document import dumps, migration
from .findings import count, echo_findings
from .inputs import inputs_of, read
from .options import encoding_option, format_option, mapping, numbering
from .progress import progress
from .report import report
from .writing import check_target, write_all

__all__ = ["remap"]


@click.command(short_help="Map an active server's custom rules to the staging server.")
@click.argument("exports", metavar="EXPORT...", nargs=-1, required=True)
@click.option(
    "--staging", metavar="PATH", multiple=True, required=True,
    help="What describes the staging server: exported out-of-box rules, its configuration folder, "
    "its connector list or settings; a file or a folder. May be repeated.",
)  # fmt: skip
@click.option(
    "--active", metavar="PATH", multiple=True,
    help="More about the active server, of the same kinds. May be repeated.",
)  # fmt: skip
@click.option(
    "--map", "pairs", metavar="OLD=NEW", multiple=True, callback=mapping,
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
    "--identifiers", type=click.Choice(["keep", "new"]), default="keep",
    help="Keep the rules' identifiers, or give them new ones.",
)  # fmt: skip
@click.option(
    "--seed", metavar="TEXT", help="With --identifiers new: the same text, the same identifiers."
)
@click.option(
    "--precedence", "first", metavar="keep|compact|after=N", default="keep", callback=numbering,
    help="Keep the rules' numbers, or number them anew in their order, from 1 or after N.",
)  # fmt: skip
@click.option(
    "--keep-enabled", metavar="NAME", multiple=True,
    help="Leave this out-of-box rule enabled, though it is disabled on the active server. May be "
    "repeated.",
)  # fmt: skip
@click.option("--partial", is_flag=True, help="Custom rules of the active server may stay behind.")
@encoding_option
@format_option
@click.pass_context
def remap(
    context: click.Context,
    exports: tuple[str, ...],
    staging: tuple[str, ...],
    active: tuple[str, ...],
    pairs: dict[str, str],
    out: Path | None,
    check: bool,
    strict: bool,
    force: bool,
    bare: bool,
    keep_foreign: bool,
    identifiers: str,
    seed: str | None,
    first: int | None,
    keep_enabled: tuple[str, ...],
    partial: bool,
    encoding: str | None,
    form: Literal["text", "json"],
) -> None:
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
    if out is None and not check:
        raise click.UsageError("Missing option '--out' (or '--check' to write nothing).")
    if seed is not None and identifiers != "new":
        raise click.UsageError("--seed needs --identifiers new.")
    groups = [inputs_of(paths) for paths in (exports, staging, active)]
    with progress(sum(map(len, groups))) as advance:
        moving = read(groups[0], encoding, advance, keep_foreign=keep_foreign, to_move=True)
        there, here = (read(inputs, encoding, advance) for inputs in groups[1:])
        choices = Choices(
            pairs, _seed(identifiers, seed), first, keep_enabled, partial=partial, bare=bare
        )
        planned, findings = _plan(moving, there, here, choices)
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


def _seed(identifiers: str, seed: str | None) -> str | None:
    """Return what new identifiers are made from, or `None` to keep the rules' own."""
    if identifiers == "keep":
        return None
    return secrets.token_hex() if seed is None else seed


def _plan(
    moving: Loaded, there: Loaded, here: Loaded, choices: Choices
) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """Plan the move; there is no plan where an input is refused."""
    # Warnings about evidence are of no use here: nothing of it is written.
    evidence = tuple(f for f in (*there.findings, *here.findings) if f.is_error)
    findings = (*moving.findings, *evidence)
    if has_errors(findings):
        return None, findings
    own = {id(d) for e in moving.exports for d in e.diagnostics}
    planned = plan_with(
        moving.exports, there.server, merge((here.server, moving.evidence)), choices
    )
    notes = tuple(f for f in moving.findings if id(f) not in own)
    return planned, (*notes, *planned.diagnostics)


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

"""From the words of a command line to a plan: what `remap` and `kit` share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from syncrules.diagnostics import Diagnostic, Severity, grouped, has_errors
from syncrules.files import Loaded
from syncrules.migration.context import Choices
from syncrules.migration.plan import Plan
from syncrules.migration.planner import plan_with
from syncrules.servers.merging import merge

from .ending import keep
from .inputs import inputs_of, passed_over_in, read
from .options import a_folder, a_name, a_path, encoding_option, mapping, numbering
from .progress import progress

__all__ = ["Planned", "Request", "migration_options", "planned", "stops"]

_OPTIONS = (
    click.argument("exports", metavar="EXPORT...", nargs=-1, required=True, type=a_path),
    click.option(
        "--staging", metavar="PATH", multiple=True, required=True, type=a_path,
        help="What describes the staging server: exported out-of-box rules, its configuration "
        "folder, its connector list or settings; a file or a folder. May be repeated.",
    ),
    click.option(
        "--active", metavar="PATH", multiple=True, type=a_path,
        help="More files of the active server, of the same types. May be repeated.",
    ),
    click.option(
        "--map", "pairs", metavar="OLD=NEW", multiple=True, callback=mapping,
        help="The active server's connector OLD is NEW on the staging server, each by its name, "
        "its forest or its identifier. May be repeated.",
    ),
    click.option("--out", metavar="DIR", type=a_folder, help="Folder to write to; it may be new."),
    click.option("--check", is_flag=True, help="Check everything, but write nothing."),
    click.option("--strict", is_flag=True, help="Treat warnings as errors."),
    click.option(
        "--force", is_flag=True, help="Replace files of an earlier run in DIR that differ."
    ),
    click.option(
        "--bare", is_flag=True,
        help="Omit the comment header and $ErrorActionPreference before the rules.",
    ),
    click.option(
        "--keep-foreign", is_flag=True,
        help="Keep other simple commands found between the rules, such as Write-Host.",
    ),
    click.option(
        "--identifiers", type=click.Choice(["keep", "new"]), default="keep",
        help="Keep the rules' identifiers, or give them new ones.",
    ),
    click.option(
        "--seed", metavar="TEXT", type=a_name,
        help="With --identifiers new: the same TEXT always gives the same identifiers.",
    ),
    click.option(
        "--precedence", "first", metavar="keep|compact|after=N", default="keep",
        callback=numbering,
        help="Keep the precedences of the rules, or renumber them in their current order, from "
        "1 or after N.",
    ),
    click.option(
        "--keep-enabled", metavar="NAME", multiple=True, type=a_name,
        help="Leave this out-of-box rule enabled, though it is disabled on the active server. "
        "May be repeated.",
    ),
    click.option(
        "--leave", metavar="NAME", multiple=True, type=a_name,
        help="Leave this custom rule behind, or all rules of this connector: its name, forest or "
        "identifier. May be repeated.",
    ),
    click.option(
        "--partial", is_flag=True,
        help="Allow leaving some custom rules of the active server behind.",
    ),
    click.option(
        "--accept-element", "accept_elements", metavar="NAME", multiple=True, type=a_name,
        help="Move the rules of a configuration without this element, which every rule there has "
        "and which is not known. May be repeated.",
    ),
    encoding_option,
)  # fmt: skip


class Request(NamedTuple):
    """What the command line asks for; the names are those of the options."""

    exports: tuple[str, ...]
    staging: tuple[str, ...]
    active: tuple[str, ...]
    pairs: dict[str, str]
    out: Path | None
    check: bool
    strict: bool
    force: bool
    bare: bool
    keep_foreign: bool
    identifiers: str
    seed: str | None
    first: int | None
    keep_enabled: tuple[str, ...]
    leave: tuple[str, ...]
    partial: bool
    accept_elements: tuple[str, ...]
    encoding: str | None

    @property
    def choices(self) -> Choices:
        """What was decided, for the plan."""
        seed = None
        if self.identifiers == "new":
            import secrets  # most runs keep the identifiers

            seed = secrets.token_hex() if self.seed is None else self.seed
        return Choices(
            self.pairs,
            seed,
            self.first,
            self.keep_enabled,
            partial=self.partial,
            bare=self.bare,
            leave=self.leave,
        )


class Planned(NamedTuple):
    """The plan, if the inputs could be read, all diagnostics, and the files that were read."""

    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    paths: tuple[Path, ...]


def migration_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the arguments and options of a migration, as one `request`."""

    @wraps(command)
    def gather(**values: Any) -> None:
        own = {name: values.pop(name) for name in Request._fields}
        command(request=_checked(Request(**own)), **values)

    for option in reversed(_OPTIONS):
        gather = option(gather)
    return gather


def _checked(request: Request) -> Request:
    """Refuse what does not go together."""
    if request.out is None and not request.check:
        raise click.UsageError("Missing option '--out' (or '--check' to write nothing).")
    if request.seed is not None and request.identifiers != "new":
        raise click.UsageError("--seed needs --identifiers new.")
    return request


def planned(request: Request, *, one_by_one: bool = False) -> Planned:
    """Read the files and plan the move, of each rule by itself if that is how they are run."""
    groups = [inputs_of(paths) for paths in (request.exports, request.staging, request.active)]
    read_anywhere = [one for group in groups for one in group]
    groups[0] += passed_over_in(request.exports, read_anywhere, request.out)
    with progress(sum(map(len, groups))) as advance:
        moving = read(
            groups[0],
            request.encoding,
            advance,
            keep_foreign=request.keep_foreign,
            to_move=True,
            accept_elements=request.accept_elements,
        )
        staging, active = (read(inputs, request.encoding, advance) for inputs in groups[1:])
        choices = request.choices._replace(one_by_one=one_by_one)
        plan, diagnostics = _plan(moving, staging, active, choices)
        keep(plan)
    return Planned(plan, diagnostics, (*moving.paths, *staging.paths, *active.paths))


def _plan(
    moving: Loaded, staging: Loaded, active: Loaded, choices: Choices
) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """Plan the move; there is no plan where an input is refused."""
    # Warnings about evidence are of no use here: nothing of it is written.
    evidence = tuple(d for d in (*staging.diagnostics, *active.diagnostics) if d.is_error)
    diagnostics = grouped((*moving.diagnostics, *evidence))
    if has_errors(diagnostics):
        return None, diagnostics
    known = merge((active.server, moving.evidence))
    plan = plan_with(moving.exports, staging.server, known, choices)
    return plan, grouped((*moving.beside_exports, *plan.diagnostics))


def stops(diagnostics: tuple[Diagnostic, ...], *, strict: bool) -> bool:
    """Return whether a diagnostic forbids to write; with --strict, warnings do."""
    least = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return any(d.severity in least for d in diagnostics)

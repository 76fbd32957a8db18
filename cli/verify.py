"""`syncrules verify`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, grouped, has_errors
from syncrules.errors import NotAManifest
from syncrules.files import load
from syncrules.kit.manifest import MANIFEST, Manifest, read_manifest, sha256
from syncrules.kit.verification import SCRIPT_FOLDERS, changed_files, verify
from syncrules.wording import counted

from . import exits
from .diagnostics import Told, render_all, tell_findings
from .explain_line import explain_line
from .help import Command
from .inputs import inputs_of, read
from .json_documents import dumps, verification
from .no_kit import no_kit
from .options import (
    a_folder,
    a_path,
    encoding_option,
    format_option,
    quiet_option,
    verbose_option,
)
from .page import page, wrapped
from .progress import progress
from .request import stops

__all__ = ["verify_command"]


@click.command("verify", cls=Command)
@click.argument("kit", metavar="DIR", type=a_folder)
@click.option(
    "--staging", metavar="PATH", multiple=True, required=True, type=a_path,
    help="What the staging server has now: its configuration folder, exported again after the "
    "kit was applied, or exports of its rules. May be repeated.",
)  # fmt: skip
@click.option(
    "--allow-active", is_flag=True,
    help="Accept that the server is not in staging mode, as after the switch.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@encoding_option
@verbose_option
@quiet_option
@format_option
def verify_command(
    kit: Path,
    staging: tuple[str, ...],
    allow_active: bool,
    strict: bool,
    encoding: str | None,
    verbose: bool,
    quiet: bool,
    form: Literal["text", "json"],
) -> None:
    """Compare the plan of the kit in DIR with what the staging server has now.

    It does offline what the kit's 3-verify.ps1 does there: it checks that the kit is unchanged and
    that this is the server of the plan, then every field of every rule, and whether the out-of-box
    originals are disabled.

    \b
    Example:
      syncrules verify kit/ --staging exported-again/
    """
    inputs = inputs_of(staging)
    with progress(len(inputs)) as advance:
        found = read(inputs, encoding, advance)
    manifest, digest, refusals = _manifest(kit)
    diagnostics = (*refusals, *(d for d in found.diagnostics if d.is_error))
    if manifest is not None and not has_errors(diagnostics):
        changed = changed_files(manifest, _files(kit, manifest))
        unlike = verify(manifest, found.server, allow_active=allow_active)
        diagnostics = grouped((*changed, *unlike))
        is_known = has_errors(diagnostics)
        what = "the staging server is not as planned" if is_known else "not all could be checked"
    else:
        what = "nothing was compared"
    refused = stops(diagnostics, strict=strict)
    how = Told(form, verbose=verbose, quiet=quiet)
    rules = len(manifest.rules) if manifest is not None else 0
    if form == "json":
        click.echo(dumps(verification(str(kit), rules, diagnostics)))
    if refused or form == "json":
        tell_findings(diagnostics, how, refused=refused, what=what)
    else:
        paper = page(lists_all=verbose)
        good = [*_as_planned(counted(rules, "rule"), digest, diagnostics)]
        findings = [] if quiet else [*render_all(diagnostics, paper)]
        findings += [] if quiet else explain_line(diagnostics, paper)
        said = (wrapped(text, paper.width) for text in (good[:1] if quiet else good))
        paper.print((*findings, *(line for lines in said for line in lines)))
    click.get_current_context().exit(exits.REFUSED if refused else exits.DONE)


def _as_planned(rules: str, digest: str, diagnostics: tuple[Diagnostic, ...]) -> Iterator[str]:
    """Yield the good news, no better than it is."""
    if any(d.code is Code.SR618 for d in diagnostics):
        yield f"As planned: {rules}. Whether these are the staging server's is for you to check."
    else:
        yield f"On the staging server as planned: {rules}."
    yield (
        f"{MANIFEST} has the SHA-256 {digest}: it must be the one that syncrules kit printed. "
        "Otherwise the plan itself was changed."
    )


def _manifest(kit: Path) -> tuple[Manifest | None, str, tuple[Diagnostic, ...]]:
    """Return the manifest with its digest, or why there is none."""
    if (refusal := no_kit(kit)) is not None:
        return None, "", (refusal,)
    path = kit / MANIFEST
    data, diagnostics = load(path)
    if data is None:
        return None, "", diagnostics
    try:
        return read_manifest(data), sha256(data), ()
    except NotAManifest as why:
        none = Problem(
            Code.SR615,
            f"This is not the manifest of a kit: {why.args[0]}.",  # raw, as in every message
            "Give the folder that syncrules kit wrote.",
        )
        return None, "", (none.at(Place(str(path))),)


def _files(kit: Path, manifest: Manifest) -> dict[str, bytes]:
    """Return the kit's files, and further scripts, that are there and can be read."""
    paths = {path for path in manifest.files if _is_inside(path)} | set(_scripts(kit))
    found = {path: load(kit / path)[0] for path in paths}
    return {path: data for path, data in found.items() if data is not None}


def _scripts(kit: Path) -> Iterator[str]:
    """Yield what lies where a kit has scripts, the manifest's or not."""
    for folder in SCRIPT_FOLDERS:
        for path in (kit / folder).glob("*.[pP][sS]1"):
            yield path.relative_to(kit).as_posix()


def _is_inside(path: str) -> bool:
    """Return whether a manifest's path stays in the kit; a hostile one may not."""
    return ".." not in Path(path).parts and not Path(path).is_absolute()

"""`syncrules verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import click

from syncrules.diagnostics import Diagnostic, Severity, has_errors, printable
from syncrules.files import load
from syncrules.kit.manifest import MANIFEST, Manifest, NotAManifest, read_manifest
from syncrules.kit.verification import changed_files, verify

from . import exits
from .document import FORMAT_VERSION, finding_json
from .findings import echo_findings, echo_refusal
from .inputs import inputs_of, read
from .options import encoding_option, format_option
from .progress import progress
from .report import counted

__all__ = ["verify_command"]


@click.command("verify", short_help="Compare a kit's plan with what the staging server has now.")
@click.argument("kit", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--staging", metavar="PATH", multiple=True, required=True,
    help="What the staging server has now: its configuration folder, exported again after the "
    "kit was applied, or exports of its rules. May be repeated.",
)  # fmt: skip
@encoding_option
@format_option
def verify_command(
    kit: Path, staging: tuple[str, ...], encoding: str | None, form: Literal["text", "json"]
) -> None:
    """Compare the plan of the kit in DIR with what the staging server has now.

    It does offline what the kit's 3-verify.ps1 does there: every field of every rule, and whether
    the out-of-box originals are disabled.

    \b
    Example:
      syncrules verify kit/ --staging exported-again/
    """
    inputs = inputs_of(staging)
    with progress(len(inputs)) as advance:
        there = read(inputs, encoding, advance)
    manifest, findings = _manifest(kit)
    findings = (*findings, *(f for f in there.findings if f.is_error))
    if manifest is not None and not has_errors(findings):
        findings = (
            *changed_files(manifest, _files(kit, manifest)),
            *verify(manifest, there.server),
        )
        what = "the staging server is not as planned"
    else:
        what = "nothing was compared"
    refused = has_errors(findings)
    rules = len(manifest.rules) if manifest is not None else 0
    if form == "json":
        document = {
            "format_version": FORMAT_VERSION,
            "kit": str(kit),
            "rules": rules,
            "as_planned": not refused,
            "diagnostics": [finding_json(f) for f in findings],
        }
        click.echo(json.dumps(document, indent=2))
    echo_findings(findings)
    if refused:
        echo_refusal(findings, what)
    elif form == "text":
        click.echo(printable(f"On the staging server as planned: {counted(rules, 'rule')}."))
    click.get_current_context().exit(exits.REFUSED if refused else exits.DONE)


def _manifest(kit: Path) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    path = kit / MANIFEST
    data = load(path)
    if isinstance(data, Diagnostic):
        return None, (data,)
    try:
        return read_manifest(data), ()
    except NotAManifest as why:
        return None, (
            Diagnostic(
                "SR615",
                Severity.ERROR,
                f"The file is no manifest of a kit: {printable(str(why))}.",
                "Name the folder that syncrules kit wrote.",
                str(path),
            ),
        )


def _files(kit: Path, manifest: Manifest) -> dict[str, bytes]:
    """Return the kit's files that are there and can be read."""
    found = {path: load(kit / path) for path in manifest.files if _is_inside(path)}
    return {path: data for path, data in found.items() if isinstance(data, bytes)}


def _is_inside(path: str) -> bool:
    """Return whether a manifest's path stays in the kit; a hostile one may not."""
    return ".." not in Path(path).parts and not Path(path).is_absolute()

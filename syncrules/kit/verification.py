"""What 3-verify.ps1 does on the staging server, from files that were exported there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Several, grouped, has_errors
from syncrules.errors import NotAManifest
from syncrules.rules.comparison import differing_fields, fields_of, unquoted
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Facet, Server, ServerRule
from syncrules.wording import BY_COMMAND

from .identity import not_in_staging_mode, wrong_server
from .manifest import MANIFEST, Manifest, ManifestRule, read_manifest, sha256

__all__ = ["SCRIPT_FOLDERS", "changed_files", "verify", "verify_kit"]

SCRIPT_FOLDERS = ("", "lib", "rules")
"""Where a kit has scripts; Get-ScriptPaths in checks.ps1 looks into the same."""


def verify_kit(
    files: Mapping[str, bytes], server: Server, *, allow_active: bool = False
) -> tuple[Diagnostic, ...]:
    """Return where a server differs from the plan of a kit; nothing if all is as planned.

    What has one cause is one finding, as `syncrules verify` shows it.

    `files` are the kit's files by their paths, with forward slashes, as `make_kit` gives them.
    A server that is not in staging mode is refused, unless `allow_active`.

    Raises NotAManifest where they hold no manifest of this version.
    """
    if MANIFEST not in files:
        raise NotAManifest(f"the kit has no {MANIFEST}")
    manifest = read_manifest(files[MANIFEST])
    unlike = verify(manifest, server, allow_active=allow_active)
    return grouped((*changed_files(manifest, files), *unlike))


def changed_files(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Diagnostic]:
    """Yield the files of a kit that are not as it was written; `files` are those that are there.

    A script where the kit has scripts is of the kit, or someone put it there.
    """
    for path in sorted(files.keys() - manifest.files.keys()):
        if path.lower().endswith(".ps1") and path.rpartition("/")[0] in SCRIPT_FOLDERS:
            yield Problem(
                Code.SR610,
                f"This script does not belong to the kit ({MANIFEST} does not list it).",
                "Find out who put it there, and delete it.",
            ).at(Place(path))
    for path, digest in manifest.files.items():
        data = files.get(path)
        if data is None or sha256(data) != digest:
            what = "is missing" if data is None else "has changed since the kit was made"
            yield Problem(
                Code.SR610,
                f"The kit's file {what} ({MANIFEST} has its SHA-256).",
                "Write the kit again, and copy the whole folder.",
            ).at(Place(path))


def verify(
    manifest: Manifest, staging: Server, *, allow_active: bool = False
) -> Iterator[Diagnostic]:
    """Yield in what staging is not as planned; its rules only where it is the plan's server."""
    wrong = tuple(wrong_server(manifest, staging))
    yield from wrong
    if has_errors(wrong):
        return
    if not allow_active:
        yield from not_in_staging_mode(staging)
    yield from _unlike_rules(manifest, staging)


def _unlike_rules(manifest: Manifest, staging: Server) -> Iterator[Diagnostic]:
    """Yield in what the rules on staging are not as planned.

    A rule that a configuration does not show is missing; one that exports do not show may be there.
    """
    rules = {r.identifier: r for r in staging.rules if r.identifier}
    is_complete = staging.is_complete_in(Facet.RULES)
    for planned in manifest.rules:
        found = rules.get(planned.identifier)
        if found is None or found.sync_rule is None:
            yield _absent(planned.name, planned.identifier, is_complete=is_complete).at()
        else:
            beside = _stands_beside(planned, manifest, rules)
            for unlike in _differences(planned, found, found.sync_rule, stands_beside=beside):
                yield _not_as_planned(planned.name, unlike).at(Place(found.file))
    for identifier, name in manifest.disabled.items():
        found = rules.get(identifier)
        if found is None or found.disabled is None:
            yield _absent(name, identifier, is_complete=is_complete).at()
        elif not found.disabled:
            yield _enabled(name).at(Place(found.file))


def _absent(name: str, identifier: str, *, is_complete: bool) -> Problem:
    row = (_shown(name), identifier)
    if is_complete:
        hint = f"Run 2-apply.ps1 there, then export the configuration again {BY_COMMAND}."
        return Problem(
            Code.SR611,
            f"The rule {_shown(name)} ({identifier}) is not on the staging server.",
            hint,
            several=Several("planned rules are not on the staging server.", hint, row),
        )
    return Problem(
        Code.SR614,
        f"The files do not show the rule {_shown(name)} ({identifier}), so it could not be "
        "checked.",
        "Export it on the staging server too, or give the configuration folder.",
        several=Several(
            "planned rules are not shown by the files, so they could not be checked.",
            "Export them on the staging server too, or give the configuration folder.",
            row,
        ),
    )


def _enabled(name: str) -> Problem:
    return Problem(
        Code.SR613,
        f"The out-of-box rule {_shown(name)} is enabled; the plan disables it.",
        "Run 2-apply.ps1 on the staging server again.",
        several=Several(
            "out-of-box rules are enabled; the plan disables them.",
            "Run 2-apply.ps1 on the staging server again.",
            (_shown(name),),
        ),
    )


def _not_as_planned(name: str, unlike: str) -> Problem:
    return Problem(
        Code.SR612,
        f"The rule {_shown(name)} is not as planned: {unlike}.",
        "If this is not intended, run undo.ps1 -Force there and then 2-apply.ps1.",
    )


def _stands_beside(
    planned: ManifestRule, manifest: Manifest, rules: Mapping[str, ServerRule]
) -> bool:
    """Return whether a placed rule stands beside the one that it names, the plan's alone between.

    Then its precedence may be another one: rules that moved up for it do not move down when it is
    undone, and take more when it is applied again.
    """
    own = {r.identifier for r in manifest.rules}
    precedences = {i: r.precedence for i, r in rules.items() if r.precedence is not None}
    anchor = precedences.get(planned.anchor or "")
    precedence = precedences.get(planned.identifier)
    if anchor is None or precedence is None or (anchor < precedence) is not planned.behind:
        return False
    first, last = sorted((anchor, precedence))
    between = [i for i, p in precedences.items() if first < p < last]
    return len(between) == last - first - 1 and own.issuperset(between)


def _differences(
    planned: ManifestRule, found: ServerRule, rule: SyncRule, *, stands_beside: bool
) -> Iterator[str]:
    fields = fields_of(rule)
    for name in differing_fields(planned.fields, fields):
        yield f"{name} is {_of(fields.get(name))}, planned {_of(planned.fields[name])}"
    if planned.final not in (None, found.precedence) and not stands_beside:
        yield f"Precedence is {found.precedence}, planned {planned.final}"


def _of(value: object) -> str:
    return "nothing" if value is None else str(value)


def _shown(name: str) -> str:
    return f"'{unquoted(name)}'"

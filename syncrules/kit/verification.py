"""What 3-verify.ps1 does on the staging server, from files that were exported there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.rules.comparison import differences, fields_of, unquoted
from syncrules.servers.model import Facet, Server, ServerRule

from .manifest import MANIFEST, Manifest, PlannedRule, sha256

__all__ = ["changed_files", "verify"]


def changed_files(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Diagnostic]:
    """Yield the files of a kit that are not as it was written; `files` are those that are there."""
    for path, digest in manifest.files.items():
        data = files.get(path)
        if data is None or sha256(data) != digest:
            what = "is missing" if data is None else "is not as it was written"
            yield Diagnostic(
                "SR610",
                Severity.ERROR,
                f"The kit's file {what} ({MANIFEST} has its SHA-256).",
                "Write the kit again, and copy the whole folder.",
                path,
            )


def verify(manifest: Manifest, staging: Server) -> Iterator[Diagnostic]:
    """Yield in what the rules on staging are not as planned.

    A rule that a configuration does not show is missing; one that exports do not show may be there.
    """
    rules = {r.identifier: r for r in staging.rules if r.identifier}
    whole = staging.is_complete_in(Facet.RULES)
    for planned in manifest.rules:
        there = rules.get(planned.identifier)
        if there is None or there.whole is None:
            yield _absent(planned.name, planned.identifier, whole=whole)
        else:
            yield from _differences(planned, there, _stands_beside(planned, manifest, rules))
    for identifier, name in manifest.disabled.items():
        there = rules.get(identifier)
        if there is None or there.disabled is None:
            yield _absent(name, identifier, whole=whole)
        elif not there.disabled:
            yield Diagnostic(
                "SR613",
                Severity.ERROR,
                f"The out-of-box rule {_shown(name)} is enabled; the plan disables it.",
                "Run 2-apply.ps1 on the staging server again.",
                there.source,
            )


def _absent(name: str, identifier: str, *, whole: bool) -> Diagnostic:
    if whole:
        return Diagnostic(
            "SR611",
            Severity.ERROR,
            f"The rule {_shown(name)} ({identifier}) is not on the staging server.",
            "Run 2-apply.ps1 there, then export the configuration again.",
        )
    return Diagnostic(
        "SR614",
        Severity.ERROR,
        f"The files do not show the rule {_shown(name)} ({identifier}), so nothing is known of it.",
        "Export it on the staging server too, or give the configuration folder.",
    )


def _stands_beside(
    planned: PlannedRule, manifest: Manifest, rules: Mapping[str, ServerRule]
) -> bool:
    """Return whether a placed rule stands beside the one that it names, the plan's alone between.

    Then its number may be another one: rules that moved up for it do not move down when it is
    undone, and take more when it is applied again.
    """
    own = {r.identifier for r in manifest.rules}
    numbers = {i: r.precedence for i, r in rules.items() if r.precedence is not None}
    anchor, number = numbers.get(planned.anchor or ""), numbers.get(planned.identifier)
    if anchor is None or number is None or (anchor < number) is not planned.behind:
        return False
    first, last = sorted((anchor, number))
    between = [i for i, n in numbers.items() if first < n < last]
    return len(between) == last - first - 1 and own.issuperset(between)


def _differences(
    planned: PlannedRule, there: ServerRule, stands_beside: bool
) -> Iterator[Diagnostic]:
    assert there.whole is not None
    found = fields_of(there.whole)
    unlike = [
        f"{name} is {_of(found.get(name))}, planned {_of(planned.fields[name])}"
        for name in differences(planned.fields, found)
    ]
    if planned.number not in (None, there.precedence) and not stands_beside:
        unlike.append(f"Precedence is {there.precedence}, planned {planned.number}")
    for one in unlike:
        yield Diagnostic(
            "SR612",
            Severity.ERROR,
            f"The rule {_shown(planned.name)} is not as planned: {printable(one)}.",
            "If the change is not meant, run undo.ps1 -Force there and then 2-apply.ps1.",
            there.source,
        )


def _of(value: object) -> str:
    return "nothing" if value is None else str(value)


def _shown(name: str) -> str:
    return f"'{printable(unquoted(name))}'"

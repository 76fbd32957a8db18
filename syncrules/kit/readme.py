"""The steps of a kit in order, for an administrator on the staging server: README.txt."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.plan import Plan
from syncrules.migration.verdict import kit_verdict
from syncrules.pages.templating import text
from syncrules.rules.model import SyncRule
from syncrules.servers.model import ServerRule

from .hints import for_kit
from .rule_files import RuleFile

__all__ = ["README", "readme_of"]

README = "README.txt"

_TEMPLATE = "readme.txt.jinja"
_COLUMNS = 78


def readme_of(plan: Plan, rules: Sequence[RuleFile], code: str, files: int) -> bytes:
    """Return the file: UTF-8 with the mark by which any editor of Windows knows it, and CR LF.

    `files` is how many the kit has in all.
    """
    found = for_kit(plan.diagnostics)
    filled = text(
        _TEMPLATE,
        code=code,
        files=files,
        verdict=_wrapped(" · ".join(kit_verdict(plan, plan.diagnostics, files)), "", ""),
        rules=[_listed(_rule(plan, rule)) for rule in rules],
        disabled=[
            _listed(f"{_named(plan, p.staging)}, {p.staging.immutable_tag}") for p in plan.disabled
        ],
        connectors=[_listed(line) for line in _connectors(plan)],
        not_checked=[_listed(line) for line in plan.not_checked],
        warnings=[_found(d, "[ ] ") for d in found if d.severity is not Severity.NOTE],
        notes=[_found(d, "  - ") for d in found if d.severity is Severity.NOTE],
    )
    return filled.replace("\n", "\r\n").encode("utf-8-sig")


def _found(finding: Diagnostic, bullet: str) -> str:
    """Return a finding with what to do about it."""
    at = f" ({finding.file}, line {finding.line})" if finding.line else ""
    told = [_wrapped(f"{finding.code}{at}: {finding.message}", bullet, "    ")]
    told += [_wrapped(": ".join(row), "      - ", "        ") for row in finding.rows]
    return "\n".join((*told, _wrapped(f"What to do: {finding.hint}", "    ", "    ")))


def _rule(plan: Plan, file: RuleFile) -> str:
    rule, final = file.planned.after, file.planned.final
    precedence = "final precedence not known" if final is None else f"final precedence {final}"
    state = ", disabled" if rule.disabled else ""
    return f"{file.path}: {_named(plan, rule)}, {precedence}{state}"


def _named(plan: Plan, rule: SyncRule | ServerRule) -> str:
    """Return a rule of the staging server with its connector: others may have the same name."""
    return f"'{rule.name}' ({plan.staging.label(rule.connector)})"


def _connectors(plan: Plan) -> Iterator[str]:
    used = {r.before.connector for r in plan.rules} | {p.active.connector for p in plan.disabled}
    for pair in plan.pairs:
        if pair.active in used:
            active, staging = plan.active.label(pair.active), plan.staging.label(pair.staging)
            yield f"{active} ({pair.active}) -> {staging} ({pair.staging})"


def _listed(entry: str) -> str:
    """Return an entry of a list."""
    return _wrapped(entry, "  - ", "    ")


def _wrapped(text: str, first: str, others: str) -> str:
    """Return a text broken into lines; what cannot be seen is escaped."""
    return textwrap.fill(
        printable(text),
        _COLUMNS,
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
    )

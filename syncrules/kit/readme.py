"""The steps of a kit in order, for an administrator on the staging server: README.txt."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from syncrules.diagnostics import printable
from syncrules.migration.plan import Plan
from syncrules.servers.model import Server

from .rule_files import RuleFile
from .templating import text

__all__ = ["README", "readme_of"]

README = "README.txt"

_TEMPLATE = "readme.txt.jinja"
_COLUMNS = 78


def readme_of(plan: Plan, rules: Sequence[RuleFile]) -> bytes:
    """Return the file: UTF-8 with the mark by which any editor of Windows knows it, and CR LF."""
    filled = text(
        _TEMPLATE,
        rules=[_listed(_rule(rule)) for rule in rules],
        disabled=[
            _listed(f"'{p.staging.name}' ({p.staging.immutable_tag})") for p in plan.disabled
        ],
        connectors=[_listed(line) for line in _connectors(plan)],
        not_checked=[_listed(line) for line in plan.not_checked],
        warnings=[_listed(f"{d.code}: {d.message}") for d in plan.diagnostics],
    )
    return filled.replace("\n", "\r\n").encode("utf-8-sig")


def _rule(file: RuleFile) -> str:
    rule, final = file.planned.after, file.planned.final
    number = "a number that is not known" if final is None else f"number {final}"
    state = ", disabled" if rule.disabled else ""
    return f"{file.path}: '{rule.name}', {number} in the end{state}"


def _connectors(plan: Plan) -> Iterator[str]:
    used = {r.before.connector for r in plan.rules} | {p.active.connector for p in plan.disabled}
    for pair in plan.pairs:
        if pair.active in used:
            active, staging = _name(plan.active, pair.active), _name(plan.staging, pair.staging)
            yield f"{pair.active}{active} -> {pair.staging}{staging}"


def _name(server: Server, identifier: str) -> str:
    connector = server.connector(identifier)
    return f" ('{connector.name}')" if connector and connector.name else ""


def _listed(entry: str) -> str:
    """Return an entry of a list, broken into lines; what cannot be seen is escaped."""
    return textwrap.fill(
        printable(entry),
        _COLUMNS,
        initial_indent="  - ",
        subsequent_indent="    ",
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
    )

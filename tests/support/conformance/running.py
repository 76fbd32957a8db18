"""Run what this reader takes for rules, and compare what is then on a server.

A script that is refused is not run: it can do anything. One that is read is run on an empty
server by session.py.
"""

from __future__ import annotations

from support.powershell.bound import bound, seen
from support.powershell.session import Session
from syncrules.diagnostics import has_errors
from syncrules.exports.export import Export, read_export

from .replay import Case, judged

__all__ = ["judged_and_run", "ran_as_read"]

WHOLE_RULES = {"rule", "edited", "hostile", "rebound"}
"""The kinds of scripts that may leave rules on a server."""


def judged_and_run(session: Session, case: Case) -> tuple[str, str]:
    """Return the verdict on a script's reading and, where it is of a whole rule, on its rules."""
    verdict, why = judged(case)
    if verdict != "read" or case["id"].split("-")[0] not in WHOLE_RULES:
        return verdict, why
    try:
        return ran_as_read(session, case)
    except Exception as error:  # whatever it is, this script raised it
        return "wrong", f"crashed: {error!r}"


def ran_as_read(session: Session, case: Case) -> tuple[str, str]:
    """Return `read` or `refused` for a script of rules, or `wrong` and what differs.

    It is read with foreign commands kept where it is not read without them.
    """
    export = _read(case, keep_foreign=False) or _read(case, keep_foreign=True)
    if export is None:
        return "refused", ""
    result = session.run_script(case["text"], {rule.connector for rule in export.rules})
    if result.fault or result.errors:
        return "wrong", f"no error, where PowerShell tells {result.fault or result.errors}"
    theirs, ours = seen(result.rules, export.rules), bound(export.rules)
    if theirs == ours:
        return "read", ""
    differ = [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b]
    return "wrong", f"not the rules of the server: {differ[:1] or (ours, theirs)}"


def _read(case: Case, *, keep_foreign: bool) -> Export | None:
    export, findings = read_export(case["text"], case["id"], keep_foreign=keep_foreign)
    return None if export is None or has_errors(findings) else export

"""What is wrong or doubtful in the rules that differ, as `syncrules check` finds it.

They are looked at on their own server, beside all its other rules. Not where the difference is
expected or was accepted; and a note on one of Microsoft's own rules would tell nobody anything.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from syncrules.checking.check import check_rules
from syncrules.checking.checked import Checked
from syncrules.checking.subjects import Subject, subjects_of
from syncrules.diagnostics import Diagnostic, Severity, grouped
from syncrules.exports.export import Export
from syncrules.servers.model import Server

from .model import Comparison, DifferenceLevel, subject_of_rule

__all__ = ["sound_rules"]


def sound_rules(
    found: Comparison, a: Iterable[Export] = (), b: Iterable[Export] = ()
) -> tuple[Diagnostic, ...]:
    """Return what is wrong or doubtful in the rules that differ; `a` and `b` have their places."""
    real = [d for d in found.differences if d.level is DifferenceLevel.DIFFERS]
    of_a, of_b = {d.a for d in real}, {d.b for d in real}
    return grouped((*_of_server(found.a, a, of_a), *_of_server(found.b, b, of_b)))


def _of_server(
    server: Server, exports: Iterable[Export], differing: Container[object]
) -> tuple[Diagnostic, ...]:
    rules = {r.sync_rule for r in server.rules if subject_of_rule(r, server) in differing}
    if not rules:
        return ()
    subjects = subjects_of(exports, server)
    custom = tuple(s for s in subjects if s.rule in rules and not s.rule.is_out_of_box)
    microsofts = tuple(s for s in subjects if s.rule in rules and s.rule.is_out_of_box)
    return (
        *_found(custom, subjects, server),
        *(d for d in _found(microsofts, subjects, server) if d.severity is not Severity.NOTE),
    )


def _found(
    own: tuple[Subject, ...], among: tuple[Subject, ...], server: Server
) -> tuple[Diagnostic, ...]:
    checked = frozenset(own)
    beside = tuple(s for s in among if s not in checked)
    return check_rules(Checked.of(own, server, beside)) if own else ()

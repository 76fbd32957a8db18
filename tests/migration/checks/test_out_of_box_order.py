"""Out-of-box rules in another order on the staging server: SR448."""

from __future__ import annotations

from dataclasses import replace

import syncrules
from support.builders import A1, A2, B1, B2, codes, errors, export, out_of_box, rule, the
from support.known_servers import complete, forest
from syncrules import Server, Severity, SyncRule


def _rule(name: str, number: int, connector: str, precedence: int) -> SyncRule:
    made = out_of_box(f"In from AD - {name}", number, connector)
    return replace(made, precedence=precedence)


def _active(*rules: SyncRule) -> Server:
    forests = forest(A1, "contoso.com"), forest(A2, "fabrikam.com")
    return complete(*forests, rules=(*rules, rule()), name="old")


def _staging(*rules: SyncRule) -> Server:
    return complete(forest(B1, "contoso.com"), forest(B2, "fabrikam.com"), rules=rules, name="new")


def _plan(active: Server, staging: Server) -> syncrules.Plan:
    plan = syncrules.plan([export(rule())], active=active, staging=staging)
    assert errors(plan.diagnostics) == []
    return plan


JOIN, COMMON = _rule("User Join", 900, A1, 100), _rule("User Common", 901, A1, 105)
COMMON_THERE = _rule("User Common", 800, B1, 100)
JOIN_THERE = _rule("User Join", 801, B1, 106)


def test_sr448_two_rules_that_set_one_attribute() -> None:
    finding = the(
        "SR448", _plan(_active(JOIN, COMMON), _staging(COMMON_THERE, JOIN_THERE)).diagnostics
    )
    assert finding.severity is Severity.NOTE
    assert finding.file == "new"
    for part in ("'In from AD - User Join'", "'In from AD - User Common'", "cloudFiltered"):
        assert part in finding.message


def test_sr448_not_for_one_that_the_plan_disables() -> None:
    active = _active(JOIN, replace(COMMON, disabled=True))
    plan = _plan(active, _staging(COMMON_THERE, JOIN_THERE))
    assert [p.staging.identifier for p in plan.disabled] == [COMMON_THERE.identifier]
    assert "SR448" not in codes(plan.diagnostics)


def test_sr448_not_in_the_same_order() -> None:
    there = _staging(COMMON_THERE, replace(JOIN_THERE, precedence=99))
    assert "SR448" not in codes(_plan(_active(JOIN, COMMON), there).diagnostics)


def test_sr448_two_forests_are_one_cause() -> None:
    names = ("User Join", "User Common", "Group Join")
    here = [
        _rule(name, 900 + 2 * n + side, connector, 100 + 2 * n + side)
        for n, name in enumerate(names)
        for side, connector in enumerate((A1, A2))
    ]
    there = [
        _rule(name, 800 + 2 * n + side, connector, 100 + 2 * n + side)
        for n, name in enumerate(names)
        for side, connector in enumerate((B2, B1))
    ]
    finding = the("SR448", _plan(_active(*here), _staging(*there)).diagnostics)
    assert "rules of contoso.com come before those of fabrikam.com on the active server" in (
        finding.message
    )
    shown = _staging(*there)
    apart = tuple(replace(r, file=f"{n}.ps1") for n, r in enumerate(shown.rules))
    plan = _plan(_active(*here), replace(shown, rules=apart))
    assert the("SR448", plan.diagnostics).file == "1.ps1"  # contoso.com's first
    assert "(6 rules)" in finding.message


def test_sr448_not_where_staging_does_not_show_what_a_rule_does() -> None:
    staging = _staging(COMMON_THERE, JOIN_THERE)
    partly = tuple(replace(r, sync_rule=None) for r in staging.rules)
    plan = _plan(_active(JOIN, COMMON), replace(staging, rules=partly))
    assert "SR448" not in codes(plan.diagnostics)

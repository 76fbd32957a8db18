"""Rules in some order, run: the server shows them in the active server's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import syncrules
from support.builders import ENTRA, errors, write
from support.powershell.session import Connector, Session, state
from support.rule_orders import Ordered, ordered_rules
from syncrules.kit.assembling import make_kit

few = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("first", [None, 1])
@pytest.mark.parametrize("one_by_one", [True, False])
def test_the_server_shows_the_rules_in_the_order_of_the_active_one(
    powershell: Session, tmp_path: Path, first: int | None, one_by_one: bool
) -> None:
    store, runs = tmp_path / "server.json", 0

    @few
    @given(ordered_rules())
    def run_them(found: Ordered) -> None:
        nonlocal runs
        plan = syncrules.plan(
            found.exports,
            active=found.active,
            staging=found.staging,
            first_precedence=first,
            one_by_one=one_by_one,
        )
        if errors(plan.diagnostics):
            assert not one_by_one
            return
        scripts = (
            {file.path.rpartition("/")[2]: file.data for file in make_kit(plan).rules}
            if one_by_one
            else plan.output()
        )
        powershell.prepare(store, [Connector("AAD", ENTRA)], found.staging.sync_rules)
        assert run_all(powershell, tmp_path, store, scripts) == []
        rules = state(store)["rules"]
        assert order_of(rules, {r.after.name for r in plan.rules}) == found.order()
        precedences = {r["Identifier"]: r["Precedence"] for r in rules}
        assert all(precedences[r.after.identifier] == r.final for r in plan.rules)
        runs += 1

    run_them()
    assert runs > 5


def run_all(
    powershell: Session, folder: Path, store: Path, scripts: Mapping[str, bytes]
) -> list[str]:
    """Run scripts in their order; return what they complained of."""
    complaints: list[str] = []
    for name, data in scripts.items():
        done = powershell.run_file(write(folder / name, data), store=store)
        complaints += [*done.errors, *([done.fault] if done.fault else [])]
    return complaints


def order_of(rules: Iterable[Mapping[str, object]], own: set[str]) -> list[str]:
    """Return the names of the rules that moved, in the order of their precedences."""
    found = [(r["Precedence"], str(r["Name"])) for r in rules if r["Name"] in own]
    return [name for _, name in sorted(found, key=lambda pair: int(str(pair[0])))]

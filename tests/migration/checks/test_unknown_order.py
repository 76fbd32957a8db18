"""Rules of several files that one rule places, where no file shows which of them comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import ENTRA, codes, export, guid, out_of_box, rule, server, the
from syncrules import Plan, Server, Severity, SyncRule
from syncrules.rules.guids import ZERO_GUID

NAME = "Out to AAD - User Join"
HERE, THERE = (replace(out_of_box(NAME, n), connector=ENTRA) for n in (901, 801))
ACTIVE, STAGING = server(export(HERE, name="old.ps1")), server(export(THERE, name="new.ps1"))


def _placed(number: int, *, before: bool = True, precedence: int = 0) -> SyncRule:
    return replace(
        rule(f"Custom {number}", number, ENTRA),
        precedence=precedence,
        precedence_before=guid(901) if before else ZERO_GUID,
        precedence_after=ZERO_GUID if before else guid(901),
    )


def _plan(*files: tuple[SyncRule, ...], active: Server = ACTIVE) -> Plan:
    exports = [export(*rules, name=f"{n}.ps1") for n, rules in enumerate(files)]
    return syncrules.plan(exports, staging=STAGING, active=active)


@pytest.mark.parametrize("before", [True, False])
def test_sr485_the_order_on_staging_is_told(*, before: bool) -> None:
    planned = _plan((_placed(1, before=before),), (_placed(2, before=before),))
    assert codes(planned.diagnostics) == ["SR485"]
    finding = the("SR485", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert f"{'before' if before else 'behind'} '{NAME}'" in finding.message
    in_order = sorted(planned.rules, key=lambda r: r.final or 0)
    told = ", ".join(f"'{r.before.name}' ({r.file})" for r in in_order)
    assert told in finding.message


def test_sr485_is_one_finding_for_all_rules_beside_one() -> None:
    planned = _plan((_placed(1), _placed(2)), (_placed(3),), (_placed(4),))
    assert codes(planned.diagnostics) == ["SR485"]


def test_sr485_where_only_some_numbers_are_known() -> None:
    assert codes(_plan((_placed(1),), (_placed(2, precedence=100),)).diagnostics) == ["SR485"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(((_placed(1), _placed(2)),), id="one file"),
        pytest.param(((_placed(1),), (_placed(2, before=False),)), id="on two sides"),
        pytest.param(
            ((_placed(1),), (replace(_placed(2), direction="Outbound"),)), id="two directions"
        ),
        pytest.param(
            ((_placed(1, precedence=100),), (_placed(2, precedence=101),)), id="numbers known"
        ),
        pytest.param(
            ((_placed(1),), (replace(_placed(2), precedence_before=guid(1)),)), id="another rule"
        ),
    ],
)
def test_sr485_not_where_the_order_is_known_or_means_nothing(
    files: tuple[tuple[SyncRule, ...], ...],
) -> None:
    assert "SR485" not in codes(_plan(*files).diagnostics)


def test_sr485_not_where_a_file_of_the_active_server_shows_the_numbers() -> None:
    """The way out is one."""
    files = ((_placed(1),), (_placed(2),))
    shown = [
        replace(r, precedence=99 + n, precedence_before=ZERO_GUID)
        for n, (r,) in enumerate(files, start=1)
    ]
    active = server(export(HERE, *shown, name="old.ps1"))
    assert "SR485" not in codes(_plan(*files, active=active).diagnostics)


def test_sr485_not_of_a_reference_that_leads_nowhere() -> None:
    lost = [replace(_placed(n), precedence_before=guid(77)) for n in (1, 2)]
    assert "SR485" not in codes(_plan((lost[0],), (lost[1],)).diagnostics)


def test_sr485_not_of_files_that_an_earlier_run_mapped() -> None:
    first = _plan((_placed(1),), (_placed(2),))
    again = [syncrules.parse(data, name) for name, data in first.output().items()]
    assert codes(syncrules.plan(again, staging=STAGING, active=ACTIVE).diagnostics) == []

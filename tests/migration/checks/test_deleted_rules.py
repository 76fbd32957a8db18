"""Rules of an EXPORT that the active server, known completely, does not have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import syncrules
from support.builders import (
    A1,
    B1,
    ENTRA,
    STAGING,
    codes,
    export,
    guid,
    out_of_box,
    rule,
    server,
    the,
)
from support.configurations import ENTRA_FILE, configuration
from support.known_servers import complete, forest
from syncrules import Export, Server, Severity
from syncrules.servers.merging import merge

CUSTOM = rule("Custom", 1, ENTRA)
DELETED = rule("Deleted", 2, ENTRA)


def _plan(*exports: Export, active: Server) -> syncrules.Plan:
    return syncrules.plan(exports, staging=complete(), active=active)


def test_sr459_a_rule_that_was_deleted_comes_back() -> None:
    planned = _plan(export(CUSTOM, DELETED), active=complete(rules=(CUSTOM,), name="old"))
    assert codes(planned.diagnostics) == ["SR459"]
    finding = the("SR459", planned.diagnostics)
    assert finding.severity is Severity.WARNING
    assert "'Deleted'" in finding.message
    assert "old shows all" in finding.message
    assert finding.line > 1
    assert planned.output()


def test_sr459_a_rule_of_the_same_name_that_was_made_again_is_another() -> None:
    again = replace(DELETED, identifier=guid(77))
    planned = _plan(export(DELETED), active=complete(rules=(again,)))
    assert codes(planned.diagnostics) == ["SR454", "SR459"]


@pytest.mark.parametrize("rules", [(CUSTOM,), (CUSTOM, DELETED)])
def test_sr459_a_rule_without_an_identifier_is_known_by_its_name(
    rules: tuple[syncrules.SyncRule, ...],
) -> None:
    nameless = replace(DELETED, identifier=None)
    planned = _plan(export(CUSTOM, nameless), active=complete(rules=rules))
    assert ("SR459" in codes(planned.diagnostics)) is (DELETED not in rules)


def test_sr459_an_out_of_box_rule_of_its_name_is_another() -> None:
    standard = replace(out_of_box("Deleted", 900, ENTRA))
    planned = _plan(
        export(CUSTOM, replace(DELETED, identifier=None)), active=complete(rules=(CUSTOM, standard))
    )
    assert "SR459" in codes(planned.diagnostics)


def test_sr459_not_from_a_source_that_shows_only_what_was_selected() -> None:
    nameless = rule("Nameless", 3, ENTRA)
    moving = export(CUSTOM, DELETED, replace(nameless, identifier=None))
    planned = _plan(moving, active=server(export(CUSTOM)))
    assert codes(planned.diagnostics) == []


def test_sr459_not_for_a_rule_that_was_mapped_before() -> None:
    """Its connector is the staging server's."""
    made = replace(rule("Custom", 1), identifier=None)
    once = syncrules.plan([export(made)], staging=STAGING, mapping={A1: B1}).output()
    again = syncrules.parse(once["custom.ps1"], "custom.ps1")
    active = complete(forest(A1, "contoso.com"), rules=(rule("Custom", 1),))
    planned = syncrules.plan([again], staging=STAGING, active=active)
    assert "SR459" not in codes(planned.diagnostics)


def test_sr459_a_name_that_only_another_export_shows_is_not_on_the_server() -> None:
    active = merge((complete(rules=(CUSTOM,)), server(export(DELETED, name="more.ps1"))))
    found = _plan(export(replace(DELETED, identifier=None)), active=active).diagnostics
    assert "SR459" in codes(found)


@pytest.mark.parametrize("backwards", [False, True])
def test_sr459_whatever_else_tells_of_the_active_server(backwards: bool) -> None:
    """A rule counts as deleted, or not, in whatever order the files were given."""
    whole = complete(rules=(CUSTOM,))
    parts = [whole, server(export(CUSTOM, DELETED, name="more.ps1"))]
    active = merge(parts[::-1] if backwards else parts)
    found = _plan(export(CUSTOM, DELETED), active=active).diagnostics
    assert codes(found) == ["SR459"]
    assert codes(_plan(export(CUSTOM), active=merge((active, whole))).diagnostics) == ["SR454"]


def test_sr459_an_older_configuration_as_export(tmp_path: Path) -> None:
    older = configuration(tmp_path / "older", connectors=(ENTRA_FILE,), rules=(CUSTOM, DELETED))
    active = merge((complete(rules=(CUSTOM,)), syncrules.read_server([older])))
    exports = syncrules.read_exports([older])
    planned = syncrules.plan(exports, staging=complete(), active=active)
    assert "SR459" in codes(planned.diagnostics)
    same = syncrules.plan(exports, staging=complete(), active=syncrules.read_server([older]))
    assert codes(same.diagnostics) == []


def test_sr459_where_the_connector_is_another_the_name_does_not_count() -> None:
    nameless = replace(DELETED, identifier=None)
    other = replace(DELETED, connector=A1)
    found = _plan(export(nameless), active=complete(rules=(other,))).diagnostics
    assert "SR459" in codes(found)

"""Files of the wrong server, and files of one server that contradict each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

import syncrules
from support.builders import (
    A1,
    B1,
    ENTRA,
    codes,
    errors,
    export,
    guid,
    out_of_box,
    rule,
    server,
    the,
)
from support.known_servers import complete, forest, only
from syncrules import Diagnostic, Server
from syncrules.servers.merging import merge
from syncrules.servers.model import Connector

CUSTOM = rule("Out to AAD - Custom", 1, ENTRA)
NOTHING = server()


def _findings(staging: Server, active: Server = NOTHING) -> tuple[Diagnostic, ...]:
    return syncrules.plan([export(CUSTOM)], staging=staging, active=active).diagnostics


def test_sr470_the_staging_server_says_that_it_is_not_in_staging_mode() -> None:
    found = _findings(complete(staging_mode=False, name="new"))
    assert errors(found) == ["SR470"]
    assert the("SR470", found).file == "new"
    assert "swapped" in the("SR470", found).message


def test_sr471_the_active_server_says_that_it_is_in_staging_mode() -> None:
    found = _findings(complete(), complete(rules=(CUSTOM,), staging_mode=True, name="old"))
    assert errors(found) == ["SR471"]
    assert the("SR471", found).file == "old"


@pytest.mark.parametrize(("there", "here"), [(True, False), (None, None), (True, None)])
def test_sr470_and_sr471_not_where_both_are_as_they_should_be_or_say_nothing(
    there: bool | None, here: bool | None
) -> None:
    active = complete(rules=(CUSTOM,), staging_mode=here)
    assert codes(_findings(complete(staging_mode=there), active)) == []


def test_sr408_swapped_configurations_are_one_finding_at_both() -> None:
    old = complete(rules=(CUSTOM,), staging_mode=False, name="old")
    (found,) = _findings(staging=old, active=complete(staging_mode=True, name="new"))
    assert found.code == "SR408"  # and nothing that follows from it
    assert [place.file for place in found.places] == ["old", "new"]


def test_files_of_two_servers_contradict_each_other_which_is_not_told_beside_the_wrong_one() -> (
    None
):
    active = complete(forest(A1, "contoso.com"), staging_mode=False, name="old")
    both = merge((complete(forest(B1, "contoso.com"), staging_mode=True, name="new"), active))
    assert both.disputes
    assert codes(_findings(both)) == ["SR470"]
    old, new = (
        complete(forest(c, "contoso.com"), rules=(CUSTOM,), staging_mode=m, name=str(m))
        for c, m in ((A1, False), (B1, True))
    )
    assert codes(_findings(complete(), merge((old, new)))) == ["SR471"]
    same = replace(both, staging_modes=())
    (found,) = (d for d in _findings(same) if d.code == "SR417")
    assert len(found.rows or both.disputes) == len(both.disputes)


@pytest.mark.parametrize(
    ("there", "here", "code"),
    [(False, False, "SR470"), (False, None, "SR470"), (True, True, "SR471"), (None, True, "SR471")],
)
def test_what_else_there_is_is_told_where_only_one_configuration_says_so(
    there: bool | None, here: bool | None, code: str
) -> None:
    behind = rule("Out to AAD - Behind", 2, ENTRA)
    found = _findings(
        staging=complete(staging_mode=there),
        active=complete(rules=(CUSTOM, behind), staging_mode=here),
    )
    assert codes(found) == [code, "SR454"]


def test_sr472_a_complete_staging_server_without_entras_connector() -> None:
    without = only(forest(B1, "contoso.com"), name="connectors.json")
    without = replace(without, connectors=without.connectors[:1])
    found = _findings(without)
    assert errors(found) == ["SR472"]
    assert the("SR472", found).file == "connectors.json"


def test_sr472_not_where_a_file_shows_only_what_was_selected() -> None:
    assert codes(_findings(server(export(out_of_box(connector=B1))))) == []


def test_sr417_two_files_of_a_server_name_one_connector_differently() -> None:
    one = only(Connector(B1, name="contoso.com"), name="a.json")
    other = only(Connector(B1, name="fabrikam.com"), name="b.json")
    found = _findings(merge((one, other)))
    assert errors(found) == ["SR417"]
    for part in ("staging server", B1, "contoso.com", "fabrikam.com", "a.json", "b.json"):
        assert part in the("SR417", found).message


def test_sr417_of_the_active_server_too() -> None:
    rules = export(CUSTOM, replace(CUSTOM, identifier=guid(7), precedence=70), name="a.ps1")
    moved = export(replace(CUSTOM, identifier=guid(7), precedence=70, connector=A1), name="b.ps1")
    found = _findings(complete(), merge((server(rules), server(moved))))
    assert "SR417" in errors(found)
    assert "active server" in the("SR417", found).message


def test_sr417_a_complete_file_lacks_what_another_one_shows() -> None:
    export_ = server(export(out_of_box(connector=B1), name="new.ps1"))
    found = _findings(merge((only(name="list.json"), export_)))
    assert errors(found) == ["SR417"]
    assert "new.ps1" in the("SR417", found).message
    assert "list.json" in the("SR417", found).message


def test_sr417_not_for_names_that_differ_in_case_only() -> None:
    one = only(Connector(B1, name="contoso.com"), name="a.json")
    other = only(Connector(B1, name="Contoso.com"), name="b.json")
    assert codes(_findings(merge((one, other)))) == []

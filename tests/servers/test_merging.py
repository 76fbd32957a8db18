"""Several sources of one server: together they tell more, and where they disagree that is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import syncrules
from support.builders import A1, A2, ENTRA, export, guid, out_of_box, rule, write
from support.configurations import settings_file
from syncrules import Server
from syncrules.servers.exported_rules import server_of_export
from syncrules.servers.from_rules import kind_of, server_of_rules
from syncrules.servers.merging import merge
from syncrules.servers.model import (
    AD,
    Connector,
    Evidence,
    EvidenceKind,
    Facet,
    Fact,
    ServerFact,
    ServerRule,
)
from syncrules.servers.model import ENTRA as ENTRA_KIND

# ---- Properties ----------------------------------------------------------------------------------

# One server; each source shows a part of it, and of each thing a part of what it is.
CONNECTORS = (
    Connector(A1, AD, "contoso.com", "contoso.com", ("DC=contoso,DC=com", "DC=b")),
    Connector(A2, "Generic LDAP", "directory", None, ("o=x",)),
    Connector(ENTRA, ENTRA_KIND, "contoso.onmicrosoft.com - AAD"),
)
RULES = (
    *(rule(), rule("Second", 2, A2), rule("Third", 3)),
    *(out_of_box(), out_of_box("Out to AAD - User Join", 901, ENTRA)),
)


@st.composite
def sources(draw: st.DrawFn) -> list[Server]:
    """Draw sources that agree: views of one server, none of them complete."""
    tapes = draw(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=4))
    return [_view(cycle(tape), f"source{n}") for n, tape in enumerate(tapes)]


def _view(tape: Iterator[int], name: str) -> Server:
    """Return what a source shows: what, by the bits of a tape, which costs one draw."""

    def yes() -> bool:
        return next(tape) % 2 == 1

    def attributes() -> frozenset[str] | None:
        return (None, frozenset("a"), frozenset("bc"))[next(tape) % 3]

    connectors = tuple(
        replace(
            c,
            kind=c.kind if yes() else None,
            name=c.name if yes() else None,
            forest=c.forest if yes() else None,
            partitions=c.partitions if yes() else (),
            attributes=attributes(),
            files=(name,),
        )
        for c in sorted(CONNECTORS, key=lambda _: next(tape))
        if yes()
    )
    chosen = [r for r in sorted(RULES, key=lambda _: next(tape)) if yes()]
    shown = server_of_rules(Evidence(name, EvidenceKind.EXPORT), chosen)
    rules = tuple(
        rule
        if yes()
        else replace(rule, sync_rule=None, disabled=None, precedence=None, direction=None)
        for rule in shown.rules
    )
    return Server(
        shown.evidence,
        connectors,
        rules,
        attributes(),
        ((name, False),) if yes() else (),
        {"Microsoft.SynchronizationOption.AnchorAttribute": "objectGUID"} if yes() else {},
        facts=(ServerFact(Fact.NAME, "SYNC01", name),) if yes() else (),
    )


@given(sources(), st.integers(0, 5))
def test_it_does_not_matter_in_which_steps_sources_are_put_together(
    servers: list[Server], cut: int
) -> None:
    flat = merge(servers)
    assert flat.disputes == ()
    assert merge((merge(servers[:cut]), merge(servers[cut:]))) == flat
    assert merge((merge(servers[:cut]), *servers[cut:])) == flat
    assert merge((*servers[:cut], merge(servers[cut:]))) == flat
    assert merge((flat,)) == flat


def facts(server: Server) -> object:
    """Return what is known, not in which order and from where."""
    return (
        {
            (c.identifier, c.kind, c.name, c.forest, frozenset(c.partitions), c.attributes)
            for c in server.connectors
        },
        {(r.identifier, r.name, r.connector, r.direction, r.precedence) for r in server.rules},
        {(r.identifier, r.immutable_tag, r.disabled, r.sync_rule) for r in server.rules},
        server.metaverse,
        set(server.staging_modes),
        dict(server.settings),
        set(server.facts),
    )


@given(sources(), st.randoms(use_true_random=False))
def test_nor_in_which_order(servers: list[Server], dice: Random) -> None:
    mixed = list(servers)
    dice.shuffle(mixed)
    assert facts(merge(mixed)) == facts(merge(servers))


@given(sources())
def test_nothing_is_lost_and_nothing_is_made_up(servers: list[Server]) -> None:
    merged = merge(servers)
    assert merged.evidence == tuple(e for s in servers for e in s.evidence)
    assert merged.facts == tuple(f for s in servers for f in s.facts)
    for server in servers:
        for connector in server.connectors:
            found = merged.connector(connector.identifier)
            assert found is not None
            assert _known(connector) <= _known(found)
        for shown in server.rules:
            (same,) = (r for r in merged.rules if r.identifier == shown.identifier)
            assert shown.sync_rule in (None, same.sync_rule)
            assert shown.disabled in (None, same.disabled)
            assert shown.precedence in (None, same.precedence)
    for found in merged.connectors:
        own = [c for s in servers for c in s.connectors if c.identifier == found.identifier]
        assert _known(found) == set().union(*map(_known, own))


def _known(connector: Connector) -> set[object]:
    known = {(n, getattr(connector, n)) for n in ("kind", "name", "forest")}
    lists = {*connector.partitions, *connector.files, *(connector.attributes or ())}
    return {k for k in known if k[1] is not None} | lists


# ---- Sources that agree --------------------------------------------------------------------------


def source(name: str, *connectors: Connector, complete_in: Sequence[Facet] = ()) -> Server:
    return Server(
        (Evidence(name, EvidenceKind.CONNECTOR_LIST, tuple(complete_in)),),
        tuple(replace(c, files=(name,)) for c in connectors),
    )


def exported(name: str, *rules: object) -> Server:
    return server_of_export(export(*rules, name=name))  # type: ignore[arg-type]


def test_nothing_at_all_is_an_empty_server() -> None:
    assert merge(()) == Server()


def test_names_in_another_case_agree_in_the_words_of_the_first() -> None:
    merged = merge(
        (
            source("a", Connector(A1, AD, "Contoso.COM", "CONTOSO.com", ("DC=Contoso",))),
            source("b", Connector(A1, AD, "contoso.com", "contoso.com", ("dc=contoso",))),
        )
    )
    (connector,) = merged.connectors
    assert merged.disputes == ()
    assert (connector.name, connector.forest) == ("Contoso.COM", "CONTOSO.com")
    assert len(connector.partitions) == 1
    assert connector.files == ("a", "b")


def test_a_rule_is_taken_from_the_source_that_shows_all_of_it() -> None:
    own = rule()
    seen = ServerRule(own.name, own.identifier, A1, "policy", precedence=7, disabled=True)
    for servers in (
        (Server(rules=(seen,)), exported("a.ps1", own)),
        (exported("a.ps1", own), Server(rules=(seen,))),
    ):
        (merged,) = merge(servers).rules
        assert merged.sync_rule == own
        assert merged.file == "a.ps1"
        assert merged.precedence == own.precedence
        assert merged.disabled is False


def test_what_an_export_leaves_out_another_source_may_tell() -> None:
    own = replace(rule(), precedence=None)
    seen = ServerRule(own.name, own.identifier, A1, "policy", precedence=7)
    (merged,) = merge((exported("a.ps1", own), Server(rules=(seen,)))).rules
    assert merged.precedence == 7


def test_a_precedence_of_0_and_an_empty_tag_are_known(tmp_path: Path) -> None:
    own = replace(rule(), precedence=0)
    told = replace(own, precedence=7, immutable_tag="Mine.001")
    paths = write(tmp_path / "a.ps1", own), settings_file(tmp_path / "policy.json", told)
    for order in (paths, paths[::-1]):
        (merged,) = syncrules.read_server(order).rules
        assert (merged.precedence, merged.immutable_tag) == (0, "")


def test_rules_without_identifiers_stay_apart() -> None:
    own = replace(rule(), identifier=None)
    merged = merge((exported("a.ps1", own), exported("b.ps1", own)))
    assert [r.file for r in merged.rules] == ["a.ps1", "b.ps1"]
    assert merged.disputes == ()


# ---- Sources that contradict each other ----------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("kind", AD, "Generic LDAP"),
        ("name", "contoso.com", "fabrikam.com"),
        ("forest", "contoso.com", "emea.contoso.com"),
    ],
)
def test_a_connector_of_two_descriptions(field: str, one: str, other: str) -> None:
    first = replace(Connector(A1), **{field: one})  # type: ignore[arg-type]
    second = replace(Connector(A1), **{field: other})  # type: ignore[arg-type]
    merged = merge((source("a.csv", first), source("b.csv", second)))
    assert merged.disputes == (
        f"connector {A1} has the {field} '{one}' in a.csv, and '{other}' in b.csv",
    )
    (connector,) = merged.connectors
    assert getattr(connector, field) is None  # neither is believed


def test_a_connector_of_three_descriptions_is_told_once() -> None:
    servers = [source(n, Connector(A1, name=n)) for n in ("a", "b", "c")]
    assert len(merge(servers).disputes) == 1


def test_a_rule_of_two_connectors() -> None:
    merged = merge((exported("a.ps1", rule()), exported("b.ps1", rule(connector=A2))))
    assert merged.disputes == (
        f"rule {guid(1)} ('In from AD - Custom') belongs to connector {A1} in a.ps1, and to {A2} "
        "in b.ps1",
    )


def test_a_connector_that_a_list_of_all_lacks() -> None:
    whole = source("all.csv", Connector(A1), complete_in=[Facet.CONNECTORS])
    for servers in (
        (whole, source("part", Connector(A2))),
        (source("part", Connector(A2)), whole),
    ):
        assert merge(servers).disputes == (
            f"part shows the connector {A2}, and all.csv, which shows all connectors, does not",
        )


def test_a_list_of_all_may_show_more_than_others() -> None:
    whole = source("all.csv", Connector(A1), Connector(A2), complete_in=[Facet.CONNECTORS])
    assert merge((whole, source("part", Connector(A2)))).disputes == ()


def test_two_lists_of_all_that_differ() -> None:
    first = source("a.csv", Connector(A1), complete_in=[Facet.CONNECTORS])
    second = source("b.csv", Connector(A2), complete_in=[Facet.CONNECTORS])
    assert len(merge((first, second)).disputes) == 2


def test_an_out_of_box_rule_that_a_source_of_all_rules_lacks() -> None:
    whole = server_of_rules(
        Evidence("folder", EvidenceKind.CONFIGURATION, (Facet.RULES,)), [rule()]
    )
    merged = merge((exported("a.ps1", out_of_box()), whole))
    assert merged.disputes == (
        f"a.ps1 shows the out-of-box rule 'In from AD - User Join' as {guid(900)}, and folder, "
        "which shows all rules, does not",
    )


def test_a_custom_rule_may_have_been_enabled_or_disabled_since() -> None:
    for state in (True, False):
        first, second = (replace(rule(), disabled=disabled) for disabled in (state, not state))
        merged = merge((exported("a.ps1", first), exported("b.ps1", second)))
        assert merged.disputes == ()
        assert [r.disabled for r in merged.rules] == [state]


def test_a_custom_rule_may_have_been_added_since() -> None:
    whole = server_of_rules(
        Evidence("folder", EvidenceKind.CONFIGURATION, (Facet.RULES,)), [rule()]
    )
    known = merge((whole, exported("a.ps1", rule("New", 2), out_of_box())))
    assert [d for d in known.disputes if "New" in d] == []
    assert known.unlisted == {guid(2)}


@given(sources(), st.integers(0, 5))
def test_a_contradiction_is_told_in_whatever_steps_the_sources_are_put_together(
    servers: list[Server], cut: int
) -> None:
    odd = [
        source("odd", Connector(A1, "SQL", "x", "y", attributes=frozenset())),
        source("even", Connector(A1, "CSV", "z", "y")),
    ]
    mixed = [odd[0], *servers, odd[1]]
    flat, nested = merge(mixed), merge((merge(mixed[:cut]), merge(mixed[cut:])))
    assert flat.disputes
    assert nested.disputes


# ---- What rules show of their connector ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "tag", "kind"),
    [
        ("In from AD - User Join", "Microsoft.x", AD),
        ("Out to AAD - User Join", "Microsoft.x", ENTRA_KIND),
        ("In from SQL - User Join", "Microsoft.x", "SQL"),
        ("Renamed", "Microsoft.InfromADUserJoin.004", AD),
        ("Renamed", "MICROSOFT.OUTTOAADUSERJOIN", ENTRA_KIND),
        ("Renamed", "Microsoft.x", None),
        ("In from AD - Custom", "", None),  # a person named it
    ],
)
def test_the_kind_is_told_by_out_of_box_rules(name: str, tag: str, kind: str | None) -> None:
    own = replace(rule(name), immutable_tag=tag)
    (connector,) = server_of_rules(Evidence("a", EvidenceKind.EXPORT), [own]).connectors
    assert connector.kind == kind
    assert connector.shown_by == (((name, "a"),) if tag else ())


def test_rules_that_tell_two_kinds_tell_none() -> None:
    rules = [out_of_box(), out_of_box("Out to AAD - User Join", 901)]
    (connector,) = server_of_rules(Evidence("a", EvidenceKind.EXPORT), rules).connectors
    assert connector.kind is None


def test_the_entra_connector_is_known_by_its_identifier_whatever_rules_tell() -> None:
    (connector,) = server_of_rules(
        Evidence("a", EvidenceKind.EXPORT), [out_of_box(connector=ENTRA)]
    ).connectors
    assert connector.kind == ENTRA_KIND
    assert connector.is_entra


@given(st.text(), st.text())
def test_any_type_and_subtype_is_some_kind_or_none(category: str, subtype: str) -> None:
    kind = kind_of(category, subtype)
    assert kind is None or kind.strip() == kind != ""


# ---- Completeness --------------------------------------------------------------------------------


def test_one_complete_source_is_enough_and_only_in_what_it_shows() -> None:
    merged = merge(
        (
            source("all.csv", Connector(A1), complete_in=[Facet.CONNECTORS]),
            exported("a.ps1", rule()),
        )
    )
    assert merged.is_complete_in(Facet.CONNECTORS)
    assert not merged.is_complete_in(Facet.RULES)
    assert not merged.is_complete_in(Facet.SCHEMA)


def test_exports_are_never_complete() -> None:
    server = exported("a.ps1", rule(), out_of_box())
    assert not any(server.is_complete_in(facet) for facet in Facet)


def test_two_names_of_one_server_are_both_said_and_one_name_once() -> None:
    def named(name: str, file: str) -> Server:
        return Server(facts=(ServerFact(Fact.NAME, name, file),))

    merged = merge([named("SYNC01", "a"), named("SYNC01", "b"), named("SYNC02", "c")])
    assert merged.said(Fact.NAME) == ("SYNC01", "SYNC02")

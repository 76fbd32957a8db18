"""What an administrator has of a server: the files that describe it, and what they show."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from support.builders import text_of, write
from support.configurations import ConnectorFile, configuration
from syncrules import SyncRule
from syncrules.rules.model import ENTRA_CONNECTOR

from .model import AD, ECMA, ENTRA, LDAP, SQL, System, World

__all__ = ["KINDS", "Given", "give"]

SUBTYPES = {
    ENTRA: "Windows Azure Active Directory (Microsoft)",
    LDAP: "Generic LDAP (Microsoft)",
    SQL: "Generic SQL (Microsoft)",
    ECMA: "PowerShell (Microsoft)",
}
KINDS = ("exports", "configuration", "list-json", "list-csv", "list-csv-5.1", "settings", "mix")
"""What an administrator may have of a server."""


@dataclass
class Given:
    """The files about one server, as they were written; `rules_shown` are identifiers."""

    kind: str
    paths: list[Path] = field(default_factory=list)
    connectors_shown: set[str] = field(default_factory=set)
    rules_shown: set[str] = field(default_factory=set)
    states_shown: set[str] = field(default_factory=set)
    """Rules that the files show as disabled or not."""
    complete: bool = False
    """Whether they show all connectors."""
    names_shown: bool = False
    forests_shown: bool = False
    all_rules: bool = False
    """Whether they show all rules, as a configuration does."""


def give(world: World, folder: Path, kind: str, dice: random.Random, *, of_active: bool) -> Given:
    """Write what describes one server and return what it shows."""
    given = Given(kind)
    writers: dict[str, Callable[[], None]] = {
        "exports": lambda: _exports(world, folder, given, dice, of_active),
        "configuration": lambda: _configuration(world, folder, given, dice, of_active),
        "list-json": lambda: _list_json(world, folder, given, of_active),
        "list-csv": lambda: _list_csv(world, folder, given, of_active, ""),
        "list-csv-5.1": lambda: _list_csv(
            world, folder, given, of_active, "#TYPE Selected.Connector\r\n"
        ),
        "settings": lambda: _settings(world, folder, given, of_active),
    }
    if kind == "mix":
        for one in dice.sample(sorted(writers), 2):
            writers[one]()
    else:
        writers[kind]()
    if not given.rules_shown:  # references and states need rules
        _exports(world, folder, given, dice, of_active)
    return given


def _own(system: System, of_active: bool) -> tuple[str, str]:
    return (system.active, system.names[0]) if of_active else (system.staging, system.names[1])


def _side(world: World, of_active: bool) -> list[SyncRule]:
    return world.active_rules if of_active else world.staging_rules


def _exports(
    world: World, folder: Path, given: Given, dice: random.Random, of_active: bool
) -> None:
    """Write exports: at least one rule of each needed connector, and the rules that are named."""
    tagged = {r.identifier for r in world.tagged}
    shown = _side(world, of_active)
    rules = [r for r in shown if r.is_out_of_box and r.identifier not in tagged]
    named = {r.precedence_before for r in world.custom} | {r.precedence_after for r in world.custom}
    wanted = {n if of_active else world.true_rules.get(n or "") for n in named}
    needed = {c if of_active else world.true_connectors[c] for c in world.needed}
    chosen: list[SyncRule] = []
    for rule in dice.sample(rules, len(rules)):
        first = rule.connector in needed and rule.connector not in {c.connector for c in chosen}
        if rule.identifier in wanted or first or dice.random() < 0.3:
            chosen.append(rule)
    if not chosen:
        chosen = rules[:1]
    if not of_active:  # someone may have exported what she had added there
        chosen += [r for r in shown if not r.is_out_of_box and dice.random() < 0.5]
    given.paths.append(write(folder / "standard.ps1", text_of(*chosen).encode("utf-8-sig")))
    given.connectors_shown |= {r.connector for r in chosen}
    given.rules_shown |= {r.identifier or "" for r in chosen}
    given.states_shown |= {r.identifier or "" for r in chosen}


def _connector_files(world: World, of_active: bool) -> list[ConnectorFile]:
    return [
        ConnectorFile(
            *_own(s, of_active),
            category="AD" if s.kind == AD else "Extensible2",
            subtype=SUBTYPES.get(s.kind, ""),
            forest=s.forest,
            partitions=s.partitions,
        )
        for s in world.systems
    ]


def _configuration(
    world: World, folder: Path, given: Given, dice: random.Random, of_active: bool
) -> None:
    connectors = _connector_files(world, of_active)
    dice.shuffle(connectors)
    path = folder / "configuration"
    configuration(
        path,
        connectors=connectors,
        rules=_side(world, of_active),
        staging_mode=not of_active,
        encoding=dice.choice(("utf-8", "utf-8-sig", "utf-16")),
        wrapped=dice.random() < 0.3,
    )
    given.paths.append(path)
    _complete(world, given, of_active)
    given.all_rules = given.forests_shown = True
    shown = {r.identifier or "" for r in _side(world, of_active)}
    given.rules_shown |= shown
    given.states_shown |= shown


def _complete(world: World, given: Given, of_active: bool) -> None:
    given.complete = given.names_shown = True
    given.connectors_shown |= {_own(s, of_active)[0] for s in world.systems}


def _list_json(world: World, folder: Path, given: Given, of_active: bool) -> None:
    rows = [
        {
            "Name": _own(s, of_active)[1],
            "Identifier": _own(s, of_active)[0],
            "Type": 1,
            "ConnectorTypeName": "AD" if s.kind == AD else "Extensible2",
            "Subtype": SUBTYPES.get(s.kind, ""),
            "Partitions": [{"Name": p} for p in s.partitions],
        }
        for s in world.systems
    ]
    text = json.dumps(rows if len(rows) > 1 else rows[0], ensure_ascii=False)
    given.paths.append(write(folder / "connectors.json", text.encode("utf-16")))
    given.forests_shown = True
    _complete(world, given, of_active)


def _list_csv(world: World, folder: Path, given: Given, of_active: bool, first: str) -> None:
    rows = [
        (*reversed(_own(s, of_active)), "AD" if s.kind == AD else "Extensible2", s.kind)
        for s in world.systems
    ]
    lines = ['"Name","Identifier","Type","Subtype"']
    lines += [
        f'"{name}","{identifier}","{category}","{SUBTYPES.get(kind, "")}"'
        for name, identifier, category, kind in rows
    ]
    text = first + "".join(f"{line}\r\n" for line in lines)
    given.paths.append(write(folder / "connectors.csv", text.encode("utf-8-sig")))
    _complete(world, given, of_active)


def _settings(world: World, folder: Path, given: Given, of_active: bool) -> None:
    """Write the wizard's settings; there are none where another connector is."""
    if any(s.kind != AD and s.active != ENTRA_CONNECTOR for s in world.systems):
        _list_csv(world, folder, given, of_active, "")
        return
    policies = {}
    for system in world.systems:
        identifier, name = _own(system, of_active)
        own = [r for r in _side(world, of_active) if r.connector == identifier]
        policies[identifier] = {
            "uniqueIdentifier": identifier,
            "friendlyName": name,
            "fullyQualifiedDomainName": system.forest,
            "standardSynchronizationRules": [
                {
                    "Name": r.name,
                    "uniqueIdentifier": r.identifier,
                    "immutableTag": r.immutable_tag,
                    "precedence": r.precedence,
                }
                for r in own
                if r.is_out_of_box
            ],
            "customSynchronizationRules": [
                {
                    "name": r.name,
                    "uniqueIdentifier": r.identifier,
                    "immutableTag": "",
                    "direction": r.direction,
                    "precedence": r.precedence,
                }
                for r in own
                if not r.is_out_of_box
            ],
        }
        given.rules_shown |= {r.identifier or "" for r in own}
    given.forests_shown = True
    azure = policies.pop(ENTRA_CONNECTOR)
    document = {"onpremisesDirectoryPolicy": [*policies.values()], "azureDirectoryPolicy": azure}
    given.paths.append(
        write(folder / "Exported-Policy.JSON", json.dumps(document).encode("utf-16"))
    )
    _complete(world, given, of_active)

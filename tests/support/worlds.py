"""Whole migrations, made from a seed: two servers, what is known of them, and what is true.

A `World` knows which connector and which rule of the active server is which of the staging
server's. The tool is shown files only, as an administrator would have them, and must find the same
or refuse.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from support.builders import text_of, write
from support.configurations import ConnectorFile, configuration
from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import ENTRA_CONNECTOR

__all__ = [
    "KINDS",
    "Given",
    "System",
    "World",
    "can_be_told",
    "give",
    "make_world",
    "write_exports",
]

AD, ENTRA = "Active Directory", "Microsoft Entra ID"
LDAP, SQL, ECMA = "Generic LDAP", "Generic SQL", "PowerShell"
SUBTYPES = {
    ENTRA: "Windows Azure Active Directory (Microsoft)",
    LDAP: "Generic LDAP (Microsoft)",
    SQL: "Generic SQL (Microsoft)",
    ECMA: "PowerShell (Microsoft)",
}
FORESTS = ("contoso.com", "fabrikam.example", "emea.tailspin.example", "xn--mnchen-3ya.example")

KINDS = ("exports", "configuration", "list-json", "list-csv", "list-csv-5.1", "settings", "mix")
"""What an administrator may have of a server."""

PURPOSES = {
    AD: (
        *("In from AD - User Join", "In from AD - User Common", "In from AD - Group Join"),
        *("Out to AD - Group Join", "In from AD - Device Common"),
    ),
    ENTRA: (
        "In from AAD - User Join",
        "Out to AAD - User Join",
        "Out to AAD - Device Join SOAInAD",
    ),
}
AWKWARD = (
    *("Sales", "O'Brien", "‘turned’ „quotes“", "$(Get-Date)", "`n back`tick", "a\nb", "–—", "%"),
    *("Zürich 字 😀", "x\u200ey", "[0]", "--%", "2024-01-01T00:00:00Z", "#>", "'; exit; '"),
)


@dataclass(frozen=True)
class System:
    """A connected system with its connector on each server.

    A name on staging may be another one where nothing else is of the kind.
    """

    kind: str
    active: str
    staging: str
    names: tuple[str, str]
    forest: str | None = None

    @property
    def partitions(self) -> tuple[str, ...]:
        """The partition that bears the forest's name."""
        parts = (self.forest or "").split(".")
        return (",".join(f"DC={p}" for p in parts),) if self.forest else ()


@dataclass
class Given:
    """The files about one server, as they were written."""

    kind: str
    paths: list[Path] = field(default_factory=list)
    connectors_shown: set[str] = field(default_factory=set)
    rules_shown: set[str] = field(default_factory=set)
    states_shown: set[str] = field(default_factory=set)
    """Rules that the files show as disabled or not."""
    complete: bool = False
    names_shown: bool = False


@dataclass
class World:
    """A migration. Rules are as each server has them; `true_rules` maps out-of-box identifiers."""

    seed: int
    systems: list[System]
    active_rules: list[SyncRule]
    staging_rules: list[SyncRule]
    custom: list[SyncRule]
    """As their exports have them: with references."""
    true_rules: dict[str, str]
    files: list[list[int]] = field(default_factory=list)
    """Which custom rules stand in which export."""

    @property
    def true_connectors(self) -> dict[str, str]:
        """Staging's connector of each of the active server's."""
        return {s.active: s.staging for s in self.systems}

    @property
    def needed(self) -> set[str]:
        """The connectors of the rules to be moved, and of the rules that they refer to."""
        homes = {r.identifier: r.connector for r in self.active_rules}
        named = {n for r in self.custom for n in (r.precedence_before, r.precedence_after)}
        return {r.connector for r in self.custom} | {homes[n] for n in named if n != ZERO_GUID}

    def expected(self) -> dict[str, SyncRule]:
        """Return the custom rules as staging should get them, by identifier."""
        own = {r.identifier for r in self.custom}

        def there(reference: str | None) -> str | None:
            return (
                reference if reference in own else self.true_rules.get(reference or "", reference)
            )

        return {
            r.identifier or "": replace(
                r,
                connector=self.true_connectors[r.connector],
                precedence_before=there(r.precedence_before),
                precedence_after=there(r.precedence_after),
            )
            for r in self.custom
        }

    def to_disable(self) -> set[str]:
        """Return staging's identifiers of the rules that are disabled on the active server only."""
        disabled = {r.identifier for r in self.active_rules if r.is_out_of_box and r.disabled}
        enabled = {r.identifier for r in self.staging_rules if not r.disabled}
        return {t for s, t in self.true_rules.items() if s in disabled and t in enabled}

    def after(self, order: Iterable[str]) -> dict[str, SyncRule]:
        """Return staging's rules once the custom ones were added in this order of identifiers."""
        rules = {r.identifier or "": r for r in self.staging_rules}
        for identifier in self.to_disable():
            rules[identifier] = replace(rules[identifier], disabled=True)
        expected = self.expected()
        for identifier in order:
            _add(rules, expected[identifier])
        return rules


def _add(rules: dict[str, SyncRule], rule: SyncRule) -> None:
    """Add a rule as the server does: a reference takes a number, and those behind move up."""
    number = rule.precedence or 0
    before, after = rule.precedence_before, rule.precedence_after
    if before != ZERO_GUID or after != ZERO_GUID:
        anchor = rules[(before if before != ZERO_GUID else after) or ""]
        number = (anchor.precedence or 0) + (after != ZERO_GUID)
        for key, other in rules.items():
            if (other.precedence or 0) >= number:
                rules[key] = replace(other, precedence=(other.precedence or 0) + 1)
    rules[rule.identifier or ""] = replace(
        rule, precedence=number, precedence_before=ZERO_GUID, precedence_after=ZERO_GUID
    )


# ---- Making a world ------------------------------------------------------------------------------


def make_world(seed: int, *, with_references: bool = True) -> World:
    """Return the world of a seed."""
    dice = random.Random(seed)
    systems = _systems(dice)
    active, pairs = _out_of_box_here(dice, systems)
    staging, true_rules = _out_of_box_there(dice, systems, pairs)
    anchors = active if with_references else []
    custom = _custom(dice, systems, active, anchors, true_rules)
    active = _numbered_with(active, custom)
    return World(seed, systems, active, staging, custom, true_rules, _files(dice, custom))


def _guid(dice: random.Random) -> str:
    return str(UUID(int=dice.getrandbits(128), version=4))


def _systems(dice: random.Random) -> list[System]:
    systems = [
        System(AD, _guid(dice), _guid(dice), (f, dice.choice((f, f.upper()))), f)
        for f in dice.sample(FORESTS, dice.choice((1, 1, 2, 2, 3, 4)))
    ]
    for kind in (LDAP, SQL, ECMA, ENTRA):
        if dice.random() < 0.25:
            several = dice.random() < 0.3
            for number in range(1 + several):
                name = f"{kind} {number}"
                there = name if several or kind == ENTRA else dice.choice((name, f"new {kind}"))
                systems.append(System(kind, _guid(dice), _guid(dice), (name, there)))
    entra = "contoso.onmicrosoft.com - AAD"
    systems.append(System(ENTRA, ENTRA_CONNECTOR, ENTRA_CONNECTOR, (entra, entra)))
    dice.shuffle(systems)
    return systems


def _has_out_of_box(system: System) -> bool:
    return system.kind == AD or system.active == ENTRA_CONNECTOR


def _out_of_box(name: str, identifier: str, connector: str, tag: str) -> SyncRule:
    inbound = name.startswith("In ")
    kind = "group" if "Group" in name else "user"
    other = {"user": "person", "group": "group"}[kind]
    return SyncRule(
        name=name,
        identifier=identifier,
        description="",
        direction="Inbound" if inbound else "Outbound",
        precedence=0,
        precedence_after=ZERO_GUID,
        precedence_before=ZERO_GUID,
        source_object_type=kind if inbound else other,
        target_object_type=other if inbound else kind,
        connector=connector,
        link_type="Join",
        soft_delete_expiry_interval="0",
        immutable_tag=tag,
        enable_password_sync=False,
        disabled=False,
        attribute_flow_mappings=(
            AttributeFlowMapping(("cn",), "cn", "Direct", "Update", False, None),
        ),
        join_filter=((JoinCondition("cn", "cn", False),),) if "Join" in name else (),
    )


def _stem(name: str) -> str:
    return f"Microsoft.{name.replace(' - ', '').replace(' ', '')}"


def _numbered(rules: Iterable[SyncRule]) -> list[SyncRule]:
    return [replace(rule, precedence=100 + n) for n, rule in enumerate(rules)]


def _out_of_box_here(
    dice: random.Random, systems: Sequence[System]
) -> tuple[list[SyncRule], list[tuple[System, SyncRule]]]:
    pairs: list[tuple[System, SyncRule]] = []
    for system in systems:
        for name in PURPOSES[system.kind] if _has_out_of_box(system) else ():
            tag = f"{_stem(name)}.00{dice.randint(1, 4)}"
            rule = _out_of_box(name, _guid(dice), system.active, tag)
            pairs.append((system, replace(rule, disabled=dice.random() < 0.15)))
    return _numbered(r for _, r in pairs), pairs


def _out_of_box_there(
    dice: random.Random, systems: Sequence[System], pairs: Sequence[tuple[System, SyncRule]]
) -> tuple[list[SyncRule], dict[str, str]]:
    """Return staging's out-of-box rules: another order, newer tags, some renamed, lost or new."""
    order = list(systems)
    dice.shuffle(order)
    rules: list[SyncRule] = []
    true: dict[str, str] = {}
    for system in order:
        for own, rule in pairs:
            if own != system:
                continue
            fate = dice.random()
            if fate < 0.08:
                continue  # this version has it no more
            name, tag = rule.name, f"{_stem(rule.name)}.0{dice.randint(5, 40):02}"
            if fate < 0.16:
                name = f"{name} (new)"
            elif fate < 0.22:
                tag = f"{_stem(rule.name)}V2.001"
            there = _out_of_box(rule.name, _guid(dice), system.staging, tag)
            rules.append(replace(there, name=name))
            true[rule.identifier or ""] = there.identifier or ""
        if _has_out_of_box(system) and dice.random() < 0.4:
            name = f"{'In from' if dice.random() < 0.5 else 'Out to'} AD - Something New"
            rules.append(_out_of_box(name, _guid(dice), system.staging, f"{_stem(name)}.001"))
    return _numbered(rules), true


def _custom(
    dice: random.Random,
    systems: Sequence[System],
    out_of_box: Sequence[SyncRule],
    named: Sequence[SyncRule],
    true_rules: dict[str, str],
) -> list[SyncRule]:
    # Apart, so that rules placed between them do not run into the next.
    numbers = dice.sample(range(9, 99, 10), 6)
    rules: list[SyncRule] = []
    for number in numbers[: dice.randint(1, 6)]:
        system = dice.choice(systems)
        rule = _custom_rule(dice, system, number)
        originals = [r for r in out_of_box if r.connector == system.active]
        if originals and dice.random() < 0.3:
            original = dice.choice(originals)
            rule = replace(
                rule,
                name=original.name,
                direction=original.direction,
                source_object_type=original.source_object_type,
                target_object_type=original.target_object_type,
                join_filter=original.join_filter,
            )
        anchors = [r.identifier or "" for r in named if r.identifier in true_rules]
        anchors += [r.identifier or "" for r in rules if named]
        if anchors and dice.random() < 0.35:
            anchor, before = dice.choice(anchors), dice.random() < 0.5
            rule = replace(
                rule,
                precedence=0,
                precedence_before=anchor if before else ZERO_GUID,
                precedence_after=ZERO_GUID if before else anchor,
            )
        rules.append(rule)
    return rules


def _custom_rule(dice: random.Random, system: System, number: int) -> SyncRule:
    name = f"Custom {number} {dice.choice(AWKWARD)}"
    rule = _out_of_box(name, _guid(dice), system.active, "")
    rule = replace(rule, direction=dice.choice(("Inbound", "Outbound")))
    return replace(
        rule,
        description=dice.choice(("", *AWKWARD)),
        precedence=number,
        disabled=dice.random() < 0.2,
        enable_password_sync=dice.random() < 0.2,
        attribute_flow_mappings=(
            *rule.attribute_flow_mappings,
            AttributeFlowMapping(
                None, "displayName", "Expression", "Update", False, f'"{dice.choice(AWKWARD)}"'
            ),
            AttributeFlowMapping(("True",), "cloudFiltered", "Constant", "Update", True, None),
        ),
        scope_filter=((ScopeCondition("department", dice.choice(AWKWARD), "EQUAL"),),),
    )


def _numbered_with(out_of_box: list[SyncRule], custom: Iterable[SyncRule]) -> list[SyncRule]:
    """Return the active server's rules, whose own custom ones stand where they were put."""
    rules = {r.identifier or "": r for r in out_of_box}
    for rule in custom:
        _add(rules, rule)
    return list(rules.values())


def _files(dice: random.Random, custom: Sequence[SyncRule]) -> list[list[int]]:
    """Part the custom rules into files: a rule that is named stands before those that name it."""
    cuts = sorted(dice.sample(range(1, len(custom)), min(len(custom) - 1, dice.randint(0, 2))))
    starts, ends = [0, *cuts], [*cuts, len(custom)]
    return [list(range(start, end)) for start, end in zip(starts, ends, strict=True)]


# ---- What the administrator has ------------------------------------------------------------------


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
    rules = [r for r in _side(world, of_active) if r.is_out_of_box]
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
        }
        given.rules_shown |= {r.identifier or "" for r in own if r.is_out_of_box}
    azure = policies.pop(ENTRA_CONNECTOR)
    document = {"onpremisesDirectoryPolicy": [*policies.values()], "azureDirectoryPolicy": azure}
    given.paths.append(
        write(folder / "Exported-Policy.JSON", json.dumps(document).encode("utf-16"))
    )
    _complete(world, given, of_active)


def write_exports(world: World, folder: Path, dice: random.Random) -> list[Path]:
    """Write the custom rules' exports; their names say nothing of the order to run them in."""
    names = dice.sample("abcdefgh", len(world.files))
    return [
        write(
            folder / f"{name}.ps1", text_of(*(world.custom[i] for i in indices)).encode("utf-8-sig")
        )
        for name, indices in zip(names, world.files, strict=True)
    ]


# ---- What could be known -------------------------------------------------------------------------


def can_be_told(world: World, here: Given, there: Given) -> bool:
    """Return whether the files allow one mapping of the needed connectors only.

    What could be what is written down in full; it knows nothing of how the tool goes about it.
    """
    ours = (here.connectors_shown | world.needed) - {ENTRA_CONNECTOR}
    theirs = there.connectors_shown - {ENTRA_CONNECTOR}
    may_be = {a: {s for s in theirs if _may_be(world, here, there, a, s)} for a in ours}
    if here.names_shown and there.names_shown:
        _eliminate(may_be)
    for active in world.needed - {ENTRA_CONNECTOR}:
        rivals = {a for a in ours if a != active and may_be[a] & may_be[active]}
        if len(may_be[active]) != 1 or rivals:
            return False
    return True


def _eliminate(may_be: dict[str, set[str]]) -> None:
    """Take what is sure of one connector from all the others, until nothing more follows."""
    for _ in may_be:
        for active, candidates in may_be.items():
            if len(candidates) == 1:
                for other in may_be:
                    if other != active and len(may_be[other]) > 1:
                        may_be[other] = may_be[other] - candidates


def _may_be(world: World, here: Given, there: Given, active: str, staging: str) -> bool:
    """Return whether what is shown of two connectors lets them be one system's."""
    one = next(s for s in world.systems if s.active == active)
    other = next(s for s in world.systems if s.staging == staging)
    kind_known = (
        here.names_shown or _has_out_of_box(one),
        there.names_shown or _has_out_of_box(other),
    )
    if all(kind_known) and one.kind != other.kind:
        return False
    if here.names_shown and there.names_shown and one.kind == AD:
        return one == other
    return True

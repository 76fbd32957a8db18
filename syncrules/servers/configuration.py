"""A server's configuration: the XML folder that Get-ADSyncServerConfiguration writes.

It has one file for each connector, one for each rule, and one for the metaverse and the server's
settings. Elements and what they hold are those of the sample configuration in
microsoft/AADConnectConfigDocumenter (engine 1.1.130.0). A file's root element tells what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Severity
from syncrules.rules.guids import ZERO_GUID, parse_guid
from syncrules.wording import BY_COMMAND

from .connector_scope import password_hash_sync, run_profiles, scopes
from .from_rules import kind_of, server_of_rules
from .merging import merge
from .model import (
    ENTRA,
    AttributeType,
    Connector,
    Evidence,
    EvidenceKind,
    Facet,
    Fact,
    Server,
    ServerFact,
)
from .nesting import HasDocumentType, load_xml
from .rule_xml import RulePart, read_rule
from .xml_elements import (
    Missing,
    all_named,
    child,
    children,
    local_name,
    named,
    text_of,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = [
    "ConnectorPart",
    "MetaversePart",
    "NoPart",
    "Part",
    "RulePart",
    "read_part",
    "server_of_parts",
]


class ConnectorPart(NamedTuple):
    """What one connector file holds; `facts` are what it says of the server."""

    path: str
    connector: Connector
    facts: tuple[ServerFact, ...] = ()


class MetaversePart(NamedTuple):
    """What the file of the metaverse holds: its attributes, as it writes them, and parameters.

    `facts` are what it says of the server.
    """

    path: str
    attributes: frozenset[str]
    types: frozenset[AttributeType] | None
    parameters: Mapping[str, str]
    facts: tuple[ServerFact, ...] = ()

    @property
    def staging_mode(self) -> bool | None:
        """Whether the server is in staging mode, if the file says so."""
        said = self.parameters.get(_STAGING_MODE, "").lower()
        return {"true": True, "false": False}.get(said)

    @property
    def settings(self) -> Mapping[str, str]:
        """The wizard's options, which must be the same on two servers of a migration."""
        return {n: v for n, v in self.parameters.items() if n.startswith(_OPTIONS)}


class NoPart(NamedTuple):
    """An XML file that is not part of a known configuration."""

    path: str
    root: str


Part = ConnectorPart | RulePart | MetaversePart | NoPart

_STAGING_MODE = "Microsoft.Synchronize.StagingMode"
_OPTIONS = ("Microsoft.SynchronizationOption.", "Microsoft.OptionalFeature.")
_FOREST = "Forest.FQDN"
_VERSION = "Microsoft.Synchronize.ServerConfigurationVersion"
_ACCOUNT = "UserName"
"""Of the Entra connector: Sync_SERVER_…@TENANT."""
_AGAIN = f"Export the configuration again {BY_COMMAND}, and give it as it was written."


def read_part(
    data: bytes, path: str, *, to_move: bool = True
) -> tuple[Part | None, tuple[Diagnostic, ...]]:
    """Read one XML file; entities and document types are refused, as only attacks have them.

    With `to_move`, a rule is looked through for what is not known, and would be lost.
    """
    try:
        return _part(load_xml(data), path, to_move=to_move), ()
    except HasDocumentType:
        problem = _unreadable("declares a document type or entities, which no export does")
    except (ValueError, LookupError) as error:
        problem = _unreadable(f"cannot be read: {error}")
    except Missing as missing:
        problem = Problem(Code.SR114, f"In the configuration file, {missing}.", _AGAIN)
    return None, (problem.at(Place(path)),)


def _unreadable(why: str) -> Problem:
    return Problem(Code.SR112, f"The XML {why}.", _AGAIN)


def _part(root: Element, path: str, *, to_move: bool) -> Part:
    inner = root
    # A console export wraps the data.
    if local_name(root) in ("saved-ma-configuration", "saved-mv-configuration"):
        inner = next((e for e in root if local_name(e) in ("ma-data", "mv-data")), root)
    readers: dict[str, Callable[[Element, str], Part]] = {
        "ma-data": _connector,
        "mv-data": _metaverse,
        "synchronizationRule": partial(read_rule, to_move=to_move),
    }
    reader = readers.get(local_name(inner))
    if reader is None:
        return NoPart(path, local_name(root))
    part = reader(inner, path)
    if isinstance(part, MetaversePart):
        told = {Fact.NAME: "server", Fact.EXPORTED: "export-date"}
        said = {fact: root.get(name, "") for fact, name in told.items()}
        return part._replace(facts=(*_facts(said, path), *part.facts))
    return part


def _facts(said: Mapping[Fact, str], path: str) -> Iterator[ServerFact]:
    """Yield what a file says of its server, without what it leaves empty."""
    for what, value in said.items():
        if value.strip():
            yield ServerFact(what, value.strip(), path)


def _connector(root: Element, path: str) -> ConnectorPart:
    identifier = parse_guid(text_of(child(root, "id")))
    if identifier is None or identifier == ZERO_GUID:
        raise Missing("the connector's id is not a GUID")
    category, subtype = (child(root, tag) for tag in ("category", "subtype"))
    forest = child(root, "private-configuration", "adma-configuration", "forest-name")
    partitions = tuple(named(child(root, "ma-partition-data"), "partition"))
    parameters = _parameters(root)
    names, types = _attributes(child(root, "schema"))
    connector = Connector(
        identifier,
        kind_of(text_of(category), text_of(subtype)),
        text_of(child(root, "name")) or None,
        text_of(forest) or parameters.get(_FOREST) or None,
        tuple(filter(None, (text_of(child(p, "name")) for p in partitions))),
        files=(path,),
        attributes=_lower(names),
        selected_attributes=_selected(child(root, "attribute-inclusion"), "attribute"),
        selected_object_types=_object_types(partitions),
        attribute_names=names,
        scopes=scopes(root),
        run_profiles=run_profiles(root),
        password_hash_sync=password_hash_sync(root),
        attribute_types=types,
    )
    tenant = parameters.get(_ACCOUNT, "").partition("@")[2] if connector.kind == ENTRA else ""
    return ConnectorPart(path, connector, tuple(_facts({Fact.TENANT: tenant}, path)))


def _metaverse(root: Element, path: str) -> MetaversePart:
    attributes, types = _attributes(child(root, "schema"))
    if attributes is None:
        raise Missing("the metaverse has no schema")
    parameters = _parameters(root)
    facts = _facts({Fact.VERSION: parameters.get(_VERSION, "")}, path)
    return MetaversePart(path, attributes, types, parameters, tuple(facts))


def _attributes(
    schema: Element | None,
) -> tuple[frozenset[str] | None, frozenset[AttributeType] | None]:
    """Return the names that a schema defines, as it writes them, and what values these have.

    `None` where there is none.
    """
    if schema is None:
        return None, None
    names: list[str] = []
    types: list[AttributeType] = []
    for one in all_named(schema, "attribute-type"):
        inner = children(one)
        if name := text_of(inner.get("name")):
            names.append(name)
            if syntax := text_of(inner.get("syntax")).strip():
                types.append(AttributeType(name.lower(), syntax, one.get(_SINGLE) == "true"))
    return frozenset(names) or None, frozenset(types) or None


_SINGLE = "single-value"


def _lower(names: frozenset[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(map(str.lower, names))


def _selected(holder: Element | None, tag: str) -> frozenset[str] | None:
    """Return what a list of an element names, in lower case; `None` where there is no list."""
    if holder is None:
        return None
    return frozenset(text_of(e).strip().lower() for e in named(holder, tag))


def _object_types(partitions: Iterable[Element]) -> tuple[tuple[str, frozenset[str]], ...] | None:
    """Return the partitions that are selected, each with the object types selected in it."""
    lists = (
        (
            text_of(child(partition, "name")).lower(),
            _selected(child(partition, "filter", "object-classes"), "object-class"),
        )
        for partition in partitions
        if text_of(child(partition, "selected")).strip() != "0"
    )
    return tuple((name, kinds) for name, kinds in lists if kinds is not None) or None


def _parameters(root: Element) -> dict[str, str]:
    """Return the values of the parameters that are not encrypted, by name."""
    return {
        e.get("name", ""): text_of(e)
        for e in all_named(root, "parameter")
        if e.get("encrypted") is None
    }


# ---- The parts of one folder ---------------------------------------------------------------------


def server_of_parts(folder: str, parts: Iterable[Part]) -> tuple[Server, tuple[Diagnostic, ...]]:
    """Return what the files of one configuration say together.

    Only where all three kinds of files are there, and each rule's connector is too, it is the
    whole of a server; else someone may have picked some of the files.
    """
    parts = tuple(parts)
    connectors = [p for p in parts if isinstance(p, ConnectorPart)]
    rules = [p for p in parts if isinstance(p, RulePart)]
    metaverses = [p for p in parts if isinstance(p, MetaversePart)]
    known = {p.connector.identifier for p in connectors}
    strays = [p for p in rules if p.rule.connector not in known] if connectors else []
    is_complete = bool(connectors and rules and metaverses and not strays)
    evidence = Evidence(
        folder,
        EvidenceKind.CONFIGURATION,
        (Facet.CONNECTORS, Facet.RULES, Facet.SCHEMA) if is_complete else (),
    )
    schemas = [p.attributes for p in metaverses]
    names = frozenset[str]().union(*schemas) if schemas else None
    shown = merge(
        (
            Server(connectors=tuple(replace(p.connector, files=(folder,)) for p in connectors)),
            replace(server_of_rules(evidence, (p.rule for p in rules)), evidence=()),
        )
    )
    server = replace(
        shown,
        evidence=(evidence,),
        metaverse=_lower(names),
        staging_modes=tuple(
            (p.path, p.staging_mode) for p in metaverses if p.staging_mode is not None
        ),
        settings={n: v for p in metaverses for n, v in p.settings.items()},
        facts=(
            *(fact for part in metaverses for fact in part.facts),
            *(fact for part in connectors for fact in part.facts),
        ),
        metaverse_names=names,
        unread=tuple(sorted(frozenset().union(*(p.strangers for p in rules)))),
        metaverse_types=frozenset().union(*(p.types or () for p in metaverses)) or None,
        parameters={n: v for p in metaverses for n, v in p.parameters.items()},
    )
    diagnostics = (*_strays(strays), *_twice(rules, connectors), *_no_parts(parts))
    return server, diagnostics


def _strays(strays: Iterable[RulePart]) -> Iterator[Diagnostic]:
    for part in strays:
        yield Problem(
            Code.SR116,
            f"The rule '{part.rule.name}' is of connector {part.rule.connector}, for which the "
            "configuration has no file: the folder is not whole, or contains files of two servers.",
            f"Export the configuration again {BY_COMMAND}.",
        ).at(Place(part.path))


def _twice(rules: Iterable[RulePart], connectors: Iterable[ConnectorPart]) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    files = [(p.rule.identifier or "", p.path) for p in rules]
    files += [(p.connector.identifier, p.path) for p in connectors]
    for identifier, path in files:
        other = first.setdefault(identifier, path)
        if other != path:
            yield Problem(
                Code.SR116,
                f"{identifier} is in {other} too: the folder contains two configurations.",
                "Give each server's configuration in a folder of its own.",
            ).at(Place(path))


def _no_parts(parts: tuple[Part, ...]) -> Iterator[Diagnostic]:
    strangers = [p for p in parts if isinstance(p, NoPart)]
    alone = len(strangers) == len(parts)
    for part in strangers:
        yield Problem(
            Code.SR113,
            f"The XML file's root element is {part.root}, which is not part of a "
            "server's configuration; the file is ignored.",
            "Give the folder that Get-ADSyncServerConfiguration wrote."
            if alone
            else "Nothing to do.",
            Severity.ERROR if alone else Severity.NOTE,
        ).at(Place(part.path))

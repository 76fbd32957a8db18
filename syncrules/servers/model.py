"""What is known of a server, and from where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from syncrules.rules.model import ENTRA_CONNECTOR, SyncRule, is_out_of_box, tag_stem

__all__ = [
    "AD",
    "ENTRA",
    "AttributeType",
    "Connector",
    "Evidence",
    "EvidenceKind",
    "Facet",
    "Fact",
    "PartitionScope",
    "RunProfile",
    "RunStep",
    "Server",
    "ServerFact",
    "ServerRule",
]

AD = "Active Directory"
ENTRA = "Microsoft Entra ID"


_SHORT = 8
"""So many characters of an identifier tell one connector from another for the eye."""


class EvidenceKind(StrEnum):
    """The kinds of files that describe a server, as reports call them."""

    EXPORT = "export"
    CONFIGURATION = "configuration"
    CONNECTOR_LIST = "connector list"
    SETTINGS = "wizard's settings"


class Facet(StrEnum):
    """What a file can show completely."""

    CONNECTORS = "connectors"
    RULES = "rules"
    SCHEMA = "schema"


class Fact(StrEnum):
    """What a file can say about the server itself, as reports call it."""

    NAME = "server"
    TENANT = "tenant"
    VERSION = "version"
    EXPORTED = "exported"


class ServerFact(NamedTuple):
    """What a file says of its server: its name, the tenant, the version, or when it was exported.

    `value` is as the file has it.
    """

    what: Fact
    value: str
    file: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file or folder that describes a server.

    `complete_in` says of what it shows all there is; an export shows only the rules that were
    exported, so a thing that is absent from it may well be there.
    """

    path: str
    kind: EvidenceKind
    complete_in: tuple[Facet, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it shows everything of some kind."""
        return bool(self.complete_in)


class PartitionScope(NamedTuple):
    """What a connector reads of a partition: containers by their distinguished names, as written.

    Of a container, the entry nearest to it decides: itself, else the one that it lies in.
    `object_types` are in lower case; `None` where the file has no list of them.
    """

    name: str
    is_selected: bool
    object_types: frozenset[str] | None
    included: tuple[str, ...]
    excluded: tuple[str, ...]


class RunStep(NamedTuple):
    """A step of a run profile, such as `apply-rules apply-pending`, and its partition's name."""

    what: str
    partition: str


class RunProfile(NamedTuple):
    """A run profile with its steps, in their order."""

    name: str
    steps: tuple[RunStep, ...]


class AttributeType(NamedTuple):
    """What values an attribute has, in a schema: `name` is in lower case.

    `syntax` is an object identifier, `is_single` tells that it has one value at the most.
    """

    name: str
    syntax: str
    is_single: bool


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector: `kind` is what it connects to, where that is known.

    `forest` is the DNS name of its Active Directory forest, `partitions` are distinguished names,
    `attributes` the names that its schema defines, in lower case, where a file shows it.
    `selected_attributes` are those that it reads and writes, `selected_object_types` the names of
    the partitions that are selected, each with its object types: all in lower case, where a file
    shows them. `scopes` are what it reads of each partition, `run_profiles` its run profiles,
    `password_hash_sync` whether it reads password hashes; `None` where no file shows it.
    `shown_by` names the out-of-box rules that show it, with the file of each; `files` all files
    that tell of it. `attribute_names` are the `attributes` as the schema writes them, and
    `attribute_types` what values these have, where it says so.
    """

    identifier: str
    kind: str | None = None
    name: str | None = None
    forest: str | None = None
    partitions: tuple[str, ...] = ()
    shown_by: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    attributes: frozenset[str] | None = field(default=None, repr=False)
    selected_attributes: frozenset[str] | None = field(default=None, repr=False)
    selected_object_types: tuple[tuple[str, frozenset[str]], ...] | None = field(
        default=None, repr=False
    )
    attribute_names: frozenset[str] | None = field(default=None, repr=False)
    scopes: tuple[PartitionScope, ...] | None = field(default=None, repr=False)
    run_profiles: tuple[RunProfile, ...] | None = field(default=None, repr=False)
    password_hash_sync: bool | None = None
    attribute_types: frozenset[AttributeType] | None = field(default=None, repr=False)

    @property
    def is_entra(self) -> bool:
        """Whether this is the Entra connector, by its identifier."""
        return self.identifier == ENTRA_CONNECTOR

    @property
    def label(self) -> str:
        """How a person recognizes it; empty if only its identifier is known."""
        return self.name or self.forest or self.kind or ""


@dataclass(frozen=True, slots=True)
class ServerRule:
    """What a file shows of a rule on a server. What it does not show is `None`.

    `sync_rule` is the rule itself, where the file shows all of it.
    """

    name: str
    identifier: str | None
    connector: str
    file: str
    direction: str | None = None
    precedence: int | None = None
    immutable_tag: str | None = None
    disabled: bool | None = None
    sync_rule: SyncRule | None = field(default=None, repr=False)

    @property
    def is_out_of_box(self) -> bool:
        """Whether Microsoft installed this rule, by its tag."""
        return is_out_of_box(self.immutable_tag)

    @property
    def stem(self) -> str:
        """The tag without its version, in lower case; empty for a custom rule."""
        return tag_stem(self.immutable_tag or "")


@dataclass(frozen=True)
class Server:
    """All that is known of one server.

    `metaverse` holds the names of the metaverse's attributes in lower case, where a file shows
    them; `staging_modes` what each file that knows says of staging mode; `settings` the options
    of the wizard by the names of the server's parameters, `parameters` all of these that are not
    encrypted; `disputes` where two files say
    different things of one connector or rule, in words; `unlisted` the identifiers of custom rules
    that a file shows and another one, which shows all rules, does not; `shown_otherwise` custom
    rules that two files show, and not alike, as each of them shows them; `facts` what files say of
    the server itself; `metaverse_names` the names in `metaverse` as the schema writes them, and
    `metaverse_types` what values these have, where it says so; `unread` the names of elements that
    its rules have in a file, and that are not known.
    """

    evidence: tuple[Evidence, ...] = ()
    connectors: tuple[Connector, ...] = ()
    rules: tuple[ServerRule, ...] = field(default=(), repr=False)
    metaverse: frozenset[str] | None = field(default=None, repr=False)
    staging_modes: tuple[tuple[str, bool], ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    disputes: tuple[str, ...] = ()
    unlisted: frozenset[str] = field(default=frozenset(), repr=False)
    shown_otherwise: tuple[tuple[ServerRule, ServerRule], ...] = field(default=(), repr=False)
    facts: tuple[ServerFact, ...] = field(default=(), repr=False)
    metaverse_names: frozenset[str] | None = field(default=None, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    metaverse_types: frozenset[AttributeType] | None = field(default=None, repr=False)
    unread: tuple[str, ...] = ()

    @property
    def sync_rules(self) -> tuple[SyncRule, ...]:
        """The rules that a file shows whole, as an export or a configuration folder does."""
        return tuple(r.sync_rule for r in self.rules if r.sync_rule is not None)

    def connector(self, identifier: str) -> Connector | None:
        """Return the connector of this identifier, if it is known."""
        return self._by_identifier.get(identifier)

    def said(self, what: Fact) -> tuple[str, ...]:
        """Return what files say of this, each text once; more than one where they disagree."""
        return tuple(dict.fromkeys(fact.value for fact in self.facts if fact.what is what))

    @cached_property
    def _by_identifier(self) -> Mapping[str, Connector]:
        return {c.identifier: c for c in reversed(self.connectors)}

    def label(self, identifier: str) -> str:
        """Return a connector in words: its name, else its forest, else what it connects to.

        The beginning of its identifier is added if another connector is called the same.
        """
        return self._labels.get(identifier) or f"connector {identifier}"

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        named = Counter(c.label.casefold() for c in self.connectors)
        begin_alike = Counter(c.identifier[:_SHORT] for c in self.connectors)
        labels: dict[str, str] = {}
        for c in self.connectors:
            is_told = named[c.label.casefold()] == 1 and (c.name or c.forest or c.is_entra)
            short = c.identifier[:_SHORT]
            which = short if begin_alike[short] == 1 else c.identifier
            known = f"{c.label} ({which})" if c.label else f"connector {which}"
            labels[c.identifier] = c.label if is_told else known
        return labels

    def named(self, rule: ServerRule | SyncRule) -> str:
        """Return a rule in words: with its connector, where more than one may have such a rule."""
        return f"'{rule.name}'{self.whose(rule)}"

    def whose(self, rule: ServerRule | SyncRule) -> str:
        """Return what `named` adds to a rule's name: rules of two forests have the same names."""
        return f" ({self.label(rule.connector)})" if self._has_several else ""

    @cached_property
    def _has_several(self) -> bool:
        return sum(not c.is_entra for c in self.connectors) > 1

    def is_complete_in(self, facet: Facet) -> bool:
        """Whether a file shows everything of this kind."""
        return any(facet in e.complete_in for e in self.evidence)

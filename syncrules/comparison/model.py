"""In what two servers differ, as values. The servers are called A and B."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from syncrules.pairing.order import RuleInBoth
from syncrules.servers.model import Connector, Server, ServerRule

__all__ = [
    "Comparison",
    "Detail",
    "DifferenceKind",
    "DifferenceLevel",
    "Ignored",
    "NotCompared",
    "ServerDifference",
    "Subject",
    "connector_marks",
    "not_shown",
    "subject_of_connector",
    "subject_of_rule",
]


class DifferenceKind(StrEnum):
    """What kind of difference it is, in the order in which kinds of one weight are shown."""

    ONLY_A = "only-a"
    ONLY_B = "only-b"
    CHANGED = "changed"
    CHANGED_IN_PLACE = "changed-in-place"
    VERSION = "version"
    STATE = "state"
    RENAMED = "renamed"
    AMBIGUOUS = "ambiguous"
    ORDER = "order"
    CONNECTOR = "connector"
    SELECTION = "selection"
    SCHEMA = "schema"
    RUN_PROFILE = "run-profile"
    OPTION = "option"


class DifferenceLevel(StrEnum):
    """How much a difference matters: servers of which none `DIFFERS` are the same."""

    DIFFERS = "differs"
    EXPECTED = "expected"
    ACCEPTED = "accepted"
    NOTE = "note"


class Subject(NamedTuple):
    """What differs, on one server: a rule, or a connector, or the server itself (no name).

    `connector` is how a person recognizes it; `file` shows it. A rule has a `direction`, and a tag
    if it is out-of-box.
    """

    name: str
    connector: str = ""
    file: str = ""
    direction: str = ""
    precedence: int | None = None
    immutable_tag: str = ""


def subject_of_rule(rule: ServerRule, server: Server) -> Subject:
    """Return a rule of a server as what differs."""
    return Subject(
        rule.name,
        server.label(rule.connector),
        rule.file,
        rule.direction or "",
        rule.precedence,
        (rule.immutable_tag or "") if rule.is_out_of_box else "",
    )


def subject_of_connector(connector: Connector, server: Server) -> Subject:
    """Return a connector of a server as what differs."""
    label = server.label(connector.identifier)
    return Subject(label, label, ", ".join(connector.files))


def connector_marks(connectors: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return what replaces the connectors of A, and of B, in texts that are compared.

    It is the same for two that are paired, and none of the other server's identifiers.
    """
    apart = [(old, new) for old, new in connectors.items() if old != new]
    return {old: f"={new}=" for old, new in apart}, {new: f"={new}=" for _, new in apart}


class Detail(NamedTuple):
    """What A and B have in one field; `part` is the attribute, container or option in it.

    Nothing at all is `None`.
    """

    field: str
    part: str
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class ServerDifference:
    """One difference, with its place on either server; `cause` says why, where that is known.

    `weight` is how many things it is about: rules, attributes or containers. `content` is what the
    rules do where they differ, and what a rule without its like on the other server comes after, in
    a form in which noise makes no difference. Where a rule differs, `rules` are A's and B's.
    """

    kind: DifferenceKind
    level: DifferenceLevel
    a: Subject | None
    b: Subject | None
    details: tuple[Detail, ...] = ()
    cause: str = ""
    weight: int = 1
    content: str = field(default="", repr=False)
    rules: tuple[ServerRule | None, ServerRule | None] = field(
        default=(None, None), repr=False, compare=False
    )

    @property
    def subject(self) -> Subject:
        """What differs, as A has it, else as B has it."""
        found = self.a or self.b
        assert found is not None  # it is somewhere
        return found


class Ignored(NamedTuple):
    """What differs in a rule on B, and means nothing."""

    field: str
    a: Subject
    b: Subject
    was: str
    now: str


class NotCompared(NamedTuple):
    """What could not be compared, why, and for which rules or connectors."""

    what: str
    why: str
    names: tuple[str, ...] = ()


def not_shown(what: str, *, on_a: bool, on_b: bool, names: tuple[str, ...] = ()) -> NotCompared:
    """Return that files do not show something: those of A, of B, or of both."""
    side = "either server" if on_a and on_b else "A" if on_a else "B"
    return NotCompared(what, f"no file of {side} shows all of it", names)


@dataclass(frozen=True)
class Comparison:
    """Everything in which two servers differ, the weightiest differences first.

    `connectors` are the identifiers of B's connectors by those of A's; `assumed` those of A's that
    are paired with B's because nothing else is left; `rules` are the rules that both have.
    """

    a: Server = field(repr=False)
    b: Server = field(repr=False)
    connectors: Mapping[str, str]
    assumed: tuple[str, ...]
    rules: tuple[RuleInBoth, ...] = field(repr=False)
    differences: tuple[ServerDifference, ...]
    notes: tuple[ServerDifference, ...] = field(repr=False)
    ignored: tuple[Ignored, ...] = field(repr=False)
    not_compared: tuple[NotCompared, ...]

    @property
    def same(self) -> bool:
        """Whether no difference was found except those that are expected or accepted."""
        return all(d.level is not DifferenceLevel.DIFFERS for d in self.differences)

    @property
    def complete(self) -> bool:
        """Whether everything could be compared."""
        return not self.not_compared

    @cached_property
    def counts(self) -> Mapping[DifferenceKind, int]:
        """How many differences there are of each kind."""
        found = Counter(d.kind for d in self.differences if d.level is DifferenceLevel.DIFFERS)
        return {kind: found[kind] for kind in DifferenceKind if found[kind]}

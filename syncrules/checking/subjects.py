"""The rules that are checked, each with the places where it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from syncrules.diagnostics import Place, Span
from syncrules.exports.binder import bind
from syncrules.exports.cmdlets import ADD_FLOW
from syncrules.exports.export import Export
from syncrules.exports.placed_rule import PlacedRule
from syncrules.rules.model import SyncRule
from syncrules.script.nodes import Command, Literal
from syncrules.script.source import Source
from syncrules.servers.model import Server

__all__ = ["Subject", "exported", "subjects_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A rule that is checked; two that say the same are still two.

    `source` and `placed` tell where it is written, if it is one of an export. Of a rule in a
    server's configuration only the file is known. `named` is the rule in words.
    """

    rule: SyncRule
    file: str
    named: str
    source: Source | None = None
    placed: PlacedRule | None = None

    @property
    def place(self) -> Place:
        """The place of the rule itself."""
        return self._at(None if self.placed is None else self.placed.command)

    def flow(self, number: int) -> Place:
        """Return the place of a flow."""
        return self._at(None if self.placed is None else self.placed.flows[number])

    def scope(self, group: int, number: int) -> Place:
        """Return the place of a condition of the scope."""
        return self._at(None if self.placed is None else self.placed.scopes[group][number])

    def join(self, group: int, number: int) -> Place:
        """Return the place of a join's condition."""
        return self._at(None if self.placed is None else self.placed.joins[group][number])

    def in_expression(self, number: int, span: Span) -> Place:
        """Return the place of a part of a flow's expression."""
        from syncrules.script.text_places import place_of  # most expressions are right

        if self.source is None or self.placed is None:
            return Place(self.file)
        command = self.placed.flows[number]
        literal = bind(command, ADD_FLOW, self.source).values.get("Expression")
        if not isinstance(literal, Literal):
            return self.source.place(command)
        written = self.source.text[literal.start : literal.end]
        start, end = place_of(written, *span)
        return self.source.place(Span(literal.start + start, literal.start + end))

    def _at(self, command: Command | None) -> Place:
        if self.source is None or command is None:
            return Place(self.file)
        return self.source.place(command)


def subjects_of(exports: Iterable[Export], server: Server) -> tuple[Subject, ...]:
    """Return the rules of exports, and those of a server that no export has.

    An export replaces what the server shows of the same rule: it may have been edited.
    """
    placed_rules = ((export, placed) for export in exports for placed in export.placed_rules)
    subjects = [exported(e, placed, server.named(placed.rule)) for e, placed in placed_rules]
    identifiers = {s.rule.identifier for s in subjects} - {None}
    rules = {s.rule for s in subjects}
    subjects += [
        Subject(known.sync_rule, known.file, server.named(known))
        for known in server.rules
        if known.sync_rule is not None
        and known.identifier not in identifiers
        and known.sync_rule not in rules
    ]
    return tuple(subjects)


def exported(export: Export, placed: PlacedRule, named: str) -> Subject:
    """Return a rule of an export; one that was made from a configuration has only its file."""
    source = None if export.is_of_configuration else export.source
    return Subject(placed.rule, export.name, named, source, placed)

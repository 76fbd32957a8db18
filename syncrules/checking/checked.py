"""What the checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from syncrules.servers.model import Facet, Server

from .expression_texts import ExpressionFlow, Reading, expression_flows, readings
from .subjects import Subject

__all__ = ["Checked"]


class Checked(NamedTuple):
    """Rules that are checked, those `beside` them, their server, and their expressions."""

    subjects: tuple[Subject, ...]
    beside: tuple[Subject, ...]
    server: Server
    flows: tuple[ExpressionFlow, ...]
    readings: Mapping[str, Reading]

    @classmethod
    def of(
        cls, subjects: tuple[Subject, ...], server: Server, beside: tuple[Subject, ...] = ()
    ) -> Checked:
        """Return rules with their expressions, each distinct one read once."""
        flows = tuple(expression_flows(subjects))
        return cls(subjects, beside, server, flows, readings(flows))

    @property
    def has_all_rules(self) -> bool:
        """Whether a file shows all rules that there are."""
        return self.server.is_complete_in(Facet.RULES)

    @property
    def custom(self) -> tuple[Subject, ...]:
        """The rules that are checked and are not Microsoft's."""
        return tuple(s for s in self.subjects if not s.rule.is_out_of_box)

    @property
    def enabled(self) -> tuple[Subject, ...]:
        """All rules that run."""
        return tuple(s for s in (*self.subjects, *self.beside) if not s.rule.disabled)

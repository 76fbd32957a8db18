"""What the checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syncrules.servers.model import Facet, Server

from .expression_texts import ExpressionFlow, Reading
from .subjects import Subject

__all__ = ["Checked"]


@dataclass(frozen=True)
class Checked:
    """Rules, what is known of their server, and their expressions."""

    subjects: tuple[Subject, ...]
    server: Server
    flows: tuple[ExpressionFlow, ...]
    readings: Mapping[str, Reading]

    @property
    def has_all_rules(self) -> bool:
        """Whether a file shows all rules that there are."""
        return self.server.is_complete_in(Facet.RULES)

    @property
    def custom(self) -> tuple[Subject, ...]:
        """The rules that are not Microsoft's."""
        return tuple(s for s in self.subjects if not s.rule.is_out_of_box)

    @property
    def enabled(self) -> tuple[Subject, ...]:
        """The rules that run."""
        return tuple(s for s in self.subjects if not s.rule.disabled)

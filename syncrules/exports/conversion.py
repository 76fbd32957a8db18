"""Values of parameters, taken as .NET takes them, and what is wrong where one does not fit."""

from __future__ import annotations

import re
from collections.abc import Collection

from syncrules.diagnostics import Code, Diagnostic, Problem
from syncrules.rules import timespan
from syncrules.rules.enumerations import (
    DIRECTIONS,
    FLOW_TYPES,
    LINK_TYPES,
    OPERATORS,
    VALUE_MERGE_TYPES,
    canonical,
)
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import JoinCondition, ScopeCondition
from syncrules.script.nodes import Array, Command, List, Literal, Node, Number, Value, Variable
from syncrules.script.source import Source
from syncrules.wording import BY_EDITOR

__all__ = ["ValueReader", "Values", "as_literal", "plain"]

Values = dict[str, Value | None]
"""A command's values by parameter name; a switch that is on has the value `None`."""

_ZERO_INTERVALS = ("0", "00:00:00")
_WORDS_OF = {
    "Direction": DIRECTIONS,
    "LinkType": LINK_TYPES,
    "FlowType": FLOW_TYPES,
    "ValueMergeType": VALUE_MERGE_TYPES,
}
_NOT_THREE = Problem(
    Code.SR327,
    "A condition is made from three values.",
    "Scope: attribute, value, operator. Join: connector space attribute, metaverse attribute, "
    "$true or $false.",
)
_REDACTED = re.compile(r"[xX]{3}|\*\*|\.\.\.|…|<|>|your|guid", re.IGNORECASE)


class ValueReader:
    """Reads values of one script, and keeps what it found."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []

    def report(self, at: Node, problem: Problem) -> None:
        """Keep what is wrong with a node."""
        self.diagnostics.append(problem.at(self.source.place(at)))

    def text(self, values: Values, name: str) -> str | None:
        """Return the text of a parameter; `None` where it is left out or refused."""
        value = values.get(name)
        if value is None:
            return None
        if isinstance(value, Literal):
            return value.text
        self._not_a_literal(value, f"-{name}")
        return None

    def _not_a_literal(self, value: Value, what: str) -> None:
        if isinstance(value, Variable):
            self.report(
                value,
                Problem(
                    Code.SR320,
                    f"{what} is a variable here; only -Connector may be one, and only one that is "
                    "given a literal once, before.",
                    "Write the value itself in single quotes.",
                ),
            )
        else:
            self.report(
                value,
                Problem(
                    Code.SR320, f"{what} is not one text.", "Write the value in single quotes."
                ),
            )

    def texts(self, value: Value) -> tuple[str, ...] | None:
        """Return the texts of an array, a list or a single value."""
        items = value.items if isinstance(value, Array | List) else (value,)
        texts = [i.text for i in items if isinstance(i, Literal)]
        if len(texts) < len(items):
            self._not_a_literal(next(i for i in items if not isinstance(i, Literal)), "-Source")
            return None
        return tuple(texts)

    def one_of(self, values: Values, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return which of `allowed` a parameter is, in any case; what is none of them stays."""
        text = self.text(values, name)
        value = values.get(name)
        if text is None or value is None:
            return None
        word = canonical(text, allowed)
        if word is None:
            from .likely_meaning import meant_word  # nearly all words are right

            self._outside(value, f"-{name}", text, allowed, meant_word(text, allowed))
        return word or text

    def _outside(
        self, value: Node, what: str, text: str, allowed: Collection[str], meant: str | None
    ) -> None:
        self.report(
            value,
            Problem(
                Code.SR321,
                f"{what} cannot be '{text[:60]}'{_of_another(text)}.",
                f"Write '{meant}'." if meant else f"Write one of: {', '.join(allowed)}.",
            ),
        )

    def guid(self, values: Values, name: str) -> tuple[Literal | None, str | None]:
        """Return a parameter's literal and the GUID in it, each `None` where there is none."""
        value = values.get(name)
        if value is None:
            return None, None
        literal = as_literal(value)
        if literal is None:
            self._not_a_literal(value, f"-{name}")
            return None, None
        guid = parse_guid(literal.text)
        if guid is None:
            self._bad_guid(value, name, literal.text)
        return literal, guid

    def _bad_guid(self, value: Node, name: str, text: str) -> None:
        if _REDACTED.search(text):
            self.report(
                value,
                Problem(
                    Code.SR323,
                    f"-{name} is redacted or a placeholder: '{text[:60]}' is not a GUID.",
                    f"Put the real GUID back, or export the rule again {BY_EDITOR}.",
                ),
            )
            return
        self.report(
            value,
            Problem(
                Code.SR322,
                f"-{name} is not a valid GUID: '{text[:60]}'.",
                "Write it as 00000000-0000-0000-0000-000000000000, in single quotes.",
            ),
        )

    def precedence(self, values: Values) -> int | None:
        """Return -Precedence, which .NET takes as a number or a text of digits."""
        value = values.get("Precedence")
        if value is None:
            return None
        if isinstance(value, Number):
            return value.value
        if isinstance(value, Literal) and re.fullmatch("[0-9]{1,9}", value.text):
            return int(value.text)
        self.report(
            value,
            Problem(
                Code.SR324,
                "-Precedence is not a whole number.",
                "Write it in digits, without quotes.",
            ),
        )
        return None

    def interval(self, values: Values) -> str | None:
        """Return -SoftDeleteExpiryInterval as it is written, digits of a text as days."""
        value = values.get("SoftDeleteExpiryInterval")
        if value is None:
            return None
        written: str | None = None
        if isinstance(value, Number):
            written = str(value.value)
        elif isinstance(value, Literal):
            written = timespan.from_text(value.text)
        if written is None:
            self.report(
                value,
                Problem(
                    Code.SR325,
                    "-SoftDeleteExpiryInterval is not a valid time span.",
                    "Write 0, or a time such as '00:00:30' in single quotes.",
                ),
            )
            return None
        if written not in _ZERO_INTERVALS:
            ticks = " A bare number counts units of 100 nanoseconds." if written.isdigit() else ""
            self.report(
                value,
                Problem(
                    Code.SR326,
                    "-SoftDeleteExpiryInterval is neither 0 nor '00:00:00', as in every rule "
                    f"known.{ticks}",
                    "Check it in the Editor on the active server.",
                ),
            )
        return written

    def _three(self, command: Command, value: Value | None, kind: str) -> tuple[Value, ...] | None:
        """Return the values of a condition; report what is wrong with their number or order."""
        items = value.items if isinstance(value, Array | List) else ()
        from .likely_meaning import values_in_another_order  # the Editor's are read by their form

        problem = values_in_another_order(kind, tuple(map(_shown, items)))
        if problem is None and len(items) == 3:
            return items
        self.report(value or command, problem or _NOT_THREE)
        return None

    def scope_condition(self, command: Command, value: Value | None) -> ScopeCondition | None:
        """Return the condition made from attribute, value and operator."""
        items = self._three(command, value, "Scope")
        if items is None:
            return None
        texts: list[str] = []
        for item in items:
            if not isinstance(item, Literal | Number):
                self._not_a_literal(item, "A condition's value")
                return None
            texts.append(str(item.value) if isinstance(item, Number) else item.text)
        attribute, comparison, written = texts
        operator = canonical(written, OPERATORS)
        if operator is None:
            from .likely_meaning import meant_operator

            self._outside(items[2], "The operator", written, OPERATORS, meant_operator(written))
        return ScopeCondition(attribute, comparison, operator or written)

    def join_condition(self, command: Command, value: Value | None) -> JoinCondition | None:
        """Return the condition made from two attributes and a Boolean."""
        items = self._three(command, value, "Join")
        if items is None:
            return None
        cs, mv, flag = items
        if not (isinstance(cs, Literal) and isinstance(mv, Literal)):
            wrong = mv if isinstance(cs, Literal) else cs
            self._not_a_literal(wrong, "A condition's attribute")
            return None
        name = flag.name.lower() if isinstance(flag, Variable) and flag.element is None else ""
        if name not in ("true", "false"):
            self.report(
                flag,
                Problem(
                    Code.SR328,
                    "Whether the join is case-sensitive is $true or $false; a text here, even "
                    "'False', would be true.",
                    "Write $false or $true, without quotes.",
                ),
            )
            return None
        return JoinCondition(cs.text, mv.text, name == "true")

    def needed(self, values: Values, name: str) -> str:
        """Return the text of a parameter that PowerShell refuses when it is empty."""
        text, value = self.text(values, name), values[name]
        if text == "" and value is not None:
            self.report(
                value,
                Problem(
                    Code.SR329,
                    f"-{name} is empty; PowerShell refuses an empty text here.",
                    f"Give the value; export the rule again {BY_EDITOR} if in doubt.",
                ),
            )
        return text or ""


def _shown(value: Value) -> str | bool | None:
    """Return a value of a condition as far as it tells which one it is."""
    if isinstance(value, Variable) and value.element is None:
        return {"true": True, "false": False}.get(value.name.lower())
    if isinstance(value, Number):
        return str(value.value)
    return value.text if isinstance(value, Literal) else None


def _of_another(text: str) -> str:
    """Return whose value a word is, where it is one of another parameter."""
    for name, words in _WORDS_OF.items():
        if canonical(text, words):
            return f", which is a value of -{name}"
    return ""


def plain(value: Value | None) -> str:
    """Return the text of a literal; empty for all else."""
    return value.text if isinstance(value, Literal) else ""


def as_literal(value: Value | None) -> Literal | None:
    """Return a value that is written out as a text; `None` for all else."""
    return value if isinstance(value, Literal) else None

"""Values of parameters, taken as .NET takes them: what does not fit is a finding at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.rules.enumerations import MISSPELT_OPERATORS, OPERATORS
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import JoinCondition, ScopeCondition
from syncrules.script.nodes import Array, Command, List, Node, Number, Text, Value, Variable, Word
from syncrules.script.source import Source

__all__ = ["ValueReader", "Values", "as_literal", "plain"]

Values = dict[str, Value | None]
"""A command's values by parameter name; a switch that is on has the value `None`."""

_TIMESPAN = re.compile(
    r"-?(?:[0-9]{1,7}"
    r"|(?:[0-9]{1,7}\.)?(?:[01]?[0-9]|2[0-3]):[0-5]?[0-9](?::[0-5]?[0-9](?:\.[0-9]{1,7})?)?"
    r"|[0-9]{1,7}:(?:[01]?[0-9]|2[0-3]):[0-5]?[0-9])"  # more than 23 hours: it is days
)
"""What .NET reads as a TimeSpan, up to a few days of the largest."""

_ZERO_INTERVALS = ("0", "00:00:00")
_REDACTED = re.compile(r"[xX]{3}|\*\*|\.\.\.|…|<|>|your|guid", re.IGNORECASE)


class ValueReader:
    """Reads values of one script, and keeps what it found."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Diagnostic] = []

    def refuse(self, code: str, node: Node, message: str, hint: str) -> None:
        """Keep an error."""
        self.findings.append(self.source.finding(code, node.span, message, hint))

    def warn(self, code: str, node: Node, message: str, hint: str) -> None:
        """Keep a warning."""
        self.findings.append(self.source.finding(code, node.span, message, hint, Severity.WARNING))

    def text(self, values: Values, name: str) -> str | None:
        """Return the text of a parameter; `None` where it is left out or refused."""
        value = values.get(name)
        if value is None:
            return None
        if isinstance(value, Text | Word):
            return value.text
        self._not_a_literal(value, f"-{name}")
        return None

    def _not_a_literal(self, value: Value, what: str) -> None:
        if isinstance(value, Variable):
            self.refuse(
                "SR320",
                value,
                f"{what} is a variable here; only -Connector may be one, and only one that is "
                "given a literal once, before.",
                "Write the value itself in single quotes.",
            )
        else:
            self.refuse(
                "SR320",
                value,
                f"{what} is not one text.",
                "Write the value in single quotes.",
            )

    def texts(self, value: Value) -> tuple[str, ...] | None:
        """Return the texts of an array, a list or a single value."""
        items = value.items if isinstance(value, Array | List) else (value,)
        texts = [i.text for i in items if isinstance(i, Text | Word)]
        if len(texts) < len(items):
            self._not_a_literal(next(i for i in items if not isinstance(i, Text | Word)), "-Source")
            return None
        return tuple(texts)

    def one_of(self, values: Values, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return the text of a parameter that takes one of `allowed`, in any case, as written."""
        text = self.text(values, name)
        value = values.get(name)
        if text is not None and value is not None and not _among(text, allowed):
            self._outside(value, f"-{name}", text, allowed)
        return text

    def _outside(self, value: Node, what: str, text: str, allowed: Iterable[str]) -> None:
        self.refuse(
            "SR321",
            value,
            f"{what} cannot be '{printable(text[:60])}'.",
            f"Write one of: {', '.join(allowed)}.",
        )

    def guid(self, values: Values, name: str) -> tuple[Text | Word | None, str | None]:
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
            self.refuse(
                "SR323",
                value,
                f"-{name} is redacted or a placeholder: '{printable(text[:60])}' is no GUID.",
                "Put the real GUID back, or export the rule again.",
            )
            return
        self.refuse(
            "SR322",
            value,
            f"-{name} is no GUID that .NET reads: '{printable(text[:60])}'.",
            "Write it as 00000000-0000-0000-0000-000000000000, in single quotes.",
        )

    def precedence(self, values: Values) -> int | None:
        """Return -Precedence, which .NET takes as a number or a text of digits."""
        value = values.get("Precedence")
        if value is None:
            return None
        if isinstance(value, Number):
            return value.value
        if isinstance(value, Text | Word) and re.fullmatch("[0-9]{1,9}", value.text):
            return int(value.text)
        self.refuse(
            "SR324",
            value,
            "-Precedence is not a whole number.",
            "Write it in digits, without quotes.",
        )
        return None

    def interval(self, values: Values) -> str | None:
        """Return -SoftDeleteExpiryInterval as it is written, digits of a text as days."""
        value = values.get("SoftDeleteExpiryInterval")
        if value is None:
            return None
        if isinstance(value, Number):
            written = str(value.value)
        elif isinstance(value, Text | Word) and _TIMESPAN.fullmatch(value.text):
            digits = value.text.isdigit() and value.text.strip("0")
            written = f"{int(value.text)}.00:00:00" if digits else value.text  # .NET: days
        else:
            self.refuse(
                "SR325",
                value,
                "-SoftDeleteExpiryInterval is no time span that .NET reads.",
                "Write 0, or a time such as '00:00:30' in single quotes.",
            )
            return None
        if written not in _ZERO_INTERVALS:
            ticks = " A bare number counts units of 100 nanoseconds." if written.isdigit() else ""
            self.warn(
                "SR326",
                value,
                f"-SoftDeleteExpiryInterval is neither 0 nor '00:00:00', as in every rule known."
                f"{ticks}",
                "Check it in the Editor on the active server.",
            )
        return written

    def _three(self, command: Command, value: Value | None) -> tuple[Value, ...] | None:
        if isinstance(value, Array | List) and len(value.items) == 3:
            return value.items
        self.refuse(
            "SR327",
            value or command,
            "A condition is made from three values.",
            "Scope: attribute, value, operator. Join: connector space attribute, metaverse "
            "attribute, $true or $false.",
        )
        return None

    def scope_condition(self, command: Command, value: Value | None) -> ScopeCondition | None:
        """Return the condition made from attribute, value and operator."""
        items = self._three(command, value)
        if items is None:
            return None
        texts = [_condition_text(item) for item in items]
        for item, text in zip(items, texts, strict=True):
            if text is None:
                self._not_a_literal(item, "A condition's value")
                return None
        attribute, comparison, operator = (text or "" for text in texts)
        if not _among(operator, OPERATORS):
            right = MISSPELT_OPERATORS.get(operator.upper())
            self._outside(items[2], "The operator", operator, (right,) if right else OPERATORS)
        return ScopeCondition(attribute, comparison, operator)

    def join_condition(self, command: Command, value: Value | None) -> JoinCondition | None:
        """Return the condition made from two attributes and a Boolean."""
        items = self._three(command, value)
        if items is None:
            return None
        cs, mv, flag = items
        for item in (cs, mv):
            if not isinstance(item, Text | Word):
                self._not_a_literal(item, "A condition's attribute")
                return None
        name = flag.name.lower() if isinstance(flag, Variable) and flag.element is None else ""
        if name not in ("true", "false"):
            self.refuse(
                "SR328",
                flag,
                "Whether the join is case-sensitive is $true or $false; a text here, even "
                "'False', would be true.",
                "Write $false or $true, without quotes.",
            )
            return None
        assert isinstance(cs, Text | Word)
        assert isinstance(mv, Text | Word)
        return JoinCondition(cs.text, mv.text, name == "true")

    def needed(self, values: Values, name: str) -> str:
        """Return the text of a parameter that PowerShell refuses when it is empty."""
        text, value = self.text(values, name), values[name]
        if text == "" and value is not None:
            self.refuse(
                "SR329",
                value,
                f"-{name} is empty; PowerShell refuses an empty text here.",
                "Give the value; export the rule again if in doubt.",
            )
        return text or ""


def plain(value: Value | None) -> str:
    """Return the text of a literal; empty for all else."""
    return value.text if isinstance(value, Text | Word) else ""


def as_literal(value: Value | None) -> Text | Word | None:
    """Return a value that is written out as a text; `None` for all else."""
    return value if isinstance(value, Text | Word) else None


def _condition_text(value: Value) -> str | None:
    if isinstance(value, Number):
        return str(value.value)
    return value.text if isinstance(value, Text | Word) else None


def _among(text: str, allowed: tuple[str, ...]) -> bool:
    return text in allowed or text.lower() in (a.lower() for a in allowed)

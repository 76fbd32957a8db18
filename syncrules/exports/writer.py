"""Rules as a script, laid out as the Synchronization Rules Editor prints them.

Two blanks before the backtick of a command and of a switch, one before that of a value, two empty
lines after every command. A text that is `--%` is attached to its parameter: alone, even in
quotes, PowerShell would take it for its stop-parsing token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from syncrules.diagnostics import Code, Problem, has_errors
from syncrules.errors import InputRefused
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.script.quoting import quote

from .cmdlets import JOIN_CONDITION, SCOPE_CONDITION
from .export import read_export

__all__ = ["emit", "script_text"]

_RULE = "-SynchronizationRule $syncRule[0]"
_OUT_RULE = "-OutVariable syncRule"
_STOP_PARSING = "--%"


def emit(rules: Iterable[SyncRule]) -> bytes:
    """Return the file that creates `rules`, in their order, as the Editor would print them.

    Lines end in CRLF. It is ASCII where that is enough, else UTF-8 with a byte order mark, which
    Windows PowerShell 5.1 needs. Fields that are `None` are left out. `parse(emit(rules)).rules ==
    rules`, and PowerShell binds the same values.

    Raises InputRefused, with the reasons, for rules that `parse` would refuse or read otherwise.
    """
    rules = tuple(rules)
    text = script_text(rules)
    export, diagnostics = read_export(text)
    if export is None or has_errors(diagnostics):
        raise InputRefused(diagnostics)
    otherwise = tuple(
        _read_otherwise(rule, read).at(None)
        for rule, read in zip(rules, export.rules, strict=True)
        if rule != read
    )
    if otherwise:
        raise InputRefused(otherwise)
    return text.encode("ascii" if text.isascii() else "utf-8-sig")


def _read_otherwise(rule: SyncRule, read: SyncRule) -> Problem:
    unlike = ", ".join(
        f"{f.name} {getattr(rule, f.name)!r} is read as {getattr(read, f.name)!r}"
        for f in fields(rule)
        if getattr(rule, f.name) != getattr(read, f.name)
    )
    return Problem(
        Code.SR501,
        f"The rule '{rule.name}' is not written: read again, it is another one ({unlike}).",
        "Give each field in the form in which syncrules.parse gives it.",
    )


def script_text(rules: Iterable[SyncRule], newline: str = "\r\n") -> str:
    """Return the text of such a file, with lines that end in `newline`; it is not checked."""
    return "".join(
        newline.join((*_lines(name, parameters), "", "", ""))
        for rule in rules
        for name, parameters in _commands(rule)
    )


def _lines(name: str, parameters: Iterable[str | None]) -> Iterator[str]:
    present = [p for p in parameters if p is not None]
    yield f"{name}  `"
    for parameter in present[:-1]:
        yield (
            f"{parameter}  `" if " " not in parameter and ":" not in parameter else f"{parameter} `"
        )
    yield present[-1]


def _commands(rule: SyncRule) -> Iterator[tuple[str, list[str | None]]]:
    yield "New-ADSyncRule", _header(rule)
    for flow in rule.attribute_flow_mappings:
        yield "Add-ADSyncAttributeFlowMapping", _flow(flow)
    for scope in rule.scope_filter:
        for index, condition in enumerate(scope):
            yield "New-Object", _scope_condition(condition, index)
        yield (
            "Add-ADSyncScopeConditionGroup",
            [_RULE, _group("ScopeConditions", len(scope)), _OUT_RULE],
        )
    for join in rule.join_filter:
        for index, criterion in enumerate(join):
            yield "New-Object", _join_condition(criterion, index)
        yield (
            "Add-ADSyncJoinConditionGroup",
            [_RULE, _group("JoinConditions", len(join)), _OUT_RULE],
        )
    yield "Add-ADSyncRule", [_RULE]
    if rule.identifier is not None:
        yield "Get-ADSyncRule", [_text("Identifier", rule.identifier)]


def _header(rule: SyncRule) -> list[str | None]:
    return [
        _text("Name", rule.name),
        _text("Identifier", rule.identifier),
        _text("Description", rule.description),
        _text("Direction", rule.direction),
        None if rule.precedence is None else f"-Precedence {rule.precedence}",
        _text("PrecedenceAfter", rule.precedence_after),
        _text("PrecedenceBefore", rule.precedence_before),
        _text("SourceObjectType", rule.source_object_type),
        _text("TargetObjectType", rule.target_object_type),
        _text("Connector", rule.connector),
        _text("LinkType", rule.link_type),
        _interval(rule.soft_delete_expiry_interval),
        _text("ImmutableTag", rule.immutable_tag),
        "-EnablePasswordSync" if rule.enable_password_sync else None,
        "-Disabled" if rule.disabled else None,
        _OUT_RULE,
    ]


def _flow(flow: AttributeFlowMapping) -> list[str | None]:
    return [
        _RULE,
        None if flow.source is None else f"-Source {_array(flow.source)}",
        _text("Destination", flow.destination),
        _text("FlowType", flow.flow_type),
        _text("ValueMergeType", flow.value_merge_type),
        "-ExecuteOnce" if flow.execute_once else None,
        _text("Expression", flow.expression),
        _OUT_RULE,
    ]


def _scope_condition(condition: ScopeCondition, index: int) -> list[str | None]:
    values = (condition.attribute, condition.comparison_value, condition.comparison_operator)
    arguments = _array(values) if _STOP_PARSING in values else ",".join(map(quote, values))
    return _object(SCOPE_CONDITION, arguments, index)


def _join_condition(condition: JoinCondition, index: int) -> list[str | None]:
    flag = "$true" if condition.case_sensitive else "$false"
    attributes = (condition.cs_attribute, condition.mv_attribute)
    arguments = ",".join((*map(quote, attributes), flag))
    if _STOP_PARSING in attributes:
        arguments = f"@({arguments})"
    return _object(JOIN_CONDITION, arguments, index)


def _object(type_name: str, arguments: str, index: int) -> list[str | None]:
    return [
        _text("TypeName", type_name),
        f"-ArgumentList {arguments}",
        f"-OutVariable condition{index}",
    ]


def _group(parameter: str, count: int) -> str:
    return f"-{parameter} @({','.join(f'$condition{index}[0]' for index in range(count))})"


def _text(parameter: str, text: str | None) -> str | None:
    if text is None:
        return None
    separator = ":" if text == _STOP_PARSING else " "
    return f"-{parameter}{separator}{quote(text)}"


def _array(texts: Iterable[str]) -> str:
    return f"@({','.join(map(quote, texts))})"


def _interval(text: str | None) -> str | None:
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return f"-SoftDeleteExpiryInterval {text}"
    return _text("SoftDeleteExpiryInterval", text)

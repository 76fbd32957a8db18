"""Compare this reader's reading of a script with PowerShell's recorded one.

A case is one line of JSON: `text`, PowerShell's parse `errors`, its `reading` (statements, with
offsets in UTF-16 code units), `must_read`, and for whole rules the `rules` that it left on a
server and the `fault` that ended it.
"""

from __future__ import annotations

import gzip
import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from syncrules.diagnostics import Diagnostic, has_errors
from syncrules.exports.editor_forms import FORMS
from syncrules.exports.export import read_export
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import SyncRule
from syncrules.script import nodes as layer
from syncrules.script.reader import read_script
from syncrules.script.source import from_text

Case = dict[str, Any]
Json = dict[str, Any]


def cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a .jsonl or .jsonl.gz file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def utf16_offsets(text: str) -> list[int]:
    """Return, for each offset in code points, the offset in UTF-16 code units."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if ord(character) > 0xFFFF else 1))
    return offsets


def reading(script: layer.Script) -> list[Json]:
    """Return our reading of a script in the form of the recorded ones."""
    units = utf16_offsets(script.source.text)
    return [_statement(s, units) for s in script.statements]


def _statement(statement: layer.Statement, units: list[int]) -> Json:
    at = [units[statement.start], units[statement.end]]
    if isinstance(statement, layer.Assignment):
        return {"at": at, "other": "AssignmentStatement"}
    arguments = [_argument(a, units) for a in statement.arguments]
    known: Json = {"at": at, "command": statement.name, "arguments": arguments}
    return known | ({"out_null": 1} if statement.out_null else {})


def _argument(node: layer.Argument, units: list[int]) -> Json:
    return {"at": [units[node.start], units[node.end]], **_value(node, units)}


def _value(node: layer.Argument, units: list[int]) -> Json:
    match node:
        case layer.Parameter(name=name, attached=None):
            return {"parameter": name}
        case layer.Parameter(name=name, attached=value) if value is not None:
            return {"parameter": name, "argument": _argument(value, units)}
        case layer.Text(text=text, quote=quote):
            return {"string": text, "quote": _straight(quote)}
        case layer.Word(text=text):
            return {"string": text, "quote": ""}
        case layer.Number(value=value):
            return {"number": str(value), "type": "Int32"}
        case layer.Variable(name=name, element=None):
            return {"variable": name}
        case layer.Variable(name=name, element=index):
            return {"variable": name, "index": str(index)}
        case layer.Array(items=items):
            return {"array": [_argument(i, units) for i in items]}
        case layer.List(items=items):
            return {"list": [_argument(i, units) for i in items]}
    raise AssertionError(node)


def _straight(quote: str) -> str:
    return quote.translate(
        dict.fromkeys(map(ord, "‘’‚‛"), "'") | dict.fromkeys(map(ord, "“”„"), '"')
    )


def verdict(case: Case) -> tuple[str, str]:
    """Return `read`, `refused` or `wrong` for a case, and what is wrong."""
    script, findings = read_script(from_text(case["text"], case["id"]), forms=FORMS)
    if script is None:
        if case["must_read"]:
            return "wrong", f"refused: {_shown(findings)}"
        return "refused", misplaced(case, findings)
    if case["reading"] is None:
        return "wrong", f"read, where PowerShell finds {case['errors']}"
    ours = reading(script)
    if ours != case["reading"]:
        differ = [(a, b) for a, b in zip(ours, case["reading"], strict=False) if a != b]
        return "wrong", f"read as {differ[:1] or (ours, case['reading'])}"
    return "read", ""


def judged(case: Case) -> tuple[str, str]:
    """Return the verdict with everything that is wrong in it: a misplaced refusal, a crash."""
    try:
        kind, why = verdict(case)
    except Exception as error:  # whatever it is, this script raised it
        return "wrong", f"crashed: {error!r}"
    return ("wrong" if why else kind), why


_VISIBLE = {ord(" "): "·", ord("\t"): "→\t", ord("\r"): "␍", ord("\n"): "␊\n", ord("\0"): "␀"}


def shown(case: Case, why: str) -> str:
    """Return a case for a person: its blanks and newlines visible, the start of a long text."""
    text = case["text"].translate(_VISIBLE)
    visible = "".join(c if c.isprintable() or c in "\n\t" else f"<{ord(c):04X}>" for c in text)
    return f"{case['id']}: {why[:1000]}\n{visible[:2000]}"


def misplaced(case: Case, findings: tuple[Diagnostic, ...]) -> str:
    """Return where the refusal should have stood, if it stands elsewhere."""
    text = case["text"]
    spans = [f.span for f in findings if f.span and f.is_error]
    if any(span.end > len(text) for span in spans):
        return f"refused behind the end of the text: {_shown(findings)}"
    units = utf16_offsets(text)
    firsts = [units[span.start] for span in spans]
    ranges = [(start, end) for _, start, end in case["errors"]] or list(_foreign(case))
    last = max((_with_blanks(text, units, end) for _, end in ranges), default=0)
    if not ranges or any(at <= last for at in firsts):
        return ""
    return f"refused at {firsts}, where PowerShell shows {ranges}: {_shown(findings)}"


_BLANKS = re.compile(r"(?:\s|`(?=\s|\Z)|<#.*?#>|#[^\r\n]*)*", re.DOTALL)


def _with_blanks(text: str, units: list[int], end: int) -> int:
    """Return where blanks, comments and continued lines behind an offset end: the same place."""
    blanks = _BLANKS.match(text, bisect_left(units, end))
    return max(end, units[blanks.end()]) if blanks else end


_PLAIN_ASSIGNMENT = re.compile(r"""\$\w+\s*=\s*(?:[0-9]+|'[^']*'|"[^"`$]*")""")


def _foreign(case: Case) -> Iterator[tuple[int, int]]:
    """Yield where the first statement or argument stands that no reader of exports takes."""
    units = case["text"].encode("utf-16-le")
    for statement in case["reading"]:
        start, end = statement["at"]
        text = units[2 * start : 2 * end].decode("utf-16-le")
        if "other" in statement and not _PLAIN_ASSIGNMENT.fullmatch(text):
            yield start, end
            return
        for argument in statement.get("arguments", ()):
            if "other" in argument or "other" in argument.get("argument", {}):
                yield tuple(argument["at"])
                return


def _shown(findings: tuple[Diagnostic, ...]) -> str:
    return "; ".join(f"{f.line}:{f.column} {f.code} {f.message}" for f in findings)


def rules_verdict(case: Case) -> str:
    """Return what is wrong with the rules of a case; empty where nothing is."""
    export, findings = read_export(case["text"], case["id"])
    if export is None or has_errors(findings):
        return ""
    if case["fault"] is not None:
        return f"no error, where PowerShell stops with {case['fault']}"
    ours = [_rule(rule) for rule in export.rules]
    for mine, theirs in zip(ours, case["rules"], strict=False):
        for key, value in theirs.items():
            if mine[key] != value:
                return f"{key}: {mine[key]!r} is not {value!r}"
    return "" if len(ours) == len(case["rules"]) else f"{len(ours)} rules, not {len(case['rules'])}"


def _rule(rule: SyncRule) -> Json:
    return {
        "Name": rule.name,
        "Identifier": rule.identifier or ZERO_GUID,
        "Description": rule.description,
        "Direction": rule.direction,
        "Precedence": rule.precedence,
        "PrecedenceAfter": rule.precedence_after or ZERO_GUID,
        "PrecedenceBefore": rule.precedence_before or ZERO_GUID,
        "SourceObjectType": rule.source_object_type,
        "TargetObjectType": rule.target_object_type,
        "Connector": rule.connector,
        "LinkType": rule.link_type,
        "SoftDeleteExpiryInterval": int(rule.soft_delete_expiry_interval or 0),
        "ImmutableTag": rule.immutable_tag,
        "EnablePasswordSync": rule.enable_password_sync,
        "Disabled": rule.disabled,
        "AttributeFlowMappings": [
            {
                "Source": list(flow.source or ()),
                "Destination": flow.destination,
                "FlowType": flow.flow_type,
                "ValueMergeType": flow.value_merge_type,
                "ExecuteOnce": flow.execute_once,
                "Expression": flow.expression or "",
            }
            for flow in rule.attribute_flow_mappings
        ],
        "ScopeFilter": [
            [[c.attribute, c.comparison_value, c.comparison_operator] for c in group]
            for group in rule.scope_filter
        ],
        "JoinFilter": [
            [[c.cs_attribute, c.mv_attribute, c.case_sensitive] for c in group]
            for group in rule.join_filter
        ],
    }

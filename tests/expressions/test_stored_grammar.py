"""The tables of expression.lark that are stored in the package are those of the grammar.

Run as a program, this file makes them anew: `python tests/expressions/test_stored_grammar.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from pprint import pformat
from typing import Any

from lark.grammar import Rule
from lark.lexer import TerminalDef

from syncrules import grammar

STORED = Path(__file__).resolve().parents[2] / "grammar" / "stored_expression.py"
HEAD = '''"""The tokens of expression.lark, and Lark's tables of it: they are run without Lark.

Made by tests/expressions/test_stored_grammar.py: not to be edited by hand.
"""
'''


def stored() -> str:
    """Return the text of what is stored, as it should be."""
    parser = grammar.build(grammar.EXPRESSION, start="chain", lexer="basic", strict=True)
    data, memo = parser.memo_serialize([TerminalDef, Rule])
    states, end = _states(data["parser"]["parser"], {int(k): v for k, v in memo.items()})
    text = grammar.text_of(grammar.EXPRESSION)
    in_order = sorted(parser.terminals, key=lambda t: text.index(f"\n{t.name} "))
    values = {
        "PATTERNS": {t.name: t.pattern.to_regexp() for t in in_order},
        "STATES": states,
        "END": end,
    }
    return HEAD + "".join(
        f"\n{name} = {pformat(value, width=100, compact=True, sort_dicts=False)}\n"
        for name, value in values.items()
    )


Action = int | tuple[str, str, int]
"""The state that comes next; or what is made, in whose place, and of how many."""


def _states(
    tables: Mapping[str, Any], memo: Mapping[int, Mapping[str, Any]]
) -> tuple[tuple[dict[str, Action], ...], int]:
    """Return what each state does with a token or with what was made, and the state of the end.

    States are numbered from the first one on: Lark's own numbers are others each time.
    """
    names = tables["tokens"]
    named = {
        state: sorted((names[token], action) for token, action in actions.items())
        for state, actions in tables["states"].items()
    }
    (start,), (end,) = tables["start_states"].values(), tables["end_states"].values()
    found = {start: 0}
    for state in (waiting := [start]):
        for _name, (is_reduction, target) in named[state]:
            if not is_reduction and target not in found:
                found[target] = len(found)
                waiting.append(target)
    rules = {number: _reduction(rule) for number, rule in memo.items() if "origin" in rule}
    return tuple(
        {
            name: rules[target["@"]] if is_reduction else found[target]
            for name, (is_reduction, target) in named[state]
        }
        for state in waiting
    ), found[end]


def _reduction(rule: Mapping[str, Any]) -> tuple[str, str, int]:
    origin = rule["origin"]["name"]
    return rule["alias"] or origin, origin, len(rule["expansion"])


def test_what_is_stored_is_fresh() -> None:
    assert STORED.read_text(encoding="utf-8") == stored(), f"run python {Path(__file__).name}"


if __name__ == "__main__":
    STORED.write_text(stored(), encoding="utf-8", newline="\n")

"""The tables and patterns that are stored in the package are those of the grammar.

Run as a program, this file makes them anew: `python tests/script/test_stored_grammar.py`.
"""

from __future__ import annotations

from binascii import crc32
from pathlib import Path
from pprint import pformat
from typing import Any

import lark
import pytest
from lark.grammar import Rule
from lark.lexer import TerminalDef

from syncrules import grammar

FOLDER = Path(__file__).resolve().parents[2] / "grammar"
TERMINALS = ("ASSIGNED", "COMMENT", "EDITOR_COMMAND", "EQUALS", "NEWLINE")
"""The terminals that are matched without Lark."""
HEAD = '"""%s\n\nMade by tests/script/test_stored_grammar.py: not to be edited by hand.\n"""\n'


def stored() -> dict[str, str]:
    """Return the files of what is stored, as they should be."""
    parser = grammar.build()
    data, memo = parser.memo_serialize([TerminalDef, Rule])
    data["parser"]["parser"] |= _numbered(**data["parser"]["parser"])
    patterns = {name: parser.get_terminal(name).pattern.to_regexp() for name in TERMINALS}
    what = {
        "GRAMMAR": crc32(grammar.text_of().encode()),
        "LARK": lark.__version__,
        "PATTERNS": patterns,
    }
    return {
        "stored.py": HEAD % "What script.lark is stored under, and its patterns." + _source(what),
        "stored_tables.py": HEAD % "Lark's tables of script.lark."
        + _source({"DATA": data, "MEMO": memo}),
    }


def _numbered(
    tokens: dict[int, str],
    states: dict[int, dict[int, tuple[int, Any]]],
    start_states: dict[str, int],
    end_states: dict[str, int],
    **_: object,
) -> dict[str, object]:
    """Return a parser's tables with its states and tokens numbered anew.

    Lark's own numbers come from the order of sets, which is another one each time.
    """
    names = sorted(tokens.values())
    named = {
        state: sorted((tokens[token], action) for token, action in actions.items())
        for state, actions in states.items()
    }
    found = dict.fromkeys(start_states.values())
    for state in (waiting := list(found)):
        for _token, (is_reduce, target) in named[state]:
            if not is_reduce and target not in found:
                found[target] = None
                waiting.append(target)
    numbers = {state: number for number, state in enumerate(found)}
    return {
        "tokens": dict(enumerate(names)),
        "states": {
            numbers[state]: {
                names.index(token): (is_reduce, target if is_reduce else numbers[target])
                for token, (is_reduce, target) in named[state]
            }
            for state in found
        },
        "start_states": {name: numbers[state] for name, state in start_states.items()},
        "end_states": {name: numbers[state] for name, state in end_states.items()},
    }


def _source(values: dict[str, object]) -> str:
    return "".join(
        f"\n{name} = {pformat(value, width=100, compact=True)}\n" for name, value in values.items()
    )


@pytest.mark.parametrize("name", ["stored.py", "stored_tables.py"])
def test_what_is_stored_is_fresh(name: str) -> None:
    if lark.__version__ != grammar.stored.LARK:
        pytest.skip(f"stored by Lark {grammar.stored.LARK}")
    assert (FOLDER / name).read_text(encoding="utf-8") == stored()[name], (
        f"run python {Path(__file__).name}"
    )


if __name__ == "__main__":
    for name, text in stored().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")

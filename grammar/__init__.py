"""The grammars: of the export dialect as a Lark parser made on first use, and of expressions.

Way in: `script_parser`, and `pattern_of` for a terminal by itself; the languages themselves stand
in script.lark and expression.lark. May import: no other room.

Lark takes longer to make its tables from script.lark than to read an export by them, so they stand
in stored.py, made by tests/script/test_stored_grammar.py, which also holds that they are fresh.
They count only for the very text that they were made from, and by the same version of Lark.

The tables of expression.lark stand in stored_expression.py, made by
tests/expressions/test_stored_grammar.py. The language is so small that syncrules/expressions runs
them itself: to import Lark would take longer than to read all expressions of a server.
"""

from __future__ import annotations

from binascii import crc32
from functools import cache
from os.path import dirname, join
from typing import TYPE_CHECKING, Any

from . import stored

if TYPE_CHECKING:
    from lark import Lark

__all__ = ["EXPRESSION", "SCRIPT", "build", "pattern_of", "script_parser", "tables_of", "text_of"]

SCRIPT, EXPRESSION = "script.lark", "expression.lark"


def text_of(name: str = SCRIPT) -> str:
    """Return the text of the grammar file `name` in this package."""
    data: bytes = __spec__.loader.get_data(join(dirname(__file__), name))  # type: ignore
    return data.decode("utf-8")


def build(name: str = SCRIPT, **options: Any) -> Lark:
    """Build a parser from the grammar file `name` in this package.

    `options` are Lark's and overrule the production ones: tests build strict parsers with them.
    """
    from lark import Lark  # here, so that what needs no parser does not import it

    production: dict[str, Any] = {
        "start": "script",
        "parser": "lalr",
        "lexer": "contextual",
        "maybe_placeholders": False,
    }
    return Lark(text_of(name), **(production | options))


@cache
def script_parser() -> Lark:
    """Return the parser of export scripts; it keeps no state between parses."""
    import lark

    if not (_is_stored() and lark.__version__ == stored.LARK):
        return build()
    from . import stored_tables

    return lark.Lark._load_from_dict(stored_tables.DATA, stored_tables.MEMO)


@cache
def pattern_of(terminal: str) -> str:
    """Return the regular expression of a terminal, one of those in stored.py."""
    if _is_stored():
        return stored.PATTERNS[terminal]
    return script_parser().get_terminal(terminal).pattern.to_regexp()


@cache
def _is_stored() -> bool:
    return crc32(text_of().encode()) == stored.GRAMMAR

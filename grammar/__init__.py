"""The grammar of the export dialect, as a Lark parser built on first use.

Way in: `script_parser`; the language itself stands in script.lark. May import: no other room.
"""

from __future__ import annotations

from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark

__all__ = ["SCRIPT", "build", "script_parser"]

SCRIPT = "script.lark"


def build(name: str = SCRIPT, **options: Any) -> Lark:
    """Build a parser from the grammar file `name` in this package.

    `options` are Lark's and overrule the production ones: tests build strict parsers with them.
    """
    from lark import Lark  # here, so that `syncrules --help` does not import it

    text = (get_data(__name__, name) or b"").decode("utf-8")
    production: dict[str, Any] = {
        "start": "script",
        "parser": "lalr",
        "lexer": "contextual",
        "maybe_placeholders": False,
    }
    return Lark(text, **(production | options))


@cache
def script_parser() -> Lark:
    """Return the parser of export scripts; it keeps no state between parses."""
    return build()

"""A command in the Editor's layout, which the grammar takes as one token, taken apart.

The grammar has checked its form: here it is only split. A value is one plain text, one element of a
variable, one word, or (the last group) anything longer.
"""

from __future__ import annotations

import re

from .nodes import Argument, Array, Command, List, Number, Parameter, Text, Value, Variable, Word
from .parser import Token

__all__ = ["editor_command", "variable"]

_EDITOR_SETTING = re.compile(
    r"-([A-Za-z]+)"
    r"(?: (?:'([^']*)'(?=[ \r\n]|$)|\$([A-Za-z0-9]+)\[([0-9])\](?=[ \r\n]|$)"
    r"|([A-Za-z0-9]+)|((?:'[^']*'|[^' `\r\n]+)+)))?"
)
_EDITOR_ITEM = re.compile(r"'[^']*(?:''[^']*)*'|[^',@()]+")


def editor_command(token: Token) -> Command:
    """Return the command of an EDITOR_COMMAND."""
    offset: int = token.start_pos
    text = str(token)
    name_end = text.index(" ")
    arguments: list[Argument] = []
    add = arguments.append
    for setting in _EDITOR_SETTING.finditer(text, name_end):
        name, plain, variable, index, word, other = setting.groups()
        start, end = setting.span()
        start += offset
        end += offset
        at = start + len(name) + 1
        add(Parameter(start, at, name))
        if plain is not None:
            add(Text(at + 1, end, plain, "'"))
        elif variable is not None:
            add(Variable(at + 1, end, variable, int(index)))
        elif word is not None:
            add(_editor_word(word, at + 1, end))
        elif other is not None:
            add(_editor_value(other, at + 1, end))
    return Command(offset, token.end_pos, text[:name_end], tuple(arguments))


def _editor_value(text: str, start: int, end: int) -> Value:
    items = tuple(
        _editor_item(found.group(), start + found.start(), start + found.end())
        for found in _EDITOR_ITEM.finditer(text)
    )
    if text[0] == "@":
        return Array(start, end, items)
    return items[0] if len(items) == 1 else List(start, end, items)


def _editor_item(text: str, start: int, end: int) -> Value:
    if text[0] == "'":
        return Text(start, end, text[1:-1].replace("''", "'"), "'")
    return variable(text, start, end)


def _editor_word(text: str, start: int, end: int) -> Value:
    return Number(start, end, int(text)) if text[0].isdigit() else Word(start, end, text)


def variable(text: str, start: int, end: int) -> Variable:
    """Return a variable that is written plainly: `$name` or `$name[0]`, with blanks or without."""
    name, _, index = text[1:].partition("[")
    return Variable(start, end, name, int(index.replace("`", " ")[:-1]) if index else None)

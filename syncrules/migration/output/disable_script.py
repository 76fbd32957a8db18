"""The script that disables out-of-box rules on the staging server."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from functools import cache

from syncrules.script.quoting import quote
from syncrules.servers.model import ServerRule

__all__ = ["DISABLING", "disabling_script", "is_disabling_script"]

DISABLING = "disable-out-of-box.ps1"
"""The file's name, beside the output and here, where the script without its rules is kept."""

_MARK = b"# Disables out-of-box rules on the staging server"
"""How the script begins."""
_RULES = "#RULES"


def disabling_script(rules: Iterable[ServerRule]) -> bytes:
    """Return the script for rules of the staging server, whose identifiers are known."""
    table = ",\r\n".join(_entry(rule) for rule in rules)
    text = _template().replace("\n", "\r\n").replace(_RULES, table)
    return text.encode() if text.isascii() else codecs.BOM_UTF8 + text.encode()


def is_disabling_script(data: bytes) -> bool:
    """Return whether a file was made by `disabling_script`: it holds no rule to be moved."""
    return data.removeprefix(codecs.BOM_UTF8).startswith(_MARK)


@cache
def _template() -> str:
    from importlib.resources import files  # most runs need no script

    return files(__package__).joinpath(DISABLING).read_text("utf-8")


def _entry(rule: ServerRule) -> str:
    values = (
        ("Identifier", rule.identifier or ""),
        ("Name", rule.name),
        ("Connector", rule.connector),
        ("ImmutableTag", rule.immutable_tag or ""),
    )
    return f"    @{{ {'; '.join(f'{key} = {quote(value)}' for key, value in values)} }}"

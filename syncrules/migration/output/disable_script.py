"""The script that disables out-of-box rules on the staging server.

disable-out-of-box.ps1, beside this module, is that script without its rules.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from functools import cache

from syncrules.pairing.out_of_box_rules import RulePair
from syncrules.script.quoting import quote
from syncrules.servers.model import ServerRule

from ..output_names import DISABLE_SCRIPT
from ..plan import Output

__all__ = ["disable_outputs", "disable_script"]

_RULES = "#RULES"


def disable_outputs(disabled: Iterable[RulePair]) -> tuple[Output, ...]:
    """Return the script for the staging server's rules of pairs; none where there are none."""
    rules = tuple(pair.staging for pair in disabled)
    return (Output(DISABLE_SCRIPT, disable_script(rules)),) if rules else ()


def disable_script(rules: Iterable[ServerRule]) -> bytes:
    """Return the script for rules of the staging server, whose identifiers are known."""
    table = ",\r\n".join(_entry(rule) for rule in rules)
    text = _template().replace("\n", "\r\n").replace(_RULES, table)
    return text.encode() if text.isascii() else codecs.BOM_UTF8 + text.encode()


@cache
def _template() -> str:
    from pkgutil import get_data  # most runs need no script

    return (get_data(__name__, DISABLE_SCRIPT) or b"").decode("utf-8")


def _entry(rule: ServerRule) -> str:
    values = (
        ("Identifier", rule.identifier or ""),
        ("Name", rule.name),
        ("Connector", rule.connector),
        ("ImmutableTag", rule.immutable_tag or ""),
    )
    return f"    @{{ {'; '.join(f'{key} = {quote(value)}' for key, value in values)} }}"

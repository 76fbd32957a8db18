"""From text to a script: what the Editor wrote is found by itself, all else needs Lark."""

from __future__ import annotations

from syncrules.diagnostics import Diagnostic, Span, has_errors

from .comments import obeyed_comments
from .editor_layout import NONE_KNOWN, Forms, known_commands, scan
from .foreign_files import not_a_script
from .nodes import Script, Statement
from .source import Source

__all__ = ["read_script"]


def read_script(
    source: Source, before: Script | None = None, forms: Forms = ()
) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """Read a script; `None` and every diagnostic where PowerShell's reading would be another.

    Commands that have the same text in a script that was read before are only compared; of others
    that have one of the `forms`, it is known what they say.
    """
    refusal = not_a_script(source)
    if refusal is not None:
        return None, (refusal,)
    known = NONE_KNOWN if before is None else known_commands(source.text, before.statements)
    statements: list[Statement] = []
    tokens: list[Span] = []
    end, text_end = scan(source.text, 0, statements, tokens, known, forms), len(source.text)
    if end < text_end:
        from .builder import read_on  # most exports are as the Editor writes them

        return read_on(source, end, statements, tokens, known, forms)
    last = statements[-1].end if statements else 0
    gaps_before = (*tokens, Span(text_end, text_end))
    diagnostics = tuple(obeyed_comments(source, gaps_before, last))
    script = Script(source, tuple(statements), tuple(tokens))
    return (None if has_errors(diagnostics) else script), diagnostics

"""Text made visible: blanks, newlines and odd characters, for the messages of failed assertions."""

from __future__ import annotations

__all__ = ["visible"]

_SHOWN = {" ": "·", "\t": "→", "\r": "␍", "\n": "␊\n", "\0": "␀", "\f": "␌", "\v": "␋"}


def visible(text: str | bytes) -> str:
    r"""Return `text` with each blank and each control as something that can be seen.

    >>> visible("a b\t`\r") + visible("\u2028’")
    'a·b→`␍\\u2028’'
    """
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    return "".join(_SHOWN.get(c) or (c if c.isprintable() else _escape(c)) for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

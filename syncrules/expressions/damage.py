"""Tokens that the language does not have: what copying does to an expression, and open texts.

Inside a text each character is right; only what stands outside is looked at. Source: the
declarative provisioning page asks for straight quotes; what damages an expression was collected
from blogs, translated pages and Microsoft's own pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from syncrules.diagnostics import Code, Problem, Span

from .finding import Finding
from .functions import functions
from .lexer import COMMENT, ENTITY, OPEN_TEXT, OTHER, Token
from .parser import parse

__all__ = ["damaged"]

_TURNED = frozenset("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2212")
_BLANKS = frozenset("\u00a0\u1680\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff\v\f\x85") | {
    chr(code) for code in range(0x2000, 0x200B)
}
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}


def damaged(tokens: Sequence[Token]) -> Finding | None:
    """Return what no expression has, if anything; one damage mostly leaves several traces."""
    unknown = [t for t in tokens if t.kind in _UNKNOWN]
    if not unknown:
        return next((_no_name(t) for t in tokens if t.kind == "ATTRIBUTE" and _is_odd(t)), None)
    copied = [t for t in unknown if t.kind == ENTITY or t.text in _TURNED]
    is_open = unknown[-1].kind == OPEN_TEXT
    if copied and not (is_open and _is_behind_an_open_text(copied[0], tokens)):
        return _copied(copied[0])
    if is_open:
        return _open(tokens)
    if _are_points(tokens) and _lacks_an_opening_bracket(tokens):
        return None  # what is lost is a bracket before a number: IsDate1.5)
    copied = [t for t in unknown if t.text in _DASHES | _BLANKS | {"\\"}]
    return _copied(copied[0]) if copied else _other(unknown[0])


_UNKNOWN = frozenset({ENTITY, COMMENT, OPEN_TEXT, OTHER})


def _is_behind_an_open_text(token: Token, tokens: Sequence[Token]) -> bool:
    """Return whether a token stands where texts and what is between them have changed places."""
    number, stopped = tokens.index(token), parse(tokens).stopped
    return stopped < number or (number > 0 and tokens[number - 1].kind == "TEXT")


def _are_points(tokens: Sequence[Token]) -> bool:
    """Return whether all that is unknown are points of numbers whose first digits a name has."""
    return all(_is_a_point(tokens, n) for n, t in enumerate(tokens) if t.kind in _UNKNOWN)


def _is_a_point(tokens: Sequence[Token], number: int) -> bool:
    around = tokens[max(number - 1, 0) : number + 2]
    return (
        [t.kind for t in around] == ["WORD", OTHER, "NUMBER"]
        and around[1].text == "."
        and around[0].end == around[1].start
        and around[2].start == around[1].end
        and _is_called_with_digits(around[0].text)
    )


def _is_called_with_digits(word: str) -> bool:
    """Return whether a word is the name of a function, and digits."""
    return any(word.startswith(name) and word[len(name) :].isdigit() for name in functions())


def _lacks_an_opening_bracket(tokens: Sequence[Token]) -> bool:
    kinds = [t.kind for t in tokens]
    return kinds.count("OPEN") < kinds.count("CLOSE")


# ---- Copied from a page --------------------------------------------------------------------------


def _copied(token: Token) -> Finding:
    what, hint = _of_copying(token)
    message = f"{what} The expression will not work."
    return Finding(Span.of(token), Problem(Code.SR700, message, hint))


def _of_copying(token: Token) -> tuple[str, str]:
    text = token.text
    if token.kind == ENTITY:
        meant = _ENTITIES.get(text[1:-1].lower(), "")
        character = f"the character {meant}" if meant.strip() else "a character"
        return (
            f"{text} is how a web page writes {character}.",
            f"Write {meant if meant.strip() else 'the character itself'} instead.",
        )
    if text in _TURNED:
        return (
            f"The quote {text} was turned by a word processor or a web page.",
            'Use straight double quotes (") around texts.',
        )
    if text in _DASHES:
        return (
            f"The dash {text} (U+{ord(text):04X}) is not a minus.",
            "Type a minus (-) instead.",
        )
    if text == "\\":
        return (
            "A backslash outside a text: Markdown puts it before a character that it escapes.",
            "Delete the backslashes outside texts.",
        )
    return (
        f"The blank here is not a plain one (U+{ord(text):04X}); it comes from a web page.",
        "Type a plain blank instead.",
    )


# ---- Texts ---------------------------------------------------------------------------------------


def _open(tokens: Sequence[Token]) -> Finding:
    """Return the finding for a text that is not closed.

    The last quote opens it, but the missing one mostly stands further left: there texts and what
    is between them change places, so that a text stands where none can.
    """
    last = tokens[-1]
    at, where = Span.of(last), "The text that begins here is not closed"
    root, stopped = parse((*tokens[:-1], last._replace(kind="TEXT")))
    if root is None and stopped < len(tokens):
        before, here = tokens[max(stopped - 1, 0)], tokens[stopped]
        at = Span(before.start, before.end if before.kind == "TEXT" else here.end)
        where = "A straight double quote is missing, probably here"
    hint = "Put the missing quote where the text ends or begins."
    why = "this expression has an odd number of quotes"
    if any('\\"' in t.text for t in tokens if at.start <= t.start < at.end):
        why = "a backslash before a quote makes it part of the text"
        hint += ' If the backslash is part of the text, write it twice: "C:\\\\".'
    if _TURNED & {*last.text}:
        hint += " Turned quotes do not close a text: straight ones do."
    return Finding(at, Problem(Code.SR701, f"{where}: {why}.", hint))


# ---- Attributes ----------------------------------------------------------------------------------

_NOT_IN_NAMES = re.compile(r"[(),&|<>=%$]")


def _is_odd(attribute: Token) -> bool:
    """Return whether brackets hold what is not the name of an attribute."""
    name = attribute.text[1:-1]
    return name != name.strip() or _NOT_IN_NAMES.search(name) is not None


def _no_name(attribute: Token) -> Finding:
    message = f"{attribute.text} is not the name of an attribute. The expression will not work."
    hint = "Write an attribute as [name]: the brackets hold its name, and nothing else."
    return Finding(Span.of(attribute), Problem(Code.SR702, message, hint))


# ---- Other characters ----------------------------------------------------------------------------

_HINTS = {
    "'": 'Write texts in straight double quotes: "text".',
    "`": 'Write texts in straight double quotes: "text".',
    "[": "Write an attribute as [name], with both brackets.",
    "]": "Write an attribute as [name], with both brackets.",
    "%": "Write a parameter as %Name%, with both percent signs.",
    "$": "Write a variable as $name, and bind it with Select, Where or With.",
    "!": "There is no such operator: write <> for 'not equal', and compare with False for 'not'.",
    "|": "The operator for 'or' is ||.",
    ";": "Separate arguments with commas.",
    "{": "Group with round brackets.",
    "}": "Group with round brackets.",
    "^": "There is no such operator.",
}


def _other(token: Token) -> Finding:
    text = token.text
    if token.kind == COMMENT:
        message, hint = "There are no comments in expressions.", "Delete the comment."
    elif text[0] in "0123456789":
        message = f"'{text}' is neither a number nor a name."
        hint = "Write a text in straight double quotes, a hexadecimal number as &HFF."
    else:
        message = f"The character {text} is not allowed outside a text."
        hint = _HINTS.get(text, "If it belongs to a text, put straight double quotes around that.")
    message = f"{message} The expression will not work."
    return Finding(Span.of(token), Problem(Code.SR702, message, hint))

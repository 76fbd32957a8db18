"""Ways in which a whole file is damaged at once, each with what undoes it.

Nothing here makes a text readable: what is undone shows only why the file as it is was refused.
Each function returns the text as it is where its damage is not there, and takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from .quoting import BLANK, DOUBLE_QUOTES, SINGLE_QUOTES

__all__ = [
    "blanks_behind_backticks",
    "broken_at_a_width",
    "broken_between_words",
    "console",
    "difference",
    "doubled_lines",
    "entities",
    "fences",
    "invisible",
    "joined_lines",
    "line_numbers",
    "mail_quoting",
    "no_backticks",
    "one_cell",
    "prose",
    "quoted_printable",
    "turned",
]

_BREAK = r"(?>\r\n|[\r\n])"
_LINE = re.compile(rf"([^\r\n]*)({_BREAK}|\Z)")
_OFTEN = 3
"""A character that was replaced at fewer places shows nothing; each place has its finding."""
_COMMAND = r"(?:New-ADSyncRule|New-Object|Add-ADSync[A-Za-z]+|Get-ADSyncRule)"


def _lines(text: str) -> list[tuple[str, str]]:
    """Return each line with the break that ends it."""
    return [(m[1], m[2]) for m in _LINE.finditer(text) if m[0]]


def _joined(lines: list[tuple[str, str]]) -> str:
    return "".join(line + end for line, end in lines)


# ---- Marks before each line ----------------------------------------------------------------------


def _without(text: str, mark: str) -> str:
    """Return a text without the mark with which most of its lines begin."""
    found = re.compile(mark)
    lines = _lines(text)
    filled = [line for line, _ in lines if line.strip()]
    if 2 * sum(found.match(line) is not None for line in filled) <= len(filled):
        return text
    return _joined([(found.sub("", line, count=1), end) for line, end in lines])


def mail_quoting(text: str) -> str:
    """Undo the > with which a mail program quotes each line."""
    return _without(text, r"[ \t]*+(?:>[ \t]?)++")


def console(text: str) -> str:
    """Undo a console's prompts, and leave out what it printed between them."""
    prompt = re.compile(r"PS [^>\r\n]*> ?|PS> ?|>> ?")
    lines = _lines(text)
    if not any(line.startswith("PS") and prompt.match(line) for line, _ in lines):
        return text
    return _joined([(prompt.sub("", n, count=1), end) for n, end in lines if prompt.match(n)])


def line_numbers(text: str) -> str:
    """Undo numbers before the lines, from each line to the next one more."""
    number = re.compile(r"[ \t]*+([0-9]{1,9})(?:[ \t]*+[.:|)\]](?:[ \t]|\Z)|[ \t]|\Z)")
    lines = [(line, end, number.match(line)) for line, end in _lines(text)]
    numbered = [found for line, _, found in lines if line.strip()]
    counted = [int(found[1]) for found in numbered if found]
    if len(counted) < len(numbered) or len(counted) < 2:
        return text
    if any(after <= before for before, after in pairwise(counted)):
        return text
    return _joined([(line[found.end() :] if found else line, end) for line, end, found in lines])


def difference(text: str) -> str:
    """Undo a list of changes: of its lines, those that are new or the same."""
    header = re.compile(r"diff |index |--- |\+\+\+ |@@|\\ ")
    lines = [(line, end) for line, end in _lines(text) if line.strip()]
    has_header = any(header.match(line) for line, _ in lines)
    if not all(line[0] in "+- " or header.match(line) for line, _ in lines):
        return text
    if not lines or not (has_header or all(line[0] == "+" for line, _ in lines)):
        return text
    return _joined(
        [
            (line[1:], end)
            for line, end in _lines(text)
            if not header.match(line) and not line.startswith("-")
        ]
    )


# ---- Other words for a character -----------------------------------------------------------------


def quoted_printable(text: str) -> str:
    """Undo the =3D and the soft line breaks of a mail's source."""
    if not re.search(rf"=(?:{_BREAK}|[0-9A-F]{{2}})", text):
        return text
    import quopri  # here, since few files are damaged so

    data = quopri.decodestring(text.encode("utf-8", "surrogateescape"))
    return data.decode("utf-8", "replace")


def entities(text: str) -> str:
    """Undo the marks and entities of a web page's source."""
    text = re.sub(rf"<br *+/?>(?:{_BREAK})?", "\n", text, flags=re.IGNORECASE)
    text = re.sub(r"</?(?:p|div|span|pre|code)(?: [^<>]*)?>", "", text, flags=re.IGNORECASE)
    if len(re.findall("&(?:quot|apos|amp|lt|gt|nbsp|#[0-9]+|#x[0-9a-fA-F]+);", text)) < _OFTEN:
        return text
    import html

    return html.unescape(text)


def invisible(text: str) -> str:
    """Undo characters of no width, which web pages and chats put between others."""
    undone, often = re.subn("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)
    return text if often < _OFTEN else undone


_BACKTICKS = re.compile(rf"(?<=[ \t\xa0])[{SINGLE_QUOTES}´ˋ｀][{BLANK}]*+(?={_BREAK})")


def turned(text: str) -> str:
    """Undo typographic quotes and accents in the place of quotes and of the backtick."""
    undone = text if "`" in text else _BACKTICKS.sub("`", text)
    undone = re.sub("[ˋ｀]", "`", undone)
    undone = re.sub(f"[{SINGLE_QUOTES[1:]}´′＇]", "'", undone)
    undone = re.sub(f"[{DOUBLE_QUOTES[1:]}″＂]", '"', undone)
    often = sum(one != other for one, other in zip(text, undone, strict=False))
    return text if often < _OFTEN else undone


def one_cell(text: str) -> str:
    """Undo the quotes of a table's cell, or of a JSON text, around the whole."""
    inner = text.strip()
    if len(inner) < 2 or inner[0] != '"' or inner[-1] != '"':
        return text
    import json

    try:
        whole = json.loads(inner)
    except ValueError:
        return inner[1:-1].replace('""', '"')
    return whole if isinstance(whole, str) else text


# ---- Line ends -----------------------------------------------------------------------------------


def joined_lines(text: str) -> str:
    """Undo the loss of every line end, or that each is written as a word ."""
    if re.search(rf"{_BREAK}[ \t]*-[A-Za-z]", text):
        return text
    text = re.sub(r"(?:\\r)?\\n|[\u2028\u2029\x85\v]", "\n", text)
    text = re.sub(r"`[ \t]*+(?=-[A-Za-z])", "`\n", text)
    return re.sub(rf"(?<=[^ \t\r\n])[ \t]*+(?={_COMMAND}[ \t]*+`)", "\n\n", text)


def _most(text: str, fine: str, damaged: str) -> bool:
    found = len(re.findall(damaged, text))
    return found > 1 and found >= len(re.findall(fine, text))


def blanks_behind_backticks(text: str) -> str:
    """Undo blanks that pad the lines, and so stand behind each backtick."""
    padded = rf"`[{BLANK}]++(?={_BREAK}|\Z)"
    return re.sub(padded, "`", text) if _most(text, rf"`{_BREAK}", padded) else text


def doubled_lines(text: str) -> str:
    """Undo an empty line behind each line."""
    doubled = rf"`({_BREAK})(?:[ \t]*+{_BREAK})++"
    if not _most(text, rf"`{_BREAK}(?![ \t]*+{_BREAK})", doubled):
        return text
    return re.sub(doubled, r"`\1", text)


def no_backticks(text: str) -> str:
    """Undo the loss of every backtick."""
    if re.search(rf"`[ \t]*+{_BREAK}", text):
        return text
    return re.sub(
        rf"(?<![ \t])[ \t]*+({_BREAK})(?=[ \t]*+-[A-Za-z]+(?:[ \t\r\n:]|\Z))", r" `\1", text
    )


_BEGINS = re.compile(r"[ \t]*+(?:-[A-Za-z]+(?:[ \t:]|\Z)|[A-Za-z]+-[A-Za-z]|[$#]|\Z)")


def broken_between_words(text: str) -> str:
    """Undo breaks between the words of long lines."""
    return _rejoined(text, " ", lambda line, after: not (_BEGINS.match(after) or not line.strip()))


def broken_at_a_width(text: str) -> str:
    """Undo breaks wherever a line reached a width."""
    width = max((len(line) for line, _ in _lines(text)), default=0)
    return _rejoined(
        text,
        "",
        lambda line, after: (
            len(line) == width and after != "" and not (line.endswith("`") and _BEGINS.match(after))
        ),
    )


def _rejoined(text: str, between: str, goes_on: Callable[[str, str], object]) -> str:
    """Return a text with a line joined to the one before, where that goes on in it, twice or more.

    A line in one piece is no sign of anything.
    """
    lines = _lines(text)
    pieces: list[str] = []
    joins = 0
    for (line, end), (after, _) in pairwise([*lines, ("", "")]):
        joined = bool(goes_on(line, after)) and not line.rstrip().endswith("`")
        joins += joined
        pieces.append(line.rstrip() + between if joined and between else line)
        pieces.append("" if joined else end)
    return "".join(pieces) if joins > 1 else text


# ---- What stands around it -----------------------------------------------------------------------

_FENCE = re.compile(r"[ \t]*+(?:`{3,}+|~{3,}+)[^`]*\Z")


def fences(text: str) -> str:
    """Return what stands between the fences of a Markdown page."""
    kept: list[tuple[str, str]] = []
    is_open = False
    for line, end in _lines(text):
        if _FENCE.match(line):
            is_open = not is_open
            kept.append(("", end))
        elif is_open:
            kept.append((line, end))
    return _joined(kept) if any(line for line, _ in kept) else text


_NOT_PROSE = re.compile(r"[ \t]*+(?:-[A-Za-z]|[A-Za-z]+-[A-Za-z]|[#'\"])|.*[{}$|=`;]")


_NO_WORDS = frozenset(
    ("cd", "cmd", "dir", "echo", "net", "powershell", "pwsh", "reg", "rem", "sc", "set", "title")
)
"""Short commands that may have words behind them."""


def _is_sentence(line: str) -> bool:
    """Return whether a line of words is more than a command with its arguments may be."""
    words = line.split()
    if not words or words[0].lower() in _NO_WORDS:
        return False
    ends = len(words[-1]) > 1 and words[-1][-1] in ".:!?," and words[-1][-2].isalnum()
    return len(words) > 4 or (ends and (len(words) > 2 or words[0][0].isupper()))


def prose(text: str) -> str:
    """Return a text without the paragraphs of plain sentences between its commands."""
    kept: list[tuple[str, str]] = []
    paragraph: list[tuple[str, str]] = []
    for line, end in [*_lines(text), ("", "")]:
        before = kept[-1][0].rstrip() if kept else ""
        is_words = line.strip() and not _NOT_PROSE.match(line) and not before.endswith("`")
        if is_words:
            paragraph.append((line, end))
            continue
        if not any(_is_sentence(one) for one, _ in paragraph):
            kept += paragraph
        paragraph = []
        kept.append((line, end))
    return _joined(kept)

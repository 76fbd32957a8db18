"""Bytes to text and back, without losing one; offsets to lines and columns."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from syncrules.diagnostics import Code, Diagnostic, Excerpt, Place, Problem, Span, Spanned, Spot
from syncrules.wording import BY_EDITOR

__all__ = [
    "BOMS",
    "ENCODINGS",
    "LINE_BREAK",
    "UNDECLARED",
    "Source",
    "decode",
    "encode",
    "from_text",
    "lone_surrogate",
    "readable_by_5_1",
    "with_changes",
]

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF32_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)

UNDECLARED = "undeclared"
"""The encoding of bytes outside ASCII whose code page no one has named: kept, but not read."""

ENCODINGS = (
    "utf-8",
    *(f"windows-{page}" for page in range(1250, 1259)),
    *("windows-874", "cp932", "cp936", "cp949", "cp950"),
)
"""What `--encoding` may name: UTF-8 and the ANSI code pages of Windows."""

EXCERPT_BEFORE, EXCERPT_AFTER = 40, 70
"""So many characters before and after a place are shown of a long line."""

_BLOCK = 4096
"""So many characters are gone through to find a line among them."""

LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Source:
    """A file's text, with what is needed to write the same bytes again.

    `text` is what stands after the byte order mark `bom`, decoded as `encoding`, with every
    newline as it was. Offsets everywhere are code points of `text`.
    """

    name: str
    text: str
    encoding: str = "utf-8"
    bom: bytes = b""

    @cached_property
    def newline(self) -> str:
        """The file's first newline; CRLF, which Windows writes, where it has none."""
        found = LINE_BREAK.search(self.text)
        return found.group() if found else "\r\n"

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset of each line's first character. Lines end at CRLF, LF and CR only."""
        return [0, *(found.end() for found in LINE_BREAK.finditer(self.text))]

    def line_start(self, offset: int) -> int:
        """Return the offset of the first character of the line that an offset is in."""
        block = offset // _BLOCK
        return self._last_end(block * _BLOCK, offset) or self._blocks[block][1]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset, both from 1, columns in code points."""
        start, block = self.line_start(offset), offset // _BLOCK
        line = 1 + self._blocks[block][0] + self._ends(block * _BLOCK, start)
        return line, offset - start + 1

    @cached_property
    def _blocks(self) -> list[tuple[int, int]]:
        """Of each block of the text, how many lines end before it, and where its first one began.

        What is inside a block is counted when it is asked for: most never are.
        """
        found, ends, start = [], 0, 0
        for at in range(0, len(self.text) + 1, _BLOCK):
            found.append((ends, start))
            ends += self._ends(at, at + _BLOCK)
            start = self._last_end(at, at + _BLOCK) or start
        return found

    def _ends(self, start: int, stop: int) -> int:
        """Return how many lines end in a part of the text; a CRLF does with its LF."""
        ends = self.text.count("\n", start, stop)
        if self._has_lone_returns:
            ends += self.text.count("\r", start, stop) - self.text.count("\r\n", start, stop + 1)
        return ends

    def _last_end(self, start: int, stop: int) -> int:
        """Return the offset behind the last line end in a part of the text; 0 if there is none."""
        text = self.text
        last = text.rfind("\n", start, stop)
        if self._has_lone_returns:
            is_split = text.startswith("\r\n", stop - 1)
            last = max(last, text.rfind("\r", start, stop - is_split))
        return last + 1

    @cached_property
    def _has_lone_returns(self) -> bool:
        return self.text.count("\r") != self.text.count("\r\n")

    def place(self, at: Spanned | int) -> Place:
        """Return the place of a span, or of the one character at an offset.

        The excerpt is cut where its line is long.
        """
        span = Span(at, at + 1) if isinstance(at, int) else Span.of(at)
        line, column = self.line_and_column(span.start)
        first = span.start - column + 1
        rest = self.text[span.start : span.start + EXCERPT_AFTER + 1]
        shown = LINE_BREAK.split(rest, maxsplit=1)[0]
        if column + len(shown) > EXCERPT_BEFORE + EXCERPT_AFTER:
            first = max(first, span.start - EXCERPT_BEFORE)
        excerpt = Excerpt(
            self.text[first : span.start] + shown[:EXCERPT_AFTER],
            column - (span.start - first),
            goes_on=len(shown) > EXCERPT_AFTER,
        )
        return Place(self.name, Spot(span, line, column, excerpt))


def from_text(text: str, name: str = "") -> Source:
    """Return text that was never bytes as a source; it is written as UTF-8."""
    return Source(name, text)


def lone_surrogate(source: Source) -> tuple[Diagnostic, ...]:
    """Return the diagnostic for the first half of a character in a text: it has no bytes."""
    lone = re.search("[\ud800-\udfff]", source.text)
    if lone is None:
        return ()
    return (
        Problem(
            Code.SR101,
            f"This is the lone surrogate U+{ord(lone.group()):04X}, half a character.",
            f"Export the rule again {BY_EDITOR}; the text is damaged.",
        ).at(source.place(Span(*lone.span()))),
    )


def decode(
    data: bytes, name: str = "", encoding: str | None = None
) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Decode a script as Windows PowerShell 5.1 would, or say at which byte that ends.

    A byte order mark decides. Without one, ASCII needs no decision; other text is `encoding`
    where given (one of `ENCODINGS`), else UTF-8 where it is valid UTF-8, with a warning. Bytes
    that are neither keep their place as lone surrogates U+DC80 to U+DCFF in a source of the
    encoding `UNDECLARED`, so that a comment may hold them.
    """
    if data.startswith(_UTF32_BOMS):
        return _undecodable(name, "The file is UTF-32.", "Save it as UTF-8 with BOM.")
    for bom, marked in BOMS:
        if data.startswith(bom):
            return _decode_as(data[len(bom) :], name, marked, bom)
    if data.isascii():
        return Source(name, data.decode("ascii"), encoding or "utf-8"), ()
    if encoding is not None:
        return _decode_as(data, name, encoding, b"")
    try:
        source = Source(name, data.decode("utf-8"))
    except UnicodeDecodeError:
        return Source(name, data.decode("ascii", "surrogateescape"), UNDECLARED), ()
    return source, (_no_bom(source),)


def with_changes(text: str, changes: Iterable[tuple[Span, str]]) -> str:
    """Return a text with other text in the place of some spans, which do not overlap."""
    pieces, end = [], 0
    for span, new in sorted(changes):
        pieces += [text[end : span.start], new]
        end = span.end
    return "".join((*pieces, text[end:]))


def readable_by_5_1(source: Source, text: str) -> Source:
    """Return how to write `text`: Windows PowerShell 5.1 needs a mark where it is not ASCII."""
    if source.bom or text.isascii() or source.encoding == UNDECLARED:
        return source
    return replace(source, encoding="utf-8", bom=codecs.BOM_UTF8)


def encode(source: Source, text: str) -> bytes:
    """Return `text` as the bytes that belong in `source`'s file, mark and all."""
    return source.bom + text.encode(*_codec(source.encoding))


def _codec(encoding: str) -> tuple[str, str]:
    """Return Python's codec and error handler for an encoding of ours."""
    if encoding == UNDECLARED:
        return "ascii", "surrogateescape"
    if encoding == "windows-1252":
        return "cp1252", _C1_ERRORS
    if encoding == "windows-874":  # Python knows it by this name only
        return "cp874", "strict"
    return encoding, "strict"


def _decode_as(
    data: bytes, name: str, encoding: str, bom: bytes
) -> tuple[Source, tuple[Diagnostic, ...]]:
    codec = _codec(encoding)
    try:
        text = data.decode(*codec)
    except UnicodeDecodeError as error:
        source = Source(name, data[: error.start].decode(codec[0], "replace"), encoding, bom)
        end = len(source.text)
        shown = data[error.start : error.end].hex(" ")
        return source, (
            Problem(
                Code.SR101,
                f"The bytes {shown} at offset {len(bom) + error.start} are not {encoding}.",
                f"Export the rule again {BY_EDITOR}."
                if bom  # a mark decides, whatever --encoding says
                else f"Export the rule again {BY_EDITOR}, or name the right code page with "
                "--encoding.",
            ).at(source.place(Span(end, end))),
        )
    # Of UTF-8, Python reads the one way to write each character only.
    if encoding != "utf-8" and text.encode(*codec) != data:
        return _undecodable(
            name,
            f"Read as {encoding}, the file would not be written back as the same bytes.",
            "Save it as UTF-8 with BOM, and compare the two files.",
        )
    return Source(name, text, encoding, bom), ()


def _undecodable(name: str, message: str, hint: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    source = Source(name, "")
    return source, (Problem(Code.SR101, message, hint).at(source.place(Span(0, 0))),)


def _no_bom(source: Source) -> Diagnostic:
    found = re.search(r"[^\x00-\x7f]", source.text)
    at = found.start() if found else 0
    return Problem(
        Code.SR102,
        "The file is UTF-8 without a byte order mark, read as UTF-8; Windows PowerShell 5.1 "
        "reads such a file in the server's ANSI code page, so this text would have been damaged.",
        "Nothing to do if the text is right here: the output is written as UTF-8 with BOM. If "
        "the file is in a code page, name it with --encoding.",
    ).at(source.place(at))


# .NET maps the five bytes that windows-1252 leaves open to the controls of the same number;
# Python raises.
_C1_ERRORS = "syncrules-c1"


def _c1(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.end].decode("latin-1"), error.end
    if isinstance(error, UnicodeEncodeError):
        text = error.object[error.start : error.end]
        if all(c in "\x81\x8d\x8f\x90\x9d" for c in text):
            return text.encode("latin-1"), error.end
    raise error


codecs.register_error(_C1_ERRORS, _c1)

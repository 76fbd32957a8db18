"""Bytes to text and back: what PowerShell would decode, and nothing lost on the way."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import syncrules
from support.builders import the
from support.strategies import texts
from support.visible import visible
from syncrules import Diagnostic, SyntaxRefused
from syncrules.diagnostics import Span
from syncrules.script import source as source_module
from syncrules.script.source import ENCODINGS, decode, encode, from_text

BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


def refusal(data: bytes | str, encoding: str | None = None) -> Diagnostic:
    """Return the one finding that a script is refused with."""
    with pytest.raises(SyntaxRefused) as refused:
        syncrules.parse(data, name="custom.ps1", encoding=encoding)
    (finding,) = refused.value.diagnostics
    assert finding.is_error
    assert finding.file == "custom.ps1"
    assert finding.hint
    return finding


def place(finding: Diagnostic) -> tuple[str, int, int]:
    return finding.code, finding.line, finding.column


# ---- Round trips ---------------------------------------------------------------------------------


@given(st.binary(max_size=60), st.sampled_from([None, *ENCODINGS]))
@example(b"", None)
@example(b"\xef\xbb\xbf\xef\xbb\xbf", None)
@example(b"\xff\xfe", None)
@example(b"\xef\xbb\xbf\xff", "windows-1252")
def test_what_is_decoded_is_written_as_the_same_bytes(data: bytes, encoding: str | None) -> None:
    source, findings = decode(data, encoding=encoding)
    if not any(f.is_error for f in findings):
        assert encode(source, source.text) == data, visible(source.text)


# A UTF-16 text that begins with NUL cannot be told from UTF-32.
@given(texts.map(lambda text: text.lstrip("\0")), st.sampled_from(sorted(BOMS)))
def test_a_byte_order_mark_decides_whatever_the_encoding_given(text: str, marked: str) -> None:
    data = BOMS[marked] + text.encode(marked)
    for encoding in (None, *ENCODINGS):
        source, findings = decode(data, encoding=encoding)
        assert source.text == text, visible(source.text)
        assert (source.encoding, source.bom, findings) == (marked, BOMS[marked], ())


@given(st.text(st.characters(max_codepoint=0x7F)), st.sampled_from([None, *ENCODINGS]))
def test_ascii_needs_no_decision(text: str, encoding: str | None) -> None:
    source, findings = decode(text.encode("ascii"), encoding=encoding)
    assert (source.text, source.bom, findings) == (text, b"", ())


@given(texts)
def test_text_that_was_never_bytes_is_written_as_utf8(text: str) -> None:
    source = from_text(text)
    assert encode(source, source.text) == text.encode("utf-8")


# ---- Code pages ----------------------------------------------------------------------------------


def test_windows_1252_has_all_256_bytes_as_dotnet_has_them() -> None:
    data = bytes(range(256))
    source, findings = decode(data, encoding="windows-1252")
    # The five bytes without a character are the controls of their number; Python's are errors.
    c1 = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    expected = [chr(b) if b in c1 else bytes([b]).decode("cp1252") for b in range(256)]
    assert list(source.text) == expected
    assert findings == ()
    assert encode(source, source.text) == data


@pytest.mark.parametrize(
    ("encoding", "data", "text"),
    [
        ("utf-8", "–".encode(), "–"),
        ("windows-1252", b"Compa\xd1\x91A", "CompaÑ‘A"),
        ("windows-1250", b"\xe8", "č"),
        ("windows-1251", b"\xe8", "и"),
        ("windows-874", b"\xa1", "ก"),
        ("cp932", b"\x83\x5c\x82\xa0", "ソあ"),  # the second byte of the first is a backslash
        ("cp936", b"\xc4\xe3", "你"),
        ("cp949", b"\xb0\xa1", "가"),
        ("cp950", b"\xa7\x41", "你"),
    ],
)
def test_the_code_page_named_is_the_one_read(encoding: str, data: bytes, text: str) -> None:
    script = syncrules.parse(b"# " + data, encoding=encoding)
    assert (script.source.text, script.diagnostics) == (f"# {text}", ())
    assert bytes(script) == b"# " + data


def test_every_encoding_that_may_be_named_is_known() -> None:
    for encoding in ENCODINGS:
        assert decode(b"'\xc3\xa9'", encoding=encoding)[0].encoding == encoding


# ---- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("bom", [codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_utf32_is_refused_since_no_editor_writes_it(bom: bytes) -> None:
    assert place(refusal(bom + b"\0\0\0#")) == ("SR101", 1, 1)


@pytest.mark.parametrize(
    ("data", "encoding", "column"),
    [
        pytest.param(b"\xef\xbb\xbf#\r\n# x\xff", None, 4, id="no UTF-8 behind its mark"),
        pytest.param(b"\xef\xbb\xbf#\n# x\xc3", None, 4, id="UTF-8 cut in a character"),
        pytest.param(b"\xef\xbb\xbf#\n# x\xed\xa0\x80", None, 4, id="a surrogate as UTF-8"),
        pytest.param(b"\xef\xbb\xbf#\n# x\xc0\xaf", None, 4, id="an overlong form"),
        pytest.param("\ufeff#\n# x\ud83d#".encode("utf-16-le", "surrogatepass"), None, 4, id="LE"),
        pytest.param("\ufeff#\n# x\udc80".encode("utf-16-be", "surrogatepass"), None, 4, id="BE"),
        pytest.param("\ufeff#\n# x".encode("utf-16-le") + b"\r", None, 4, id="half a code unit"),
        pytest.param(b"#\r# x\xff", "utf-8", 4, id="not the UTF-8 that was named"),
        pytest.param(b"#\r# \x81 ", "cp932", 3, id="not the cp932 that was named"),
        pytest.param(
            "\ufeff#\n# 😀\ud83d".encode("utf-16-le", "surrogatepass"), None, 4, id="astral"
        ),
    ],
)
def test_undecodable_bytes_are_refused_at_their_place(
    data: bytes, encoding: str | None, column: int
) -> None:
    assert place(refusal(data, encoding)) == ("SR101", 2, column)


@pytest.mark.parametrize(
    ("line", "text"), [(1, "# \ud800"), (2, "#\r\n# \udc80 x")], ids=["first", "second"]
)
def test_text_with_a_lone_surrogate_is_refused_where_it_stands(line: int, text: str) -> None:
    """It stands for no character, and no encoding could write it again."""
    finding = refusal(text)
    assert (finding.line, finding.column) == (line, 3)


def test_bytes_of_two_readings_are_refused_since_they_could_not_be_written_again() -> None:
    # cp932 has some characters twice: these bytes would come back as ED 40.
    assert refusal(b"# \xfa\x5c", "cp932").code == "SR101"


# ---- No mark, and no code page named -------------------------------------------------------------


def test_utf8_without_a_mark_is_read_with_a_warning_at_its_first_character() -> None:
    (finding,) = syncrules.parse("#\n# Zoë ü".encode()).diagnostics
    assert (*place(finding), finding.is_error) == ("SR102", 2, 5, False)
    assert finding.hint


def test_bytes_of_an_undeclared_code_page_are_kept_in_comments() -> None:
    data = b"# Zo\xeb\n<# \x80\x93 #>New-Object -TypeName 'x' # \xff\n"
    script = syncrules.parse(data)
    assert bytes(script) == data
    (finding,) = [d for d in script.diagnostics if d.code.startswith("SR1")]
    assert (*place(finding), finding.is_error) == ("SR104", 1, 5, False)


@pytest.mark.parametrize(
    ("data", "column"),
    [
        pytest.param(b"#\nNew-Object -TypeName 'Zo\xeb'", 25, id="in a value of a command"),
        pytest.param(b"#\nNew-Object -TypeName @'\n\xeb\n'@", 1, id="in a here-string"),
        pytest.param(b"#\nNew-Object -TypeName @('',\"\xeb\")", 28, id="in an array"),
    ],
)
def test_bytes_of_an_undeclared_code_page_are_refused_in_a_value(data: bytes, column: int) -> None:
    with pytest.raises(SyntaxRefused) as refused:
        syncrules.parse(data)
    line = 3 if b"@'" in data else 2
    assert ("SR103", line, column) in [place(d) for d in refused.value.diagnostics]


def test_utf8_read_as_1252_ends_a_text_early_and_is_refused() -> None:
    data = "New-ADSyncRule -Name 'CompaÑIA' -Description 'x'".encode()
    assert syncrules.parse(data).diagnostics
    # Ñ is C3 91, and 91 is a quote in windows-1252: 'CompaÃ‘ is the whole text.
    with pytest.raises(SyntaxRefused):
        syncrules.parse(data, encoding="windows-1252")


# ---- Lines and columns ---------------------------------------------------------------------------


@given(texts | st.text("a\r\n"), st.integers(1, 9))
@example("a\r\n\r\nb\n\rc", 9)
@example("a\rb\r\n", 9)
@example("\ra\r\nb", 3)
@example("a\nbcdefgh", 2)
@example("a\r\n\rbcdefgh\n", 2)
@example("a\x85b\u2028c\u2029d\x0ce\x0bf\x1cg", 9)
@example("\r", 1)
@example("", 1)
def test_every_offset_has_its_line_and_column(text: str, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_module, "_BLOCK", block)
        assert_each_has_its_line_and_column(text)


def assert_each_has_its_line_and_column(text: str) -> None:
    source, offset = from_text(text), 0
    pieces = [*re.split("(\r\n|\r|\n)", text), ""]  # lines and newlines in turn
    for number, (line, newline) in enumerate(zip(pieces[::2], pieces[1::2], strict=True), start=1):
        for column in range(1, len(line + newline) + 1):
            assert source.line_and_column(offset) == (number, column), visible(text)
            offset += 1
    assert source.line_and_column(len(text)) == (number, len(line) + 1), visible(text)
    offsets = range(len(text) + 1)
    assert source.line_starts == sorted({source.line_start(at) for at in offsets}), visible(text)
    assert all(at - source.line_start(at) == source.line_and_column(at)[1] - 1 for at in offsets)


@given(texts | st.text("ab \r\n", max_size=400), st.data())
def test_a_finding_shows_its_place_in_the_line_and_little_of_a_long_one(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    if text[max(0, start - 1) : start + 1] == "\r\n":
        start -= 1  # nothing is found between the two
    spot = from_text(text).place(Span(start, start)).spot
    assert spot is not None
    excerpt, at = spot.excerpt, spot.excerpt.column - 1
    line = re.split("\r\n|\r|\n", text)[spot.line - 1]
    assert line[at : at + len(excerpt.text)] == excerpt.text, visible(text)
    assert at <= spot.column - 1 <= at + len(excerpt.text), visible(text)
    assert len(excerpt.text) <= 100
    assert excerpt.goes_on == (at + len(excerpt.text) < len(line)), visible(text)
    assert len(line) > 50 or excerpt.text == line, visible(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param("a\r\nb", 2, 1, id="CRLF is one newline"),
        pytest.param("a\n\rb", 3, 1, id="LF CR are two"),
        pytest.param("a\rb", 2, 1, id="CR alone is one"),
        pytest.param("a\x85b", 1, 3, id="U+0085 is none"),
        pytest.param("a\u2028b", 1, 3, id="U+2028 is none"),
        pytest.param("a\u2029b", 1, 3, id="U+2029 is none"),
        pytest.param("a\x0cb", 1, 3, id="a form feed is none"),
        pytest.param("a\x0bb", 1, 3, id="a vertical tab is none"),
        pytest.param("a\x1eb", 1, 3, id="a record separator is none"),
        pytest.param("😀b", 1, 2, id="columns are code points, not code units"),
        pytest.param("e\u0301b", 1, 3, id="nor what a reader sees as one"),
        pytest.param("\tb", 1, 2, id="a tab is one column"),
    ],
)
def test_newlines_and_columns_of(text: str, line: int, column: int) -> None:
    assert from_text(text).line_and_column(text.index("b")) == (line, column), visible(text)


@pytest.mark.parametrize("marked", sorted(BOMS))
def test_a_byte_order_mark_is_no_column(marked: str) -> None:
    data = BOMS[marked] + "’".encode(marked)
    assert place(refusal(data))[1:] == (1, 1)


@pytest.mark.parametrize(
    ("text", "newline"),
    [("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("a\rb\n", "\r"), ("a\x85b", "\r\n"), ("", "\r\n")],
)
def test_the_newline_of_a_file_is_its_first_or_else_that_of_windows(
    text: str, newline: str
) -> None:
    assert from_text(text).newline == newline


def test_sr101_a_mark_decides_so_no_other_encoding_is_proposed() -> None:
    """`--encoding` would change nothing: the hint does not name it."""
    marked = decode(b"\xef\xbb\xbf# caf\xe9", encoding="windows-1252")[1]
    assert "--encoding" not in the("SR101", marked).hint
    unmarked = decode(b"# caf\xe9", encoding="utf-8")[1]
    assert "--encoding" in the("SR101", unmarked).hint

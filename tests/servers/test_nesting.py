"""How deep JSON and XML may be nested, and that nobody looks deeper."""

from __future__ import annotations

import pytest

from syncrules.servers.nesting import MAX_NESTING, HasDocumentType, TooDeep, load_json, load_xml


def json_of(levels: int) -> str:
    return "[" * levels + "]" * levels


def xml_of(levels: int) -> bytes:
    return b"<a>" * levels + b"</a>" * levels


def test_all_levels_are_read_and_no_more() -> None:
    assert load_json(json_of(MAX_NESTING)) is not None
    assert load_xml(xml_of(MAX_NESTING)).tag == "a"
    for load in (
        lambda: load_json(json_of(MAX_NESTING + 1)),
        lambda: load_xml(xml_of(MAX_NESTING + 1)),
    ):
        with pytest.raises(TooDeep, match=f"more than {MAX_NESTING} levels"):
            load()


def test_what_stands_side_by_side_is_not_deep() -> None:
    many = 3 * MAX_NESTING
    assert load_json(f"[{','.join(['[{}]'] * many)}]") == [[{}]] * many
    assert len(load_xml(b"<a>" + b"<b><c/></b>" * many + b"</a>")) == many


def test_a_bracket_in_a_text_opens_nothing() -> None:
    text = "[" * (MAX_NESTING + 1)
    assert load_json(f'["{text}", "\\"{text}"]') == [text, f'"{text}']


def test_a_document_type_is_seen_before_anything_is_built() -> None:
    with pytest.raises(HasDocumentType):
        load_xml(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    for data in b"", b"<a>", b"<a/><b/>", b"no XML":
        with pytest.raises(ValueError, match=r"."):
            load_xml(data)

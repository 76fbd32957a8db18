"""Small steps through XML elements, whatever their namespaces."""

from __future__ import annotations

from syncrules.servers.nesting import load_xml
from syncrules.servers.xml_elements import all_named, written


def test_elements_of_a_name_are_found_in_whatever_namespaces_they_are() -> None:
    mixed = load_xml(
        b'<r xmlns:x="urn:x" xmlns:y="urn:y">'
        b'<a n="1"/><x:a n="2"><b><y:a n="3"/></b></x:a><x:c/></r>'
    )
    assert [e.get("n") for e in all_named(mixed, "a")] == ["1", "2", "3"]
    two = load_xml(b'<r xmlns:x="urn:x"><a n="1"/><x:a n="2"/></r>')
    assert [e.get("n") for e in all_named(two, "a")] == ["1", "2"]
    one = load_xml(b'<r xmlns="urn:x"><a n="1"><b><a n="2"/></b></a></r>')
    assert [e.get("n") for e in all_named(one, "a")] == ["1", "2"]
    assert [*all_named(one, "z")] == []


def test_an_element_is_written_alike_in_whatever_order_its_attributes_stand() -> None:
    inside = b'<i>"t"&lt;</i>tail\'s &amp;<j/>'
    expected = '<e a="&quot;1&amp;" b="2"><i>"t"&lt;</i>tail\'s &amp;<j></j></e>'
    for attributes in b'a="&quot;1&amp;" b="2"', b'b="2" a="&quot;1&amp;"':
        element = load_xml(b'<x:e xmlns:x="urn:x" ' + attributes + b">" + inside + b"</x:e>")
        assert written(element) == expected

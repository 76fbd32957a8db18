"""JSON and XML as values, unless they are nested deep: that is seen before anybody looks inside.

Where the interpreter's stack is small, as in a browser, what is nested thousands of levels deep
would end the process.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["MAX_NESTING", "HasDocumentType", "TooDeep", "load_json", "load_xml"]

MAX_NESTING = 100
"""So many levels are read; it is the greatest -Depth of ConvertTo-Json."""

_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.DOTALL)


class TooDeep(ValueError):
    """A document has more levels than are read."""

    def __init__(self) -> None:
        super().__init__(f"it has more than {MAX_NESTING} levels of nesting")


def load_json(
    text: str, object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None
) -> Any:  # noqa: ANN401 - what it is, the caller finds out
    """Return what a JSON text says. Raises TooDeep, and ValueError where it is not JSON."""
    import json  # most runs see no JSON

    depth = 0
    for token in _JSON_TOKEN.finditer(text):
        bracket = token.group()
        depth += (bracket in ("[", "{")) - (bracket in ("]", "}"))
        if depth > MAX_NESTING:
            raise TooDeep
    return json.loads(text, object_pairs_hook=object_pairs_hook)


class HasDocumentType(Exception):
    """XML declares a document type, and with it perhaps entities, as only attacks have them."""


class _RootBegins(Exception):
    """Behind the beginning of the root element no document type may stand."""


def load_xml(data: bytes) -> Element:
    """Return the root of an XML document that has no document type.

    Raises HasDocumentType, which is seen before anything is built, so there are no entities but
    those of XML itself; TooDeep; ValueError or LookupError where it is not XML.
    """
    from xml.etree.ElementTree import ParseError, TreeBuilder, XMLParser
    from xml.parsers.expat import ExpatError, ParserCreate

    def refuse(*_declared: object) -> NoReturn:
        raise HasDocumentType

    def stop(*_element: object) -> NoReturn:
        raise _RootBegins

    prolog = ParserCreate()
    prolog.StartDoctypeDeclHandler = refuse
    prolog.StartElementHandler = stop
    try:
        prolog.Parse(data, True)
    except _RootBegins:
        pass
    except ExpatError as error:
        raise ValueError(str(error)) from None
    builder = TreeBuilder()
    parser = XMLParser(target=builder)  # noqa: S314
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        _take_apart(builder.close())
        raise ValueError(str(error)) from None
    if _is_deep(root):
        _take_apart(root)
        raise TooDeep
    return root


def _is_deep(root: Element) -> bool:
    level = [root]
    for _ in range(MAX_NESTING - 1):
        level = [inner for element in level for inner in element if len(inner)]
        if not level:
            return False
    return True


def _take_apart(root: Element | None) -> None:
    """Free elements one by one: freed one inside the other, they take stack."""
    for element in [] if root is None else list(root.iter()):
        element.clear()

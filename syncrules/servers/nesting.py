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
    """Return what a JSON text says. Raises TooDeep, and ValueError where it is no JSON."""
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
    those of XML itself; TooDeep; ValueError or LookupError where it is no XML.
    """
    from xml.etree.ElementTree import ParseError, fromstring
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
    try:
        root = fromstring(data)  # noqa: S314
    except ParseError as error:
        raise ValueError(str(error)) from None
    _check_levels(root)
    return root


def _check_levels(root: Element) -> None:
    level = [root]
    for _ in range(MAX_NESTING - 1):
        level = [inner for element in level for inner in element if len(inner)]
        if not level:
            return
    raise TooDeep

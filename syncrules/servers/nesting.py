"""JSON and XML as values, unless they are nested deep: that is seen before anything is built.

Where the interpreter's stack is small, as in a browser, what is nested thousands of levels deep
would end the process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["MAX_NESTING", "TooDeep", "load_json", "load_xml"]

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
    depth = 0
    for token in _JSON_TOKEN.finditer(text):
        bracket = token.group()
        depth += (bracket in ("[", "{")) - (bracket in ("]", "}"))
        if depth > MAX_NESTING:
            raise TooDeep
    return json.loads(text, object_pairs_hook=object_pairs_hook)


def load_xml(data: bytes) -> Element:
    """Return the root of an XML document.

    Raises TooDeep, what defusedxml raises for entities and document types, as only attacks have
    them, and ParseError, ValueError or LookupError where it is no XML.
    """
    from defusedxml.ElementTree import XMLParser

    parser = XMLParser(target=_shallow_builder(), forbid_dtd=True)
    parser.feed(data)
    root: Element = parser.close()
    return root


def _shallow_builder() -> object:
    from xml.etree.ElementTree import TreeBuilder

    class Shallow(TreeBuilder):
        """Builds elements, and counts how many are open."""

        depth = 0

        def start(self, tag: Any, attrs: Any, /) -> Element:  # noqa: ANN401 - as it declares them
            self.depth += 1
            if self.depth > MAX_NESTING:
                raise TooDeep
            return super().start(tag, attrs)

        def end(self, tag: Any, /) -> Element:  # noqa: ANN401
            self.depth -= 1
            return super().end(tag)

    return Shallow()

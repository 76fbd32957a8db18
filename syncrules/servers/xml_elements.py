"""Small steps through XML elements, whatever their namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["Missing", "child", "local_name", "named", "text_of", "written"]


class Missing(Exception):
    """Something that the file must hold is not there, or is not what it should be."""


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def named(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of a name."""
    yield from (e for e in element if local_name(e) == name) if element is not None else ()


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first child of the first name, its first child of the next, and so on."""
    for name in names:
        element = next(named(element, name), None)
    return element


def text_of(element: Element | None) -> str:
    """Return an element's own text, as it is; empty where there is none."""
    return (element.text or "") if element is not None else ""


def written(element: Element) -> str:
    """Return an element as XML, without what follows it and without namespaces.

    However deep it is, the interpreter's stack is not.
    """
    parts: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            parts.append(one)
            continue
        name = local_name(one)
        attributes = "".join(f' {k}="{escape(v)}"' for k, v in sorted(one.attrib.items()))
        parts.append(f"<{name}{attributes}>{escape(one.text or '', quote=False)}")
        waiting.append(f"</{name}>")
        for inner in reversed(one):
            waiting += (escape(inner.tail or "", quote=False), inner)
    return "".join(parts)

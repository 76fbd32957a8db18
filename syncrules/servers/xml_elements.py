"""Small steps through XML elements, whatever their namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = [
    "Missing",
    "all_named",
    "child",
    "children",
    "local",
    "local_name",
    "named",
    "text_of",
    "written",
]


class Missing(Exception):
    """Something that the file must hold is not there, or is not what it should be."""


@lru_cache(maxsize=1024)
def local(tag: str) -> str:
    """Return the name of a tag without its namespace."""
    return tag.rpartition("}")[2]


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return local(element.tag)


def named(element: Element | None, name: str) -> list[Element]:
    """Return the children of a name."""
    return [] if element is None else [e for e in element if local(e.tag) == name]


def children(element: Element) -> dict[str, Element]:
    """Return the children by name, of each name the first."""
    return {local(inner.tag): inner for inner in reversed(element)}


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first child of the first name, its first child of the next, and so on."""
    for name in names:
        for inner in element if element is not None else ():
            if local(inner.tag) == name:
                element = inner
                break
        else:
            return None
    return element


def all_named(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a name, however deep they stand."""
    tags = {tag for tag in {e.tag for e in element.iter()} if local(tag) == name}
    if len(tags) == 1:  # one namespace has them all
        yield from element.iter(tags.pop())
    else:
        yield from (e for e in element.iter() if e.tag in tags)


def text_of(element: Element | None) -> str:
    """Return an element's own text, as it is; empty where there is none."""
    return (element.text or "") if element is not None else ""


def written(element: Element) -> str:
    """Return an element as XML, without what follows it and without namespaces.

    However deep it is, the interpreter's stack is not.
    """
    from html import escape  # most rules hold nothing strange

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

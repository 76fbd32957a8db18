"""What may stand in the XML file of a rule, and what stands in one besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .xml_elements import local, local_name, text_of, written

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["CHILDREN", "RULE", "Elements", "Unread"]


RULE = "synchronizationRule"

_CONDITIONS = ("conditions",)
CHILDREN: Mapping[str, tuple[str, ...]] = {
    RULE: (
        *("id", "internal-id", "version", "name", "description", "immutable-tag", "direction"),
        *("disabled", "connector", "sourceObjectType", "targetObjectType", "linkType"),
        *("precedence", "precedence-after", "precedence-before", "softDeleteExpiryInterval"),
        *("EnablePasswordSync", "attribute-mappings", "relationshipCriteria"),
        "synchronizationCriteria",
    ),
    "attribute-mappings": ("mapping",),
    "mapping": ("dest", "src", "expression", "valueMergeType"),
    "src": ("attr",),
    "relationshipCriteria": _CONDITIONS,
    "synchronizationCriteria": _CONDITIONS,
    "conditions": ("condition", "scope"),
    "condition": ("caseSensitive", "csAttribute", "ilmAttribute"),
    "scope": ("csAttribute", "csOperator", "csValue"),
}
"""What may stand in which element; all others hold text alone."""
_MANY = frozenset(("mapping", "attr", "conditions", "condition", "scope"))
"""What may stand in an element more than once."""
_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {"mapping": ("execute-once",)}


class Unread(NamedTuple):
    """An element, or an attribute of one, that is not known.

    `holder` is the path of the element that it stands in, from the rule on; an attribute's `name`
    begins with `@`.
    """

    holder: str
    name: str

    @property
    def path(self) -> str:
        """Where it stands, from the rule on."""
        return f"{self.holder}/{self.name}" if self.holder else self.name

    def __str__(self) -> str:
        holder = self.holder.rpartition("/")[2] or RULE
        return f"{self.name[1:]} of {holder}" if self.name[0] == "@" else f"{self.name} in {holder}"


class Elements:
    """The elements of a rule: the known ones by their paths, and what stands in them besides."""

    def __init__(self) -> None:
        self.times: dict[str, int] = {}
        """How often each known element stands there."""
        self.strange: dict[str, list[dict[str, str]]] = {}
        """What stands in known elements and is not known, with its value."""
        self.odd: list[str] = []

    @classmethod
    def below(cls, root: Element) -> Elements:
        """Look through a rule."""
        found = cls()
        found.times[""] = 1
        found._look(root, "")
        return found

    def unread(self) -> dict[Unread, frozenset[str | None]]:
        """Return what is not known, each with its values: `None` where a holder lacks it."""
        return {
            Unread(holder, name): frozenset(
                (*(one.get(name) for one in inside), *self._lacking(holder))
            )
            for holder, inside in self.strange.items()
            for name in dict.fromkeys(name for one in inside for name in one)
        }

    def _lacking(self, holder: str) -> tuple[None, ...]:
        """Return `None` where an element of this path has nothing strange in it."""
        return (None,) if len(self.strange[holder]) < self.times[holder] else ()

    def _look(self, element: Element, path: str) -> None:
        """Look at an element that does not hold text alone, and below it as far as it is known."""
        shape = _shape(path, tuple([inner.tag for inner in element]))
        if shape.has_strangers or element.keys():
            strange = _strange(element, shape.name)
            if strange:
                self.strange.setdefault(path, []).append(strange)
        self.odd += shape.odd
        if _is_mixed(element, shape.name):
            self.odd.append(f"text between the elements in {shape.name}")
        for inner, inner_path in zip(element, shape.paths, strict=True):
            if inner_path is None:
                continue
            self.times[inner_path] = self.times.get(inner_path, 0) + 1
            if len(inner) or inner.keys():
                self._look(inner, inner_path)


class _Shape(NamedTuple):
    """What the names of an element's children tell of it; most elements have one of a few.

    `paths` are those of the children that are known, `None` for each of the others.
    """

    name: str
    paths: tuple[str | None, ...]
    has_strangers: bool
    odd: tuple[str, ...]


@lru_cache(maxsize=256)
def _shape(path: str, tags: tuple[str, ...]) -> _Shape:
    name = path.rpartition("/")[2] or RULE
    allowed = CHILDREN.get(name, ())
    names = [inner if (inner := local(tag)) in allowed else None for tag in tags]
    known = Counter(inner for inner in names if inner is not None)
    return _Shape(
        name,
        tuple(inner and (f"{path}/{inner}" if path else inner) for inner in names),
        None in names,
        tuple(
            f"{inner} twice in {name}"
            for inner, times in known.items()
            if times > 1 and inner not in _MANY
        ),
    )


def _is_mixed(element: Element, name: str) -> bool:
    """Return whether text stands between the elements in an element."""
    if name in CHILDREN and len(element) and (element.text or "").strip():
        return True
    return any((inner.tail or "").strip() for inner in element)


def _strange(element: Element, holder: str) -> dict[str, str]:
    """Return what stands in an element and is not known, by its name, with its value."""
    known = _ATTRIBUTES.get(holder, ())
    found = {f"@{key}": value for key, value in element.attrib.items() if key not in known}
    allowed = CHILDREN.get(holder, ())
    strangers: dict[str, list[Element]] = {}
    for inner in element:
        name = local_name(inner)
        if name not in allowed:
            strangers.setdefault(name, []).append(inner)
    return found | {name: _value(same) for name, same in strangers.items()}


def _value(elements: list[Element]) -> str:
    """Return the text of a plain element; several, and what is not plain, as XML."""
    first = elements[0]
    if len(elements) == 1 and not len(first) and not first.attrib:
        return text_of(first)
    return "".join(map(written, elements))

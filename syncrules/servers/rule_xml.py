"""A rule of a server's configuration, from its XML file.

Which element is which parameter is known from microsoft/AADConnectConfigDocumenter and the 62
rules of its sample. What the sample does not show is not guessed: it makes the rule unfit to be
moved, and is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from syncrules.rules.enumerations import (
    CONSTANT,
    DIRECT,
    DIRECTIONS,
    EXPRESSION,
    LINK_TYPES,
    OPERATORS,
    VALUE_MERGE_TYPES,
    canonical,
)
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule

from .xml_elements import Missing, child, children, local, local_name, named, text_of, written

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["RulePart", "Unread", "read_rule"]


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
        holder = self.holder.rpartition("/")[2] or _RULE
        return f"{self.name[1:]} of {holder}" if self.name[0] == "@" else f"{self.name} in {holder}"


class RulePart(NamedTuple):
    """What one rule file holds.

    `odd` says what stands in it in a way that is not known, `unread` names the elements and
    attributes that are not, each with its values: `None` where one of its holders lacks it.
    `elements` are the paths of the known elements. A rule that is not to move is not looked through
    for these.
    """

    path: str
    rule: SyncRule
    odd: tuple[str, ...] = ()
    unread: Mapping[Unread, frozenset[str | None]] = {}
    elements: frozenset[str] = frozenset()

    @property
    def unknown(self) -> tuple[str, ...]:
        """What stands in the file and is not read, in words."""
        return (*map(str, self.unread), *self.odd)


_RULE = "synchronizationRule"


_CONDITIONS = ("conditions",)
_CHILDREN: Mapping[str, tuple[str, ...]] = {
    _RULE: (
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


class _Filter(NamedTuple):
    """The element that holds a rule's groups, and the name of a condition in them."""

    element: str
    condition: str


_SCOPE_FILTER = _Filter("synchronizationCriteria", "scope")
_JOIN_FILTER = _Filter("relationshipCriteria", "condition")
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")
_NO_INTERVAL = "00:00:00"
_EDITORS_ZERO = "0"
"""The Editor prints this for an interval of nothing."""


def read_rule(root: Element, path: str, *, to_move: bool = True) -> RulePart:
    """Read a `synchronizationRule`."""
    own = children(root)
    interval = text_of(own.get("softDeleteExpiryInterval")).strip()
    rule = SyncRule(
        name=text_of(own.get("name")),
        identifier=_guid(own, "id"),
        description=text_of(own.get("description")),
        direction=_word(own, "direction", DIRECTIONS),
        precedence=_precedence(own),
        precedence_after=_guid(own, "precedence-after"),
        precedence_before=_guid(own, "precedence-before"),
        source_object_type=_required(own, "sourceObjectType"),
        target_object_type=_required(own, "targetObjectType"),
        connector=_guid(own, "connector"),
        link_type=_word(own, "linkType", LINK_TYPES),
        soft_delete_expiry_interval=_EDITORS_ZERO if interval == _NO_INTERVAL else interval or None,
        immutable_tag=text_of(own.get("immutable-tag")),
        enable_password_sync=_flag(text_of(own.get("EnablePasswordSync")), "password sync"),
        disabled=_flag(text_of(own.get("disabled")), "the disabled state"),
        attribute_flow_mappings=tuple(map(_flow, _mappings(root))),
        scope_filter=tuple(
            tuple(map(_scope, named(group, _SCOPE_FILTER.condition)))
            for group in _groups(root, _SCOPE_FILTER.element)
        ),
        join_filter=tuple(
            tuple(map(_join, named(group, _JOIN_FILTER.condition)))
            for group in _groups(root, _JOIN_FILTER.element)
        ),
    )
    return _looked_through(root, path, rule) if to_move else RulePart(path, rule)


_Children = Mapping[str, "Element"]
"""What stands in an element, by its name."""


def _guid(own: _Children, tag: str) -> str:
    found = parse_guid(text_of(own.get(tag)))
    if found is None:
        raise Missing(f"the rule's {tag} is not a GUID")
    return found


def _required(own: _Children, tag: str) -> str:
    found = text_of(own.get(tag)).strip()
    if not found:
        raise Missing(f"the rule has no {tag}")
    return found


def _precedence(own: _Children) -> int:
    text = text_of(own.get("precedence")).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 11):
        raise Missing("the rule's precedence is not a number")
    return int(text)


def _flag(text: str, what: str) -> bool:
    plain = text.strip().lower()
    if plain in _FALSE:
        return False
    if plain not in _TRUE:
        raise Missing(f"{what} of the rule is neither true nor false")
    return True


def _word(own: _Children, tag: str, known: Collection[str]) -> str:
    """Return a word of an enumeration; one that is not known stays as it is."""
    word = _required(own, tag)
    return canonical(word, known) or word


# ---- Flows and conditions ------------------------------------------------------------------------


def _flow(mapping: Element) -> AttributeFlowMapping:
    own = children(mapping)
    expression = own.get("expression")
    flow_type, source = _source(own.get("src"), expression)
    merge = text_of(own.get("valueMergeType")).strip()
    return AttributeFlowMapping(
        source,
        _required(own, "dest"),
        flow_type,
        (canonical(merge, VALUE_MERGE_TYPES) or merge) if merge else None,
        _flag(mapping.get("execute-once", ""), "execute-once"),
        text_of(expression) if expression is not None else None,
    )


def _mappings(root: Element) -> list[Element]:
    return named(child(root, "attribute-mappings"), "mapping")


def _source(
    element: Element | None, expression: Element | None
) -> tuple[str, tuple[str, ...] | None]:
    """Return a flow's type, for which there is no element, and its sources."""
    attributes = _attributes(element)
    if expression is not None:
        return EXPRESSION, attributes or None
    if attributes:
        return DIRECT, attributes
    return CONSTANT, (text_of(element),)


def _attributes(element: Element | None) -> tuple[str, ...]:
    return tuple(map(text_of, named(element, "attr")))


def _scope(condition: Element) -> ScopeCondition:
    own = children(condition)
    return ScopeCondition(
        _required(own, "csAttribute"),
        text_of(own.get("csValue")),
        _word(own, "csOperator", OPERATORS),
    )


def _join(condition: Element) -> JoinCondition:
    own = children(condition)
    return JoinCondition(
        _required(own, "csAttribute"),
        _required(own, "ilmAttribute"),
        _flag(text_of(own.get("caseSensitive")), "caseSensitive"),
    )


def _groups(root: Element, element: str) -> list[Element]:
    return named(child(root, element), "conditions")


# ---- What is not read ----------------------------------------------------------------------------


def _looked_through(root: Element, path: str, rule: SyncRule) -> RulePart:
    found = _Elements.below(root)
    return RulePart(
        path,
        rule,
        tuple(dict.fromkeys((*found.odd, *_odd(root)))),
        found.unread(),
        frozenset(found.times),
    )


def _odd(root: Element) -> Iterator[str]:
    """Yield what the elements of a rule hold that does not go together."""
    for mapping in _mappings(root):
        yield from _odd_source(child(mapping, "src"), child(mapping, "expression"))
    for element, condition in (_SCOPE_FILTER, _JOIN_FILTER):
        for group in _groups(root, element):
            kinds = {local_name(e) for e in group} & {*_CHILDREN["conditions"]}
            if kinds - {condition}:
                yield f"conditions of another kind beside {condition}"
            if not kinds:
                yield "a group without conditions"


def _odd_source(element: Element | None, expression: Element | None) -> Iterator[str]:
    attributes = _attributes(element)
    constant = "" if attributes else text_of(element)
    if expression is not None:
        if constant.strip() or not text_of(expression).strip():
            yield "an expression beside a constant, or an empty one"
    elif len(attributes) > 1:
        yield "several sources of a flow without an expression"
    elif not attributes and (not constant or (element is not None and len(element))):
        yield "a flow without a source"


class _Elements:
    """The elements of a rule: the known ones by their paths, and what stands in them besides."""

    def __init__(self) -> None:
        self.times: dict[str, int] = {}
        """How often each known element stands there."""
        self.strange: dict[str, list[dict[str, str]]] = {}
        """What stands in known elements and is not known, with its value."""
        self.odd: list[str] = []

    @classmethod
    def below(cls, root: Element) -> _Elements:
        found = cls()
        found.times[""] = 1
        found._look(root, "")
        return found

    def unread(self) -> dict[Unread, frozenset[str | None]]:
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
    name = path.rpartition("/")[2] or _RULE
    allowed = _CHILDREN.get(name, ())
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
    if name in _CHILDREN and len(element) and (element.text or "").strip():
        return True
    return any((inner.tail or "").strip() for inner in element)


def _strange(element: Element, holder: str) -> dict[str, str]:
    """Return what stands in an element and is not known, by its name, with its value."""
    known = _ATTRIBUTES.get(holder, ())
    found = {f"@{key}": value for key, value in element.attrib.items() if key not in known}
    allowed = _CHILDREN.get(holder, ())
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

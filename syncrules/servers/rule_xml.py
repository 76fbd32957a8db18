"""A rule of a server's configuration, from its XML file.

Which element is which parameter is known from microsoft/AADConnectConfigDocumenter and the 62
rules of its sample. What the sample does not show is not guessed: it makes the rule unfit to be
moved, and is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncrules.rules.guids import parse_guid
from syncrules.rules.model import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule

from .xml_elements import Missing, child, local_name, named, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["RulePart", "read_rule"]


@dataclass(frozen=True, slots=True)
class RulePart:
    """What one rule file holds. `unknown` names what stands in it and is not read."""

    name: str
    rule: SyncRule
    unknown: tuple[str, ...] = ()


_CONDITIONS = ("conditions",)
_CHILDREN: Mapping[str, tuple[str, ...]] = {
    "synchronizationRule": (
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
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")
_NO_INTERVAL = "00:00:00"
_EDITORS_ZERO = "0"
"""The Editor prints this for an interval of nothing."""


def read_rule(root: Element, name: str) -> RulePart:
    """Read a `synchronizationRule`."""
    unknown = [*_strange(root)]
    interval = text_of(child(root, "softDeleteExpiryInterval")).strip()
    rule = SyncRule(
        name=text_of(child(root, "name")),
        identifier=_guid(root, "id"),
        description=text_of(child(root, "description")),
        direction=_required(root, "direction"),
        precedence=_precedence(root),
        precedence_after=_guid(root, "precedence-after"),
        precedence_before=_guid(root, "precedence-before"),
        source_object_type=_required(root, "sourceObjectType"),
        target_object_type=_required(root, "targetObjectType"),
        connector=_guid(root, "connector"),
        link_type=_required(root, "linkType"),
        soft_delete_expiry_interval=_EDITORS_ZERO if interval == _NO_INTERVAL else interval or None,
        immutable_tag=text_of(child(root, "immutable-tag")),
        enable_password_sync=_flag(text_of(child(root, "EnablePasswordSync")), "password sync"),
        disabled=_flag(text_of(child(root, "disabled")), "the disabled state"),
        attribute_flow_mappings=tuple(_flows(child(root, "attribute-mappings"), unknown)),
        scope_filter=tuple(_scopes(child(root, "synchronizationCriteria"), unknown)),
        join_filter=tuple(_joins(child(root, "relationshipCriteria"), unknown)),
    )
    return RulePart(name, rule, tuple(dict.fromkeys(unknown)))


def _strange(element: Element) -> Iterator[str]:
    """Yield what stands in an element, or below it, and is not read."""
    name = local_name(element)
    allowed = _CHILDREN.get(name, ())
    yield from (
        f"{key} of {name}" for key in element.attrib if key not in _ATTRIBUTES.get(name, ())
    )
    for child_name, times in Counter(map(local_name, element)).items():
        if child_name not in allowed:
            yield f"{child_name} in {name}"
        elif times > 1 and child_name not in _MANY:
            yield f"{child_name} twice in {name}"
    texts = [e.tail or "" for e in element]
    if len(element) and name in _CHILDREN:
        texts.append(element.text or "")
    if any(text.strip() for text in texts):
        yield f"text between the elements in {name}"
    for inner in element:
        if local_name(inner) in allowed:
            yield from _strange(inner)


def _guid(root: Element, tag: str) -> str:
    found = parse_guid(text_of(child(root, tag)))
    if found is None:
        raise Missing(f"the rule's {tag} is no GUID")
    return found


def _required(root: Element, tag: str) -> str:
    found = text_of(child(root, tag)).strip()
    if not found:
        raise Missing(f"the rule has no {tag}")
    return found


def _precedence(root: Element) -> int:
    text = text_of(child(root, "precedence")).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 11):
        raise Missing("the rule's precedence is no number")
    return int(text)


def _flag(text: str, what: str) -> bool:
    plain = text.strip().lower()
    if plain not in (*_TRUE, *_FALSE):
        raise Missing(f"{what} of the rule is neither true nor false")
    return plain in _TRUE


def _flows(mappings: Element | None, unknown: list[str]) -> Iterator[AttributeFlowMapping]:
    for mapping in named(mappings, "mapping"):
        expression = child(mapping, "expression")
        flow_type, source = _source(child(mapping, "src"), expression, unknown)
        yield AttributeFlowMapping(
            source,
            _required(mapping, "dest"),
            flow_type,
            text_of(child(mapping, "valueMergeType")).strip() or None,
            _flag(mapping.get("execute-once", ""), "execute-once"),
            text_of(expression) if expression is not None else None,
        )


def _source(
    element: Element | None, expression: Element | None, unknown: list[str]
) -> tuple[str, tuple[str, ...] | None]:
    """Return a flow's type, for which there is no element, and its sources."""
    attributes = tuple(text_of(e) for e in named(element, "attr"))
    constant = text_of(element) if element is not None and not attributes else ""
    if expression is not None:
        if constant.strip() or not text_of(expression).strip():
            unknown.append("an expression beside a constant, or an empty one")
        return "Expression", attributes or None
    if attributes:
        if len(attributes) > 1:
            unknown.append("several sources of a flow without an expression")
        return "Direct", attributes
    if not constant:
        unknown.append("a flow without a source")
    return "Constant", (constant,)


def _scopes(criteria: Element | None, unknown: list[str]) -> Iterator[tuple[ScopeCondition, ...]]:
    for group in named(criteria, "conditions"):
        conditions = _group(group, "scope", unknown)
        yield tuple(
            ScopeCondition(
                _required(c, "csAttribute"),
                text_of(child(c, "csValue")),
                _required(c, "csOperator"),
            )
            for c in conditions
        )


def _joins(criteria: Element | None, unknown: list[str]) -> Iterator[tuple[JoinCondition, ...]]:
    for group in named(criteria, "conditions"):
        conditions = _group(group, "condition", unknown)
        yield tuple(
            JoinCondition(
                _required(c, "csAttribute"),
                _required(c, "ilmAttribute"),
                _flag(text_of(child(c, "caseSensitive")), "caseSensitive"),
            )
            for c in conditions
        )


def _group(element: Element, name: str, unknown: list[str]) -> list[Element]:
    conditions = [*named(element, name)]
    if len(conditions) < len(element):
        unknown.append(f"conditions of another kind beside {name}")
    if not conditions:
        unknown.append("a group without conditions")
    return conditions

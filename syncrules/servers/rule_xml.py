"""A rule of a server's configuration, from its XML file.

Which element is which parameter is known from microsoft/AADConnectConfigDocumenter and the 62
rules of its sample. What the sample does not show is not guessed: it makes the rule unfit to be
moved, and is named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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

from .rule_elements import CHILDREN, RULE, Elements, Unread
from .xml_elements import Missing, child, children, local, local_name, named, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["RulePart", "read_rule"]


class RulePart(NamedTuple):
    """What one rule file holds.

    `odd` says what stands in it in a way that is not known, `unread` names the elements and
    attributes that are not, each with its values: `None` where one of its holders lacks it.
    `elements` are the paths of the known elements. A rule that is not to move is not looked through
    for these; `strangers` are the names of elements in any rule that are not known.
    """

    path: str
    rule: SyncRule
    odd: tuple[str, ...] = ()
    unread: Mapping[Unread, frozenset[str | None]] = {}
    elements: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()

    @property
    def unknown(self) -> tuple[str, ...]:
        """What stands in the file and is not read, in words."""
        return (*map(str, self.unread), *self.odd)


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
    strangers = frozenset(_strangers(root))
    part = _looked_through(root, path, rule) if to_move else RulePart(path, rule)
    return part._replace(strangers=strangers) if strangers else part


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


def _strangers(root: Element) -> Iterator[str]:
    """Yield the names of elements in a rule, in its flows and in its conditions that are not known.

    This is quick, for every rule: it looks at each name once.
    """
    groups = [g for own in (_SCOPE_FILTER, _JOIN_FILTER) for g in _groups(root, own.element)]
    flows, conditions = _mappings(root), [one for group in groups for one in group]
    for holders, known in (
        ((root,), CHILDREN[RULE]),
        (flows, CHILDREN["mapping"]),
        (groups, CHILDREN["conditions"]),
        (conditions, (*CHILDREN["condition"], *CHILDREN["scope"])),
    ):
        tags = {inner.tag for holder in holders for inner in holder}
        yield from {local(tag) for tag in tags}.difference(known)


# ---- What is not read ----------------------------------------------------------------------------


def _looked_through(root: Element, path: str, rule: SyncRule) -> RulePart:
    found = Elements.below(root)
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
            kinds = {local_name(e) for e in group} & {*CHILDREN["conditions"]}
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

"""What belongs to one server and stands in an expression: identifiers, and the source anchor.

Sources: each server has other identifiers, and puts its own for %Connector.ID%. The wizard writes
the chosen source anchor into the rules that it makes, so a clone of one of them keeps it: in two
public configurations as `"mS-DS-ConsistencyGuid"="mS-DS-ConsistencyGuid"`, and as the attribute
that flows to sourceAnchor. The wizard's option is known from a configuration folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from syncrules.diagnostics import Code, Problem, Severity, Span
from syncrules.expressions.tree import Expression, ExpressionNode, NodeKind
from syncrules.rules.guids import HYPHENATED
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Server

from .checked import Checked
from .found import Found, connector_in_words

__all__ = ["anchors", "identifiers"]

_GUID = re.compile(rf"(?<![0-9a-f-]){HYPHENATED}(?![0-9a-f-])", re.IGNORECASE)


def identifiers(checked: Checked) -> Iterator[Found]:
    """Yield identifiers of the server's connectors and rules in expressions of custom rules."""
    known = _known(checked.server)
    for flow in checked.flows:
        if flow.subject.rule.is_out_of_box:
            continue
        for guid in _GUID.finditer(flow.text):
            what = known.get(guid.group().lower())
            if what is not None:
                place = flow.subject.in_expression(flow.number, Span(*guid.span()))
                yield Found(_identifier(guid.group(), what), place, flow.where)


def _known(server: Server) -> Mapping[str, str]:
    """Return what each identifier names; Entra's connector is the same on every server."""
    found = {r.identifier: f"the rule '{r.name}'" for r in server.rules if r.identifier}
    found |= {c.identifier: connector_in_words(server, c.identifier) for c in server.connectors}
    found.pop(ENTRA_CONNECTOR, None)
    return found


def _identifier(guid: str, what: str) -> Problem:
    return Problem(
        Code.SR722,
        f"{guid} is {what}. Another server has another identifier for it, so the rule works on "
        "this server only.",
        "For the connector of the rule itself, write %Connector.ID%; else remember to change it "
        "when the rule moves.",
    )


# ---- The source anchor ---------------------------------------------------------------------------

_OPTION = "Microsoft.SynchronizationOption.AnchorAttribute"
_ANCHORS = ("mS-DS-ConsistencyGuid", "objectGUID")


def anchors(checked: Checked) -> Iterator[Found]:
    """Yield the source anchors in expressions of custom rules that are not the server's, or may be.

    Where the option of the wizard is known and is the anchor, there is nothing to say.
    """
    option = checked.server.settings.get(_OPTION)
    written = {
        text: [*_anchors(one.expression)]
        for text, one in checked.readings.items()
        if one.expression is not None and any(anchor in text for anchor in _ANCHORS)
    }
    for flow in checked.flows:
        if flow.subject.rule.is_out_of_box:
            continue
        for anchor, node in written.get(flow.text, ()):
            if option is None or option.lower() != anchor.lower():
                place = flow.subject.in_expression(flow.number, Span.of(node))
                yield Found(_anchor(anchor, option), place, flow.where)


def _anchors(expression: Expression) -> Iterator[tuple[str, ExpressionNode]]:
    """Yield the anchors that a chain compares with themselves, which no person writes."""
    for node in expression.nodes():
        if node.kind is not NodeKind.CHAIN:
            continue
        for one, operator, other in zip(
            node.children[::2], node.children[1::2], node.children[2::2], strict=False
        ):
            are_texts = one.kind is other.kind is NodeKind.TEXT
            is_same = are_texts and one.value == other.value
            if is_same and operator.value == "=" and one.value in _ANCHORS:
                yield one.value, one


def _anchor(anchor: str, option: str | None) -> Problem:
    if option is None:
        return Problem(
            Code.SR723,
            f"The wizard wrote the source anchor {anchor} into the rule that this one was cloned "
            "from. On a server with another source anchor the clone is wrong.",
            "Compare it with the source anchor in the wizard of the server that the rule is for.",
            Severity.NOTE,
        )
    return Problem(
        Code.SR723,
        f"The source anchor {anchor} was written into the rule that this one was cloned from, and "
        f"the wizard of this server has {option}.",
        f"Clone the rule again on this server, or write {option} instead of {anchor}.",
    )

"""What is right by the language and hardly meant so: each was seen in rules that people publish.

Sources: that InStr tells letter case apart, and that Join fails over what Select gives, stands in
answers to questions about Microsoft's pages (2023, 2019); whether the latter was repaired is not
known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syncrules.diagnostics import Code, Problem, Span

from .finding import Finding
from .tree import ExpressionNode, NodeKind

__all__ = ["of_slips"]


def of_slips(root: ExpressionNode, nodes: Iterable[ExpressionNode]) -> Iterator[Finding]:
    """Yield what is hardly meant so in an expression; `nodes` are all of its nodes."""
    if root.kind is not NodeKind.CHAIN:
        yield from _kept(root, None)
    for node in nodes:
        if node.kind is NodeKind.CHAIN:
            yield from _in_chain(node.children)
            continue
        if node.kind is NodeKind.CALL:
            yield from _in_call(node)
        elif node.kind is NodeKind.GROUP:
            yield from _kept(node.children[0], None)
        elif node.kind is NodeKind.TEXT and node.value.startswith("x509:"):
            yield _found(
                node,
                "The values of certificateUserIds begin with X509: in capital letters, and InStr "
                "tells letter case apart.",
                "Write X509: if this is compared with such a value.",
            )


_OF_PRESENCE = frozenset({"IsPresent", "IsNull", "IsNullOrEmpty", "IsEmpty"})


def _is_like_a_name(node: ExpressionNode) -> bool:
    return node.kind is NodeKind.TEXT and len(node.value) > 3 and node.value.isidentifier()


def _in_call(call: ExpressionNode) -> Iterator[Finding]:
    if call.value in _OF_PRESENCE and call.children and _is_like_a_name(call.children[0]):
        literal = call.children[0]
        yield _found(
            literal,
            f"{call.value} looks at a text here, which is always the same.",
            f"Write [{literal.value}] if the attribute is meant.",
        )
    for argument in call.children:
        if argument.value == "Left":  # few are, and there are many arguments
            yield from _kept(argument, None)
    if call.value == "Join" and call.children and _is_call(call.children[0], "Select"):
        yield _found(
            call,
            "Join was reported to fail over the values that Select gives.",
            "Try the rule with the preview of the Synchronization Service Manager first.",
        )


def _in_chain(children: tuple[ExpressionNode, ...]) -> Iterator[Finding]:
    for before, operator, operand in zip(
        children[::2], children[1::2], children[2::2], strict=False
    ):
        if operator.value != "&" or operand.kind is not NodeKind.TEXT:
            continue
        if operand.value:
            yield from _kept(before, operand.value)
        else:
            yield _found(
                operand,
                "This joins an empty text, which does nothing. Web pages take e-mail addresses out "
                "of texts.",
                "Look at where the expression comes from, and write what is missing.",
            )


def _kept(node: ExpressionNode, joined: str | None) -> Iterator[Finding]:
    """Yield a Left up to what InStr finds, which stays: before more of it, or before nothing."""
    if not (_is_call(node, "Left") and len(node.children) == 2):
        return
    place = node.children[1]
    if not (_is_call(place, "InStr") and len(place.children) > 1):
        return
    found = place.children[1].value
    if found and (joined is None or joined.startswith(found)):
        yield _found(
            place,
            f'InStr gives the place of "{found}", so Left keeps it'
            + (", and it comes twice." if joined else "."),
            f'Write InStr(…)-1 to leave "{found}" out.',
        )


def _is_call(node: ExpressionNode, name: str) -> bool:
    return node.kind is NodeKind.CALL and node.value == name


def _found(node: ExpressionNode, message: str, hint: str) -> Finding:
    return Finding(Span.of(node), Problem(Code.SR724, message, hint))

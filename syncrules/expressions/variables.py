"""Variables: each is bound by Select, Where or With, and seen in the third argument only.

Source: the functions reference, for what binds; that a variable which is never used is a slip is
ours.
"""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Problem, Span

from .calls import function_of, is_counted
from .finding import Finding
from .tree import ExpressionNode, NodeKind

__all__ = ["binds", "of_variables"]


class _Binding:
    """A variable that a call binds, and whether it is used."""

    def __init__(self, node: ExpressionNode, by: str) -> None:
        self.node = node
        self.by = by
        self.is_used = False


_Scope = tuple[_Binding, ...]


def of_variables(root: ExpressionNode) -> Iterator[Finding]:
    """Yield variables that are not bound where they stand, or else those that are never used.

    One that is misspelt is both, and one finding.
    """
    bindings, unbound = _resolved(root)
    for node, scope in unbound:
        yield Finding(Span.of(node), _unbound(node.value, [b.node.value for b in scope]))
    if not unbound:
        unused = (b for b in bindings if not b.is_used)
        yield from (Finding(Span.of(b.node), _unused(b)) for b in unused)


_Seen = tuple[ExpressionNode, _Scope]
"""A node, and the variables that it sees."""


def _resolved(root: ExpressionNode) -> tuple[list[_Binding], list[_Seen]]:
    """Return all bindings, each marked where it is used, and the variables that are not bound."""
    bindings: list[_Binding] = []
    unbound: list[_Seen] = []
    waiting: list[_Seen] = [(root, ())]
    while waiting:
        node, scope = waiting.pop()
        if node.kind is NodeKind.VARIABLE:
            binding = next((b for b in reversed(scope) if b.node.value == node.value), None)
            if binding is None:
                unbound.append((node, scope))
            else:
                binding.is_used = True
        waiting += reversed([*_inside(node, scope, bindings)])
    return bindings, unbound


def _inside(node: ExpressionNode, scope: _Scope, bindings: list[_Binding]) -> Iterator[_Seen]:
    """Yield the children of a node, each with the variables that it sees; keep a new one."""
    if not binds(node):
        if not _may_bind(node):
            yield from ((child, scope) for child in node.children)
    elif is_counted(node):  # else that is told, and what is bound where cannot be known
        bound, over, inner = node.children
        if bound.kind is NodeKind.VARIABLE:
            bindings.append(_Binding(bound, node.value))
            yield over, scope
            yield inner, (*scope, bindings[-1])
        else:
            yield from ((child, scope) for child in node.children)


def binds(node: ExpressionNode) -> bool:
    """Return whether a node is a call of a function that binds a variable."""
    if node.kind is not NodeKind.CALL:
        return False
    function = function_of(node)
    return function is not None and any("variable" in p.types for p in function.parameters)


def _may_bind(node: ExpressionNode) -> bool:
    """Return whether a call is of no function that is known, and looks like one that binds."""
    first = node.children[0] if node.children else None
    is_unknown = node.kind is NodeKind.CALL and function_of(node) is None
    return is_unknown and first is not None and first.kind is NodeKind.VARIABLE


def _unbound(name: str, bound: list[str]) -> Problem:
    known = f" {' and '.join(f'${b}' for b in bound)} would be." if bound else ""
    return Problem(
        Code.SR715,
        f"${name} is not bound here.{known} Only Select, Where and With bind a variable, for their "
        "third argument.",
        "Correct the name of the variable, or bind it.",
    )


def _unused(binding: _Binding) -> Problem:
    name = f"${binding.node.value}"
    return Problem(
        Code.SR715,
        f"{binding.by} binds {name}, and its third argument never uses it.",
        f"Use {name} there, or correct the name.",
    )

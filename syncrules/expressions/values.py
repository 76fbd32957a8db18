"""Values and operators: words, parameters, texts, and operators between values that do not fit.

Source: the declarative provisioning expressions page, for constants, parameters and operators. How
&& and || bind, and what a backslash in a text means before another letter, is not documented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from syncrules.diagnostics import Code, Problem, Span

from .finding import Finding
from .functions import functions
from .tree import ExpressionNode, NodeKind
from .words import CONSTANTS, ENUMERATIONS, PARAMETERS

__all__ = ["is_unquoted", "of_chain", "of_constant", "of_parameter", "of_text", "of_unquoted"]


# ---- Words ---------------------------------------------------------------------------------------


def of_constant(
    node: ExpressionNode, variables: Callable[[], Collection[str]]
) -> Iterator[Finding]:
    """Yield a bare word that the language does not have; `variables` gives those there are."""
    word = node.value
    if word in CONSTANTS or word in ENUMERATIONS:
        return
    low = word.lower()
    same = next((w for w in CONSTANTS + ENUMERATIONS if w.lower() == low), None)
    if same is not None:
        message = f"The constant {same} is written {word} here; its letter case may count."
        hint = f"Write {same}."
    elif word in functions():
        message = f"The function {word} has no brackets here."
        hint = f"Write {functions()[word]}."
    else:
        message = f"{word} is not a constant of expressions, so the expression will not work."
        hint = f'Write [{word}] for the attribute, "{word}" for the text, or {CONSTANTS[0]}.'
        nearest = _nearest(word)
        if word in variables():
            hint = f"Write ${word} for the variable."
        elif nearest:
            hint = f"Write {nearest} if that is meant; [{word}] for an attribute."
    yield Finding(Span.of(node), Problem(Code.SR717, message, hint))


def is_unquoted(chain: ExpressionNode, text: str) -> bool:
    """Return whether a chain, of which `text` is what is written, is a text without its quotes."""
    operands = chain.children[::2]
    return (
        all(o.kind in (NodeKind.CONSTANT, NodeKind.NUMBER) for o in operands)
        and all(o.value in _ARITHMETIC for o in chain.children[1::2])
        and any(_is_unknown(o) for o in operands)
        and not any(c.isspace() for c in text)
    )


def _is_unknown(node: ExpressionNode) -> bool:
    known = node.value in CONSTANTS or node.value in ENUMERATIONS or node.value in functions()
    return node.kind is NodeKind.CONSTANT and not known


def of_unquoted(chain: ExpressionNode, text: str) -> Finding:
    """Return what is said of a text without its quotes."""
    message = f"{text} has no quotes, so it is read as a calculation and not as a text."
    return Finding(Span.of(chain), Problem(Code.SR717, message, f'Write "{text}" for the text.'))


def _nearest(word: str) -> str | None:
    from difflib import get_close_matches  # most expressions need it not

    known = {n.lower(): n for n in CONSTANTS + ENUMERATIONS}
    found = get_close_matches(word.lower(), known, 1, 0.75)
    return known[found[0]] if found else None


def of_parameter(node: ExpressionNode) -> Iterator[Finding]:
    """Yield a parameter that no server has by itself."""
    name = node.value
    if name in PARAMETERS:
        return
    letters = re.sub("[^a-z]", "", name.lower())
    same = next((p for p in PARAMETERS if p.lower().replace(".", "") == letters), None)
    if same is not None:
        message = f"%{name}% is not the documented way to write %{same}%; it may not be found."
        hint = f"Write %{same}%."
    else:
        message = (
            f"%{name}% is not a parameter that every server has. Such a parameter must be defined "
            "on the server with PowerShell, on a new server again."
        )
        hint = f"Define it on the server, or use one of {', '.join(PARAMETERS)}."
    yield Finding(Span.of(node), Problem(Code.SR716, message, hint))


# ---- Texts ---------------------------------------------------------------------------------------

_DOUBTFUL = re.compile(r'\\(?:["\\nrt]|([\s\S]))')


def of_text(node: ExpressionNode, text: str) -> Iterator[Finding]:
    """Yield what is doubtful in a text, of which `text` is what is written."""
    doubtful = next((f for f in _DOUBTFUL.finditer(text) if f[1] is not None), None)
    if doubtful is not None:
        start = node.start + doubtful.start()
        yield Finding(
            Span(start, start + 2),
            Problem(
                Code.SR719,
                f"What {doubtful[0]} in a text means is not documented. Markdown puts a backslash "
                "before a character that it escapes.",
                f"Write {doubtful[1]} alone, or two backslashes if one is part of the text.",
            ),
        )


# ---- Operators -----------------------------------------------------------------------------------

_AND_OR = ("&&", "||")
_ARITHMETIC = ("+", "-", "*", "/")


def of_chain(chain: ExpressionNode) -> Iterator[Finding]:
    """Yield what is doubtful between the operators of a chain."""
    operands, operators = chain.children[::2], chain.children[1::2]
    yield from _mixed(operators)
    yield from _not_documented(operators)
    for number, operator in enumerate(operators):
        around = operands[number : number + 2]
        text = next((o for o in around if o.kind is NodeKind.TEXT), None)
        if operator.value in _ARITHMETIC and text is not None:
            yield Finding(Span.of(operator), _no_arithmetic(operator.value))
    yield from _no_conditions(chain.children)


def _mixed(operators: tuple[ExpressionNode, ...]) -> Iterator[Finding]:
    both = [o for o in operators if o.value in _AND_OR]
    other = next((o for o in both if o.value != both[0].value), None)
    if other is not None:
        yield Finding(
            Span.of(other),
            Problem(
                Code.SR718,
                "&& and || are mixed without brackets. Which of them binds first is not "
                "documented clearly, so this condition may mean something else than you think.",
                "Put brackets around what belongs together.",
            ),
        )


def _not_documented(operators: tuple[ExpressionNode, ...]) -> Iterator[Finding]:
    for operator in operators:
        if operator.value == "/":
            yield Finding(
                Span.of(operator),
                Problem(
                    Code.SR719,
                    "The operator / is not in Microsoft's list of operators, and in no rule that "
                    "was seen.",
                    "Try the rule with the preview of the Synchronization Service Manager first.",
                ),
            )


def _no_arithmetic(operator: str) -> Problem:
    return Problem(
        Code.SR714,
        f"{operator} calculates with numbers, and one of these is a text: it may fail.",
        "To join texts, write &." if operator == "+" else "Use CNum, or write the number alone.",
    )


def _no_conditions(children: tuple[ExpressionNode, ...]) -> Iterator[Finding]:
    """Yield literals that stand alone where && and || expect a condition."""
    joined = [n for n, node in enumerate(children) if _is(node, _AND_OR)]
    for start, end in zip((-1, *joined), (*joined, len(children)), strict=True):
        alone = children[start + 1] if end == start + 2 else None
        if alone is not None and alone.kind in (NodeKind.TEXT, NodeKind.NUMBER):
            yield Finding(
                Span.of(alone),
                Problem(
                    Code.SR714,
                    "&& and || join conditions, and this is a value alone: it may fail.",
                    'Compare each value: [a] = "x" || [a] = "y".',
                ),
            )


def _is(node: ExpressionNode, operators: tuple[str, ...]) -> bool:
    return node.kind is NodeKind.OPERATOR and node.value in operators

"""Calls of functions: their names, how many arguments they have, and literals of another type.

Only literals are looked at: what an attribute or a function gives is not known well enough, and
Microsoft's own rules pass more than the reference allows. Source: functions.py; that names are
case-sensitive says the declarative provisioning expressions page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from syncrules.diagnostics import Code, Problem, Span

from .finding import Finding
from .functions import UNDOCUMENTED, Function, Parameter, functions
from .tree import ExpressionNode, NodeKind
from .words import CLOUD, CONSTANTS, ELSEWHERE, ENUMERATIONS, LIKE_OPERATORS, MIM

__all__ = ["function_of", "is_counted", "of_call"]


def function_of(call: ExpressionNode) -> Function | None:
    """Return the function that a call is of, if it is known by this name."""
    return functions().get(call.value)


def is_counted(call: ExpressionNode) -> bool:
    """Return whether a call of a known function has as many arguments as that takes."""
    function = function_of(call)
    return function is not None and function.takes(len(call.children))


def of_call(call: ExpressionNode) -> Iterator[Finding]:
    """Yield what is wrong with a call by itself."""
    function = function_of(call)
    if function is None:
        yield Finding(call.name_span, _unknown(call.value))
        return
    if call.value in UNDOCUMENTED:
        yield Finding(call.name_span, _undocumented(call.value))
    if not function.takes(len(call.children)):
        yield Finding(call.name_span, _wrong_count(function, len(call.children)))
        return
    for number, argument in enumerate(call.children):
        parameter = function.parameter(number)
        if argument.kind in _GIVES_ANYTHING and not parameter.is_named:
            continue
        problem = _wrong_type(function, parameter, argument)
        if problem is not None:
            yield Finding(Span.of(argument), problem)


# ---- Names ---------------------------------------------------------------------------------------


def _unknown(name: str) -> Problem:
    other = None if name in CONSTANTS else _of_other_language(name)
    if other is not None:
        return other
    low = name.lower()
    same = next((known for known in functions() if known.lower() == low), None)
    if same is not None:
        return Problem(
            Code.SR712,
            f"{name} is written {same} here: names of functions are case-sensitive, so the server "
            "does not find it.",
            f"Write {same}.",
        )
    if low in LIKE_OPERATORS:
        return Problem(
            Code.SR710,
            f"There is no function {name} in this language.",
            f"For '{name}', {LIKE_OPERATORS[low]}.",
        )
    constant = next((known for known in CONSTANTS if known.lower() == low), None)
    if constant is not None:
        return Problem(
            Code.SR710,
            f"{name} is not a function but the constant {constant}.",
            f"Write {constant}, without brackets.",
        )
    return Problem(
        Code.SR710,
        f"{name} is not in Microsoft's reference of functions (2025), so the expression will "
        "probably fail.",
        _instead(name),
    )


def _instead(name: str) -> str:
    """Return what to do about a function that is not known."""
    use = ELSEWHERE.get(name.lower())
    if use is not None:
        return f"{use[0].upper()}{use[1:]}."
    nearest = _nearest(name)
    if nearest is not None:
        return f"Write {nearest} if that is meant."
    return "Correct the name; pages that were translated by a machine have translated names too."


def _of_other_language(name: str) -> Problem | None:
    low = name.lower()
    for language, names in (
        ("cloud sync and app provisioning in Microsoft Entra ID", CLOUD),
        ("Microsoft Identity Manager (MIM, FIM)", MIM),
    ):
        known = next((n for n in names if n.lower() == low), None)
        if known is not None and low not in {c.lower() for c in functions()}:
            instead = names[known] or "say it with the functions of Connect Sync"
            return Problem(
                Code.SR711,
                f"{name} is a function of {language}; the language of Connect Sync looks alike but "
                "does not have it.",
                f"{instead[0].upper()}{instead[1:]}.",
            )
    return None


def _nearest(name: str) -> str | None:
    from difflib import get_close_matches  # most expressions need it not

    known = {n.lower(): n for n in functions()}
    found = get_close_matches(name.lower(), known, 1, 0.75)
    return known[found[0]] if found else None


def _undocumented(name: str) -> Problem:
    return Problem(
        Code.SR719,
        f"{name} is not documented: it is known from Microsoft's own rules only.",
        "Nothing to do if the rule works; Microsoft may change such a function without notice.",
    )


# ---- Arguments -----------------------------------------------------------------------------------


def _wrong_count(function: Function, count: int) -> Problem:
    hint = f"Write {function}."
    if (function.name, count) in _OF_CLOUD:
        hint += f" With {count} arguments it is the function of cloud provisioning."
    return Problem(
        Code.SR713,
        f"{function.name} has {count or 'no'} argument{'s' * (count != 1)} here and takes "
        f"{_takes(function)}, so the expression will probably fail.",
        hint,
    )


_OF_CLOUD = {("FormatDateTime", 4), ("Replace", 6), ("Replace", 7), ("Join", 3), ("Join", 4)}
"""Functions that cloud provisioning has too, with as many arguments as they take there."""


def _takes(function: Function) -> str:
    if function.most is None:
        return "pairs of an expression and a value"
    if function.fewest == function.most:
        return str(function.most or "none")
    return f"{function.fewest} to {function.most}"


_LITERALS = {
    NodeKind.TEXT: ("a text", "str"),
    NodeKind.NUMBER: ("a number", "num"),
}
_ASKED = {
    "num": "a number",
    "str": "a text",
    "bin": "bytes",
    "bool": "True or False",
    "dt": "a date",
    "ref": "a reference",
    "mvstr": "an attribute of several values",
    "mvref": "an attribute of several values",
    "variable": "a $variable",
    "attrname": "the name of an attribute in quotes",
}
_CONVERTED = {
    "num": " Use CNum, or write the number without quotes.",
    "dt": " Use CDate for a text.",
    "ref": " Use CRef for a text.",
    "str": " Write it in quotes, or use CStr.",
    "attrname": ' Write the name in quotes: "mail".',
    "variable": " Begin with a variable, such as $item.",
}
_INTERVALS = ("yyyy", "q", "m", "y", "d", "w", "ww", "h", "n", "s")
_TEXTS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "interval": (f"one of {', '.join(_INTERVALS)}", _INTERVALS.__contains__),  # of DateAdd
    "delimiter": ("one character", lambda text: len(text) == 1),  # of Split
}
"""What a text must be, by the name of the parameter."""
_CONDITIONS = ("condition", "expr")
"""What IIF, Where and Switch call an argument that is true or false."""
_ALSO_A_TEXT = frozenset({"bin"})
"""Types that a text may have: a certificate may be in Base64, says the reference."""


def _wrong_type(
    function: Function, parameter: Parameter, argument: ExpressionNode
) -> Problem | None:
    what = _unfit(parameter, argument)
    if what is None:
        return None
    asked, hint = _asked(parameter)
    return Problem(
        Code.SR714,
        f"{function.name} takes {asked} as {parameter.name}, and this is {what}: it may fail.",
        f"Write {function}.{hint}",
    )


def _asked(parameter: Parameter) -> tuple[str, str]:
    """Return what is asked for, and how to come to it."""
    if parameter.name in _TEXTS:
        return _TEXTS[parameter.name][0], ""
    if parameter.words:
        return " or ".join(parameter.words), ""
    if parameter.name in _CONDITIONS:
        return "a condition", ""
    kind = parameter.types[0]
    return _ASKED.get(kind, kind), _CONVERTED.get(kind, "")


_GIVES_ANYTHING = (NodeKind.ATTRIBUTE, NodeKind.CALL, NodeKind.GROUP, NodeKind.VARIABLE)


def _unfit(parameter: Parameter, argument: ExpressionNode) -> str | None:
    """Return what an argument is, if it is a literal that does not fit."""
    types = parameter.types
    if parameter.name in _TEXTS and argument.kind is NodeKind.TEXT:
        return None if _TEXTS[parameter.name][1](argument.value) else f'"{argument.value}"'
    if "variable" in types:
        return None if argument.kind is NodeKind.VARIABLE else "something else"
    if "attrname" in types:
        return "an attribute in brackets" if argument.kind is NodeKind.ATTRIBUTE else None
    if {"exp", "var", "mvattr"} & {*types}:
        is_condition = parameter.name in _CONDITIONS
        return "a text" if is_condition and argument.kind is NodeKind.TEXT else None
    if argument.kind is NodeKind.CONSTANT:
        return _unfit_word(parameter, argument.value)
    if argument.kind is NodeKind.CHAIN:
        return _unfit_chain(parameter, argument)
    if argument.kind not in _LITERALS:
        return None
    what, kind = _LITERALS[argument.kind]
    fits = kind in types or (kind == "str" and _ALSO_A_TEXT & {*types})
    return None if fits else what


_CALCULATES = frozenset("+-*/")
_NEVER_NUMBERS = frozenset({"str", "bin", "dt", "ref"})


def _unfit_chain(parameter: Parameter, chain: ExpressionNode) -> str | None:
    """Return what a chain gives by its operators, if it does not fit; & joins bytes, too."""
    operators = {o.value for o in chain.children[1::2]}
    if operators <= _CALCULATES and {*parameter.types} <= _NEVER_NUMBERS:
        return "a number that is calculated"
    return "a text that is joined" if operators == {"&"} and parameter.types == ("num",) else None


def _unfit_word(parameter: Parameter, word: str) -> str | None:
    words = parameter.words
    if word in words or (word in ("True", "False") and "bool" in parameter.types):
        return None
    if word in ENUMERATIONS or word in ("True", "False") or (words and word in CONSTANTS):
        return f"the word {word}"
    return None

"""Rules that the staging server has and the active server does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Several, Severity
from syncrules.servers.model import Server, ServerRule
from syncrules.wording import first_of

from ..context import Context
from ..only_on_staging import added_custom_rules, added_out_of_box_rules

__all__ = ["only_on_staging"]


def only_on_staging(context: Context) -> Iterator[Diagnostic]:
    """Yield the custom rules one by one, the out-of-box rules by the connectors that have them."""
    for rule in added_custom_rules(context):
        yield _custom(context.staging, rule).at(Place(rule.file))
    for rules in _of_like_connectors(added_out_of_box_rules(context)):
        yield _out_of_box(context.staging, rules).at(Place(rules[0].file))


def _custom(staging: Server, rule: ServerRule) -> Problem:
    row = named, identifier = staging.named(rule), rule.identifier or ""
    which = f"Only the staging server has the custom rule {named} ({identifier})"
    if rule.disabled:
        return Problem(
            Code.SR462,
            f"{which}. It is disabled, so it does nothing.",
            "Delete it there, unless someone still needs it.",
            Severity.NOTE,
            several=Several(
                "custom rules are on the staging server only. They are disabled, so they do "
                "nothing.",
                "Delete them there, unless someone still needs them.",
                row,
            ),
        )
    return Problem(
        Code.SR462,
        f"{which}: after the switch it does what no rule does today.",
        "Delete or disable it on the staging server, unless it should run after the switch.",
        several=Several(
            "custom rules are on the staging server only: after the switch they do what no rule "
            "does today.",
            "Delete or disable them on the staging server, unless they should run after the "
            "switch.",
            row,
        ),
    )


def _of_like_connectors(rules: Iterator[ServerRule]) -> Iterator[Sequence[ServerRule]]:
    """Yield the rules of connectors that have the same ones: one cause, such as an option."""
    by_connector: dict[str, list[ServerRule]] = {}
    for rule in rules:
        by_connector.setdefault(rule.connector, []).append(rule)
    alike: dict[frozenset[str], list[ServerRule]] = {}
    for own in by_connector.values():
        alike.setdefault(frozenset(rule.stem for rule in own), []).extend(own)
    yield from alike.values()


def _out_of_box(staging: Server, rules: Sequence[ServerRule]) -> Problem:
    shown = first_of(dict.fromkeys(f"'{rule.name}'" for rule in rules))
    connectors = " and ".join(
        staging.label(c) for c in dict.fromkeys(rule.connector for rule in rules)
    )
    # Source: Microsoft's best practices for changing the default configuration.
    return Problem(
        Code.SR463,
        f"The staging server has enabled out-of-box rules of {connectors} that the active server "
        f"does not have: {shown}. After the switch they do what no rule does today. Either the "
        "servers differ in version or in an option of the wizard, or the rules were deleted on "
        "the active server.",
        "Compare the versions and the options of both servers. Disable on the staging server what "
        "was deleted on purpose; a deleted out-of-box rule comes back enabled with an upgrade.",
    )

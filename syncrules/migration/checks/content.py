"""In what two rules do not do the same, in words."""

from __future__ import annotations

from syncrules.rules.comparison import content_differences, differing_destinations
from syncrules.rules.model import SyncRule

__all__ = ["WORDS", "differences_in_words"]

WORDS = {
    "Name": "name",
    "Description": "description",
    "ImmutableTag": "tag",
    "LinkType": "link type",
    "SourceObjectType": "source object type",
    "TargetObjectType": "target object type",
    "EnablePasswordSync": "password sync",
    "SoftDeleteExpiryInterval": "soft delete interval",
    "ScopeFilter": "scope",
    "JoinFilter": "join",
}
_SHOWN = 5


def differences_in_words(one: SyncRule, other: SyncRule) -> tuple[str, ...]:
    """Return what two rules do not agree in, as `content_differences` finds it."""
    if one == other:
        return ()
    return tuple(
        WORDS[name] if name in WORDS else _flows(one, other)
        for name in content_differences(one, other)
    )


def _flows(one: SyncRule, other: SyncRule) -> str:
    """Return which attributes are not filled alike."""
    unlike = differing_destinations(one, other)
    more = " and more" if len(unlike) > _SHOWN else ""
    return f"attribute flows to {', '.join(unlike[:_SHOWN])}{more}"

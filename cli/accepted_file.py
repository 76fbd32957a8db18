"""The file of accepted differences: JSON, with a place for the reason of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from syncrules.comparison.accepting import Accepted, key_of
from syncrules.comparison.model import Comparison, DifferenceLevel
from syncrules.diagnostics import printable
from syncrules.files import load
from syncrules.servers.nesting import load_json

__all__ = ["accepted_in", "accepted_text"]

_FORMAT = "1.0"


def accepted_in(path: Path) -> tuple[Accepted, ...]:
    """Return the accepted differences that a file lists; one that is not such a file is refused."""
    data, diagnostics = load(path)
    if data is None:
        raise click.BadParameter(f"{printable(str(path))}: {printable(diagnostics[0].message)}")
    try:
        document = load_json(data.decode(json.detect_encoding(data)))
        if not document["format_version"].startswith("1."):
            raise ValueError(document["format_version"])
        return tuple(Accepted(_text(d, "key"), _text(d, "reason")) for d in document["accepted"])
    except (ValueError, LookupError, TypeError, AttributeError):
        raise click.BadParameter(
            f"{printable(str(path))} is not a file of accepted differences. --write-accepted "
            "writes one."
        ) from None


def _text(entry: Mapping[str, object], name: str) -> str:
    found = entry[name]
    if not isinstance(found, str):
        raise TypeError(name)
    return found


def accepted_text(found: Comparison, accepted: Iterable[Accepted]) -> str:
    """Return a file that accepts all differences; reasons that were given are kept."""
    reasons: dict[str, list[str]] = {}
    for one in accepted:
        reasons.setdefault(one.key, []).append(one.reason)
    keys = sorted(key_of(d) for d in found.differences if d.level is DifferenceLevel.DIFFERS)
    entries = [{"key": key, "reason": _next(reasons.get(key))} for key in keys]
    return json.dumps({"format_version": _FORMAT, "accepted": entries}, indent=2) + "\n"


def _next(reasons: list[str] | None) -> str:
    return reasons.pop(0) if reasons else ""

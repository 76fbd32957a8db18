"""Runs of which one thing is not so: what an oracle must see, or it could never fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace

from support.due import due
from support.migrations import Json, Run
from syncrules.rules.guids import ZERO_GUID

__all__ = ["lies"]

Lie = Callable[[Run, Json], bool]


def lies(found: Run) -> Iterator[tuple[str, Run]]:
    """Yield untrue copies of a run of which all is true, each with what is not so in it."""
    for lie in _LIES:
        document = deepcopy(found.document)
        if lie(found, document):
            yield lie.__name__.strip("_").replace("_", " "), _saying(found, document)
    for one in due(found):
        document = deepcopy(found.document)
        document["diagnostics"] = [d for d in document["diagnostics"] if d["code"] not in one.codes]
        yield "/".join(sorted(one.codes)), _saying(found, document)


def _saying(found: Run, document: Json) -> Run:
    return replace(found, outcome=replace(found.outcome, stdout=json.dumps(document)))


# ---- Each changes a document, and returns whether that made it untrue ----------------------------


def _another_connector(_: Run, document: Json) -> bool:
    document["pairs"][0]["to"] = document["pairs"][0]["to"][::-1]
    return True


def _no_reference(_: Run, document: Json) -> bool:
    placed = [r for r in document["rules"] if r["precedence_before"] != ZERO_GUID]
    for rule in placed:
        rule["precedence_before"] = ZERO_GUID
    return bool(placed)


def _another_number(found: Run, document: Json) -> bool:
    if document["rules"] and found.there.all_rules:
        document["rules"][0]["precedence_shown"] += 1
        return True
    return False


def _one_rule_less(_: Run, document: Json) -> bool:
    return _without_first(document["rules"])


def _one_rule_not_disabled(_: Run, document: Json) -> bool:
    return _without_first(document["disabled"])


def _one_rule_not_left_out(_: Run, document: Json) -> bool:
    """Its name must not stand in a finding either."""
    told = json.dumps(document["diagnostics"])
    left = [o for o in document["left_out"] if json.dumps(o["name"])[1:-1] not in told]
    document["left_out"] = [o for o in document["left_out"] if o not in left]
    return bool(left)


def _left_out_as_staging_has_it(found: Run, document: Json) -> bool:
    without = [o for o in document["left_out"] if o["identifier"] not in found.world.true_rules]
    for left in without:
        left["why"] = "an out-of-box rule: the staging server has its own"
    return bool(without)


def _a_file_not_read(found: Run, document: Json) -> bool:
    told = "".join(f.text for f in found.findings)
    sources = document["evidence"]["staging"]
    document["evidence"]["staging"] = [s for s in sources if s["name"] in told]
    return len(document["evidence"]["staging"]) < len(sources)


def _an_error(_: Run, document: Json) -> bool:
    document["diagnostics"].append(
        {"code": "SR101", "severity": "error", "message": "", "hint": "", "places": [], "rows": []}
    )
    return True


def _without_first(entries: list[Json]) -> bool:
    if entries:
        del entries[0]
        return True
    return False


_LIES: tuple[Lie, ...] = (
    *(_another_connector, _no_reference, _another_number, _one_rule_less, _one_rule_not_disabled),
    *(_one_rule_not_left_out, _left_out_as_staging_has_it, _a_file_not_read, _an_error),
)

"""Whole migrations from seeds: the plan is the true one, or refused where that is right.

Never wrong, whatever an administrator has of either server, and nothing is passed over in silence.
The numbers are printed at the end by kind of source, and by what is odd; WORLDS sets how many are
made.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.lies import lies
from support.migrations import migrate
from support.oracle import verdict

pytestmark = pytest.mark.slow

WORLD, LIE = "world", "lie"
NUMBER = int(os.environ.get("WORLDS", "350"))


@pytest.mark.parametrize("part", range(10))
def test_every_world_is_mapped_as_it_truly_is_or_rightly_refused(
    part: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """And the oracle that says so sees each lie about a world that is mapped."""
    seeds = range(part, NUMBER, 10)
    against: list[object] = []
    for seed in seeds:
        found = migrate(seed, tmp_path / str(seed))
        result, said = verdict(found)
        features = sorted(f.value for f in found.world.features)
        sources = f"{found.here.kind} -> {found.there.kind}"
        record_property(WORLD, (sources, features, result))
        if result not in ("mapped", "refused"):
            against.append((seed, sources, features, result, said))
        for lie, untrue in lies(found) if result == "mapped" else ():
            record_property(LIE, lie)
            if verdict(untrue)[0] == "mapped":
                against.append((seed, sources, lie, "not seen"))
    assert against == []
    assert len(seeds) > 5

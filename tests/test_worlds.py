"""Whole migrations from seeds: the plan is the true one, or refused where that is right.

Never wrong, whatever an administrator has of either server. The numbers are printed by kind of
source (`pytest -s`); WORLDS sets how many are made.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.migrations import migrate, verdict, wrong

WORLD = "world"
NUMBER = int(os.environ.get("WORLDS", "350"))


@pytest.mark.parametrize("part", range(10))
def test_every_world_is_mapped_as_it_truly_is_or_rightly_refused(
    part: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seeds = range(part, NUMBER, 10)
    for seed in seeds:
        found = migrate(seed, tmp_path / str(seed))
        result = verdict(found)
        sources = f"{found.here.kind} -> {found.there.kind}"
        record_property(WORLD, (sources, result))  # counted at the end of the run
        assert result != "wrong", (seed, sources, found.errors, wrong(found))
    assert len(seeds) > 5

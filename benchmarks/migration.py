"""Measure how planning scales: `python benchmarks/migration.py`.

Up to 10,000 custom rules, with 2,000 out-of-box rules of each server. Ratios count: planning
beside parsing the same files, and the time and memory a rule beside the smallest migration's.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import syncrules
from syncrules.exports.layout import script_text
from syncrules.rules.guids import ZERO_GUID
from syncrules.servers.exported_rules import server_of_export
from syncrules.servers.merging import merge

ACTIVE = "aaaaaaaa-0000-4000-8000-000000000001"
STAGING = "bbbbbbbb-0000-4000-8000-000000000002"
SIZES = (1_000, 3_000, 10_000)
A_FILE = 1_000
"""Rules in one export."""
ONE_IN = 5
"""Of so many custom rules there is one out-of-box rule."""
PLACED = 100
"""Of so many custom rules one is placed by a reference."""


@dataclass(frozen=True)
class Measured:
    """Seconds of parsing and planning, and the peak memory in bytes, of one migration."""

    parsing: float
    planning: float
    peak: float


def main() -> None:
    first = None
    print("custom rules: planning beside parsing (within 2); time and memory a rule, relative")
    for size in SIZES:
        found = _apart(size)
        a_rule = (found.parsing + found.planning) / size, found.peak / size
        first = first or a_rule
        ratio = found.planning / found.parsing
        times = [of / to for of, to in zip(a_rule, first, strict=True)]
        print(f"  {size:6}: {ratio:.2f}; {times[0]:.2f}, {times[1]:.2f} ({found.parsing:.1f} s)")


def _apart(size: int) -> Measured:
    """Measure in a process of its own, since a peak stays."""
    command = [sys.executable, __file__, str(size)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Measured(*map(float, out.split()))


def _measure(size: int) -> Measured:
    out_of_box = size // ONE_IN
    active = [_file([_rule(n, ACTIVE, size) for n in part]) for part in _parts(size)]
    active.append(_file([_standard(n, ACTIVE, 1) for n in range(out_of_box)]))
    staging = _file([_standard(n, STAGING, 2) for n in range(out_of_box)])
    before = _peak()
    start = time.perf_counter()
    exports = [syncrules.parse(data, name=f"{n}.ps1") for n, data in enumerate(active)]
    server = merge([server_of_export(syncrules.parse(staging, name="staging.ps1"))])
    parsed = time.perf_counter()
    plan = syncrules.plan(exports, staging=server)
    assert plan.output()
    assert len(plan.rules) == size
    return Measured(parsed - start, time.perf_counter() - parsed, _peak() - before)


def _parts(size: int) -> list[range]:
    return [range(start, min(size, start + A_FILE)) for start in range(0, size, A_FILE)]


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _file(rules: list[syncrules.SyncRule]) -> bytes:
    return script_text(rules).encode("ascii")


def _rule(number: int, connector: str, size: int) -> syncrules.SyncRule:
    placed = number % PLACED == PLACED - 1
    anchor = _standard(number // PLACED % (size // ONE_IN), ACTIVE, 1).identifier
    return syncrules.SyncRule(
        name=f"In from AD - User Custom {number:06}",
        identifier=f"{number:08x}-0000-4000-8000-000000000000",
        description="",
        direction="Inbound",
        precedence=0 if placed else number + 1,
        precedence_after=ZERO_GUID,
        precedence_before=anchor if placed else ZERO_GUID,
        source_object_type="user",
        target_object_type="person",
        connector=connector,
        link_type="Join",
        soft_delete_expiry_interval="0",
        immutable_tag="",
        enable_password_sync=False,
        disabled=False,
        attribute_flow_mappings=(
            syncrules.AttributeFlowMapping(("cn",), "cn", "Direct", "Update", False, None),
            syncrules.AttributeFlowMapping(
                None, "displayName", "Expression", "Update", False, "Trim([displayName])"
            ),
        ),
        scope_filter=((syncrules.ScopeCondition("department", "Sales", "EQUAL"),),),
    )


def _standard(number: int, connector: str, server: int) -> syncrules.SyncRule:
    return syncrules.SyncRule(
        name=f"In from AD - User Standard {number:06}",
        identifier=f"{number:08x}-0000-4000-8000-00000000000{server}",
        description="",
        direction="Inbound",
        precedence=100_000 + number,
        precedence_after=ZERO_GUID,
        precedence_before=ZERO_GUID,
        source_object_type="user",
        target_object_type="person",
        connector=connector,
        link_type="Join",
        soft_delete_expiry_interval="0",
        immutable_tag=f"Microsoft.InfromADUserStandard{number:06}.00{server}",
        enable_password_sync=False,
        disabled=number % 10 == 0 and server == 1,
        attribute_flow_mappings=(
            syncrules.AttributeFlowMapping(("cn",), "cn", "Direct", "Update", False, None),
        ),
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        measured = _measure(int(sys.argv[1]))
        print(measured.parsing, measured.planning, measured.peak)
    else:
        main()

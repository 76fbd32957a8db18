"""The files that are measured, written into a folder."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from exports import ACTIVE, FORESTS, STAGING, export, forests_export, rule, text_of

from syncrules import AttributeFlowMapping, ScopeCondition, SyncRule

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from support.configurations import (  # what writes them is the tests'
    ENTRA_FILE,
    ConnectorFile,
    configuration,
)

__all__ = [
    "Case",
    "large_export",
    "many_rules",
    "plain",
    "real",
    "two_servers",
    "with_configurations",
]

KB = 1000


class Case(NamedTuple):
    """A migration: the words of `remap` but for --out, and what the one-liner replaces where."""

    active: Path
    arguments: tuple[str, ...]
    old: str
    new: str


def plain(folder: Path) -> Case:
    """Write two plain exports of 200 KB."""
    active = _write(folder / "plain" / "active.ps1", export(200 * KB, ACTIVE))
    staging = _write(folder / "plain" / "staging.ps1", export(200 * KB, STAGING, out_of_box=True))
    return Case(active, (str(active), "--staging", str(staging)), ACTIVE, STAGING)


def real(folder: Path) -> Case:
    """Write two exports like a real server's, of 500 KB."""
    active = _write(folder / "real" / "active.ps1", forests_export(500 * KB))
    staging = _write(folder / "real" / "staging.ps1", forests_export(500 * KB, staging=True))
    mapping = (word for old, new in FORESTS for word in ("--map", f"{old}={new}"))
    arguments = (str(active), "--staging", str(staging), "--partial", *mapping)
    return Case(active, arguments, *FORESTS[0])


def with_configurations(folder: Path) -> Case:
    """Write a plain export of 200 KB, and 10 MB of XML: the configurations of both servers."""
    active = _write(folder / "configured" / "active.ps1", export(200 * KB, ACTIVE))
    own = [rule(n, ACTIVE) for n in range(27)]
    folders = [
        _configuration(folder / "configured" / side, connector, rules, staging_mode=side != "old")
        for side, connector, rules in (("old", ACTIVE, own), ("new", STAGING, []))
    ]
    arguments = (str(active), "--active", str(folders[0]), "--staging", str(folders[1]))
    return Case(active, arguments, ACTIVE, STAGING)


def _configuration(
    folder: Path, connector: str, own: list[SyncRule], *, staging_mode: bool
) -> Path:
    attributes = tuple(f"extensionAttribute{n}" for n in range(40_000))
    used = ("department", "employeeID", "cn")
    return configuration(
        folder,
        connectors=(
            ENTRA_FILE,
            ConnectorFile(
                connector,
                "contoso.com",
                forest="contoso.com",
                partitions=("DC=contoso,DC=com",),
                attributes=(*used, *attributes),
            ),
        ),
        rules=(*own, *(rule(n, connector, out_of_box=True) for n in range(200))),
        staging_mode=staging_mode,
        metaverse=(*used, *attributes[:4000]),
    )


def large_export(folder: Path, size: int) -> Path:
    """Write a plain export of so many bytes."""
    return _write(folder / f"{size}.ps1", export(size, ACTIVE))


def many_rules(folder: Path, size: int) -> tuple[Path, Path]:
    """Write the exports of a migration of so many small rules: folders of both servers.

    Each has a fifth as many out-of-box rules; one custom rule in a hundred is placed by a
    reference to one of them.
    """
    active, staging = folder / f"{size}-rules" / "active", folder / f"{size}-rules" / "staging"
    out_of_box = size // 5
    for start in range(0, size, 1000):
        rules = [_small(n, out_of_box) for n in range(start, min(size, start + 1000))]
        _write(active / f"{start:06}.ps1", text_of(rules))
    _write(active / "standard.ps1", text_of([_standard(n, ACTIVE) for n in range(out_of_box)]))
    _write(staging / "standard.ps1", text_of([_standard(n, STAGING) for n in range(out_of_box)]))
    return active, staging


def _small(number: int, out_of_box: int) -> SyncRule:
    flows = (
        AttributeFlowMapping(("cn",), "cn", "Direct", "Update", False, None),
        AttributeFlowMapping(
            None, "displayName", "Expression", "Update", False, "Trim([displayName])"
        ),
    )
    small = replace(
        rule(number, ACTIVE),
        precedence=number + 1,
        attribute_flow_mappings=flows,
        scope_filter=((ScopeCondition("department", "Sales", "EQUAL"),),),
        join_filter=(),
    )
    if number % 100 != 99:
        return small
    anchor = _standard(number // 100 % out_of_box, ACTIVE).identifier
    return replace(small, precedence=0, precedence_before=anchor)


def _standard(number: int, connector: str) -> SyncRule:
    on_active = connector == ACTIVE
    return replace(
        rule(number, connector, out_of_box=True),
        name=f"In from AD - User Standard {number:06}",
        identifier=f"{number:08x}-0000-4000-8000-00000000000{1 if on_active else 2}",
        immutable_tag=f"Microsoft.InfromADUserStandard{number:06}.001",
        precedence=100_000 + number,
        disabled=number % 10 == 0 and on_active,
        attribute_flow_mappings=(
            AttributeFlowMapping(("cn",), "cn", "Direct", "Update", False, None),
        ),
        scope_filter=(),
        join_filter=(),
    )


def two_servers(folder: Path, size: int) -> tuple[Path, Path]:
    """Write the configurations of two servers of so many rules, a fifth of them custom.

    Identifiers, precedences and the layout of expressions differ everywhere; one rule in a hundred
    does something else, one more is on one server alone, and one more has another place.
    """
    own = [_compared(n, ACTIVE, out_of_box=n >= size // 5) for n in range(size)]
    others = [_on_the_other(n, r) for n, r in enumerate(own) if n % 100 != 7]
    return (
        _whole(folder / f"{size}-compared" / "a", ACTIVE, own),
        _whole(folder / f"{size}-compared" / "b", STAGING, others),
    )


def _compared(number: int, connector: str, *, out_of_box: bool) -> SyncRule:
    made = rule(number, connector, out_of_box=out_of_box)
    return replace(
        made,
        target_object_type=f"type{number // 20}",  # so many rules of a server fill one attribute
        immutable_tag=made.immutable_tag or None,
        precedence=10 * number,
    )


def _on_the_other(number: int, own: SyncRule) -> SyncRule:
    flows = own.attribute_flow_mappings[number % 100 == 3 :]
    laid_out = (replace(f, expression=f.expression and f"{f.expression} ") for f in flows)
    return replace(
        own,
        identifier=f"{number:08x}-0000-4000-8000-000000000099",
        connector=STAGING,
        precedence=10 * number + (45 if number % 100 == 5 else 1),
        attribute_flow_mappings=tuple(laid_out),
    )


def _whole(folder: Path, connector: str, rules: list[SyncRule]) -> Path:
    forest = ConnectorFile(connector, "contoso.com", forest="contoso.com")
    return configuration(folder, connectors=(ENTRA_FILE, forest), rules=rules, staging_mode=False)


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path

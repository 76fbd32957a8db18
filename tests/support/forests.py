"""Servers of one to four forests on disk, known completely, that differ in much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from support.builders import out_of_box, rule, text_of, write
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from syncrules import AttributeFlowMapping, JoinCondition, SyncRule

__all__ = ["FORESTS", "write_forests"]

FORESTS = ("contoso.com", "fabrikam.com", "tailspin.com", "litware.com")
NAMES = (
    *("In from AD - User Join", "In from AD - User Common", "In from AD - User AccountEnabled"),
    *("In from AD - Group Join", "In from AD - Group Common", "In from AD - Contact Join"),
)
JOIN = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
ATTRIBUTES = tuple(f"attribute{n}" for n in range(400))


def write_forests(
    folder: Path, number: int, missing: int, *, customs: int = 4, files: int = 1
) -> None:
    """Write `active`, its exports, with both servers' configurations, `old` and `new`.

    Staging's schemas lack so many attributes that rules name, its out-of-box rules fill another
    one, and their originals are disabled on the active server only. Each forest has so many custom
    rules, in so many files.
    """
    for side, name in (("a", "old"), ("b", "new")):
        has = (*ATTRIBUTES, "cn", "objectGUID")[missing if side == "b" else 0 :]
        forests = [
            ConnectorFile(
                _connector(side, n),
                forest,
                forest=forest,
                partitions=(f"DC={forest.replace('.', ',DC=')}",),
                attributes=has,
                selected=has,
            )
            for n, forest in enumerate(FORESTS[:number])
        ]
        own = [r for n in range(number) for r in _customs(n, customs)] if side == "a" else []
        configuration(
            folder / name,
            connectors=[*forests, ENTRA_FILE],
            rules=[*(r for n in range(number) for r in _out_of_box(side, n)), *own],
            staging_mode=side == "b",
            metaverse=("cn", "displayName", "sourceAnchorBinary", *has),
            settings={"Microsoft.OptionalFeature.PasswordWriteback": str(side == "a")},
        )
    for n in range(number):
        own = [*_customs(n, customs)]
        for at in range(files):
            name = f"{FORESTS[n]}{at or ''}.ps1"
            write(folder / "active" / name, text_of(*own[at::files]))


def _connector(side: str, number: int) -> str:
    return f"{side}{number:07x}-1111-4111-8111-1111111111{number:02x}"


def _out_of_box(side: str, number: int) -> Iterator[SyncRule]:
    for at, name in enumerate(NAMES):
        made = out_of_box(name, 1000 + 500 * (side == "b") + 100 * number + at)
        yield replace(
            made,
            connector=_connector(side, number),
            precedence=100 + 10 * number + at,
            disabled=side == "a" and at in (0, 2),
            join_filter=JOIN if "Join" in name else (),
            attribute_flow_mappings=(_flow("cn", "cn" if side == "a" else "displayName"),),
        )


def _customs(number: int, several: int) -> Iterator[SyncRule]:
    for at in range(several):
        name = f"In from AD - User Custom {at}" if at else "In from AD - User Join - Cloned"
        yield replace(
            rule(name, 5000 + 100 * number + at, _connector("a", number)),
            precedence=10 + 20 * number + at,
            join_filter=() if at else JOIN,
            attribute_flow_mappings=tuple(_flow(a, a) for a in ATTRIBUTES[at % 4 * 100 :][:100]),
        )


def _flow(source: str, destination: str) -> AttributeFlowMapping:
    return AttributeFlowMapping((source,), destination, "Direct", "Update", False, None)

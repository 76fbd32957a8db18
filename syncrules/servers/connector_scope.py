"""What a connector of a configuration reads, and how it is run.

Elements are those of the sample in microsoft/AADConnectConfigDocumenter: in each partition
`selected` and `filter/containers`, and `ma-run-data` with the steps of each run profile, which name
their partition by an identifier of this server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .model import PartitionScope, RunProfile, RunStep
from .xml_elements import child, named, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["password_hash_sync", "run_profiles", "scopes"]


def scopes(root: Element) -> tuple[PartitionScope, ...] | None:
    """Return what is read of each partition; `None` where the file has no partition."""
    return tuple(map(_scope, named(child(root, "ma-partition-data"), "partition"))) or None


def _scope(partition: Element) -> PartitionScope:
    chosen = child(partition, "filter", "object-classes")
    containers = child(partition, "filter", "containers")
    return PartitionScope(
        text_of(child(partition, "name")).strip(),
        text_of(child(partition, "selected")).strip() != "0",
        None if chosen is None else frozenset(t.lower() for t in _texts(chosen, "object-class")),
        _texts(child(containers, "inclusions"), "inclusion"),
        _texts(child(containers, "exclusions"), "exclusion"),
    )


def _texts(holder: Element | None, tag: str) -> tuple[str, ...]:
    return tuple(text_of(e).strip() for e in named(holder, tag))


def run_profiles(root: Element) -> tuple[RunProfile, ...] | None:
    """Return the run profiles; `None` where the file does not show them."""
    data = child(root, "ma-run-data")
    if data is None:
        return None
    partitions = {
        _identifier(child(p, "id")): text_of(child(p, "name")).strip()
        for p in named(child(root, "ma-partition-data"), "partition")
    }
    return tuple(_profile(p, partitions) for p in named(data, "run-configuration"))


def _profile(profile: Element, partitions: Mapping[str, str]) -> RunProfile:
    steps = named(child(profile, "configuration"), "step")
    return RunProfile(
        text_of(child(profile, "name")).strip(),
        tuple(
            RunStep(_what(step), partitions.get(_identifier(child(step, "partition")), ""))
            for step in steps
        ),
    )


def _what(step: Element) -> str:
    kind = child(step, "step-type")
    if kind is None:
        return ""
    return " ".join((kind.get("type", ""), *(text_of(e).strip() for e in kind)))


def _identifier(element: Element | None) -> str:
    return text_of(element).strip().lower()


def password_hash_sync(root: Element) -> bool | None:
    """Return whether a forest's password hashes are read; `None` where the file does not say."""
    forest = child(root, "private-configuration", "adma-configuration")
    said = text_of(child(forest, "password-hash-sync-config", "enabled")).strip().lower()
    return {"1": True, "true": True, "0": False, "false": False}.get(said)

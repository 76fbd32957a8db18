"""The options of two servers, by the names of the server's parameters."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.servers.model import Server

from .model import (
    Detail,
    DifferenceKind,
    DifferenceLevel,
    NotCompared,
    ServerDifference,
    Subject,
    not_shown,
)

__all__ = ["compared_options", "option_differences", "options_not_compared"]

_STAGING_MODE = "Microsoft.Synchronize.StagingMode"
_OF_THE_MOMENT = (
    "Microsoft.OptionalFeature.AutoUpgradeState",
    "Microsoft.Synchronize.NextStartTime",
    "Microsoft.Synchronize.SchedulerSuspended",
    "Microsoft.Synchronize.SynchronizationPolicy",
    "Microsoft.Synchronize.ServerConfigurationVersion",
)
"""Parameters that say when the server runs, how it runs next, and what it is."""
_SCHEDULE = (
    "Microsoft.Synchronize.MaintenanceEnabled",
    "Microsoft.Synchronize.RunHistoryPurgeInterval",
    "Microsoft.Synchronize.SynchronizationSchedule",
    "Microsoft.Synchronize.TimeInterval",
)
"""Parameters of the schedule, which each server may have as it likes."""


def option_differences(a: Server, b: Server) -> Iterator[ServerDifference]:
    """Yield the options that differ; staging mode is expected to."""
    if not (a.parameters and b.parameters):
        return
    for name in sorted({*a.parameters, *b.parameters} - {*_OF_THE_MOMENT}):
        one, other = a.parameters.get(name), b.parameters.get(name)
        if _value(one) != _value(other):
            yield ServerDifference(
                DifferenceKind.OPTION,
                _level(name),
                Subject(name.rpartition(".")[2]),
                Subject(name.rpartition(".")[2]),
                (Detail("option", name, one, other),),
                "one is in staging mode" if name == _STAGING_MODE else "",
            )


def compared_options(server: Server) -> Iterator[tuple[str, str, bool]]:
    """Yield the options of a server in order, each with its value and whether it counts.

    Parts of a list are in their order; an empty value is as none, so it is left out.
    """
    for name, value in sorted(server.parameters.items()):
        if name not in _OF_THE_MOMENT and value.strip():
            parts = sorted(_value(value))
            yield name, ", ".join(parts), _level(name) is DifferenceLevel.DIFFERS


def _level(name: str) -> DifferenceLevel:
    if name == _STAGING_MODE:
        return DifferenceLevel.EXPECTED
    return DifferenceLevel.NOTE if name in _SCHEDULE else DifferenceLevel.DIFFERS


def _value(text: str | None) -> frozenset[str]:
    """Return an option's value; of a list, the order does not count."""
    return frozenset(part.strip().casefold() for part in (text or "").split(","))


def options_not_compared(a: Server, b: Server) -> Iterator[NotCompared]:
    """Yield that the files of one of the servers do not show its options."""
    if not (a.parameters and b.parameters):
        yield not_shown("options", on_a=not a.parameters, on_b=not b.parameters)

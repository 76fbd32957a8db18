"""Whether each file comes from the server that it was given for, and agrees with the others."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Facet

from ..context import Context

__all__ = ["are_swapped", "wrong_servers"]


def are_swapped(context: Context) -> bool:
    """Return whether each server's configuration says that it is the other one."""
    return any(not mode for _, mode in context.staging.staging_modes) and any(
        mode for _, mode in context.active.staging_modes
    )


def wrong_servers(context: Context) -> Iterator[Diagnostic]:
    """Yield what says that files are swapped, stale or of another server."""
    for file, is_staging in context.staging.staging_modes:
        if not is_staging:
            yield _NOT_STAGING.at(Place(file))
    for file, is_staging in context.active.staging_modes:
        if is_staging:
            yield _NOT_ACTIVE.at(Place(file))
    for which, server in (("active", context.active), ("staging", context.staging)):
        for dispute in server.disputes:
            yield Problem(
                Code.SR417,
                f"The files of the {which} server contradict each other: {dispute}.",
                "Export them again, all on the same server and at the same time.",
            ).at()
    yield from _without_entra(context)


_NOT_STAGING = Problem(
    Code.SR470,
    "The configuration given with --staging says that its server is not in staging mode: what is "
    "run there would reach Microsoft Entra ID with its next synchronization. Swapped with the "
    "active server?",
    "Give the active server's files as EXPORT or with --active and the staging server's with "
    "--staging. If this is the server, put it into staging mode and export its configuration "
    "again.",
)
_NOT_ACTIVE = Problem(
    Code.SR471,
    "The configuration given for the active server says that its server is in staging mode. "
    "Swapped with the staging server?",
    "Give the active server's files as EXPORT or with --active and the staging server's with "
    "--staging.",
)


def _without_entra(context: Context) -> Iterator[Diagnostic]:
    staging = context.staging
    if staging.is_complete_in(Facet.CONNECTORS) and staging.connector(ENTRA_CONNECTOR) is None:
        complete = next(e.path for e in staging.evidence if Facet.CONNECTORS in e.complete_in)
        yield Problem(
            Code.SR472,
            f"The staging server has no Microsoft Entra connector ({ENTRA_CONNECTOR}). "
            "Microsoft's upgrade guide: such a configuration is not supported for upgrade.",
            "Install the staging server anew and configure it with its wizard; then export again.",
        ).at(Place(complete))

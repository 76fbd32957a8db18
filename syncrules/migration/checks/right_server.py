"""Whether each file comes from the server that it was given for, and agrees with the others."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Diagnostic, Severity, printable
from syncrules.migration.context import Situation
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Facet

__all__ = ["are_swapped", "wrong_sides"]


def are_swapped(situation: Situation) -> bool:
    """Return whether each server's configuration says that it is the other one."""
    return any(not mode for _, mode in situation.staging.staging_modes) and any(
        mode for _, mode in situation.active.staging_modes
    )


def wrong_sides(situation: Situation) -> Iterator[Diagnostic]:
    """Yield what says that files are swapped, stale or of another server."""
    for source, is_staging in situation.staging.staging_modes:
        if not is_staging:
            yield _error(
                "SR470",
                "The configuration given with --staging says that its server is not in staging "
                "mode: what is run there would reach Microsoft Entra ID with its next "
                "synchronization. Swapped with the active server?",
                "Give the active server's files as EXPORT or with --active and the staging "
                "server's with --staging. If this is the server, put it into staging mode and "
                "export its configuration again.",
                source,
            )
    for source, is_staging in situation.active.staging_modes:
        if is_staging:
            yield _error(
                "SR471",
                "The configuration given for the active server says that its server is in staging "
                "mode. Swapped with the staging server?",
                "Give the active server's files as EXPORT or with --active and the staging "
                "server's with --staging.",
                source,
            )
    for which, server in (("active", situation.active), ("staging", situation.staging)):
        for dispute in server.disputes:
            yield _error(
                "SR417",
                f"The files of the {which} server contradict each other: {printable(dispute)}.",
                "Export them again, all on the same server and at the same time.",
                "",
            )
    yield from _without_entra(situation)


def _without_entra(situation: Situation) -> Iterator[Diagnostic]:
    staging = situation.staging
    if staging.is_complete_in(Facet.CONNECTORS) and staging.connector(ENTRA_CONNECTOR) is None:
        complete = (e.name for e in staging.evidence if Facet.CONNECTORS in e.complete_in)
        yield _error(
            "SR472",
            f"The staging server has no Microsoft Entra connector ({ENTRA_CONNECTOR}). "
            "Microsoft's upgrade guide: such a configuration is not supported for upgrade.",
            "Install the staging server anew and configure it with its wizard; then export again.",
            next(complete, ""),
        )


def _error(code: str, message: str, hint: str, file: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, hint, file)

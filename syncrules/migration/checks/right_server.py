"""Whether each file comes from the server that it was given for, and agrees with the others."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Several
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.model import Facet, Server
from syncrules.wording import BY_COMMAND, BY_EDITOR

from ..context import Context

__all__ = ["are_swapped", "swapped", "wrong_servers"]


def are_swapped(context: Context) -> bool:
    """Return whether each server's configuration says that it is the other one."""
    return any(not mode for _, mode in context.staging.staging_modes) and any(
        mode for _, mode in context.active.staging_modes
    )


def swapped(context: Context) -> Diagnostic:
    """Return the one cause of all that is wrong with servers that are swapped."""
    staging, active = (
        [Place(file) for file, mode in server.staging_modes if mode is is_in]
        for server, is_in in ((context.staging, False), (context.active, True))
    )
    return Problem(
        Code.SR408,
        "The two servers are swapped: the configuration given with --staging says that its server "
        "is not in staging mode, and the one given for the active server says that it is.",
        _GIVE_EACH,
    ).at(*staging, *active)


def wrong_servers(context: Context) -> Iterator[Diagnostic]:
    """Yield what says that files are swapped, stale or of another server.

    Files of which one is another server's contradict each other, which is not told beside it.
    """
    not_staging = [Place(file) for file, mode in context.staging.staging_modes if not mode]
    not_active = [Place(file) for file, mode in context.active.staging_modes if mode]
    if not_staging:
        yield _NOT_STAGING.at(*not_staging)
    if not_active:
        yield _NOT_ACTIVE.at(*not_active)
    if not not_active:
        yield from _disputes("active", context.active)
    if not not_staging:
        yield from _disputes("staging", context.staging)
    yield from _without_entra(context)


def _disputes(which: str, server: Server) -> Iterator[Diagnostic]:
    for dispute in server.disputes:
        yield Problem(
            Code.SR417,
            f"The files of the {which} server contradict each other: {dispute}.",
            _AGAIN,
            several=Several(
                f"things in the files of the {which} server contradict each other.",
                _AGAIN,
                (dispute,),
            ),
        ).at()


_AGAIN = (
    "Export them again, all on the same server and at the same time: the rules "
    f"{BY_EDITOR} and the configuration {BY_COMMAND}."
)
_GIVE_EACH = (
    "Give the active server's files as EXPORT or with --active and the staging server's with "
    "--staging."
)
_NOT_STAGING = Problem(
    Code.SR470,
    "The configuration given with --staging says that its server is not in staging mode: changes "
    "made there would be exported to Entra ID. Are the two servers swapped?",
    f"{_GIVE_EACH} If this is the server, put it into staging mode and export its configuration "
    f"again {BY_COMMAND}.",
)
_NOT_ACTIVE = Problem(
    Code.SR471,
    "The configuration given for the active server says that its server is in staging mode. Are "
    "the two servers swapped?",
    _GIVE_EACH,
)


def _without_entra(context: Context) -> Iterator[Diagnostic]:
    staging = context.staging
    if staging.is_complete_in(Facet.CONNECTORS) and staging.connector(ENTRA_CONNECTOR) is None:
        complete = next(e.path for e in staging.evidence if Facet.CONNECTORS in e.complete_in)
        yield Problem(
            Code.SR472,
            f"The staging server has no Microsoft Entra connector ({ENTRA_CONNECTOR}). "
            "Microsoft's upgrade guide: such a configuration is not supported for upgrade.",
            "Reinstall the staging server and configure it with its wizard; then export its "
            f"configuration again {BY_COMMAND}.",
        ).at(Place(complete))

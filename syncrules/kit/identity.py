"""Whether a server that files show is the one that a kit was made for."""

from __future__ import annotations

from collections.abc import Iterator

from syncrules.diagnostics import Code, Diagnostic, Place, Problem, Severity
from syncrules.rules.comparison import unquoted
from syncrules.servers.model import Facet, Server
from syncrules.wording import BY_COMMAND

from .manifest import Manifest
from .server_marks import marks_of, named

__all__ = ["not_in_staging_mode", "wrong_server"]


def wrong_server(manifest: Manifest, server: Server) -> Iterator[Diagnostic]:
    """Yield why a server is not, or may not be, the one that the kit was made for; at most one."""
    shown = marks_of(server)
    place = Place(server.evidence[0].path) if server.evidence else None
    foreign = [shown[mark] for mark in manifest.active_only if mark in shown]
    missing = [*_missing_connectors(manifest, server)]
    if foreign:
        yield _of_the_active_server(foreign).at(place)
    elif missing:
        yield _another(f"it does not have {_some(missing)}").at(place)
    elif not manifest.staging_only:
        yield _NOTHING_TELLS.at(place)
    elif not any(mark in shown for mark in manifest.staging_only):
        if all(server.is_complete_in(facet) for facet in (Facet.CONNECTORS, Facet.RULES)):
            yield _another("it has no connector and no out-of-box rule of that server").at(place)
        else:
            yield _NOT_SHOWN.at(place)


def not_in_staging_mode(server: Server) -> Iterator[Diagnostic]:
    """Yield each file that says that the server is active."""
    for file, is_staging in server.staging_modes:
        if not is_staging:
            yield _ACTIVE.at(Place(file))


def _missing_connectors(manifest: Manifest, server: Server) -> Iterator[str]:
    if server.is_complete_in(Facet.CONNECTORS):
        for identifier, name in manifest.connectors.items():
            if server.connector(identifier) is None:
                yield f"the connector {named(unquoted(name) if name else '')}{identifier}"


def _some(names: list[str]) -> str:
    more = f", and {len(names) - 1} more" if len(names) > 1 else ""
    return names[0] + more


def _of_the_active_server(foreign: list[str]) -> Problem:
    return Problem(
        Code.SR617,
        "These files show the active server of the plan, not its staging server: they contain "
        f"{_some(foreign)}. The custom rules look the same on both servers, so nothing was "
        "compared.",
        "Export the configuration on the staging server "
        f"{BY_COMMAND} and give that with --staging.",
    )


def _another(why: str) -> Problem:
    return Problem(
        Code.SR617,
        f"These files do not show the staging server of the plan: {why}. Nothing was compared.",
        "Give the files of the server that the kit was made for. If that server was reinstalled, "
        "make a new kit.",
    )


_NOT_SHOWN = Problem(
    Code.SR618,
    "These files do not show which server they are of: they contain no connector but Entra's and "
    "no out-of-box rule of the plan's staging server. The active server's rules look the same, so "
    "nothing was compared.",
    "Give the staging server's configuration folder, or add an export of one of its out-of-box "
    "rules.",
)
_NOTHING_TELLS = Problem(
    Code.SR618,
    "This kit cannot tell its staging server from the active one: the files that it was made from "
    "show no connector but Entra's and no out-of-box rule that only staging has.",
    "Make sure yourself that these files are of the staging server. To have it checked, make the "
    "kit again with that server's configuration folder.",
    Severity.WARNING,
)
_ACTIVE = Problem(
    Code.SR616,
    "This configuration says that its server is not in staging mode. The plan is for a staging "
    "server; an active one exports to Microsoft Entra ID what its rules give.",
    "If you have made the staging server active since, add --allow-active. If not, check whose "
    "configuration this is.",
)

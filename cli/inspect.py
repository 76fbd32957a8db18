"""`syncrules inspect`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import click

from syncrules.diagnostics import has_errors, printable
from syncrules.export import Export
from syncrules.servers import Server, merge
from syncrules.servers.exports import server_of_export
from syncrules.source import ENCODINGS

from . import exits
from .document import dumps, inspection
from .findings import count, echo_findings
from .inputs import paths_of, read_inputs
from .progress import progress

__all__ = ["inspect"]


@click.command(short_help="Show the rules and connectors that files hold.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--encoding", metavar="NAME", type=click.Choice(ENCODINGS, case_sensitive=False),
    help="The code page of files without a byte order mark, such as windows-1252 or cp932.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def inspect(
    context: click.Context,
    paths: tuple[str, ...],
    encoding: str | None,
    form: Literal["text", "json"],
) -> None:
    """Show the rules and connectors that files hold, and all findings.

    PATH is a file that the Synchronization Rules Editor exported, a folder of such files, or -
    for standard input.

    \b
    Examples:
      syncrules inspect custom.ps1
      syncrules inspect staging/ --format json
    """
    files = paths_of(paths)
    with progress(len(files)) as advance:
        found = read_inputs(files, encoding, advance)
    server = merge(map(server_of_export, found.exports))
    if form == "json":
        click.echo(dumps(inspection(found.exports, server, found.findings)))
    else:
        lines = (*_rules(found.exports), *_connectors(server))
        for line in lines:
            click.echo(printable(line))
    echo_findings(found.findings)
    if found.findings:
        click.echo(count(found.findings), err=True)
    context.exit(exits.REFUSED if has_errors(found.findings) else exits.DONE)


def _rules(exports: tuple[Export, ...]) -> Iterator[str]:
    for export in (e for e in exports if e.rules):
        yield export.name
        for read in export.read_rules:
            rule = read.rule
            line, _ = export.source.line_and_column(read.command.start)
            tag = rule.immutable_tag or "custom"
            state = ", disabled" if rule.disabled else ""
            precedence = "-" if rule.precedence is None else rule.precedence
            yield (
                f"  {line:>5}  {rule.direction:<8} {precedence:>4}  '{rule.name}' ({tag}{state})"
            )


def _connectors(server: Server) -> Iterator[str]:
    if server.connectors:
        yield ""
        yield "Connectors"
    for connector in server.connectors:
        rules = len(connector.shown_by)
        shown = f"{rules} out-of-box rules" if rules != 1 else "1 out-of-box rule"
        yield f"  {connector.identifier}  {connector.kind or 'kind unknown'}, {shown}"

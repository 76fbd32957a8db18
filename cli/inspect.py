"""`syncrules inspect`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import click

from syncrules.comparison.attributes import decided
from syncrules.diagnostics import has_errors, printable
from syncrules.exports.export import Export
from syncrules.servers.model import Server

from . import exits
from .diagnostics import count, render_all
from .explain_line import explain_line
from .help import Command
from .inputs import inputs_of, passed_over_in, read
from .options import a_path, encoding_option, format_option
from .page import page
from .progress import progress

__all__ = ["inspect"]


@click.command(cls=Command)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=a_path)
@click.option(
    "--attributes",
    is_flag=True,
    help="Also list each attribute with the rules that fill it, the strongest first.",
)
@encoding_option
@format_option
@click.pass_context
def inspect(
    context: click.Context,
    paths: tuple[str, ...],
    attributes: bool,
    encoding: str | None,
    form: Literal["text", "json"],
) -> None:
    """Show the rules in files, what the files show of their server, and all findings.

    PATH is a file that the Synchronization Rules Editor exported, a server's configuration folder
    (Get-ADSyncServerConfiguration), its connector list (Get-ADSyncConnector as JSON, CSV or
    printed), the wizard's settings JSON, a folder of such files, or - for standard input.

    \b
    Examples:
      syncrules inspect custom.ps1
      syncrules inspect staging/ --format json
      syncrules inspect staging/ --attributes
    """  # fmt: skip
    inputs = inputs_of(paths)
    inputs += passed_over_in(paths, inputs)
    with progress(len(inputs)) as advance:
        found = read(inputs, encoding, advance)
    server = found.server
    if form == "json":
        from .comparison_json import decided_json
        from .json_documents import dumps, inspection

        document = inspection(found.exports, server, found.diagnostics)
        if attributes:
            document["attributes"] = [decided_json(one) for one in decided(server)]
        click.echo(dumps(document))
    else:
        lines = (*_rules(found.exports), *_evidence(server), *_connectors(server))
        lines += tuple(_attributes(server)) if attributes else ()
        click.echo("\n".join(map(printable, lines)))
    refused = has_errors(found.diagnostics)
    is_told_here = form == "text" and not refused
    paper = page(err=not is_told_here)
    if found.diagnostics:
        findings = (*render_all(found.diagnostics, paper), *explain_line(found.diagnostics, paper))
        gap = [""] if is_told_here else []
        paper.print((*gap, *findings, count(found.diagnostics)), err=not is_told_here)
    context.exit(exits.REFUSED if refused else exits.DONE)


def _rules(exports: tuple[Export, ...]) -> Iterator[str]:
    for export in (e for e in exports if e.rules):
        yield export.name
        for placed in export.placed_rules:
            rule = placed.rule
            line, _ = export.source.line_and_column(placed.command.start)
            tag = rule.immutable_tag or "custom"
            state = ", disabled" if rule.disabled else ""
            precedence = "-" if rule.precedence is None else rule.precedence
            yield (
                f"  {line:>5}  {rule.direction:<8} {precedence:>4}  '{rule.name}' ({tag}{state})"
            )


def _evidence(server: Server) -> Iterator[str]:
    if server.evidence:
        yield ""
        yield "Sources"
    for evidence in server.evidence:
        complete = ", ".join(evidence.complete_in)
        shows = f"shows all {complete}" if complete else "shows only the rules that were exported"
        yield f"  {evidence.path}: {evidence.kind}, {shows}"
    for file, staging in server.staging_modes:
        yield f"  {file}: the server is {'in' if staging else 'not in'} staging mode"
    for dispute in server.disputes:
        yield f"  contradiction: {dispute}"
    if server.metaverse is not None:
        yield f"  the metaverse has {len(server.metaverse)} attributes"


def _connectors(server: Server) -> Iterator[str]:
    if server.connectors:
        yield ""
        yield "Connectors"
    for connector in server.connectors:
        rules = [r for r in server.rules if r.connector == connector.identifier]
        own = sum(1 for r in rules if r.is_out_of_box)
        yield f"  {connector.identifier}  {connector.kind or 'type unknown'}"
        if connector.name or connector.forest:
            forest = f", forest {connector.forest}" if connector.forest else ""
            yield f"    {connector.name or 'no name known'}{forest}"
        if connector.partitions:
            yield f"    partitions: {'; '.join(connector.partitions)}"
        if connector.attributes is not None:
            yield f"    schema: {len(connector.attributes)} attributes"
        yield f"    rules: {own} out-of-box, {len(rules) - own} custom"
        yield f"    from {', '.join(connector.files)}"


def _attributes(server: Server) -> Iterator[str]:
    """Yield which rules decide each attribute, the strongest first."""
    from .comparison_text import decided_lines

    yield ""
    yield "Attributes, with the rules that fill them"
    yield from (f"  {line}" for line in decided_lines(server, decided(server)))

"""`syncrules inspect`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile
from operator import not_
from typing import Literal

import click

from syncrules.comparison.attributes import decided
from syncrules.diagnostics import Diagnostic, has_errors, printable
from syncrules.exports.export import Export
from syncrules.rules.model import SyncRule
from syncrules.servers.model import Server, ServerRule
from syncrules.wording import counted

from . import exits
from .diagnostics import count, render_all
from .explain_line import explain_line
from .help import Command
from .inputs import inputs_of, passed_over_in, read
from .options import a_path, encoding_option, format_option, quiet_option, verbose_option
from .page import Page, fitted, page, wrapped
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
@verbose_option
@quiet_option
@format_option
@click.pass_context
def inspect(
    context: click.Context,
    paths: tuple[str, ...],
    attributes: bool,
    encoding: str | None,
    verbose: bool,
    quiet: bool,
    form: Literal["text", "json"],
) -> None:
    """Show the rules in files, what the files show of their server, and all findings.

    PATH is a file that the Synchronization Rules Editor exported, a server's configuration folder
    (Get-ADSyncServerConfiguration), its connector list (Get-ADSyncConnector as JSON, CSV or
    printed), the wizard's settings JSON, a folder of such files, or - for standard input. Of a
    configuration, custom rules are listed; -v lists all.

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
    elif quiet:
        click.echo(_verdict(server, found.diagnostics))
    else:
        paper = page(lists_all=verbose)
        lines = [*_rules(found.exports, paper), *_server_rules(server, found.exports, paper)]
        lines += [*_evidence(server), *_connectors(server)]
        lines += _attributes(server) if attributes else ()
        begun = dropwhile(not_, lines)  # no empty line stands first
        paper.print(fitted(map(printable, begun), paper))
    refused = has_errors(found.diagnostics)
    shown = [d for d in found.diagnostics if d.is_error or not quiet]
    is_told_here = form == "text" and not refused
    paper = page(err=not is_told_here, lists_all=verbose)
    if shown:
        findings = (*render_all(shown, paper), *explain_line(shown, paper))
        gap = [""] if is_told_here else []
        end = [] if quiet else [count(found.diagnostics)]
        paper.print((*gap, *findings, *end), err=not is_told_here)
    context.exit(exits.REFUSED if refused else exits.DONE)


def _verdict(server: Server, diagnostics: Sequence[Diagnostic]) -> str:
    own = sum(rule.is_out_of_box for rule in server.rules)
    return (
        f"{counted(len(server.rules) - own, 'custom rule')}, "
        f"{counted(own, 'out-of-box rule')}, {counted(len(server.connectors), 'connector')}: "
        f"{count(diagnostics)}"
    )


def _rules(exports: tuple[Export, ...], paper: Page) -> Iterator[str]:
    for export in (e for e in exports if e.rules):
        yield export.name
        for placed in export.placed_rules:
            rule = placed.rule
            line, _ = export.source.line_and_column(placed.command.start)
            about = [rule.immutable_tag or "custom", "disabled" if rule.disabled else ""]
            yield from _rule(rule, about, paper, line)


def _server_rules(server: Server, exports: tuple[Export, ...], paper: Page) -> Iterator[str]:
    """Yield the custom rules that other files than exports show; with -v, all of theirs."""
    listed = {export.name for export in exports}
    by_file: dict[str, list[ServerRule]] = {}
    for rule in server.rules:
        if rule.file not in listed and (paper.lists_all or not rule.is_out_of_box):
            by_file.setdefault(rule.file, []).append(rule)
    for file, rules in by_file.items():
        yield file
        for one in sorted(rules, key=lambda r: (r.direction or "", r.precedence or 0)):
            connector = server.whose(one).strip(" ()")
            about = [one.immutable_tag or "custom", connector, "disabled" if one.disabled else ""]
            yield from _rule(one, about, paper)


def _rule(
    rule: SyncRule | ServerRule, about: Iterable[str], paper: Page, line: int | str = ""
) -> Iterator[str]:
    """Yield a rule in columns; what does not fit goes on below its name."""
    precedence = "-" if rule.precedence is None else rule.precedence
    lead = f"  {line:>5}  {rule.direction or '-':<8} {precedence:>4}  "
    text = printable(f"'{rule.name}' ({', '.join(filter(None, about))})")
    yield from wrapped(text, paper.width, lead, " " * len(lead))


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

"""`syncrules check`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

import click

from syncrules.checking.check import check
from syncrules.checking.subjects import subjects_of
from syncrules.diagnostics import Code, Diagnostic, Severity, grouped, has_errors, printable
from syncrules.servers.model import Facet, Server
from syncrules.wording import counted

from . import exits
from .code_values import codes_that_begin, some_codes
from .diagnostics import count, render_all
from .explain_line import explain_line
from .help import Command
from .inputs import inputs_of, passed_over_in, read
from .options import a_path, encoding_option, verbose_option
from .page import page, wrapped
from .progress import progress
from .regions import Sources

__all__ = ["check_command"]


class _Checked(NamedTuple):
    """What a run found: in so many rules, and what the files could not show."""

    files: tuple[str, ...]
    rules: int
    diagnostics: tuple[Diagnostic, ...]
    not_checked: tuple[str, ...]
    sources: Sources


@click.command("check", cls=Command)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=a_path)
@click.option(
    "--staging", metavar="PATH", multiple=True, type=a_path,
    help="The server on which the rules will run: attributes are looked up in the schema in its "
    "configuration folder. May be repeated.",
)  # fmt: skip
@click.option(
    "--select", metavar="CODE", multiple=True, type=some_codes, shell_complete=codes_that_begin,
    help="Report only this code, or the codes that begin so, such as SR7; and all errors. May be "
    "repeated.",
)  # fmt: skip
@click.option(
    "--ignore", metavar="CODE", multiple=True, type=some_codes, shell_complete=codes_that_begin,
    help="Do not report this code, or the codes that begin so; an error is always reported. May "
    "be repeated.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit with 1 for a warning, too.")
@encoding_option
@verbose_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text",
    help="Print a report to read, one JSON document, a SARIF 2.1.0 log, or annotations for GitHub "
    "Actions.",
)  # fmt: skip
@click.pass_context
def check_command(
    context: click.Context,
    paths: tuple[str, ...],
    staging: tuple[str, ...],
    select: tuple[frozenset[Code], ...],
    ignore: tuple[frozenset[Code], ...],
    strict: bool,
    encoding: str | None,
    verbose: bool,
    form: Literal["text", "json", "sarif", "github"],
) -> None:
    """Check whether rules are sound by themselves: expressions, flows, scopes, joins, precedences.

    PATH is a file that the Synchronization Rules Editor exported, a server's configuration folder
    (Get-ADSyncServerConfiguration), its connector list, the wizard's settings JSON, a folder of
    such files, or - for standard input. With the configuration folder, attributes are looked up in
    its schema.

    Exit codes: 0 no error, 1 an error (with --strict also a warning), 2 wrong usage.

    \b
    Examples:
      syncrules check rules.ps1
      syncrules check active/ --staging staging/ --ignore SR72
      syncrules check rules.ps1 --strict --format sarif
    """  # fmt: skip
    if "-" in paths and "-" in staging:
        raise click.UsageError("Standard input (-) can describe one server only.")
    found = _checked(paths, staging, encoding)
    shown = frozenset[Code]().union(*select or (Code,)).difference(*ignore)
    found = found._replace(
        diagnostics=tuple(d for d in found.diagnostics if d.is_error or d.code in shown)
    )
    fails = has_errors(found.diagnostics) or (strict and _warns(found.diagnostics))
    click.echo("\n".join(_lines(found, form, fails=fails, verbose=verbose)))
    context.exit(exits.REFUSED if fails else exits.DONE)


def _warns(diagnostics: tuple[Diagnostic, ...]) -> bool:
    return any(d.severity is Severity.WARNING for d in diagnostics)


def _checked(paths: tuple[str, ...], staging: tuple[str, ...], encoding: str | None) -> _Checked:
    """Read files, and check the rules in them."""
    inputs, others = inputs_of(paths), inputs_of(staging)
    inputs += passed_over_in(paths, inputs)
    with progress(len(inputs) + len(others)) as advance:
        found = read(inputs, encoding, advance)
        other = read(others, encoding, advance)
    server = found.server
    if staging:
        from syncrules.checking.other_schema import with_schema_of

        server = with_schema_of(server, other.server)
    subjects = subjects_of(found.exports, server)
    unread = (d for d in other.diagnostics if d.is_error)
    return _Checked(
        tuple(map(str, found.paths)),
        len(subjects),
        grouped((*found.diagnostics, *unread, *check(found.exports, server=server))),
        tuple(_not_checked(server, {s.rule.connector for s in subjects})),
        {export.name: export.source for export in found.exports},
    )


def _not_checked(server: Server, connectors: Collection[str]) -> Iterator[str]:
    """Yield what is checked only where files show more, with the file that would."""
    if not connectors:
        return
    known = {c.identifier for c in server.connectors if c.attribute_names is not None}
    if server.metaverse_names is None or not known.issuperset(connectors):
        yield (
            "whether every attribute exists: no file shows the whole schema; the server's "
            "configuration folder does"
        )
    if not server.is_complete_in(Facet.RULES):
        yield (
            "what depends on all rules of the server, such as joins on attributes that no rule "
            "fills: no file shows all rules; the server's configuration folder does"
        )


# ---- What is printed -----------------------------------------------------------------------------


def _lines(found: _Checked, form: str, *, fails: bool, verbose: bool) -> Iterator[str]:
    """Yield the lines of the report in one of its forms."""
    if form == "github":
        from .github import annotation

        yield from (annotation(d, found.sources) for d in found.diagnostics)
    elif form == "sarif":
        from .json_documents import dumps
        from .sarif import sarif

        yield dumps(sarif(found.diagnostics, found.sources))
    elif form == "json":
        from .json_documents import checked, dumps

        yield dumps(checked(found.files, found.rules, found.not_checked, found.diagnostics))
    else:
        yield from _report(found, fails=fails, verbose=verbose)


def _report(found: _Checked, *, fails: bool, verbose: bool) -> Iterator[str]:
    """Yield the report to read: the verdict stands first, and behind findings once more."""
    paper = page(lists_all=verbose)
    verdict = paper.painted(_verdict(found, fails=fails), "red" if fails else "green")
    yield verdict
    if found.diagnostics:
        yield ""
        yield from render_all(found.diagnostics, paper)
        yield from explain_line(found.diagnostics, paper)
    if found.not_checked:
        yield ""
        yield "Not checked"
        for one in found.not_checked:
            yield from wrapped(printable(one), paper.width, "  ", " " * 6)
    if found.diagnostics:
        yield ""
        yield verdict


def _verdict(found: _Checked, *, fails: bool) -> str:
    where = counted(found.rules, "rule") if found.rules else "no rules"
    counts = count(found.diagnostics)
    is_strict = fails and not has_errors(found.diagnostics)
    return f"Checked {where}: {counts}{' (--strict)' if is_strict else ''}."

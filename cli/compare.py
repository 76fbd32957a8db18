"""`syncrules compare`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import click

from syncrules.comparison.accepting import Accepted, accepting
from syncrules.comparison.comparing import compare
from syncrules.comparison.model import Comparison
from syncrules.diagnostics import Diagnostic, has_errors, printable
from syncrules.errors import InputRefused
from syncrules.files import Loaded
from syncrules.folders import Input

from . import exits
from .accepted_file import accepted_in, accepted_text
from .diagnostics import render_all, tell_findings
from .explain_line import explain_line
from .help import Command
from .inputs import inputs_of, read
from .options import a_page, a_path, encoding_option, format_option, mapping
from .page import Page, fitted, page
from .progress import progress
from .targets import check_page

__all__ = ["compare_command"]


@click.command("compare", cls=Command)
@click.argument("a", metavar="A", type=a_path)
@click.argument("b", metavar="B", type=a_path)
@click.option(
    "--also-a",
    metavar="PATH",
    multiple=True,
    type=a_path,
    help="More files that describe server A. May be repeated.",
)
@click.option(
    "--also-b",
    metavar="PATH",
    multiple=True,
    type=a_path,
    help="More files that describe server B. May be repeated.",
)
@click.option(
    "--map",
    "pairs",
    metavar="OLD=NEW",
    multiple=True,
    callback=mapping,
    help="A's connector OLD is B's connector NEW, each by its name, its forest or its "
    "identifier. May be repeated.",
)
@click.option(
    "--attributes",
    is_flag=True,
    help="Also list the attributes that different rules decide, with those rules in order.",
)
@click.option(
    "--accept",
    metavar="FILE",
    type=a_path,
    help="Accept the differences that FILE lists: only others count.",
)
@click.option(
    "--write-accepted",
    metavar="FILE",
    type=a_path,
    help="Write the differences to FILE for --accept, with a place for the reason of each.",
)
@click.option(
    "--html",
    metavar="FILE",
    type=a_page,
    help="Write the comparison too, as one HTML file to be read and printed.",
)
@click.option("--force", is_flag=True, help="Replace the FILE of --html if it exists.")
@click.option("--all", "everything", is_flag=True, help="List everything, and what is ignored.")
@click.option("--strict", is_flag=True, help="Exit with 1 if something could not be compared.")
@encoding_option
@format_option
@click.pass_context
def compare_command(
    context: click.Context,
    a: str,
    b: str,
    also_a: tuple[str, ...],
    also_b: tuple[str, ...],
    pairs: dict[str, str],
    attributes: bool,
    accept: str | None,
    write_accepted: str | None,
    html: Path | None,
    force: bool,
    everything: bool,
    strict: bool,
    encoding: str | None,
    form: Literal["text", "json"],
) -> None:
    """Show how two servers differ, or one server at two times.

    A and B are each a file or a folder that describes a server, of any kind that inspect reads;
    the configuration folder (Get-ADSyncServerConfiguration) shows most. Identifiers, precedences
    and the layout of expressions do not count; the order of rules that fill one attribute does.

    Exit codes: 0 no difference; 1 different, or with --strict not everything could be compared;
    2 wrong usage, or a file that cannot be read.

    \b
    Examples:
      syncrules compare old/ new/
      syncrules compare old/ new/ --attributes --all
      syncrules compare old/ new/ --write-accepted known.json
      syncrules compare old/ new/ --accept known.json --html news.html
    """  # fmt: skip
    if "-" in (a, *also_a) and "-" in (b, *also_b):
        raise click.UsageError("Standard input (-) can describe one server only.")
    target = None if write_accepted is None else Path(write_accepted)
    accepted = _accepted(None if accept is None else Path(accept), target, html)
    groups = [inputs_of(paths) for paths in ((a, *also_a), (b, *also_b))]
    given = (a, b, *also_a, *also_b), tuple(filter(None, (accept, write_accepted)))
    against = () if html is None else _against(html, groups, *given, force=force)
    sides = () if has_errors(against) else _read(groups, encoding)
    found, refused = _compared(*sides, pairs) if sides else (None, against)
    doubtful: tuple[Diagnostic, ...] = ()
    gone: tuple[Accepted, ...] = ()
    files: dict[Path, str] = {}
    if found is not None:
        found, gone, files = _results(found, accepted, target, html, attributes=attributes)
        refused = _write(files)
        doubtful = _doubtful(found, sides)
    if form == "json":
        from .comparison_json import comparison_document
        from .json_documents import dumps

        said = (*(refused or against), *doubtful)
        click.echo(dumps(comparison_document(found, said, gone, attributes=attributes)))
    elif found is not None:
        from .comparison_text import comparison_lines, gone_lines

        lines = comparison_lines(found, (a, b), everything=everything, attributes=attributes)
        written = [] if refused else [f"Written: {path}" for path in files]
        paper = page(lists_all=everything)
        ending = ["", *written] if written else []
        shown = fitted(map(printable, (*lines, *gone_lines(gone))), paper)
        ended = fitted(map(printable, ending), paper)
        paper.print((*shown, *_doubtful_lines(doubtful, paper), *ended))
    if refused:
        what = "nothing was written" if found else "nothing was compared"
        tell_findings(refused, refused=True, what=what)
    elif against:
        tell_findings(against, refused=False)
    if found is None or refused:
        context.exit(exits.UNREADABLE)
    differs = not found.same or (strict and not found.complete)
    context.exit(exits.REFUSED if differs else exits.DONE)


def _accepted(accept: Path | None, target: Path | None, html: Path | None) -> tuple[Accepted, ...]:
    """Return what is accepted; a file that exists is written again only where it was read."""
    if target is not None and target == html:
        raise click.UsageError("--html and --write-accepted name the same file.")
    if target is not None and target.exists() and target != accept:
        raise click.UsageError(
            f"{printable(str(target))} exists. To write it again and keep its reasons, "
            "give it with --accept too."
        )
    return () if accept is None else accepted_in(accept)


def _against(
    html: Path,
    groups: list[list[Input]],
    given: tuple[str, ...],
    others: tuple[str, ...],
    *,
    force: bool,
) -> tuple[Diagnostic, ...]:
    """Return what stands against writing the page there."""
    inputs = [*(one.path for group in groups for one in group), *map(Path, others)]
    return check_page(html, None, inputs, map(Path, given), force=force)


def _results(
    found: Comparison,
    accepted: tuple[Accepted, ...],
    target: Path | None,
    html: Path | None,
    *,
    attributes: bool,
) -> tuple[Comparison, tuple[Accepted, ...], dict[Path, str]]:
    """Return what is left of the differences, what was accepted and is gone, and what to write."""
    files: dict[Path, str] = {}
    if target is not None:
        files[target] = accepted_text(found, accepted)
    left, gone = accepting(found, accepted)
    if html is not None:
        from syncrules.pages.comparison_page import comparison_page  # few runs write one

        from .making import made

        files[html] = comparison_page(left, made(), gone, attributes=attributes)
    return left, gone, files


def _write(files: Mapping[Path, str]) -> tuple[Diagnostic, ...]:
    """Write all files, which are two at the most, or none; return why it failed."""
    if not files:
        return ()
    from .atomic_write import OneFile
    from .writing import write

    (first, data), *rest = ((path, text.encode()) for path, text in files.items())
    beside = OneFile(*rest[0]) if rest else None
    return write(first.parent, {first.name: data}, beside=beside)


_Sides = tuple[Loaded, Loaded]


def _read(groups: list[list[Input]], encoding: str | None) -> _Sides:
    with progress(sum(map(len, groups))) as advance:
        a, b = (read(inputs, encoding, advance) for inputs in groups)
    return a, b


def _compared(
    a: Loaded, b: Loaded, pairs: dict[str, str]
) -> tuple[Comparison | None, tuple[Diagnostic, ...]]:
    """Return the comparison of what was read, or why there is none."""
    refused = tuple(d for side in (a, b) for d in side.diagnostics if d.is_error)
    if refused:
        return None, refused
    try:
        return compare(a.server, b.server, mapping=pairs), ()
    except InputRefused as error:
        return None, error.diagnostics


# ---- The rules that differ, by themselves --------------------------------------------------------


def _doubtful(found: Comparison, sides: Iterable[Loaded]) -> tuple[Diagnostic, ...]:
    """Return what is wrong or doubtful in the rules that differ."""
    if found.same:
        return ()
    from syncrules.comparison.sound_rules import sound_rules

    return sound_rules(found, *(side.exports for side in sides))


def _doubtful_lines(diagnostics: Sequence[Diagnostic], paper: Page) -> Iterator[str]:
    if diagnostics:
        yield from ("", "Please review, in the rules that differ")
        yield from render_all(diagnostics, paper)
        yield from explain_line(diagnostics, paper)

"""`syncrules compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from syncrules.comparison.accepting import Accepted, accepting
from syncrules.comparison.comparing import compare
from syncrules.comparison.model import Comparison
from syncrules.diagnostics import Diagnostic, printable
from syncrules.errors import InputRefused

from . import exits
from .accepted_file import accepted_in, accepted_text
from .diagnostics import tell_findings
from .help import Command
from .inputs import inputs_of, read
from .options import a_path, encoding_option, format_option, mapping
from .page import page
from .progress import progress

__all__ = ["compare_command"]


@click.command("compare", cls=Command)
@click.argument("a", metavar="A", type=a_path)
@click.argument("b", metavar="B", type=a_path)
@click.option(
    "--also-a",
    metavar="PATH",
    multiple=True,
    type=a_path,
    help="More that describes server A. May be repeated.",
)
@click.option(
    "--also-b",
    metavar="PATH",
    multiple=True,
    type=a_path,
    help="More that describes server B. May be repeated.",
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
    help="Also list the attributes that other rules decide, with these rules in their order.",
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
    everything: bool,
    strict: bool,
    encoding: str | None,
    form: Literal["text", "json"],
) -> None:
    """Show how two servers differ, or one server at two times.

    A and B are each a file or a folder that describes a server, of the kinds that inspect takes;
    the configuration folder (Get-ADSyncServerConfiguration) shows most. Identifiers, precedences
    and the layout of expressions mean nothing; the order of rules that contest an attribute does.

    Exit codes: 0 no difference; 1 different, or with --strict not everything could be compared;
    2 wrong usage, or a file that cannot be read.

    \b
    Examples:
      syncrules compare old/ new/
      syncrules compare old/ new/ --attributes --all
      syncrules compare old/ new/ --write-accepted known.json
      syncrules compare old/ new/ --accept known.json
    """  # fmt: skip
    if "-" in (a, *also_a) and "-" in (b, *also_b):
        raise click.UsageError("Standard input (-) can describe one server only.")
    target = None if write_accepted is None else Path(write_accepted)
    accepted = _accepted(None if accept is None else Path(accept), target)
    found, refused = _compared((a, *also_a), (b, *also_b), pairs, encoding)
    if found is not None and target is not None:
        refused = _write(target, accepted_text(found, accepted))
    gone: tuple[Accepted, ...] = ()
    if found is not None:
        found, gone = accepting(found, accepted)
    if form == "json":
        from .comparison_json import comparison_document
        from .json_documents import dumps

        click.echo(dumps(comparison_document(found, refused, gone, attributes=attributes)))
    elif found is not None:
        from .comparison_text import comparison_lines, fitted, gone_lines

        lines = comparison_lines(found, (a, b), everything=everything, attributes=attributes)
        written = [] if target is None or refused else ["", f"Written: {target}"]
        paper = page(lists_all=everything)
        paper.print(fitted(map(printable, (*lines, *gone_lines(gone), *written)), paper))
    if refused:
        what = "nothing was written" if found else "nothing was compared"
        tell_findings(refused, refused=True, what=what)
    if found is None or refused:
        context.exit(exits.UNREADABLE)
    differs = not found.same or (strict and not found.complete)
    context.exit(exits.REFUSED if differs else exits.DONE)


def _accepted(accept: Path | None, target: Path | None) -> tuple[Accepted, ...]:
    """Return what is accepted; a file that exists is written again only where it was read."""
    if target is not None and target.exists() and target != accept:
        raise click.UsageError(
            f"{printable(str(target))} exists. To write it again and keep its reasons, "
            "give it with --accept too."
        )
    return () if accept is None else accepted_in(accept)


def _write(path: Path, text: str) -> tuple[Diagnostic, ...]:
    from .writing import write

    return write(path.parent, {path.name: text.encode()})


def _compared(
    one: tuple[str, ...], other: tuple[str, ...], pairs: dict[str, str], encoding: str | None
) -> tuple[Comparison | None, tuple[Diagnostic, ...]]:
    """Return the comparison of what paths describe, or why there is none.

    What is odd about rules that can be read is not asked here.
    """
    groups = [inputs_of(paths) for paths in (one, other)]
    with progress(sum(map(len, groups))) as advance:
        a, b = (read(inputs, encoding, advance) for inputs in groups)
    refused = tuple(d for side in (a, b) for d in side.diagnostics if d.is_error)
    if refused:
        return None, refused
    try:
        return compare(a.server, b.server, mapping=pairs), ()
    except InputRefused as error:
        return None, error.diagnostics

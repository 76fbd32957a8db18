"""Options that several commands share, and how the values of some are read."""

from __future__ import annotations

import os
from pathlib import Path

import click

from syncrules.diagnostics import printable
from syncrules.rules.guids import parse_guid
from syncrules.rules.model import MAX_CUSTOM_PRECEDENCE
from syncrules.script.source import ENCODINGS

__all__ = [
    "a_folder",
    "a_name",
    "a_page",
    "a_path",
    "encoding_option",
    "format_option",
    "mapping",
    "numbering",
    "quiet_option",
    "verbose_option",
]


class _APath(click.Path):
    """A path as it is given, which a shell completes; what is not there is for findings to say."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return what to give, where a path is missing."""
        return f"{getattr(param, 'help', None) or _ARGUMENTS[param.name or '']}"

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | Path:
        """Return the path; one that is empty would be the current folder, and is wrong usage."""
        path = _not_empty(os.fspath(value))
        if "\0" in path:
            raise click.BadParameter(f"'{printable(path)}' contains a NUL character.")
        return path if self.file_okay else Path(path)


class _APage(_APath):
    """The path of a page; another suffix would be that of something else."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Return the path; one that is not a page's is wrong usage."""
        path = Path(super().convert(value, param, ctx))
        if path.suffix.lower() not in (".html", ".htm"):
            raise click.BadParameter(f"'{printable(str(path))}' does not end with .html.")
        return path


_ARGUMENTS = {
    "exports": "It is the active server's exported rules: files, or folders of them.",
    "paths": "It is what to look at: files or folders of a server.",
    "kit": "It is the folder that syncrules kit wrote.",
}
"""What the arguments are; unlike an option, an argument has no help of its own."""
a_path = _APath()
a_folder = _APath(file_okay=False)
a_page = _APage()


def a_name(value: str) -> str:
    """Return a text; what is none is wrong usage."""
    if "\0" in value or not _is_text(value):
        raise click.BadParameter(f"'{printable(value)}' contains what is not text.")
    return _not_empty(value)


def _is_text(value: str) -> bool:
    """Return whether an argument is text, or has what Python puts for bytes that are none."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _not_empty(value: str) -> str:
    if not value.strip():
        raise click.BadParameter("it is empty. Is a variable in the command not set?")
    return value


encoding_option = click.option(
    "--encoding", metavar="NAME", type=click.Choice(ENCODINGS, case_sensitive=False),
    help="The code page of files without a byte order mark, such as windows-1252 or cp932.",
)  # fmt: skip
verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="List everything: all rules, lines and places."
)
quiet_option = click.option(
    "-q", "--quiet", is_flag=True, help="Print only the verdict, and any errors."
)
format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text",
    help="Print a report to read, or one JSON document.",
)  # fmt: skip


def mapping(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """Turn the values of --map into a mapping of names and identifiers."""
    found: dict[str, str] = {}
    for value in values:
        sides = [parse_guid(side) or side.strip() for side in a_name(value).split("=")]
        if len(sides) != 2 or not all(sides):
            raise click.BadParameter(
                f"'{printable(value)}' is not OLD=NEW: a connector of the active server and one "
                "of the staging server, each by its name or its identifier."
            )
        old, new = sides
        if found.get(old, new) != new:
            raise click.BadParameter(f"{printable(old)} is given two targets.")
        found[old] = new
    return found


def numbering(_context: click.Context, _parameter: click.Parameter, value: str) -> int | None:
    """Turn --precedence into the number to count from; `None` keeps the numbers."""
    if value == "keep":
        return None
    if value == "compact":
        return 1
    word, equals, digits = value.partition("=")
    if word == "after" and equals and digits.isascii() and digits.isdigit():
        after = int(digits[:9])
        if after < MAX_CUSTOM_PRECEDENCE:
            return after + 1
    shown = printable(value)
    raise click.BadParameter(
        f"'{shown}' is not keep, compact or after=N with N from 0 to {MAX_CUSTOM_PRECEDENCE - 1}."
    )

"""The pages of docs/reference/ that are made from the code: commands, and JSON documents."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from syncrules.cli.help import SECTIONS

from support.builders import command
from support.documents import ROOT

__all__ = ["PAGES", "made"]

MARK = "<!-- What follows is made by tests/test_reference.py. -->\n"
"""What stands above it is written by hand."""
SCHEMAS = ROOT / "cli" / "schemas"
WIDTH = 110


def made(page: Path, text: str) -> str:
    """Return the text of a page with its second part made from the code."""
    by_hand, mark, _ = text.partition(MARK)
    assert mark, f"{page.name} does not say what is made"
    return f"{by_hand}{mark}\n" + "\n\n".join(PAGES[page]()) + "\n"


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )


# ---- The command line ----------------------------------------------------------------------------


def _commands() -> Iterator[tuple[str, click.Context]]:
    """Yield each command as it is called: click keeps what it made of it the first time."""
    group = command()
    assert isinstance(group, click.Group)
    called = click.Context(group, info_name="syncrules", **group.context_settings)
    for name in group.list_commands(called):
        found = group.get_command(called, name)
        assert found is not None
        yield f"syncrules {name}", click.Context(found, called, name, show_default=True)


def command_line() -> Iterator[str]:
    """Yield a section for each command: usage, what it does, its options, examples."""
    commands = dict(_commands())
    rows = (
        f"| [`{name}`](#{name.replace(' ', '-')}) | {called.command.get_short_help_str(200)} |"
        for name, called in commands.items()
    )
    yield "\n".join(("| command | what it does |", "|---|---|", *rows))
    for name, called in commands.items():
        yield f"## `{name}`"
        yield f"```text\n{called.get_usage()}\n```"
        yield from _help(called.command)
        yield from _options(called)


def _help(found: click.Command) -> Iterator[str]:
    assert found.help
    for paragraph in inspect.cleandoc(found.help).split("\n\n"):
        if not paragraph.startswith("\b"):
            yield _wrapped(_with_code(" ".join(paragraph.split())))
            continue
        _, title, *examples = paragraph.split("\n")
        assert title.startswith("Example"), title
        yield "\n".join(("```console", *(f"$ {line.strip()}" for line in examples), "```"))


def _with_code(text: str) -> str:
    """Return a help text with what is typed set as code."""
    return " ".join(
        f"`{word.rstrip('.,;:)')}`{word[len(word.rstrip('.,;:)')) :]}"
        if word.startswith("--")
        else word
        for word in text.split(" ")
    )


def _options(called: click.Context) -> Iterator[str]:
    records = {
        option.name: option.get_help_record(called)
        for option in called.command.params
        if isinstance(option, click.Option)
    }
    for title, names in SECTIONS.items():
        known = [record for name in names if (record := records.get(name))]
        if known:
            yield f"**{title}**"
            yield "\n".join(_option(*record) for record in known)


def _option(typed: str, told: str) -> str:
    return _wrapped(f"- `{typed}`: {_with_code(' '.join(told.split()))}", "  ")


# ---- JSON documents ------------------------------------------------------------------------------


def json_documents() -> Iterator[str]:
    """Yield a section for each schema: its name, and the members of its document."""
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        schema = json.loads(path.read_text("utf-8"))
        titles = [title.strip() for title in schema["title"].split(",")]
        yield "## " + ", ".join(f"`{title}`" for title in titles)
        yield _wrapped(
            f"{schema['description']} Schema: [`{path.name}`](../../cli/schemas/{path.name}), "
            f"`$id` `{schema['$id']}`."
        )
        yield "\n".join(
            _member(name, member, schema) for name, member in schema["properties"].items()
        )


def _member(name: str, member: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    shown = _resolved(member, schema)
    told = [member.get("description") or shown.get("description", "")]
    items = _resolved(shown.get("items", {}), schema)
    if inside := (items.get("properties") or shown.get("properties")):
        names = ", ".join(f"`{key}`" for key in inside)
        told.append(f"{'Each has' if items else 'It has'} {names}.")
    optional = "" if name in schema["required"] else ", not always there"
    words = " ".join(filter(None, told))
    return _wrapped(
        f"- `{name}` ({_type(shown, schema)}{optional}){': ' if words else ''}{words}", "  "
    )


def _resolved(member: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a member refers to, or itself."""
    if "$ref" not in member:
        return member
    found: Mapping[str, Any] = schema["$defs"][member["$ref"].removeprefix("#/$defs/")]
    return found


def _type(member: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return the types of a member, in words."""
    if "anyOf" in member:
        return " or ".join(_type(_resolved(one, schema), schema) for one in member["anyOf"])
    if "enum" in member:
        return " or ".join(f"`{json.dumps(value)}`" for value in member["enum"])
    types = member.get("type", "any")
    return types if isinstance(types, str) else " or ".join(types)


REFERENCE = ROOT / "docs" / "reference"
PAGES = {REFERENCE / "command-line.md": command_line, REFERENCE / "json.md": json_documents}

"""What the page asks of the library, which it runs as it is: each answer is a run of `syncrules`.

The files lie in the current folder, by the paths that they were dropped with. A side is the list of
its files' paths. May use: all of the package, and nothing of a browser.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from importlib.resources import files
from io import BytesIO, TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from syncrules.cli import main

from syncrules.diagnostics import has_errors
from syncrules.files import load, read_inputs
from syncrules.folders import inputs_in
from syncrules.servers.file_kind import FileKind, file_kind_of

__all__ = ["answer", "arguments", "begin", "command"]

Json = dict[str, Any]

_READ = (".ps1", ".txt", ".json", ".csv", ".xml")
_IN_A_CONFIGURATION = ("connectors", "globalsettings", "synchronizationrules")
"""The folders that Get-ADSyncServerConfiguration writes into the one that it is given."""
_PLAIN = re.compile(r"[\w./\\:=,{}-]+", re.ASCII)
_IN_QUOTES = re.compile(r"[^\"$`%!\\\x00-\x1f]+")
"""What means the same between double quotes in each shell."""


def begin(folder: str) -> None:
    """Make the folder anew, and work in it."""
    os.chdir("/")  # the current folder cannot be removed
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir()
    os.chdir(folder)


def answer(request: str) -> str | bytes:
    """Return what is asked for, as JSON; a ZIP as it is."""
    asked: Json = json.loads(request)
    if asked["ask"] == "inspect":
        return json.dumps({side: _inspected(asked[side]) for side in ("active", "staging")})
    words = list(_words(asked["active"], asked["staging"], asked["options"]))
    return json.dumps(_planned(words)) if asked["ask"] == "plan" else _zip(asked["ask"], words)


# ---- A side --------------------------------------------------------------------------------------


def arguments(side: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the arguments that name a side's files, and the files that none of them covers.

    Of a dropped folder, those folders in it are named that have files to be read: a configuration
    by the folder around its three. One that has none is named too, so that the run says so.
    """
    paths = [PurePosixPath(path) for path in side]
    found = dict.fromkeys(_argument(p) for p in paths if p.suffix.lower() in _READ)
    tops = {named.parts[0] for named in found}
    found |= dict.fromkeys(PurePosixPath(p.parts[0]) for p in paths if p.parts[0] not in tops)
    uncovered = [str(p) for p in paths if not any(p.is_relative_to(named) for named in found)]
    return list(map(_not_an_option, found)), uncovered


def _argument(path: PurePosixPath) -> PurePosixPath:
    if len(path.parts) == 1:
        return path
    folder = path.parent
    is_part = folder.name.lower() in _IN_A_CONFIGURATION and len(folder.parts) > 1
    return folder.parent if is_part else folder


def _not_an_option(path: PurePosixPath) -> str:
    return f"./{path}" if str(path).startswith("-") else str(path)


def _inspected(side: list[str]) -> Json | None:
    """Return what `syncrules inspect` says of a side, and which of its files it is not given."""
    named, uncovered = arguments(side)
    if not named:
        return None
    return {"document": _document(_run("inspect", *named, "--format", "json"))} | {
        "uncovered": uncovered
    }


def _moved_and_known(side: list[str]) -> tuple[list[str], list[str]]:
    """Return the active server's arguments: what is to move, and what is evidence only.

    Scripts are to move. A configuration is where they have no custom rule: then its rules move.
    """
    named, _ = arguments(side)
    kinds = {one: set(_kinds(one)) for one in named}
    moved = [one for one in named if FileKind.SCRIPT in kinds[one]]
    if not _has_custom_rules(moved):
        moved += [one for one in named if FileKind.XML in kinds[one] and one not in moved]
    moved = moved or named
    return moved, [one for one in named if one not in moved]


def _kinds(argument: str) -> Iterator[FileKind]:
    for one in inputs_in(Path(argument)):
        data, _ = load(one.path)
        if data is not None:
            yield file_kind_of(data)


def _has_custom_rules(moved: Iterable[str]) -> bool:
    """Return whether scripts have custom rules, or are refused, which the run will say."""
    found = read_inputs(one for argument in moved for one in inputs_in(Path(argument)))
    custom = any(not rule.is_out_of_box for export in found.exports for rule in export.rules)
    return custom or has_errors(found.diagnostics)


# ---- A migration ---------------------------------------------------------------------------------


def _words(
    active: list[str], staging: list[str], options: Iterable[tuple[str, str | None]]
) -> Iterator[str]:
    """Yield the arguments and options of a migration, as they are typed."""
    moved, known = _moved_and_known(active)
    yield from moved
    for option, named in (("--active", known), ("--staging", arguments(staging)[0])):
        for one in named:
            yield from (option, one)
    for flag, value in options:
        yield from (flag,) if value is None else (flag, value)


def _planned(words: list[str]) -> Json:
    """Return what `syncrules kit` says, its report, and the pages of the findings it has."""
    out = _free("kit")
    done = _run("kit", *words, "--out", out, "--format", "json")
    report = Path(out, "report.html")
    return {
        "refused": done.code != 0,
        "text": done.out,
        "said": done.err,
        "report": report.read_text("utf-8") if report.is_file() else None,
        "pages": _pages(done),
        "command": command(["syncrules", "kit", *words, "--out", out]),
    }


def _pages(done: _Done) -> dict[str, str]:
    """Return the page of each finding's code, as `docs/findings/` has it."""
    document = _document(done)
    codes = {found["code"] for found in document["diagnostics"]} if document else set()
    folder = files("syncrules.findings")
    return {code: folder.joinpath(f"{code}.md").read_text("utf-8") for code in sorted(codes)}


def _zip(what: str, words: list[str]) -> bytes:
    """Return the folder that `syncrules kit` or `syncrules remap` writes."""
    out = _free("kit" if what == "kit" else "mapped")
    _run(what, *words, "--out", out)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in Path(out).rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(path.as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return made.getvalue()


def _free(name: str) -> str:
    """Return a name that nothing dropped has."""
    return f"{_free(f'new-{name}')}" if Path(name).exists() else name


def command(words: Iterable[str]) -> str:
    """Return a command line as it can be typed: in quotes where that is needed."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    if _IN_QUOTES.fullmatch(word):
        return f'"{word}"'
    return "'{}'".format(word.replace("'", "''"))  # in PowerShell


# ---- A run ---------------------------------------------------------------------------------------


class _Done(NamedTuple):
    """A run that has ended: its exit code, and what it printed."""

    code: int
    out: str
    err: str


def _run(*words: str) -> _Done:
    """Run `syncrules` with these words."""
    out, err = (TextIOWrapper(BytesIO(), "utf-8", newline="") for _ in range(2))
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(words), prog_name="syncrules")
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return _Done(code, _text_in(out), _text_in(err))


def _text_in(stream: TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def _document(done: _Done) -> Json | None:
    """Return the document that a run printed; none where its words were wrong."""
    return json.loads(done.out) if done.out else None

"""What the page asks of the library, which it runs as it is: each answer is a run of `syncrules`.

The files lie in the current folder, by the paths that they were dropped with. A side is the list of
its files' paths. May use: all of the package, and nothing of a browser.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from runs import Done, command, run
from sides import arguments, moved_and_known

__all__ = ["answer", "begin"]

Json = dict[str, Any]


class _Asked(NamedTuple):
    """A question: the files of both sides, the options, and whose rules are to be checked."""

    active: list[str]
    staging: list[str]
    options: list[tuple[str, str | None]]
    rules_of: str = "both"

    def option_words(self, *only: str) -> Iterator[str]:
        """Yield the options as they are typed: all of them, or only some."""
        for flag, value in self.options:
            if not only or flag in only:
                yield from (flag,) if value is None else (flag, value)


def begin(folder: str) -> None:
    """Make the folder anew, and work in it."""
    os.chdir("/")  # the current folder cannot be removed
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir()
    os.chdir(folder)


def answer(request: str) -> str | bytes:
    """Return what is asked for, as JSON; a file to be saved as it is."""
    given: Json = json.loads(request)
    asked = _Asked(**{name: given[name] for name in _Asked._fields if name in given})
    return _ANSWERS[given["ask"]](asked)


def _inspected(asked: _Asked) -> str:
    """Return what `syncrules inspect` says of each side, and which of its files it is not given."""
    return json.dumps({side: _side(getattr(asked, side), asked) for side in ("active", "staging")})


def _side(side: list[str], asked: _Asked) -> Json | None:
    named, uncovered = arguments(side)
    if not named:
        return None
    words = ["inspect", *named, "--format", "json"]
    done = run(*words, *asked.option_words("--encoding"))
    document = done.out or run(*words).out  # an encoding that there is not is told by the answer
    return {"document": json.loads(document), "uncovered": uncovered}


# ---- A migration ---------------------------------------------------------------------------------


def _migration(asked: _Asked) -> list[str]:
    """Return the arguments and options of a migration."""
    moved, known = moved_and_known(asked.active)
    words = list(moved)
    for option, named in (("--active", known), ("--staging", arguments(asked.staging)[0])):
        for one in named:
            words += option, one
    return [*words, *asked.option_words()]


def _planned(asked: _Asked) -> str:
    """Return what `syncrules kit` says, with its report."""
    words = ["kit", *_migration(asked), "--out", _free("kit")]
    return _answer(words, run(*words, "--format", "json"), Path(words[-1], "report.html"))


def _kit(asked: _Asked) -> bytes:
    return _zip("kit", asked, _free("kit"))


def _mapped(asked: _Asked) -> bytes:
    return _zip("remap", asked, _free("mapped"))


def _zip(what: str, asked: _Asked, out: str) -> bytes:
    """Return the folder that `syncrules kit` or `syncrules remap` writes."""
    run(what, *_migration(asked), "--out", out)
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


# ---- A comparison --------------------------------------------------------------------------------


def _compared(asked: _Asked) -> str:
    """Return what `syncrules compare` says, with its report."""
    (a, *also_a), (b, *also_b) = (arguments(side)[0] for side in (asked.active, asked.staging))
    words = ["compare", a, b]
    for option, named in (("--also-a", also_a), ("--also-b", also_b)):
        for one in named:
            words += option, one
    words += [*asked.option_words(), "--html", _free("comparison.html")]
    return _answer(words, run(*words, "--format", "json"), Path(words[-1]))


# ---- A check -------------------------------------------------------------------------------------


def _check(asked: _Asked) -> list[str]:
    """Return the words of a check: of one side's rules, or of the active ones for the other."""
    active, staging = (arguments(side)[0] for side in (asked.active, asked.staging))
    if asked.rules_of == "staging" or not active:
        named, other = staging, []
    else:
        named, other = active, staging if asked.rules_of == "both" else []
    words = ["check", *named]
    for one in other:
        words += "--staging", one
    return [*words, *asked.option_words()]


def _checked(asked: _Asked) -> str:
    """Return what `syncrules check` says."""
    words = _check(asked)
    return _answer(words, run(*words, "--format", "json"))


def _sarif(asked: _Asked) -> bytes:
    return run(*_check(asked), "--format", "sarif").out.encode()


# ---- An answer -----------------------------------------------------------------------------------


def _answer(words: list[str], done: Done, report: Path | None = None) -> str:
    """Return a run: what it said, its report, and the pages of the findings that it has.

    `document` is empty where the words were wrong, which is then said.
    """
    return json.dumps(
        {
            "code": done.code,
            "document": done.out,
            "said": done.err,
            "report": report.read_text("utf-8") if report and report.is_file() else None,
            "pages": _pages(done),
            "command": command(["syncrules", *words]),
        }
    )


def _pages(done: Done) -> dict[str, str]:
    """Return the page of each finding's code, as `docs/findings/` has it."""
    found = json.loads(done.out)["diagnostics"] if done.out else []
    folder = files("syncrules.findings")
    return {
        code: folder.joinpath(f"{code}.md").read_text("utf-8")
        for code in sorted({one["code"] for one in found})
    }


_ANSWERS: dict[str, Callable[[_Asked], str | bytes]] = {
    "inspect": _inspected,
    "move": _planned,
    "kit": _kit,
    "remap": _mapped,
    "compare": _compared,
    "check": _checked,
    "sarif": _sarif,
}

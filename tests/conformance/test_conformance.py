"""Replay PowerShell's recorded readings: read the same, or refuse at the right place.

More cases of the same form are taken from the directory that SYNCRULES_VECTORS names.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.conformance import replay
from syncrules.diagnostics import Diagnostic
from syncrules.exports.editor_forms import FORMS
from syncrules.script.reader import read_script
from syncrules.script.source import from_text

Tell = Callable[[str, object], None]


def _files(directory: Path) -> list[Path]:
    found = sorted(p for p in directory.iterdir() if p.name.endswith((".jsonl", ".jsonl.gz")))
    assert found, f"no cases in {directory}"
    return found


VECTORS = os.environ.get("SYNCRULES_VECTORS")
FILES = _files(Path(__file__).with_name("data")) + (_files(Path(VECTORS)) if VECTORS else [])
WHOLE_RULES = [p for p in FILES if p.name.startswith(("edited", "hostile"))]
EDITED = [p for p in FILES if p.name.startswith("edited")]

# The server on which the rules were recorded had no ADSync module to import; one that runs
# exports has it.
NOT_THE_SCRIPT = "Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand"


def _findings(case: replay.Case) -> tuple[Diagnostic, ...]:
    """Return why a case is refused; nothing where it is read."""
    script, findings = read_script(from_text(case["text"], case["id"]), forms=FORMS)
    return findings if script is None else ()


def _judged(case: replay.Case) -> tuple[str, str]:
    verdict, why = replay.judged(case)
    if not why and "rules" in case and case["fault"] != NOT_THE_SCRIPT:
        why = replay.rules_verdict(case)
    return ("wrong" if why else verdict), why


@pytest.mark.parametrize("path", FILES, ids=str)
def test_scripts_are_read_as_powershell_reads_them(path: Path, record_property: Tell) -> None:
    verdicts: Counter[str] = Counter()
    wrong = []
    for case in replay.cases(path):
        verdict, why = _judged(case)
        verdicts[verdict] += 1
        if why:
            wrong.append(replay.shown(case, why))
    numbers = ", ".join(f"{verdicts[v]} {v}" for v in ("read", "refused", "wrong"))
    record_property("conformance", f"{path.name}: {numbers}")
    assert verdicts, "a file without cases"
    assert not wrong, f"{numbers}\n\n" + "\n\n".join(wrong[:5])


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_finding_says_where_it_is_and_what_to_do(path: Path) -> None:
    found = [(case, finding) for case in replay.cases(path) for finding in _findings(case)]
    assert found, "no case of this file is refused"
    for case, finding in found:
        whole = finding.line and finding.column and finding.code and finding.hint
        assert whole, replay.shown(case, str(finding))


def test_what_is_refused_in_a_whole_rule_has_a_name(record_property: Tell) -> None:
    refused = [f for path in WHOLE_RULES for case in replay.cases(path) if (f := _findings(case))]
    unnamed = sum(findings[0].code == "SR200" for findings in refused)
    record_property("conformance", f"refused as SR200: {unnamed} of {len(refused)} whole rules")
    assert refused
    assert unnamed <= 0.02 * len(refused)


# ---- Breakages, found in the text without the reader ---------------------------------------------

_TEXTS = r"""
    (?P<single>['‘’‚‛][^'‘’‚‛]*(?:['‘’‚‛]{2}[^'‘’‚‛]*)*['‘’‚‛])
  | ["“”„][^"“”„`]*(?:(?:["“”„]{2}|`.)[^"“”„`]*)*["“”„]
"""
_GAP = r"(?P<gap>(?:(?<!\S)\#[^\r\n]*|<\#.*?\#>|(?<!\S)`|`(?=\s)|\s)+)"
_PIECE = re.compile(rf"{_TEXTS}|{_GAP}|[^\s'‘’‚‛\"“”„`<]+|.", re.VERBOSE | re.DOTALL)
_PARAMETER = re.compile("-[A-Za-z]")
_BLOCK_COMMENT = re.compile("<#.*?#>", re.DOTALL)

# The gap before a parameter that begins a line, and the code for it; the first that fits counts.
_GAPS = (
    (re.compile(r"(?:[ \t]*`\r?\n)+[ \t]*"), None),
    (re.compile(r"[ \t]*`[ \t]+\r?\n.*", re.DOTALL), "SR202"),
    (re.compile(r"[ \t]*`\r?\n.*", re.DOTALL), "SR203"),
    (re.compile(r"[ \t]*#.*", re.DOTALL), "SR203"),
    (re.compile(r"\s*"), "SR204"),
)


def _breakages(text: str) -> Iterator[tuple[str, int]]:
    """Yield the code and the line of each breakage that can be told from the text alone."""
    for piece in _PIECE.finditer(text):
        end = piece.end()
        if piece["gap"] and "\n" in piece["gap"] and _PARAMETER.match(text, end):
            if piece.start() == 0:  # nothing to continue: the command has lost its first lines
                yield "SR221", text.count("\n", 0, end) + 1
                continue
            gap = _BLOCK_COMMENT.sub("", piece["gap"])
            code = next((c for form, c in _GAPS if form.fullmatch(gap)), None)
            at = piece.start()
        else:
            code, at = _turned(piece, text[end : end + 1]), end - 1
        if code:
            yield code, text.count("\n", 0, at) + 1


def _turned(piece: re.Match[str], follows: str) -> str | None:
    """Return the code for a text that a turned quote ends inside a word."""
    quoted = piece["single"]
    turned = quoted and quoted[0] == "'" != quoted[-1] and follows.isalnum()
    return "SR205" if turned else None


@pytest.mark.parametrize("path", EDITED, ids=str)
def test_each_breakage_is_named_at_its_line(path: Path, record_property: Tell) -> None:
    named: Counter[str] = Counter()
    for case in replay.cases(path):
        found = {(f.code, f.line) for f in _findings(case)}
        for code, line in _breakages(case["text"]):
            assert (code, line) in found, f"{code} in line {line}\n" + replay.shown(
                case, str(found)
            )
            named[code] += 1
    record_property("conformance", f"breakages named in {path.name}: {dict(sorted(named.items()))}")
    assert named

"""The documents' lines for PowerShell: Windows PowerShell 5.1 takes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from support.documents import DOCUMENTS, ROOT, fences
from support.powershell.session import Session

HERE = Path(__file__).parent
FINDINGS = ROOT / "docs" / "findings"
PROMPT, MORE = "PS> ", ">>  "


def scripts(page: Path) -> Iterator[tuple[int, str]]:
    """Yield what a page has for PowerShell: blocks of it, and the commands of console blocks."""
    for fence in fences(page.read_text("utf-8")):
        typed = [line for line in fence.lines if line.startswith((PROMPT, MORE))]
        if fence.word == "powershell":
            yield fence.start, "\n".join(fence.lines)
        elif typed:
            yield fence.start, "\n".join(line[len(PROMPT) :] for line in typed)


def is_run(page: Path) -> bool:
    """Return whether a page's blocks are to be run: those of findings are what can be wrong."""
    return not page.is_relative_to(FINDINGS) and page.name != "diagnostics.md"


def test_windows_powershell_takes_each_of_them(powershell: Session, tmp_path: Path) -> None:
    where: dict[str, str] = {}
    for page in filter(is_run, DOCUMENTS):
        for line, text in scripts(page):
            name = f"{len(where):03}.ps1"
            where[name] = f"{page.relative_to(ROOT).as_posix()}:{line}"
            (tmp_path / name).write_text(text, encoding="utf-8-sig")
    assert len(where) > 20

    told = powershell.run_script(f"& '{HERE / 'syntax.ps1'}' -Folder '{tmp_path}'")

    assert (told.errors, told.fault) == ((), None)
    found = dict(line.split("|", 1) for line in told.output)
    assert found.keys() == where.keys()
    assert {where[name]: wrong for name, wrong in found.items() if wrong} == {}

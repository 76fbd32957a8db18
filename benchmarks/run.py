"""Measure syncrules beside PowerShell and print a Markdown table: `PWSH=pwsh python run.py`.

Each figure is a ratio of medians of interleaved pairs; absolute times are those of this machine.
syncrules is measured as its users have it, in a fresh environment without the extra `test`, whose
`interegular` would make Lark slower. PowerShell is what they would run instead: the one-liner that
replaces a GUID in a file, and its own parser, warm. `--cpu` takes CPU time and minima, for a
machine that is busy; names of rows measure these alone.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import cases

PAIRS = 9
WARM = 10
"""So many calls warm a parser up: it is loaded, and has met every kind of statement.

.NET compiles a method a second time, and well, once it was called 30 times. A process that reads
the exports of one server does not come that far."""
HOT = 150
"""After so many calls .NET has compiled its parser as well as it can: most files of a service."""
ROOT = Path(__file__).resolve().parents[1]
MEASURED = Path(__file__).with_name("measured.py")
MB = 1_000_000

_PARSE_INPUT = """
while ($null -ne ($path = [Console]::In.ReadLine())) {
    $text = [IO.File]::ReadAllText($path)
    $tokens = $null; $errors = $null
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $null = [System.Management.Automation.Language.Parser]::ParseInput(
        $text, [ref]$tokens, [ref]$errors)
    $watch.Stop()
    if ($errors.Count) { throw 'the export has errors' }
    [Console]::Out.WriteLine($watch.Elapsed.TotalMilliseconds.ToString(
        [Globalization.CultureInfo]::InvariantCulture))
}
"""

Work = Callable[[], float]
"""Does something once and returns what it took."""


class Row(NamedTuple):
    """A figure of the table, with its bar and its aim."""

    name: str
    what: str
    bar: float | None
    aim: float | None
    measure: Callable[[Bench], float]


class Bench:
    """The environments, the files, and how to measure."""

    def __init__(self, folder: Path, *, cpu: bool) -> None:
        self.folder = folder
        self.cpu = cpu

    @cached_property
    def python(self) -> Path:
        """The Python of a user's environment with this checkout."""
        tree = self.folder / "tree"
        for name in ("syncrules", "grammar", "cli", "docs"):
            shutil.copytree(ROOT / name, tree / name)
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, tree)
        return self._environment("user", tree)

    @cached_property
    def earlier(self) -> Path:
        """The Python of one with release 0.1.0, whose commit the changelog names."""
        changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        (commit,) = re.findall(r"## 0\.1\.0 .*\s+Commit `([0-9a-f]+)`", changelog)
        tree = self.folder / "earlier"
        git = str(shutil.which("git"))
        archive = _output([git, "-C", str(ROOT), "archive", commit])
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(tree, filter="data")
        return self._environment("0.1.0", tree)

    def _environment(self, name: str, tree: Path) -> Path:
        folder = self.folder / f"environment-{name}"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = folder / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-qq", tree], check=True)
        return python

    @cached_property
    def pwsh(self) -> str:
        """PowerShell."""
        found = os.environ.get("PWSH") or shutil.which("pwsh")
        if found is None:
            raise SystemExit("PowerShell was not found (PWSH, pwsh): nothing to compare with.")
        return found

    # ---- How ----

    def ratio(self, ours: Work, theirs: Work, pairs: int = PAIRS) -> float:
        """Return what ours takes beside theirs, in pairs after a first one that warms up."""
        rounds = pairs * 3 if self.cpu else pairs
        taken = [(ours(), theirs()) for _ in range(rounds + 1)][1:]
        typical = min if self.cpu else median
        return typical(t[0] for t in taken) / typical(t[1] for t in taken)

    def process(self, *command: str | Path) -> float:
        """Return the seconds of a whole process."""
        start = self._now()
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)
        return self._now() - start

    def _now(self) -> float:
        if not self.cpu:
            return time.perf_counter()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    @contextmanager
    def inside(self, python: Path, work: str) -> Iterator[Callable[[object], float]]:
        """Measure inside a process that stays; yields what takes a path and returns the figure."""
        command: tuple[str | Path, ...] = (
            python,
            MEASURED,
            work,
            *(("--cpu",) if self.cpu else ()),
        )
        with _asked(command) as ask:
            yield ask

    # ---- What ----

    def remap(self, make: Callable[[Path], cases.Case]) -> float:
        """Return `remap` beside the one-liner."""
        case, out = make(self.folder), self.folder / "out"
        command: tuple[str | Path, ...] = (
            self.python.with_name("syncrules"),
            "remap",
            *case.arguments,
        )
        replaced = f"(Get-Content -Raw {case.active}) -replace '{case.old}','{case.new}'"
        one_liner = (self.pwsh, "-NoProfile", "-Command", f"{replaced} | Set-Content {out}.ps1")
        return self.ratio(
            lambda: self.process(*command, "--out", out, "--force"),
            lambda: self.process(*one_liner),
        )

    def parse(self, make: Callable[[Path], cases.Case], calls: int = WARM) -> float:
        """Return parsing with rules beside ParseInput, both called so many times before."""
        path = make(self.folder).active
        script = self.folder / "parse-input.ps1"
        script.write_text(_PARSE_INPUT)
        theirs = (self.pwsh, "-NoProfile", "-File", script)
        with self.inside(self.python, "parse") as parse, _asked(theirs) as parse_input:
            for _ in range(calls):
                parse(path)
                parse_input(path)
            return self.ratio(lambda: parse(path), lambda: parse_input(path))

    def linear(self) -> float:
        """Return the time a byte of 10 MB beside that of 0.2 MB."""
        small, large = (cases.large_export(self.folder, size) for size in (MB // 5, 10 * MB))
        times = large.stat().st_size / small.stat().st_size
        with self.inside(self.python, "parse") as parse:
            return self.ratio(lambda: parse(large), lambda: parse(small)) / times

    def memory(self) -> float:
        """Return the peak memory of parsing 10 MB, as a multiple of the input."""
        with self.inside(self.python, "memory") as memory:
            return memory(cases.large_export(self.folder, 10 * MB))

    def rules(self) -> float:
        """Return reading and planning 10,000 rules beside release 0.1.0."""
        folders = "|".join(map(str, cases.many_rules(self.folder, 10_000)))

        def once(python: Path) -> float:
            with self.inside(python, "plan") as plan:
                return plan(folders)

        pairs = [(once(self.python), once(self.earlier)) for _ in range(3)]
        return median(p[0] for p in pairs) / median(p[1] for p in pairs)

    def compare(self, size: int, pairs: int = PAIRS) -> float:
        """Return reading and comparing two servers of so many rules beside reading them."""
        folders = "|".join(map(str, cases.two_servers(self.folder, size)))
        with (
            self.inside(self.python, "compare") as compare,
            self.inside(self.python, "servers") as servers,
        ):
            return self.ratio(lambda: compare(folders), lambda: servers(folders), pairs)

    def help(self) -> float:
        """Return `--help` beside a Python that does nothing."""
        return self.ratio(
            lambda: self.process(self.python.with_name("syncrules"), "--help"),
            lambda: self.process(self.python, "-c", "pass"),
        )


ROWS = (
    Row("remap", "remap, 200 KB + 200 KB of exports, beside the one-liner", 0.5, 0.35,
        partial(Bench.remap, make=cases.plain)),
    Row("real", "the same, exports of 500 KB like a real server's", 0.6, 0.45,
        partial(Bench.remap, make=cases.real)),
    Row("configurations", "remap with both configuration folders (10 MB of XML), beside it",
        2.0, 1.6, partial(Bench.remap, make=cases.with_configurations)),
    Row("parse", "parse with rules, warm, beside ParseInput", 0.8, 0.6,
        partial(Bench.parse, make=cases.plain)),
    Row("parse-hot", f"the same after {HOT} calls, when .NET has compiled its parser again",
        None, None, partial(Bench.parse, make=cases.plain, calls=HOT)),
    Row("parse-real", "parse warm, an export like a real server's", 1.1, 0.9,
        partial(Bench.parse, make=cases.real)),
    Row("linear", "time a byte, 10 MB beside 0.2 MB", 1.1, 1.0, Bench.linear),
    Row("memory", "memory above the imported baseline, × the 10 MB read", 10, 6, Bench.memory),
    Row("rules", "10,000 rules read and planned, beside 0.1.0", 0.6, 0.5, Bench.rules),
    Row("compare", "two servers of 2,500 rules read and compared, beside reading them", 1.5, 1.3,
        partial(Bench.compare, size=2_500)),
    Row("compare-many", "the same, 10,000 rules a server", 1.5, 1.3,
        partial(Bench.compare, size=10_000, pairs=3)),
    Row("help", "`--help`, beside `python -c pass`", 4.5, 4, Bench.help),
)  # fmt: skip


def main() -> None:
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*names, []], metavar=f"{{{','.join(names)}}}")
    parser.add_argument("--cpu", action="store_true", help="CPU time and minima")
    asked = parser.parse_args()
    print("| figure | ratio | bar | aim |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), cpu=asked.cpu)
        for row in (r for r in ROWS if not asked.rows or r.name in asked.rows):
            found = row.measure(bench)
            limits = ("–" if limit is None else f"{limit:g}" for limit in (row.bar, row.aim))
            print(f"| {row.what} | {found:.2f} | {' | '.join(limits)} |", flush=True)


@contextmanager
def _asked(command: Sequence[str | Path]) -> Iterator[Callable[[object], float]]:
    """Start a process that answers each path with a figure; yields what asks it."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        to, back = process.stdin, process.stdout

        def ask(path: object) -> float:
            print(path, file=to, flush=True)
            return float(back.readline())

        yield ask
        to.close()


def _output(command: list[str]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()

"""Measure syncrules beside PowerShell and print ratios: `PWSH=pwsh python benchmarks/run.py`.

Medians of seven. PowerShell is what its users would run instead: its own parser, warm, and the
one-liner that replaces a GUID in a file. Absolute times are those of this machine; ratios count.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from exports import ACTIVE, STAGING, export

RUNS = 7
KB = 1000

_PARSE_INPUT = """
$text = [IO.File]::ReadAllText($args[0])
foreach ($run in 1..{runs}) {{
    $tokens = $null; $errors = $null
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $null = [System.Management.Automation.Language.Parser]::ParseInput(
        $text, [ref]$tokens, [ref]$errors)
    $watch.Stop()
    if ($errors.Count) {{ throw 'the export has errors' }}
    $watch.Elapsed.TotalMilliseconds.ToString([Globalization.CultureInfo]::InvariantCulture)
}}
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _beside_powershell(Path(folder))
        _memory(Path(folder))
    _linear()


def _beside_powershell(folder: Path) -> None:
    pwsh = os.environ.get("PWSH") or shutil.which("pwsh")
    if pwsh is None:
        print("PowerShell was not found (PWSH, pwsh): nothing to compare with.")
        return
    active, staging = folder / "active.ps1", folder / "staging.ps1"
    active.write_bytes(export(200 * KB, ACTIVE))
    staging.write_bytes(export(200 * KB, STAGING, out_of_box=True))
    ours, theirs = median(_parse_times(active.read_bytes())), median(_parse_input(pwsh, active))
    print(f"parse with rules, 200 KB, warm: {ours:.0f} ms; ParseInput: {theirs:.0f} ms")
    print(f"  ratio {ours / theirs:.2f} (within 3; aim 1)")
    out = folder / "out"
    command = ["remap", str(active), "--staging", str(staging), "--out", str(out), "--force"]
    replace = f"(Get-Content -Raw {active}) -replace '{ACTIVE}','{STAGING}' | Set-Content {out}.ps1"
    pairs = [
        (
            _seconds([_syncrules(), *command]),
            _seconds([pwsh, "-NoProfile", "-Command", replace]),
        )
        for _ in range(RUNS)
    ]
    ours, theirs = median(p[0] for p in pairs), median(p[1] for p in pairs)
    print(f"remap, 200 KB and 200 KB, a process: {ours:.2f} s; -replace: {theirs:.2f} s")
    print(f"  ratio {ours / theirs:.2f} (within 1; aim 0.5)")
    print(f"syncrules --help imports lark: {_imports_lark()}")


def _syncrules() -> str:
    beside = Path(sys.executable).with_name("syncrules")
    return str(beside) if beside.exists() else shutil.which("syncrules") or "syncrules"


def _parse_times(data: bytes) -> list[float]:
    import syncrules

    def work() -> None:
        assert syncrules.parse(data).rules

    work()
    return [_timed(work) * 1000 for _ in range(RUNS)]


def _parse_input(pwsh: str, path: Path) -> list[float]:
    script = path.with_name("parse-input.ps1")
    script.write_text(_PARSE_INPUT.format(runs=RUNS + 3))
    command = [pwsh, "-NoProfile", "-File", str(script), str(path)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return [float(line) for line in lines[-RUNS:]]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _seconds(command: list[str]) -> float:
    return _timed(lambda: subprocess.run(command, check=True, capture_output=True))


def _imports_lark() -> bool:
    code = (
        "import sys\nfrom syncrules.cli import main\ntry: main(['--help'])\n"
        "except SystemExit: sys.stderr.write(str('lark' in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return found.stderr == "True"


def _linear() -> None:
    import syncrules

    print("parse with rules, from 0.2 to 10 MB:")
    first = None
    for size in (200 * KB, 1000 * KB, 5000 * KB, 10_000 * KB):
        data = export(size, ACTIVE)
        rate = min(_timed(partial(syncrules.parse, data)) for _ in range(3)) / len(data)
        first = first or rate
        print(f"  {len(data) / 1e6:5.1f} MB: {rate / first:.2f} times the first's time a byte")


def _memory(folder: Path) -> None:
    print("peak memory above the imported baseline, as multiples of the input:")
    path = folder / "large.ps1"
    for size in (200 * KB, 2000 * KB, 10_000 * KB):
        path.write_bytes(export(size, ACTIVE))
        command = [sys.executable, __file__, "peak", str(path)]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"  {size / 1e6:5.1f} MB: {float(found):.0f} (within 60)")


def _peak(path: Path) -> None:
    """Print the peak memory of one parse: in a process of its own, since a peak stays."""
    import syncrules

    assert syncrules.parse(export(1, ACTIVE)).rules  # the parser is built
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = path.read_bytes()
    parsed = syncrules.parse(data)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert parsed.rules
    print((after - before) * 1024 / len(data))


if __name__ == "__main__":
    if sys.argv[1:2] == ["peak"]:
        _peak(Path(sys.argv[2]))
    else:
        main()

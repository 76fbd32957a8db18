"""Compare this reader with PowerShell on scripts that neither has seen.

python check_fresh.py [SEED [COUNT]]

PowerShell is found by the variable PWSH, then as pwsh on PATH. The exit code is 1 where a script
is read otherwise, or is refused that every reader of exports should read.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import generate
import replay

RECORDER = Path(__file__).with_name("record.ps1")


def find_pwsh() -> str | None:
    """Return the path of a PowerShell, if there is one."""
    return os.environ.get("PWSH") or shutil.which("pwsh")


def recorded(pwsh: str, scripts: Iterable[dict[str, str]]) -> Iterator[replay.Case]:
    """Yield scripts with PowerShell's reading of them."""
    with tempfile.TemporaryDirectory() as directory:
        fresh, out = Path(directory, "fresh.jsonl"), Path(directory, "recorded.jsonl")
        fresh.write_text("".join(json.dumps(s) + "\n" for s in scripts), encoding="utf-8")
        command = (pwsh, "-NoProfile", "-File", str(RECORDER), str(fresh), str(out))
        subprocess.run(command, check=True)
        yield from replay.cases(out)


def main(seed: int = 1, count: int = 10_000) -> int:
    """Print what differs, and the numbers for each kind; return how many differ."""
    pwsh = find_pwsh()
    if pwsh is None:
        sys.exit("No PowerShell: set PWSH, or put pwsh on PATH.")
    verdicts: Counter[tuple[str, str]] = Counter()
    for case in recorded(pwsh, generate.scripts(seed, count)):
        verdict, why = replay.judged(case)
        verdicts[case["id"].split("-")[0], verdict] += 1
        if verdict == "wrong":
            print(replay.shown(case, why), end="\n\n")
    for kind in generate.KINDS:
        print(f"{kind:8}", *(f"{verdicts[kind, v]:7} {v}" for v in ("read", "refused", "wrong")))
    return sum(number for (_, verdict), number in verdicts.items() if verdict == "wrong")


if __name__ == "__main__":
    sys.exit(min(1, main(*map(int, sys.argv[1:]))))

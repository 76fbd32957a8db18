"""PowerShell asked here and now for its reading of scripts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from support.conformance import replay

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

"""Compare this reader with PowerShell on scripts that neither has seen.

python tests/conformance/check_fresh.py [SEED [COUNT]]

PowerShell is found by the variable PWSH, then as pwsh on PATH. What is read of a whole rule is run
too, on a pretended server. The exit code is 1 where a script is read otherwise, leaves other rules
on the server, or is refused that every reader of exports should read.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.conformance import generate, replay
from support.conformance.recording import find_pwsh, recorded
from support.conformance.running import judged_and_run
from support.powershell.session import Session


def main(seed: int = 1, count: int = 10_000) -> int:
    """Print what differs, and the numbers for each kind; return how many differ."""
    pwsh = find_pwsh()
    if pwsh is None:
        sys.exit("No PowerShell: set PWSH, or put pwsh on PATH.")
    verdicts: Counter[tuple[str, str]] = Counter()
    with Session(Path(pwsh).absolute()) as session:
        for case in recorded(pwsh, generate.scripts(seed, count)):
            verdict, why = judged_and_run(session, case)
            verdicts[case["id"].split("-")[0], verdict] += 1
            if verdict == "wrong":
                print(replay.shown(case, why), end="\n\n")
    for kind in generate.KINDS:
        print(f"{kind:8}", *(f"{verdicts[kind, v]:7} {v}" for v in ("read", "refused", "wrong")))
    return sum(number for (_, verdict), number in verdicts.items() if verdict == "wrong")


if __name__ == "__main__":
    sys.exit(min(1, main(*map(int, sys.argv[1:]))))

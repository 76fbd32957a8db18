"""What is measured inside a process of its own: `python measured.py WORK`.

It runs with the Python of a user's environment and imports nothing but the library. Whoever waits
for it is not measured: each line of standard input is a path, and each line of output a figure.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import syncrules


def parse(line: str) -> float:
    """Return the milliseconds of one parse."""
    data = Path(line).read_bytes()
    start = _now()
    export = syncrules.parse(data)
    found = _now() - start
    assert export.rules
    return found * 1000


def memory(line: str) -> float:
    """Return the peak of one parse above the imported baseline, as a multiple of the input."""
    assert not syncrules.parse(b"").rules  # all that it needs is imported
    before = _peak()
    data = Path(line).read_bytes()
    assert syncrules.parse(data).rules
    return (_peak() - before) / len(data)


def plan(line: str) -> float:
    """Return the seconds to read and plan a migration: the folders of both servers' exports."""
    active, staging = line.split("|")
    start = _now()
    plan = syncrules.plan(_exports(active), staging=syncrules.read_server([staging]))
    assert plan.output()
    return _now() - start


def servers(line: str) -> float:
    """Return the seconds to read two servers."""
    start = _now()
    assert all(server.rules for server in _servers(line))
    return _now() - start


def compare(line: str) -> float:
    """Return the seconds to read two servers and compare them."""
    start = _now()
    assert syncrules.compare(*_servers(line)).differences
    return _now() - start


def _servers(line: str) -> list[syncrules.Server]:
    return [syncrules.read_server([folder]) for folder in line.split("|")]


def _exports(folder: str) -> list[syncrules.Export]:
    """Read exports by what release 0.1.0 has, too."""
    paths = sorted(Path(folder).iterdir())
    return [syncrules.parse(path.read_bytes(), name=str(path)) for path in paths]


def _peak() -> int:
    """Return the peak memory of this process. What getrusage tells begins with its parent's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell a process's peak memory")


_WORKS: dict[str, Callable[[str], float]] = {
    "parse": parse,
    "memory": memory,
    "plan": plan,
    "servers": servers,
    "compare": compare,
}

if __name__ == "__main__":
    _now = time.process_time if sys.argv[2:] == ["--cpu"] else time.perf_counter
    work = _WORKS[sys.argv[1]]
    for line in sys.stdin:
        print(work(line.rstrip("\n")), flush=True)

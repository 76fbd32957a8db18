"""One PowerShell process with a stand-in ADSync module, which runs one script after another."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

_TIMEOUT = 120
"""Seconds; a script that waits for an answer would wait for ever."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What a script did.

    `output` holds its strings, and the type names of its other objects; `errors` the identifiers
    of the errors that it went on after, `fault` the one that ended it; `shown` what it told the
    host or wrote to the console; `rules` what is on the server afterwards, as
    Get-ADSyncStandInRecord tells it.
    """

    output: tuple[str, ...]
    errors: tuple[str, ...]
    fault: str | None
    shown: str
    rules: tuple[Json, ...]


class Session:
    """A running PowerShell. Use it as a context manager."""

    def __init__(self, program: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="syncrules-powershell-")
        self._scripts = Path(self._folder.name)
        self._console = (self._scripts / "console.txt").open("w+", encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = str(listener.getsockname()[1])
            self._process = subprocess.Popen(
                [
                    *(program, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass"),
                    *("-File", HERE / "session.ps1", "-Port", port),
                    *("-Module", HERE / "ADSyncStandIn.psm1"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=self._console,
                stderr=subprocess.STDOUT,
            )
            self._connection = self._accepted(listener)
        self._connection.settimeout(_TIMEOUT)
        self._lines = self._connection.makefile("rw", encoding="utf-8", newline="\n")

    def _accepted(self, listener: socket.socket) -> socket.socket:
        listener.settimeout(1)
        for _ in range(_TIMEOUT):
            with contextlib.suppress(TimeoutError):
                return listener.accept()[0]
            if self._process.poll() is not None:
                break
        self._process.kill()
        raise RuntimeError(f"PowerShell did not start: {self._on_console()}")

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._connection.close()
        try:
            self._process.wait(10)
        finally:
            self._process.kill()
            self._console.close()
            self._folder.cleanup()

    def run_script(
        self,
        script: Path | str | bytes,
        connectors: Iterable[str] = (),
        before: Iterable[Path] = (),
    ) -> Result:
        """Run a script, or the text of one, on a server that knows these connectors.

        The scripts in `before` are run first; they must not fail.
        """
        request = {
            "script": str(self._as_file(script).absolute()),
            "connectors": list(connectors),
            "before": [str(path.absolute()) for path in before],
        }
        seen = len(self._on_console())
        self._lines.write(json.dumps(request) + "\n")
        self._lines.flush()
        answer = self._lines.readline()
        shown = self._on_console()[seen:]
        if not answer:
            raise RuntimeError(f"PowerShell is gone: {shown}")
        found = json.loads(answer)
        if found["broken"]:
            raise RuntimeError(f"A script that prepares the server failed: {found['broken']}")
        return Result(
            tuple(found["output"]),
            tuple(found["errors"]),
            found["fault"],
            "\n".join((*found["told"], shown)),
            tuple(found["rules"]),
        )

    def _as_file(self, script: Path | str | bytes) -> Path:
        if isinstance(script, Path):
            return script
        path = self._scripts / "script.ps1"
        # With a byte order mark: without one it would depend on the PowerShell what is read.
        path.write_bytes(script if isinstance(script, bytes) else script.encode("utf-8-sig"))
        return path

    def _on_console(self) -> str:
        self._console.seek(0)
        return self._console.read()

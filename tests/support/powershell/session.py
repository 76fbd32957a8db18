"""One PowerShell process with a stand-in ADSync module, which runs one script after another."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from syncrules import SyncRule
from syncrules.exports.layout import script_text

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


@dataclass(frozen=True)
class Run:
    """What a script file did on a server that is kept in a store.

    `output`, `errors` and `fault` are as in `Result`. `shown` is all that a person would have
    seen: what it told the host, its output, warnings and errors; not always in that order.
    `calls` names the ADSync cmdlets that were called.
    """

    exit_code: int
    output: tuple[str, ...]
    errors: tuple[str, ...]
    fault: str | None
    shown: str
    calls: tuple[str, ...]


@dataclass(frozen=True)
class Apart:
    """What a script file did in a process of its own; its exit code is no script's if killed."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def shown(self) -> str:
        """All that a person would have seen."""
        return self.stdout + self.stderr


@dataclass(frozen=True)
class Connector:
    """A connector of a server; the stand-in knows the type of most."""

    name: str
    identifier: str
    type: str | None = None
    subtype: str | None = None
    full_import_required: bool = False
    full_sync_required: bool = False


@dataclass(frozen=True)
class Fault:
    """The call `at` of an ADSync cmdlet fails, before or after it has had its effect."""

    at: int
    kind: Literal["Terminating", "NonTerminating", "Kill"]
    after: bool = False


def state(store: Path) -> Json:
    """Return what a store holds: `rules`, `connectors`, `scheduler` and `overrides`."""
    found: Json = json.loads(store.read_bytes())
    return found


class Session:
    """A running PowerShell. Use it as a context manager."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self._folder = tempfile.TemporaryDirectory(prefix="syncrules-powershell-")
        self._scripts = Path(self._folder.name)
        self._environment = self._prepared_environment()
        self._console = (self._scripts / "console.txt").open("w+", encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = str(listener.getsockname()[1])
            self._process = subprocess.Popen(
                [
                    *self._command(HERE / "session.ps1", "-Port", port),
                    *("-Module", HERE / "ADSyncStandIn.psm1"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=self._console,
                stderr=subprocess.STDOUT,
                env=self._environment,
            )
            self._connection = self._accepted(listener)
        self._connection.settimeout(_TIMEOUT)
        self._lines = self._connection.makefile("rw", encoding="utf-8", newline="\n")

    def _prepared_environment(self) -> dict[str, str]:
        """Return an environment where `Import-Module ADSync` is the stand-in, compiled once."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("ADSYNC_STANDIN_")}
        folders = [str(HERE / "modules"), inherited.get("PSModulePath", "")]
        return inherited | {
            "PSModulePath": os.pathsep.join(filter(None, folders)),
            "ADSYNC_STANDIN_ASSEMBLY": str(self._scripts / "ADSyncStandIn.dll"),
        }

    def _command(
        self, script: Path, *arguments: str, interactive: bool = False
    ) -> list[str | Path]:
        options = () if interactive else ("-NonInteractive",)
        return [
            *(self._program, "-NoProfile", *options, "-ExecutionPolicy", "Bypass"),
            *("-File", script, *arguments),
        ]

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
        *,
        follow_references: bool = False,
    ) -> Result:
        """Run a script, or the text of one, on a server that knows these connectors.

        The scripts in `before` are run first; they must not fail. Rules keep their references as
        they were bound, unless they are to be followed.
        """
        setup = ["Clear-ADSyncStandIn" + ("" if follow_references else " -KeepReferences")]
        setup += [_adding(Connector(identifier, identifier)) for identifier in connectors]
        found = self._ask(self._as_file(script), setup, before=before)
        return Result(
            tuple(found["output"]),
            tuple(found["errors"]),
            found["fault"],
            "\n".join((*found["told"], found["shown"])),
            tuple(found["rules"]),
        )

    def prepare(
        self,
        store: Path,
        connectors: Iterable[Connector] = (),
        rules: Iterable[SyncRule] = (),
        scheduler: Mapping[str, bool] | None = None,
    ) -> None:
        """Make a server that is kept in `store`, which is new.

        The rules are added in order; they must not be refused. `scheduler` holds parameters of
        Set-ADSyncStandInScheduler. No connector needs a full synchronization but those that say so.
        """
        connectors = list(connectors)
        store.unlink(missing_ok=True)
        script = self._as_file(script_text(list(rules)))
        found = self._ask(script, [_opening(store), *map(_adding, connectors)])
        if found["errors"] or found["fault"]:
            raise RuntimeError(f"A rule was refused: {found['texts']}")
        settings = _switches("Set-ADSyncStandInScheduler", scheduler or {})
        self._ask(self._as_file(""), [_opening(store), settings, *map(_requiring, connectors)])

    def run_file(
        self, script: Path, *arguments: str, store: Path, fault: Fault | None = None
    ) -> Run:
        """Run a script file in this process, in its folder, on the server that is in `store`.

        The arguments are those of a command line: what looks like the name of a parameter is one.
        """
        assert fault is None or fault.kind != "Kill", "that would kill the shared process"
        setup = [_opening(store), *([_failing(fault)] if fault else [])]
        found = self._ask(script, setup, arguments=arguments, rendered=True)
        return Run(
            found["exit"],
            tuple(found["output"]),
            tuple(found["errors"]),
            found["fault"],
            "\n".join((*found["told"], found["shown"], found["rendered"], *found["texts"])),
            tuple(found["calls"]),
        )

    def run_apart(
        self,
        script: Path,
        *arguments: str,
        store: Path,
        fault: Fault | None = None,
        answers: str | None = None,
    ) -> Apart:
        """Run a script file in a new process, in its folder, on the server that is in `store`.

        The stand-in is there when the script imports ADSync. With `answers`, PowerShell may ask,
        and reads them from its standard input.
        """
        done = subprocess.run(
            self._command(script.absolute(), *arguments, interactive=answers is not None),
            input=(answers or "").encode(),
            capture_output=True,
            cwd=script.absolute().parent,
            env=self._environment
            | {"ADSYNC_STANDIN_STORE": str(store.absolute())}
            | ({"ADSYNC_STANDIN_FAULT": _told(fault)} if fault else {}),
            timeout=_TIMEOUT,
            check=False,
        )
        return Apart(
            done.returncode,
            done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"),
        )

    def _ask(
        self,
        script: Path,
        setup: Iterable[str],
        *,
        before: Iterable[Path] = (),
        arguments: Iterable[str] = (),
        rendered: bool = False,
    ) -> Json:
        request = {
            "setup": "\n".join(("$ErrorActionPreference = 'Stop'", *setup)),
            "before": [str(path.absolute()) for path in before],
            "script": str(script.absolute()),
            "arguments": " ".join(map(_as_argument, arguments)),
            "rendered": rendered,
        }
        seen = len(self._on_console())
        self._lines.write(json.dumps(request) + "\n")
        self._lines.flush()
        answer = self._lines.readline()
        shown = self._on_console()[seen:]
        if not answer:
            raise RuntimeError(f"PowerShell is gone: {shown}")
        found: Json = json.loads(answer)
        if found["broken"]:
            raise RuntimeError(f"What prepares the server failed: {found['broken']}")
        return found | {"shown": shown}

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


# ---- PowerShell that makes a server ready --------------------------------------------------------
# Quoted here, not by the project's own code: that is tested with this.


def _quoted(text: str) -> str:
    return "'" + re.sub("['‘’‚‛]", r"\g<0>\g<0>", text) + "'"


def _as_argument(argument: str) -> str:
    is_parameter = re.fullmatch(r"-[A-Za-z]+(:\$(true|false))?", argument)
    return argument if is_parameter else _quoted(argument)


def _switches(command: str, values: Mapping[str, bool]) -> str:
    return " ".join((command, *(f"-{name} ${value}" for name, value in values.items())))


def _opening(store: Path) -> str:
    return f"Open-ADSyncStandIn -Path {_quoted(str(store.absolute()))}"


def _adding(connector: Connector) -> str:
    given = {
        "Name": connector.name,
        "Identifier": connector.identifier,
        "Type": connector.type,
        "Subtype": connector.subtype,
    }
    filled = (f"-{name} {_quoted(text)}" for name, text in given.items() if text is not None)
    return " ".join(("Add-ADSyncStandInConnector", *filled))


def _requiring(connector: Connector) -> str:
    command = "Set-ADSyncSchedulerConnectorOverride -ConnectorIdentifier " + _quoted(
        connector.identifier
    )
    flags = {
        "FullImportRequired": connector.full_import_required,
        "FullSyncRequired": connector.full_sync_required,
    }
    return _switches(command, flags)


def _failing(fault: Fault) -> str:
    after = " -After" if fault.after else ""
    return f"Set-ADSyncStandInFault -At {fault.at} -Kind {fault.kind}{after}"


def _told(fault: Fault) -> str:
    return f"{fault.at}:{fault.kind}" + (":After" if fault.after else "")

"""What the tests are made from: rules, exports and servers, and the command as it is installed."""

from __future__ import annotations

import inspect
import io
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner
from syncrules.cli import main

import syncrules
from syncrules.exports.layout import script_text
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import ENTRA_CONNECTOR
from syncrules.servers.exported_rules import server_of_export
from syncrules.servers.merging import merge
from syncrules.servers.model import Server

A1 = "aaaaaaaa-1111-4111-8111-111111111111"
A2 = "aaaaaaaa-2222-4222-8222-222222222222"
"""Connectors of the active server."""
B1 = "bbbbbbbb-1111-4111-8111-111111111111"
B2 = "bbbbbbbb-2222-4222-8222-222222222222"
"""Connectors of the staging server."""
ENTRA = ENTRA_CONNECTOR

PREFERENCE = "$ErrorActionPreference = 'Stop'"


def guid(number: int) -> str:
    """Return a GUID that tells its number."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


def rule(
    name: str = "In from AD - Custom", number: int = 1, connector: str = A1
) -> syncrules.SyncRule:
    """Return a custom rule with one flow."""
    return syncrules.SyncRule(
        name=name,
        identifier=guid(number),
        description="",
        direction="Inbound",
        precedence=49 + number,
        precedence_after=ZERO_GUID,
        precedence_before=ZERO_GUID,
        source_object_type="user",
        target_object_type="person",
        connector=connector,
        link_type="Join",
        soft_delete_expiry_interval="0",
        immutable_tag="",
        enable_password_sync=False,
        disabled=False,
        attribute_flow_mappings=(
            syncrules.AttributeFlowMapping(
                ("True",), "cloudFiltered", "Constant", "Update", False, None
            ),
        ),
    )


def out_of_box(
    name: str = "In from AD - User Join", number: int = 900, connector: str = A1
) -> syncrules.SyncRule:
    """Return a rule of Microsoft's; its tag is made from its name, as theirs are."""
    tag = f"Microsoft.{name.replace(' ', '').replace('-', '')}.004"
    return replace(rule(name, number, connector), immutable_tag=tag, precedence=100 + number % 100)


def text_of(*rules: syncrules.SyncRule, newline: str = "\r\n") -> str:
    """Return an export of rules as the Editor prints it."""
    return script_text(rules, newline)


def export(*rules: syncrules.SyncRule, name: str = "custom.ps1") -> syncrules.Export:
    """Return an export of rules, read."""
    return syncrules.parse(text_of(*rules), name=name)


def server(*exports: syncrules.Export) -> Server:
    """Return what exports show of their server."""
    return merge(map(server_of_export, exports))


def staging_with(*connectors: str, kind: str = "AD") -> Server:
    """Return a staging server that shows each connector by one out-of-box rule."""
    return server(
        export(
            *(
                out_of_box(f"In from {kind} - User Join", 800 + n, connector)
                for n, connector in enumerate(connectors)
            ),
            name="staging.ps1",
        )
    )


STAGING = staging_with(B1)


def mapped(
    data: str | bytes,
    *,
    name: str = "custom.ps1",
    staging: Server = STAGING,
    mapping: Mapping[str, str] | None = None,
    bare: bool = True,
    encoding: str | None = None,
) -> bytes:
    """Return the one output file that an export becomes."""
    planned = syncrules.plan(
        [syncrules.parse(data, name=name, encoding=encoding)],
        staging=staging,
        mapping=mapping,
        bare=bare,
    )
    (written,) = planned.output().values()
    return written


def codes(findings: Iterable[syncrules.Diagnostic]) -> list[str]:
    """Return the findings' codes, in order."""
    return [f.code for f in findings]


def errors(findings: Iterable[syncrules.Diagnostic]) -> list[str]:
    """Return the errors' codes, in order."""
    return [f.code for f in findings if f.is_error]


def the(code: str, findings: Iterable[syncrules.Diagnostic]) -> syncrules.Diagnostic:
    """Return the one finding of a code."""
    findings = tuple(findings)
    found = [f for f in findings if f.code == code]
    assert len(found) == 1, f"{len(found)} findings {code} among {codes(findings)}"
    return found[0]


# ---- The command ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What a run of the command gave."""

    code: int
    stdout: str
    stderr: str

    @property
    def codes(self) -> list[str]:
        """The codes of the findings that are printed, in order."""
        return re.findall(r"(?:error|warning|note)\[(SR[0-9]+)\]: ", self.stderr + self.stdout)


def command() -> click.Command:
    """Return the command line."""
    loaded: click.Command = main
    return loaded


# Before 8.2 click's runner mixed the two streams unless told not to.
_SEPARATE: dict[str, Any] = (
    {"mix_stderr": False} if "mix_stderr" in inspect.signature(CliRunner).parameters else {}
)


def run(*arguments: str | Path, stdin: str | bytes = b"") -> Outcome:
    """Run the installed command in this process; what is no refusal of its own is raised."""
    runner = CliRunner(**_SEPARATE)
    result = runner.invoke(command(), [*map(str, arguments)], stdin, catch_exceptions=False)
    return Outcome(result.exit_code, result.stdout, result.stderr)


def script() -> Path:
    """Return the installed script."""
    suffix = ".exe" if sys.platform == "win32" else ""
    return Path(sys.executable).with_name(f"syncrules{suffix}")


def run_apart(
    *arguments: str | Path,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    seconds: float = 20,
) -> Outcome:
    """Run the installed script in a process of its own."""
    done = subprocess.run(
        [script(), *arguments],
        input=stdin,
        capture_output=True,
        env=None if environment is None else dict(environment),
        timeout=seconds,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


# ---- Folders -------------------------------------------------------------------------------------


def write(path: Path, content: str | bytes | syncrules.SyncRule) -> Path:
    """Write a text, bytes or an export of one rule, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, syncrules.SyncRule):
        content = text_of(content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(*names: str) -> bytes:
    """Return a zip with a file of each name."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), f"what is in {name}")
    return data.getvalue()


def listing(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return everything in a folder and below: modes, and the bytes of files."""
    return {
        str(path.relative_to(folder)): (
            stat.S_IMODE(path.lstat().st_mode),
            path.read_bytes() if _is_small_file(path) else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def _is_small_file(path: Path) -> bool:
    return path.is_file() and path.stat().st_size < 1_000_000

"""docs/findings/ against the code: every code has a page, and every example prints what it says.

`python tests/test_diagnostics.py` puts what is printed now into the pages, and makes the tables of
docs/reference/diagnostics.md from them; read the difference before you keep it.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import itertools
import json
import os
import re
import shlex
import sys
import tempfile
import unittest.mock
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import syncrules
from support import finding_pages
from support.builders import (
    A1,
    A2,
    B1,
    B2,
    ENTRA,
    export,
    guid,
    out_of_box,
    rule,
    run,
    server,
    text_of,
    write,
    zipped,
)
from support.checking import WITHOUT, configuration_checked
from support.configurations import ENTRA_FILE, ConnectorFile, configuration, rule_xml
from support.finding_pages import EXAMPLES, FOLDER, INDEX, PAGES, Example, Page, indexed
from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.diagnostics import Code, Severity, printable
from syncrules.exports.export import Export
from syncrules.kit.assembling import kit_of
from syncrules.migration.output.disable_script import disable_script
from syncrules.pairing.connector_text import LIST_CONNECTORS
from syncrules.servers.exported_rules import server_of_export

ROOT = Path(__file__).resolve().parents[1]
SOURCES = tuple(
    path for folder in ("syncrules", "cli") for path in sorted((ROOT / folder).rglob("*.py"))
)

CODE = re.compile(r"SR[0-9]{3}")
TOLD_CODE = re.compile(r"\bCode\.(SR[0-9]{3})\b")
SEVERITY = re.compile(r"\*\*(Error|Warning|Note)(?:, or a (warning|note))?\.\*\* \S")
PROMPT = "PS> "
MORE = ">>  "

OF_NO_FILE = frozenset(
    f"SR{number}" for number in (128, 401, 408, 409, 444, 455, 473, 476, 477, 479, 482, 611, 614)
)
"""Findings of the command line, or of both servers."""
OF_NO_LINE = OF_NO_FILE | {
    f"SR{number}"
    for number in (
        *(*range(105, 123), 127, 129, 130, 131, 448, 451, 454, 462, 463, 470, 471, 472),
        *(*range(501, 514), 517, *range(610, 619)),
    )
}
"""Findings of a file as a whole, or of none."""
WHERE_IT_IS_KNOWN = frozenset(
    f"SR{number}" for number in (402, 413, 414, 415, 417, 450, 452, 453, 456, 458)
)
"""Findings that have a place where an EXPORT shows what they are about."""
OF_POSIX = frozenset({"SR508", "SR512"})
"""Examples that are worded by the operating system in part, or have files of names of its own."""


in_folder = pytest.mark.usefixtures("_in_folder")
each_example = pytest.mark.parametrize(
    "example", EXAMPLES, ids=[f"{e.code or 'reading'}-line-{e.start}" for e in EXAMPLES]
)


# ---- What the examples are run on ----------------------------------------------------------------

ELSEWHERE = "cccccccc-1111-4111-8111-111111111111"
CUSTOM = rule("In from AD - User Custom", 1)


def _out(name: str, number: int) -> SyncRule:
    """Return a custom rule of Entra's connector, which is the same on both servers."""
    return replace(
        rule(f"Out to AAD - {name}", number, ENTRA),
        direction="Outbound",
        source_object_type="person",
        target_object_type="user",
    )


def _out_of_box(name: str, number: int, precedence: int) -> SyncRule:
    """Return one of Microsoft's rules for Entra's connector."""
    made = out_of_box(f"Out to AAD - {name}", number, ENTRA)
    return replace(made, direction="Outbound", precedence=precedence)


def _flow(expression: str, destination: str) -> AttributeFlowMapping:
    return AttributeFlowMapping(None, destination, "Expression", "Update", False, expression)


def _newer(made: SyncRule) -> SyncRule:
    """Return an out-of-box rule with a higher version in its tag."""
    tag = (made.immutable_tag or "").replace(".004", ".006")
    return replace(made, immutable_tag=tag, attribute_flow_mappings=(_flow("[title]", "title"),))


CUSTOM_ENTRA = _out("User Custom", 2)
SHARED = replace(
    _out("User Custom", 7), name="Out to AD - User Custom", connector=A1, precedence=51
)
JOIN_ON = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
JOIN = replace(out_of_box("In from AD - User Join", 900, A1), join_filter=JOIN_ON)
THERE = replace(JOIN, identifier=guid(800), connector=B1)
CLONE = replace(rule("In from AD - User Join - Cloned", 5), join_filter=JOIN_ON, identifier=guid(5))

GROUP_ACTIVE, GROUP_STAGING = (
    _out_of_box("Group Join", number, precedence) for number, precedence in ((911, 104), (811, 105))
)
USER_ACTIVE, USER_STAGING = (
    _out_of_box("User Join", number, precedence) for number, precedence in ((910, 106), (810, 104))
)
CHANGED_STAGING = replace(USER_STAGING, attribute_flow_mappings=())
PLACED = replace(_out("User Placed", 6), precedence=105, precedence_before=guid(910))
BEFORE_CUSTOM = replace(
    _out("User Referring", 7), precedence=0, precedence_before=CUSTOM_ENTRA.identifier
)
BEFORE_JOIN = replace(BEFORE_CUSTOM, precedence_before=guid(910))
CUSTOM_BEFORE = replace(CUSTOM_ENTRA, precedence=0, precedence_before=BEFORE_CUSTOM.identifier)

UNKNOWN = replace(CUSTOM_ENTRA, attribute_flow_mappings=(_flow("[contosoTier]", "title"),))
CONTOSO, FABRIKAM, LITWARE = "contoso.com", "fabrikam.com", "litware.com"
ANCHOR = "Microsoft.SynchronizationOption.AnchorAttribute"


def _list(*connectors: tuple[str, str]) -> str:
    """Return a connector list as Export-Csv writes it."""
    rows = (f'"{name}","{identifier}","AD",""' for name, identifier in connectors)
    return "\r\n".join(('"Name","Identifier","Type","Subtype"', *rows, ""))


def _condition_apart() -> str:
    """Return an export in which a rule's condition was made before the rule."""
    scoped = replace(CUSTOM_ENTRA, scope_filter=((ScopeCondition("department", "x", "EQUAL"),),))
    text = text_of(scoped)
    start, end = text.index("New-Object"), text.index("Add-ADSyncScopeConditionGroup")
    first = text_of(_out("User First", 9))
    return first + text[start:end] + text[:start] + text[end:]


def _kit() -> Mapping[str, bytes]:
    """Return the files of a kit of one rule that disables one original."""
    exports = [
        export(CUSTOM_ENTRA, name="active-entra.ps1"),
        export(replace(USER_ACTIVE, disabled=True), name="active-disabled-entra.ps1"),
    ]
    return _kit_of(*exports, staging=export(USER_STAGING, GROUP_STAGING, name="staging-entra.ps1"))


def _kit_of(*exports: Export, staging: Export) -> Mapping[str, bytes]:
    kit, found = kit_of(syncrules.plan(exports, staging=server(staging)))
    assert kit is not None, found
    return kit.files


KIT = _kit()
BLIND = _kit_of(
    export(CUSTOM_ENTRA, name="active-entra.ps1"),
    staging=export(_out("User Other", 8), name="staging-custom.ps1"),
)
"""A kit made from files that look the same on both servers."""
DISABLED_THERE = replace(USER_STAGING, disabled=True)

FILES: dict[str, str | bytes] = {
    **{f"kit/{path}": data for path, data in KIT.items()},
    **{f"kit-used/{path}": data for path, data in KIT.items()},
    "kit-used/journal.jsonl": "{}\n",
    **{f"kit-shared/{path}": data for path, data in KIT.items()},
    "kit-shared/approved-rules.txt": "approved\n",
    "mapped-cut/.syncrules-k3x9q2/kept/active-entra.ps1": text_of(CUSTOM_ENTRA),
    **{f"kit-edited/{path}": data for path, data in KIT.items()},
    "kit-edited/2-apply.ps1": "exit 0\r\n",
    **{f"kit-blind/{path}": data for path, data in BLIND.items()},
    "no-kit/manifest.json": '{"name": "something else"}\n',
    "now-changed.ps1": text_of(replace(CUSTOM_ENTRA, description="Changed"), DISABLED_THERE),
    "now-enabled.ps1": text_of(CUSTOM_ENTRA, USER_STAGING),
    "now-in-part.ps1": text_of(DISABLED_THERE),
    "active-now.ps1": text_of(CUSTOM_ENTRA, replace(USER_ACTIVE, disabled=True)),
    "now-custom.ps1": text_of(CUSTOM_ENTRA),
    "active-nameless.ps1": text_of(replace(CUSTOM_ENTRA, identifier=None)),
    "active-condition-apart.ps1": _condition_apart(),
    "active.ps1": text_of(CUSTOM),
    "active-entra.ps1": text_of(CUSTOM_ENTRA),
    "active-default.ps1": text_of(JOIN),
    "active-default-entra.ps1": text_of(USER_ACTIVE, GROUP_ACTIVE),
    "active-two-forests.ps1": text_of(CUSTOM, rule("In from AD - User Fabrikam", 3, A2)),
    "active-same-names.ps1": text_of(CUSTOM, rule(CUSTOM.name, 3, A2)),
    "active-reference.ps1": text_of(replace(BEFORE_JOIN, precedence_before=guid(912))),
    "active-before-join.ps1": text_of(BEFORE_JOIN),
    "active-before-custom.ps1": text_of(BEFORE_CUSTOM),
    "active-in-this-order.ps1": text_of(BEFORE_CUSTOM, CUSTOM_ENTRA),
    "active-custom-before.ps1": text_of(CUSTOM_BEFORE),
    "active-before-group.ps1": text_of(replace(BEFORE_JOIN, precedence_before=guid(911))),
    "active-both.ps1": text_of(replace(BEFORE_JOIN, precedence_after=guid(911))),
    "active-placed.ps1": text_of(PLACED),
    "active-default-user.ps1": text_of(USER_ACTIVE),
    **{
        f"active-{word}.ps1": text_of(
            replace(
                _out(f"User {word.title()}", number),
                precedence=0,
                precedence_before=USER_ACTIVE.identifier,
            )
        )
        for number, word in ((21, "first"), (22, "second"))
    },
    "active-three.ps1": text_of(*(_out(f"User {n}", n) for n in (11, 12, 13))),
    "active-high.ps1": text_of(replace(CUSTOM_ENTRA, precedence=150)),
    "active-zero.ps1": text_of(replace(CUSTOM_ENTRA, precedence=0)),
    "active-join.ps1": text_of(CLONE),
    "active-behind.ps1": text_of(
        USER_ACTIVE,
        *(
            replace(_out(f"User {n}", n), precedence=n, precedence_after=USER_ACTIVE.identifier)
            for n in (107, 108)
        ),
    ),
    "active-shared.ps1": text_of(CUSTOM_ENTRA, SHARED),
    "active-shared-ad.ps1": text_of(SHARED),
    "active-guid.ps1": text_of(
        replace(
            CUSTOM_ENTRA,
            attribute_flow_mappings=(
                _flow(f'IIF([contributingConnectorUser]="{A1}","north",NULL)', "department"),
            ),
        )
    ),
    "active-clone.ps1": text_of(
        JOIN,
        replace(JOIN, name="In from AD - User Join Contoso", identifier=guid(5), precedence=101),
    ),
    "active-tagged.ps1": text_of(
        replace(_out("User Contoso", 9), immutable_tag="Microsoft.ContosoSpecial.001")
    ),
    "active-flow.ps1": text_of(
        replace(
            CUSTOM_ENTRA,
            attribute_flow_mappings=(
                AttributeFlowMapping(
                    ("IIF(IsPresent([title]),[title],NULL)",),
                    "title",
                    "Direct",
                    "Update",
                    False,
                    None,
                ),
            ),
        )
    ),
    "active-attribute.ps1": text_of(UNKNOWN),
    "active-deleted.ps1": text_of(_out("User Contractors", 9)),
    "active-low-number.ps1": text_of(replace(JOIN, precedence=99)),
    "active-disabled.ps1": text_of(replace(JOIN, disabled=True)),
    "active-disabled-entra.ps1": text_of(replace(USER_ACTIVE, disabled=True)),
    "active-and-word.ps1": text_of(CUSTOM_ENTRA) + "Write-Host 'Rule added.'\r\n",
    "active-variable.ps1": (
        f"{text_of(JOIN)}$connector = '{ENTRA}'\r\n\r\n"
        + text_of(CUSTOM_ENTRA).replace(f"'{ENTRA}'", "$connector")
    ),
    "active-entra-edited.ps1": text_of(replace(CUSTOM_ENTRA, link_type="Provision")),
    "active-connectors.csv": _list((CONTOSO, A1), ("contoso.onmicrosoft.com - AAD", ENTRA)),
    "connectors-of-one-name.csv": _list(
        (CONTOSO, B1), (CONTOSO, B2), ("contoso.onmicrosoft.com - AAD", ENTRA)
    ),
    "copy-of-active-entra.ps1": text_of(replace(CUSTOM_ENTRA, precedence=52)),
    "staging.ps1": text_of(THERE),
    "staging-two-forests.ps1": text_of(
        THERE, replace(THERE, identifier=guid(801), precedence=101, connector=B2)
    ),
    "staging-entra.ps1": text_of(USER_STAGING, GROUP_STAGING),
    "staging-entra-disabled.ps1": text_of(replace(USER_STAGING, disabled=True)),
    "staging-entra-changed.ps1": text_of(CHANGED_STAGING, GROUP_STAGING),
    "staging-entra-newer.ps1": text_of(CHANGED_STAGING, _newer(GROUP_STAGING)),
    "staging-edited.ps1": text_of(out_of_box("In from AAD - User Join", 803, ELSEWHERE)),
    "staging-two-of-one-tag.ps1": text_of(
        USER_STAGING,
        replace(USER_STAGING, name="Out to AAD - User Copy", identifier=guid(812), precedence=106),
    ),
    "staging-moved.ps1": text_of(replace(CUSTOM_ENTRA, precedence=60)),
    "staging-by-hand.ps1": text_of(replace(CUSTOM_ENTRA, identifier=guid(701), precedence=61)),
    "staging-other.ps1": text_of(replace(_out("User Other", 702), precedence=51)),
    "by-forest/contoso.ps1": text_of(CUSTOM_ENTRA),
    "by-forest/fabrikam/custom.ps1": text_of(_out("User Fabrikam", 8)),
    "contoso/custom.ps1": text_of(CUSTOM_ENTRA),
    "fabrikam/custom.ps1": text_of(_out("User Fabrikam", 8)),
    "mapped/active-entra.ps1": text_of(CUSTOM_ENTRA),
    "mapped-before/disable-out-of-box.ps1": disable_script(
        server_of_export(syncrules.parse(text_of(THERE))).rules
    ),
    "mapped-before/notes.docx": "Which rule does what.",
    "scripts/cleanup.ps1": "Get-ADSyncRule\r\n",
    "exports/contoso/ad/custom.ps1": text_of(CUSTOM),
    "empty.ps1": "",
    "readme.txt": "Dear colleague,\r\n\r\nthese are the rules of our forest.\r\n",
    "rules.zip": zipped("active.ps1"),
    "connectors.xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "screenshot.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(32)) * 4,
    "cut.xml": "<ma-data>\n  <id>{BBBBBBBB-1111",
    "entities.xml": '<!DOCTYPE ma-data [<!ENTITY a "aaaaaaaa">]>\n<ma-data>&a;</ma-data>\n',
    "report.xml": "<report><date>2026-01-02</date></report>\n",
    "rule.xml": f"<synchronizationRule>\n  <id>{{{guid(1)}}}</id>\n</synchronizationRule>\n",
    "connectors.txt": f"Name Identifier\n---- ----------\nx    {B1}\n",
    "rules.json": f'[{{"Name": "In from AD - User", "Identifier": "{guid(1)}", "Direction": 0}}]\n',
    "connectors-of-objects.csv": _list(("contoso.com", "System.Guid")),
    "connectors.csv": _list((FABRIKAM, B1), ("contoso.onmicrosoft.com - AAD", ENTRA)),
    "new-half/SynchronizationRules/SynchronizationRule_2.xml": rule_xml(
        replace(THERE, identifier=guid(802), connector=B2)
    ),
    "old-unknown/SynchronizationRules/SynchronizationRule_2.xml": rule_xml(CUSTOM_ENTRA).replace(
        "</synchronizationRule>", "  <priority-group>2</priority-group>\n</synchronizationRule>"
    ),
}
"""What lies in the folder that the commands are run in."""
FOLDERS = ("blocked/active-entra.ps1",)
ON_POSIX = {
    "a:b.ps1": text_of(CUSTOM_ENTRA),
    "a?b.ps1": text_of(_out("User Fabrikam", 8)),
}
"""Files whose names Windows does not take."""
LARGE = {"backup.ps1": 70 * 1024 * 1024}
"""Files of zeros, made without writing them."""


def _configured(folder: str, *forests: str, of_active: bool, **options: object) -> Path:
    """Write a server's configuration: a connector for each forest, and Entra's."""
    identifiers = (A1, A2) if of_active else (B1, B2)
    connectors = [ConnectorFile(i, f, forest=f) for i, f in zip(identifiers, forests, strict=False)]
    rules = (JOIN, USER_ACTIVE) if of_active else (THERE, USER_STAGING)
    arguments: dict[str, Any] = {
        "connectors": (*connectors, ENTRA_FILE),
        "rules": rules,
        "staging_mode": not of_active,
        "metaverse": ("cn", "cloudFiltered", "sourceAnchorBinary"),
    }
    return configuration(Path(folder), **arguments | options)


def _configurations() -> None:
    """Write the servers' configuration folders: old… of the active one, new… of staging."""
    own = (JOIN, USER_ACTIVE, CUSTOM, CUSTOM_ENTRA)
    _configured("old", CONTOSO, of_active=True, rules=own)
    _configured("old-two-forests", CONTOSO, FABRIKAM, of_active=True, rules=(*own[:2], CUSTOM))
    of_entra = (*own[:2], CUSTOM_ENTRA)
    _configured(
        "old-anchor", CONTOSO, of_active=True, rules=of_entra, settings={ANCHOR: "objectGUID"}
    )
    _configured("old-attribute", CONTOSO, of_active=True, rules=(*own[:3], UNKNOWN))
    _configured("new", CONTOSO, of_active=False)
    _configured("new-two-forests", CONTOSO, FABRIKAM, of_active=False)
    _configured("new-litware", LITWARE, of_active=False)
    _configured("new-live", CONTOSO, of_active=False, staging_mode=False)
    _configured("old-staging", CONTOSO, of_active=True, rules=of_entra, staging_mode=True)
    _configured("new-anchor", CONTOSO, of_active=False, settings={ANCHOR: "mS-DS-ConsistencyGuid"})
    _configured("new-again", CONTOSO, of_active=False, rules=(THERE, DISABLED_THERE))
    applied = (THERE, DISABLED_THERE, CUSTOM_ENTRA)
    _configured("now-switched", CONTOSO, of_active=False, rules=applied, staging_mode=False)
    _configured("new-schema", CONTOSO, of_active=False, metaverse=("cn",))
    tried = [replace(_out(f"User Test {n}", n), disabled=n == 704) for n in (703, 704)]
    _configured("new-tried", CONTOSO, of_active=False, rules=(THERE, USER_STAGING, *tried))
    added = (GROUP_STAGING, _out_of_box("Device Join", 812, 106))
    _configured("new-more", CONTOSO, of_active=False, rules=(THERE, USER_STAGING, *added))
    without = [ConnectorFile(B1, CONTOSO, forest=CONTOSO)]
    _configured("new-without-entra", of_active=False, connectors=without, rules=[THERE])
    _configured("new-half", CONTOSO, of_active=False)
    _configured("old-unknown", CONTOSO, of_active=True)
    more = [replace(ENTRA_FILE, selected=("cloudFiltered", "cn"), object_types=("user", "group"))]
    _configured("old-selected", of_active=True, connectors=more, rules=(USER_ACTIVE, CUSTOM_ENTRA))
    less = [replace(ENTRA_FILE, selected=("cn",), object_types=("group",))]
    _configured("new-selected", of_active=False, connectors=less, rules=(USER_STAGING,))
    newer = _configured("old-newer", CONTOSO, of_active=True, rules=of_entra)
    for path in newer.glob("SynchronizationRules/*.xml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("<name>", "<rule-format>2</rule-format><name>"), "utf-8")


IN_CONFIGURATIONS = ("GlobalSettings/MV.xml",)
"""Names that findings show of files in a configuration folder."""


def _lay_out() -> None:
    """Put the files of the commands into the present folder."""
    for name, content in (FILES | (ON_POSIX if os.name == "posix" else {})).items():
        write(Path(name), content)
    _configurations()
    for name in FOLDERS:
        Path(name).mkdir(parents=True)
    for name, size in LARGE.items():
        with Path(name).open("wb") as file:
            file.truncate(size)


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-32": lambda text: text.encode("utf-32"),
    "windows-1252": lambda text: text.encode("cp1252"),
    "windows-1252 with a mark of UTF-8": lambda text: b"\xef\xbb\xbf" + text.encode("cp1252"),
    "NUL for ␀": lambda text: text.replace("␀", "\0").encode("utf-8-sig"),
}

PARAMETERS = {
    "-Name": "-Name 'In from AD - User Custom'",
    "-Direction": "-Direction 'Inbound'",
    "-SourceObjectType": "-SourceObjectType 'user'",
    "-TargetObjectType": "-TargetObjectType 'person'",
    "-Connector": f"-Connector '{A1}'",
    "-OutVariable": "-OutVariable syncRule",
}


def _whole(script: str) -> str:
    """Return a script with the rest of its rule put in for `…`, in one line each."""
    lines = script.split("\n")
    for number, line in enumerate(lines):
        if line != "…":
            continue
        above = "\n".join(lines[:number])
        parts: list[str] = []
        if above.endswith(" `"):
            command = above.rpartition("New-ADSyncRule")[2]
            parts.append(" ".join(p for n, p in PARAMETERS.items() if f"{n} " not in command))
        elif "New-ADSyncRule" not in above:
            parts.append("New-ADSyncRule " + " ".join(PARAMETERS.values()))
        if number == len(lines) - 1 or lines[number + 1].startswith("New-ADSyncRule"):
            parts.append("Add-ADSyncRule -SynchronizationRule $syncRule[0]")
        lines[number] = "; ".join(parts)
    return "\n".join(lines)


def _commands(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield the commands of a console block: as they are typed, line by line, and in one line."""
    typed: list[str] = []
    for line in text.split("\n"):
        if not line.startswith((PROMPT, MORE)):
            continue
        typed.append(line)
        if not line.endswith("`"):
            plain = (t.removeprefix(PROMPT).removeprefix(MORE).removesuffix("`") for t in typed)
            yield typed, "".join(plain)
            typed = []


def _runs(example: Example) -> Iterator[list[str]]:
    """Yield the arguments of each run of an example, which is run in the present folder."""
    if example.form == "powershell":
        data = ENCODERS[example.bytes_as](_whole(example.shown).replace("\n", "\r\n") + "\r\n")
        Path("example.ps1").write_bytes(data)
        yield _looking_at(example)
        return
    _lay_out()
    for _, command in _commands(example.shown):
        if command != "$LASTEXITCODE":
            program, *arguments = shlex.split(command)
            assert program == "syncrules", command
            yield arguments


def _looking_at(example: Example) -> list[str]:
    """Return the command that tells what is wrong in example.ps1, with the files that it needs."""
    if not example.code.startswith("SR7"):
        return ["inspect", "example.ps1"]
    beside = [] if WITHOUT in example.shown else [str(configuration_checked(Path("checked")))]
    return ["check", "example.ps1", *beside, "-v"]


_COUNT = re.compile(r"[0-9]+ (?:error|warning|note)s?(?:, [0-9]+ (?:error|warning|note)s?)*")


def _printed(example: Example) -> str:
    """Return what an example prints, as its page shows it: in the columns of a file."""
    with unittest.mock.patch.dict(os.environ):
        os.environ.pop("COLUMNS", None)
        return _without_more(_printed_in_columns(example))


def _printed_in_columns(example: Example) -> str:
    if example.form == "powershell":
        (arguments,) = _runs(example)
        outcome = run(*arguments)
        if arguments[0] == "check":
            verdict, findings, *_ = outcome.stdout.split("\n\n")
            assert verdict.startswith("Checked "), outcome.stdout
            return findings
        printed = outcome.stderr or outcome.stdout.rpartition("\n\n")[2]
        findings, _, count = printed.rstrip("\n").rpartition("\n")
        assert _COUNT.fullmatch(count), printed
        return findings
    _lay_out()
    pieces: list[str] = []
    code = 0
    for typed, command in _commands(example.shown):
        pieces += typed
        if command == "$LASTEXITCODE":
            pieces.append(str(code))
            continue
        outcome = run(*shlex.split(command)[1:])
        code = outcome.code
        outputs = [text.strip("\n") for text in (outcome.stdout, outcome.stderr) if text.strip()]
        assert len(outputs) == 1, "in which order the two streams print is not known"
        pieces += outputs
    return "\n".join(pieces)


def _without_more(printed: str) -> str:
    """Return what is printed without the line that leads to the pages."""
    return "\n".join(line for line in printed.split("\n") if not line.startswith("For more: "))


def _with_slashes(text: str) -> str:
    """Return a text with the paths of the folder's files as the pages write them."""
    if os.sep == "/":
        return text
    for name in (*FILES, *FOLDERS, *LARGE, *IN_CONFIGURATIONS):
        text = text.replace(name.replace("/", os.sep), name)
    return text


@pytest.fixture
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# ---- Every code, once ----------------------------------------------------------------------------


def test_every_code_has_one_page_under_its_title_and_nothing_else_has() -> None:
    assert [(page.code, page.title) for page in PAGES] == [(code, code.heading) for code in Code]
    assert sorted(path.name for path in FOLDER.iterdir()) == [f"{code}.md" for code in Code]
    assert [code.name for code in Code] == [*Code]


def test_every_code_is_told_somewhere() -> None:
    told = {c for path in SOURCES for c in TOLD_CODE.findall(path.read_text(encoding="utf-8"))}
    assert told == set(Code)


def test_the_index_has_the_groups_of_the_codes() -> None:
    headings = re.findall(r"(?m)^### SR([0-9])xx · (.+)$", INDEX.read_text(encoding="utf-8"))
    assert headings == [*dict.fromkeys((code[2], code.group.value) for code in Code)]


def test_the_index_is_made_from_the_pages() -> None:
    text = INDEX.read_text(encoding="utf-8")
    assert indexed(text, PAGES) == text


def test_the_index_finds_every_code_by_itself_and_by_what_is_printed() -> None:
    by_code, _, by_sight = INDEX.read_text(encoding="utf-8").partition("\n## By what you see\n")
    for listed in (by_code, by_sight):
        assert {*re.findall(r"\(\.\./findings/(SR[0-9]{3})\.md\)", listed)} == {*Code}


@pytest.mark.parametrize("page", PAGES, ids=[p.code for p in PAGES])
def test_a_page_says_what_why_and_what_to_do_and_shows_it(page: Page) -> None:
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?ms)^```.*?^```$", "", page.text))
    assert headings[1:] == ["Why it matters", "What to do", "Example"]
    parts = re.split(r"(?m)^## .+$", page.text)
    assert all(part.strip() for part in parts)
    severity = SEVERITY.match(page.lead)
    assert severity is not None, page.lead
    shown = set()
    for example in page.examples:
        found = re.findall(rf"(?m)(?:^|: )(\w+)\[{page.code}\]: ", example.printed)
        assert found, f"{page.code}.md:{example.start}"
        shown.update(found)
    assert shown == {s.lower() for s in severity.groups() if s}


@pytest.mark.parametrize("page", PAGES, ids=[p.code for p in PAGES])
def test_a_page_names_codes_that_there_are(page: Page) -> None:
    assert {*CODE.findall(page.text)} <= {*Code}


# ---- Every example -------------------------------------------------------------------------------


@in_folder
@each_example
def test_an_example_prints_what_its_page_shows(example: Example) -> None:
    if sys.platform == "win32" and example.code in OF_POSIX:
        pytest.skip("the system has its own words")
    assert _with_slashes(_printed(example)) == example.printed


@pytest.mark.slow
@in_folder
@each_example
def test_each_finding_of_an_example_has_a_place_a_message_and_a_hint(example: Example) -> None:
    found = 0
    for arguments in _runs(example):
        outcome = run(*arguments, "--format", "json")
        for finding in json.loads(outcome.stdout)["diagnostics"]:
            found += 1
            _check(finding)
    assert found


def _check(finding: dict[str, Any]) -> None:
    code = finding["code"]
    assert finding["severity"] in set(Severity)
    assert (finding["line"] is None) == (finding["column"] is None)
    if code not in WHERE_IT_IS_KNOWN:
        assert (finding["file"] is None) == (code in OF_NO_FILE)
        assert (finding["line"] is None) == (code in OF_NO_LINE)
    assert _is_sentence(finding["message"]), finding["message"]
    hint = finding["hint"]
    to_copy = "--map " in hint or OPTION.search(hint) or hint.endswith(f": {LIST_CONNECTORS}")
    assert _is_sentence(hint) or to_copy, hint


OPTION = re.compile(r": --[a-z-]+(?: \S+| \".+\")?$")
"""How a hint may end: with an option to copy, so no dot stands behind it."""


def _is_sentence(text: str) -> bool:
    """Return whether a text is one line that ends as a sentence does."""
    return text.endswith((".", "?")) and text == text.strip() and "\n" not in text


# ---- Every message -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A message and its hint as the source writes them; what is put in is left open."""

    where: str
    texts: tuple[str, ...]


def _told() -> Iterator[Told]:
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        helpers = {function.name: function for function in functions}
        in_functions: set[ast.Call] = set()
        for function in functions:
            for call in _calls(function):
                in_functions.add(call)
                for texts in _texts(call, helpers, _locals(function)):
                    yield Told(f"{path.name}:{call.lineno}", texts)
        for call in _calls(tree):
            if call not in in_functions and (texts := _message_and_hint(call, {})):
                yield Told(f"{path.name}:{call.lineno}", texts)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (n for n in ast.walk(node) if isinstance(n, ast.Call))


Bound = dict[str, list[str]]
"""What the parameters and variables of a function may be."""


def _locals(function: ast.FunctionDef) -> Bound:
    """Return the texts that the variables of a function are given."""
    found: Bound = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            texts = _readings(node.value, found)
            if texts:
                found.setdefault(node.targets[0].id, []).extend(texts)
    return found


def _texts(
    call: ast.Call, helpers: dict[str, ast.FunctionDef], bound: Bound
) -> Iterator[tuple[str, ...]]:
    """Yield the message and hint of a call that names a code.

    Where a function of the module puts them together, they are as they come out of it.
    """
    helper = helpers.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if helper is not None and "code" in (names := [a.arg for a in helper.args.args]):
        given = {n: _readings(a, bound) for n, a in zip(names, call.args, strict=False)}
        if any(CODE.fullmatch(text) for text in given["code"]):
            yield from (t for inner in _calls(helper) if (t := _message_and_hint(inner, given)))
            return
    texts = _message_and_hint(call, bound)
    if texts:
        yield texts


def _message_and_hint(call: ast.Call, bound: Bound) -> tuple[str, ...]:
    readings = [found for a in call.args if (found := _readings(a, bound))]
    codes = [n for n, found in enumerate(readings) if any(map(CODE.fullmatch, found))]
    if not codes:
        return ()
    return tuple(text for found in readings[codes[0] + 1 : codes[0] + 3] for text in found)


def _readings(node: ast.expr, bound: Bound) -> list[str]:
    """Return the texts that an expression may be; none where it is no text of the source."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Attribute(value=ast.Name(id="Code"), attr=code):
            return [code]
        case ast.Name(id=name):
            return bound.get(name, [])
        case ast.IfExp(body=one, orelse=other):
            return [*_readings(one, bound), *_readings(other, bound)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return [
                "".join(pair)
                for pair in itertools.product(_readings(left, bound), _readings(right, bound))
            ]
        case ast.JoinedStr(values=values):
            parts = [
                _readings(p.value if isinstance(p, ast.FormattedValue) else p, bound) or ["{}"]
                for p in values
            ]
            return ["".join(chosen) for chosen in itertools.product(*parts)]
    return []


TOLD = tuple(_told())


def test_the_messages_of_the_source_are_found() -> None:
    assert len(TOLD) > 150


@pytest.mark.parametrize("told", TOLD, ids=[t.where for t in TOLD])
def test_a_message_and_its_hint_are_sentences(told: Told) -> None:
    for text in told.texts:
        assert text == text.strip()
        assert not re.search(r"\s\s", text)
        # What is put in at the end is a sentence of its own, or a command to copy.
        assert text.endswith((".", "?", "{}")) or OPTION.search(text), text
        assert not text[0].islower(), text


# ---- Echoed text ---------------------------------------------------------------------------------

ACTIVE = "\x1b\x07\x9b\xad\u061c\u200b\u200e\u200f\u202a\u202e\u2028\u2066\u2069\ufeff"
"""Characters that move a cursor, colour, hide or turn text, or ring a bell."""
NAMEABLE = "".join(c for c in ACTIVE if c not in "\x1b\x07")
"""Those that Windows takes in the name of a file."""


def _echoes(*arguments: str) -> None:
    for form in ((), ("--format", "json")):
        outcome = run(*arguments, *form)
        echoed = outcome.stdout + outcome.stderr
        assert [c for c in echoed if c in ACTIVE] == []
        assert "\\u202e" in echoed


@in_folder
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(f"{ACTIVE} -Name 'x'", id="command"),
        pytest.param(f"New-ADSyncRule -{ACTIVE} 'x'", id="parameter"),
        pytest.param(f"New-ADSyncRule -Name a{ACTIVE}", id="word"),
        pytest.param(f"New-ADSyncRule -Name $a{ACTIVE}", id="variable"),
        pytest.param(f"New-ADSyncRule -Name $a.{ACTIVE}", id="member"),
        pytest.param(f"New-ADSyncRule -Name a>{ACTIVE}", id="redirection"),
        pytest.param(f"New-ADSyncRule -Name '{ACTIVE}", id="open text"),
        pytest.param(f"New-ADSyncRule -Name @('{ACTIVE}'", id="open array"),
        pytest.param(f"Remove-X '{ACTIVE}'", id="foreign command"),
        pytest.param(f"New-ADSyncRule `\n-Direction '{ACTIVE}' `\n…", id="direction"),
        pytest.param(f"New-ADSyncRule `\n-Connector '{ACTIVE}' `\n…", id="connector"),
        pytest.param(f"New-ADSyncRule `\n-Connector 'xxx{ACTIVE}' `\n…", id="placeholder"),
        pytest.param(f"New-ADSyncRule `\n-Name 'x' -Name '{ACTIVE}' `\n…", id="excerpt"),
        pytest.param(f"# {ACTIVE}\nNew-ADSyncRule -Precedence x # {ACTIVE}", id="comment"),
    ],
)
def test_text_of_a_script_is_echoed_with_escapes(script: str) -> None:
    Path("example.ps1").write_bytes(_whole(script).encode("utf-8-sig"))
    _echoes("inspect", "example.ps1")


@in_folder
def test_names_of_files_are_echoed_with_escapes() -> None:
    _lay_out()
    _echoes("inspect", f"missing{NAMEABLE}.ps1")
    write(Path(f"bad{NAMEABLE}.ps1"), "New-ADSyncRule")
    _echoes("inspect", f"bad{NAMEABLE}.ps1")
    write(Path(f"active{NAMEABLE}.ps1"), CUSTOM_ENTRA)
    both = f"active{NAMEABLE}.ps1", f"contoso/active{NAMEABLE}.ps1"
    write(Path(both[1]), CUSTOM_ENTRA)
    _echoes("remap", *both, "--staging", "staging.ps1", "--check")
    write(Path(f"mapped/other{NAMEABLE}.ps1"), "")
    _echoes("remap", "active-entra.ps1", "--staging", "staging.ps1", "--out", "mapped")
    _echoes("remap", both[0], "--staging", "staging.ps1", "--out", f"new{NAMEABLE}", "--force")


@in_folder
@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--staging", "staging.ps1"), id="nothing to move"),
        pytest.param(("active.ps1", "--staging", "staging.ps1"), id="moved beside it"),
        pytest.param(("active-default.ps1", "--staging", "staging.ps1"), id="two of one tag"),
    ],
)
def test_names_of_rules_are_echoed_with_escapes(options: tuple[str, ...]) -> None:
    _lay_out()
    write(Path("foreign.ps1"), replace(JOIN, name=f"Join {ACTIVE}", identifier=guid(7)))
    write(Path("custom.ps1"), rule(f"Out to AAD - {ACTIVE}", 8, ENTRA))
    _echoes("remap", "foreign.ps1", "custom.ps1", *options, "--check")


@in_folder
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("inspect", "here.ps1"), id="inspect"),
        pytest.param(
            ("remap", "active.ps1", "here.ps1", "--staging", "there.ps1", "--check"), id="one left"
        ),
        pytest.param(
            ("remap", "active.ps1", "here.ps1", "--staging", "staging.ps1", "--check"), id="none"
        ),
        pytest.param(("remap", "active.ps1", "--staging", "both", "--check"), id="two"),
    ],
)
def test_the_kind_of_a_connector_is_echoed_with_escapes(arguments: tuple[str, ...]) -> None:
    _lay_out()
    name = f"In from {ACTIVE} - User Join"
    for number, (file, connector) in enumerate(
        {"here.ps1": A1, "there.ps1": B1, "both/1.ps1": B1, "both/2.ps1": B2}.items()
    ):
        write(Path(file), out_of_box(name, number, connector))
    _echoes(*arguments)


@in_folder
def test_a_wrong_argument_is_echoed_with_escapes() -> None:
    outcome = run("remap", "active.ps1", "--staging", "staging.ps1", "--map", f"x{ACTIVE}")
    assert outcome.code == 2
    assert [c for c in outcome.stdout + outcome.stderr if c in ACTIVE] == []


def test_printable_leaves_no_character_that_acts() -> None:
    assert printable("Büro – 東京 ‘x’") == "Büro – 東京 ‘x’"
    assert not set(printable(ACTIVE)) & set(ACTIVE)
    assert printable(ACTIVE).isascii()


# ---- The pages, with what is printed now --------------------------------------------------------


def _rewrite() -> None:
    for path, examples in itertools.groupby(EXAMPLES, key=lambda example: example.path):
        lines = path.read_text(encoding="utf-8").split("\n")
        for example in reversed([*examples]):
            with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
                lines[example.start : example.end] = _printed(example).split("\n")
        path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    importlib.reload(finding_pages)
    index = finding_pages.indexed(INDEX.read_text(encoding="utf-8"), finding_pages.PAGES)
    INDEX.write_text(index, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _rewrite()

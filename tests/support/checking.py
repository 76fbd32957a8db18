"""What `syncrules.check` says of a script, printed as the commands print findings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
from syncrules.cli.diagnostics import count, render
from syncrules.cli.json_documents import diagnostic_json
from syncrules.cli.page import Page

import syncrules
from support.builders import A1, Outcome, out_of_box
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from syncrules import AttributeFlowMapping, JoinCondition, Server

__all__ = ["run_check", "server_checked"]

WITHOUT = "# Checked without the server's configuration."
"""A comment of a script that is checked by itself."""


def server_checked(folder: Path) -> Server:
    """Return a server of one forest with one rule, from its configuration."""
    join = out_of_box("In from AD - User Join", 900, A1)
    flow = AttributeFlowMapping(("objectGUID",), "sourceAnchorBinary", "Direct", None, False, None)
    on = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
    join = replace(join, attribute_flow_mappings=(flow,), join_filter=on)
    names = ("cn", "mail", "title", "userPrincipalName", "member", "objectGUID", "employeeNumber")
    return syncrules.read_server(
        configuration(
            folder,
            connectors=[
                ConnectorFile(
                    A1,
                    "contoso.com",
                    forest="contoso.com",
                    attributes=(*names, "userAccountControl"),
                ),
                ENTRA_FILE,
            ],
            rules=[join],
            metaverse=(*names, "sourceAnchorBinary"),
            settings={"Microsoft.SynchronizationOption.AnchorAttribute": "objectGUID"},
        )
    )


def run_check(script: str, *options: str) -> Outcome:
    """Check a script beside that configuration."""
    data = Path(script).read_bytes()
    server = Server() if WITHOUT.encode() in data else server_checked(Path("checked"))
    found = syncrules.check(syncrules.parse(data, script), server=server)
    lines = [*(line for d in found for line in render(d, Page(lists_all=True))), count(found)]
    printed = click.unstyle("".join(f"{line}\n" for line in lines))
    document = json.dumps({"diagnostics": [diagnostic_json(d) for d in found]})
    return Outcome(0, document if options else "", printed)

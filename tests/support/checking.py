"""The server beside which the examples of `syncrules check` are checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from support.builders import A1, out_of_box
from support.configurations import ENTRA_FILE, ConnectorFile, configuration
from syncrules import AttributeFlowMapping, JoinCondition

__all__ = ["WITHOUT", "configuration_checked"]

WITHOUT = "# Checked without the server's configuration."
"""A comment of a script that is checked by itself."""


def configuration_checked(folder: Path) -> Path:
    """Write the configuration of a server of one forest with one rule."""
    join = out_of_box("In from AD - User Join", 900, A1)
    flow = AttributeFlowMapping(("objectGUID",), "sourceAnchorBinary", "Direct", None, False, None)
    on = ((JoinCondition("objectGUID", "sourceAnchorBinary", False),),)
    join = replace(join, attribute_flow_mappings=(flow,), join_filter=on)
    names = ("cn", "mail", "title", "userPrincipalName", "member", "objectGUID", "employeeNumber")
    return configuration(
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

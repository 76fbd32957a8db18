"""Exports of any size, like those of a real server: some flows, a scope group, a join group."""

from __future__ import annotations

from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.exports.layout import script_text

__all__ = ["ACTIVE", "STAGING", "export"]

ACTIVE = "aaaaaaaa-0000-4000-8000-000000000001"
STAGING = "bbbbbbbb-0000-4000-8000-000000000002"

_FLOWS_A_RULE = 23  # 666 flows in 29 rules, in the export of a whole server


def export(size: int, connector: str, *, out_of_box: bool = False) -> bytes:
    """Return the export of so many rules that it has at least `size` bytes."""
    one = len(script_text([_rule(0, connector, out_of_box)]))
    rules = (_rule(number, connector, out_of_box) for number in range(-(-size // one)))
    return script_text(rules).encode("ascii")


def _rule(number: int, connector: str, out_of_box: bool) -> SyncRule:
    return SyncRule(
        name=f"In from AD - User Custom {number:06}",
        identifier=f"{number:08x}-0000-4000-8000-00000000000{int(out_of_box)}",
        description="",
        direction="Inbound",
        precedence=100 + number if out_of_box else number,
        precedence_after="00000000-0000-0000-0000-000000000000",
        precedence_before="00000000-0000-0000-0000-000000000000",
        source_object_type="user",
        target_object_type="person",
        connector=connector,
        link_type="Join",
        soft_delete_expiry_interval="0",
        immutable_tag=f"Microsoft.InfromADUserCustom{number:06}.001" if out_of_box else "",
        enable_password_sync=False,
        disabled=False,
        attribute_flow_mappings=tuple(_flow(index) for index in range(_FLOWS_A_RULE)),
        scope_filter=((ScopeCondition("department", "Sales", "EQUAL"),),),
        join_filter=((JoinCondition("employeeID", "employeeID", case_sensitive=False),),),
    )


def _flow(index: int) -> AttributeFlowMapping:
    expression = "IIF(IsNullOrEmpty([cn]),NULL,Trim([cn]))" if index % 2 else None
    return AttributeFlowMapping(
        source=(f"extensionAttribute{index}",),
        destination=f"extensionAttribute{index}",
        flow_type="Expression" if expression else "Direct",
        value_merge_type="Update",
        execute_once=False,
        expression=expression,
    )

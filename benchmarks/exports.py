"""Exports of any size: a plain one, and one like that of a real server."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable
from itertools import count

from syncrules import AttributeFlowMapping, JoinCondition, ScopeCondition, SyncRule
from syncrules.exports.layout import script_text
from syncrules.rules.guids import ZERO_GUID

__all__ = ["ACTIVE", "FORESTS", "STAGING", "export", "forests_export", "rule", "text_of"]

ACTIVE = "aaaaaaaa-0000-4000-8000-000000000001"
STAGING = "bbbbbbbb-0000-4000-8000-000000000002"
FORESTS = tuple(
    (f"aaaaaaaa-0000-4000-8000-00000000001{n}", f"bbbbbbbb-0000-4000-8000-00000000002{n}")
    for n in range(4)
)
"""The connectors of several forests: the active server's, and the staging server's."""

_FLOWS_A_RULE = 23  # 666 flows in 29 rules, in the export of a whole server


def export(size: int, connector: str, *, out_of_box: bool = False) -> bytes:
    """Return a plain export with at least `size` bytes: short texts without quotes, one forest."""
    return _filled(size, lambda number: rule(number, connector, out_of_box=out_of_box))


def forests_export(size: int, *, staging: bool = False) -> bytes:
    """Return an export like a real server's: every quote, long texts, several forests.

    The rules of the staging server are out-of-box rules.
    """
    return _filled(size, lambda number: _rule_of_forests(number, staging=staging))


def _filled(size: int, make: Callable[[int], SyncRule]) -> bytes:
    pieces: list[bytes] = [BOM_UTF8]
    length = 0
    for number in count():
        pieces.append(script_text([make(number)]).encode())
        length += len(pieces[-1])
        if length >= size:
            break
    data = b"".join(pieces[1:])
    return data if data.isascii() else pieces[0] + data


def text_of(rules: list[SyncRule]) -> bytes:
    """Return the export of some rules."""
    return script_text(rules).encode("ascii")


def rule(number: int, connector: str, *, out_of_box: bool = False) -> SyncRule:
    """Return a rule with many flows, a scope group and a join group."""
    return SyncRule(
        name=f"In from AD - User Custom {number:06}",
        identifier=f"{number:08x}-0000-4000-8000-00000000000{int(out_of_box)}",
        description="",
        direction="Inbound",
        precedence=100 + number if out_of_box else number,
        precedence_after=ZERO_GUID,
        precedence_before=ZERO_GUID,
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


# ---- Like a real server's ------------------------------------------------------------------------

_TOWNS = ("Zürich", "Köln – Süd", "‘s-Hertogenbosch", "L’Aquila", "Coeur d'Alene", "東京", "Boston")
_ATTRIBUTES = (
    *("accountEnabled", "cn", "company", "department", "displayName", "employeeID", "givenName"),
    *("homePhone", "info", "l", "mail", "manager", "msExchHideFromAddressLists", "objectSid"),
    *("physicalDeliveryOfficeName", "postalCode", "proxyAddresses", "sAMAccountName", "sn"),
    *("st", "streetAddress", "targetAddress", "telephoneNumber", "title", "userPrincipalName"),
)
_VALUES = {"ISNULL": "", "ISNOTNULL": "", "ISBITNOTSET": "2"}
_OPERATORS = ("EQUAL", "NOTEQUAL", "ISNOTNULL", "STARTSWITH", "CONTAINS", "ISBITNOTSET", "ISNULL")


def _rule_of_forests(number: int, *, staging: bool) -> SyncRule:
    forest = FORESTS[number % len(FORESTS)][int(staging)]
    town = _TOWNS[number % len(_TOWNS)]
    return SyncRule(
        name=f"In from AD - {'Standard' if staging else 'User'} {town} “{number:03}”",
        identifier=f"{number:08x}-0000-4000-8000-00000000001{int(staging)}",
        description=f"Users of {town}: ‘real’ people, no „service accounts“. " * (number % 4),
        direction="Inbound",
        precedence=100 + number if staging else number % 100,
        precedence_after=ZERO_GUID,
        precedence_before=ZERO_GUID,
        source_object_type="user",
        target_object_type="person",
        connector=forest,
        link_type=("Join", "Provision")[number % 2],
        soft_delete_expiry_interval="0",
        immutable_tag=f"Microsoft.InfromADUser{number:06}.001" if staging else "",
        enable_password_sync=number % 7 == 0,
        disabled=number % 11 == 0,
        attribute_flow_mappings=tuple(
            _flow_of_forests(number, index) for index in range(10 + number % 15)
        ),
        scope_filter=tuple(
            tuple(_scope(number, group + index) for index in range(1 + number % 4))
            for group in range(number % 3)
        ),
        join_filter=(
            (JoinCondition("objectGUID", "sourceAnchorBinary", case_sensitive=False),),
            (
                JoinCondition("mS-DS-ConsistencyGuid", "sourceAnchorBinary", case_sensitive=True),
                JoinCondition("employeeID", "employeeID", case_sensitive=False),
            ),
        )[: number % 3],
    )


def _flow_of_forests(number: int, index: int) -> AttributeFlowMapping:
    at = (number * 7 + index) % len(_ATTRIBUTES)
    attribute, other = _ATTRIBUTES[at], _ATTRIBUTES[at - 3]
    town = _TOWNS[(at + number % 2) % len(_TOWNS)]  # a fifth of a server's expressions are distinct
    kind = (number + index) % 8
    if kind < 4:
        return AttributeFlowMapping((attribute,), attribute, "Direct", "Update", False, None)
    if kind == 4:
        return AttributeFlowMapping((town,), attribute, "Constant", "Update", False, None)
    expression = (
        f'IIF(IsPresent([{attribute}]) && Left(Trim([{attribute}]),4) <> "{town}",'
        f'Left(Trim([{attribute}]),448),IIF(IsPresent([{other}]),[{other}],"{town}"))'
    )
    nested = f'IIF(CBool(InStr([{other}],"’")),NULL,{expression})'
    return AttributeFlowMapping(
        None if kind == 5 else (attribute, other),
        attribute,
        "Expression",
        "Update",
        False,
        nested if kind == 7 else expression,
    )


def _scope(number: int, index: int) -> ScopeCondition:
    attribute = _ATTRIBUTES[(number + index * 5) % len(_ATTRIBUTES)]
    operator = _OPERATORS[(number + index) % len(_OPERATORS)]
    town = _TOWNS[(number + index) % len(_TOWNS)]
    return ScopeCondition(attribute, _VALUES.get(operator, town), operator)

"""Configuration folders as Get-ADSyncServerConfiguration writes them, from Python values.

And the wizard's settings, which tell less.

Elements, their order, braces and the case of identifiers are those of the sample configuration in
microsoft/AADConnectConfigDocumenter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from support.builders import write
from syncrules import AttributeFlowMapping, SyncRule
from syncrules.rules.model import ENTRA_CONNECTOR

__all__ = [
    "ENTRA_FILE",
    "ConnectorFile",
    "configuration",
    "connector_xml",
    "metaverse_xml",
    "rule_xml",
    "settings_file",
]

STAGING_MODE = "Microsoft.Synchronize.StagingMode"


@dataclass(frozen=True)
class ConnectorFile:
    """A connector to be written.

    `attributes` are those of its schema; without any it has none. One may say more: `mail|1.2.3`
    has that syntax, `mail|1.2.3|several` also several values. `selected` are the attributes
    that are selected, `object_types` the object types, in each partition alike; with `None`, the
    file does not tell. `included` and `excluded` are containers of all partitions; `run_profiles`
    have the types of their steps, each for the first partition.
    """

    identifier: str
    name: str
    category: str = "AD"
    subtype: str = ""
    forest: str | None = None
    partitions: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    selected: tuple[str, ...] | None = None
    object_types: tuple[str, ...] | None = None
    unselected_partitions: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    run_profiles: Mapping[str, tuple[str, ...]] | None = None


ENTRA_FILE = ConnectorFile(
    ENTRA_CONNECTOR,
    "contoso.onmicrosoft.com - AAD",
    "Extensible2",
    "Windows Azure Active Directory (Microsoft)",
    partitions=("default",),
)


def configuration(
    folder: Path,
    *,
    connectors: Iterable[ConnectorFile] = (),
    rules: Iterable[SyncRule] = (),
    staging_mode: bool | None = None,
    metaverse: Iterable[str] = ("cn",),
    settings: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    wrapped: bool = False,
) -> Path:
    """Write a configuration and return its folder; `wrapped` gives connectors a console's root."""
    for connector in connectors:
        text = connector_xml(connector)
        if wrapped:
            text = f"<saved-ma-configuration>\n{text}</saved-ma-configuration>\n"
        name = f"Connector_{{{connector.identifier}}}.xml"
        write(folder / "Connectors" / name, text.encode(encoding))
    for rule in rules:
        name = f"SynchronizationRule_{{{rule.identifier}}}.xml"
        write(folder / "SynchronizationRules" / name, rule_xml(rule).encode(encoding))
    parameters = dict(settings or {})
    if staging_mode is not None:
        parameters[STAGING_MODE] = str(staging_mode)
    text = metaverse_xml(metaverse, parameters)
    write(folder / "GlobalSettings" / "MV.xml", text.encode(encoding))
    return folder


# ---- Connectors and the metaverse ----------------------------------------------------------------


def connector_xml(connector: ConnectorFile) -> str:
    """Return a connector's file."""
    forest = connector.forest and (
        "  <private-configuration><adma-configuration>"
        f"<forest-name>{escape(connector.forest)}</forest-name>"
        "</adma-configuration></private-configuration>\n"
    )
    kinds = _listed("object-classes", "object-class", connector.object_types)
    partitions = "".join(
        f"<partition><id>{{{_partition_id(connector, n)}}}</id><name>{escape(name)}</name>"
        f"<selected>{int(name not in connector.unselected_partitions)}</selected>"
        f"<filter>{kinds}{_containers(connector, name)}</filter></partition>"
        for n, name in enumerate(connector.partitions)
    )
    schema = "".join(
        f'<attribute-type id="A{n}"{_single(a)}>{_name_and_syntax(a)}</attribute-type>'
        for n, a in enumerate(connector.attributes)
    )
    return (
        "<ma-data>\n"
        "  <format-version>1</format-version>\n"
        f"  <id>{{{connector.identifier.upper()}}}</id>\n"
        f"  <name>{escape(connector.name)}</name>\n"
        f"  <category>{connector.category}</category>\n"
        f"  <subtype>{escape(connector.subtype)}</subtype>\n"
        + (
            '  <schema><dsml xmlns="http://www.dsml.org/DSML"><directory-schema>'
            f"{schema}</directory-schema></dsml></schema>\n"
            if schema
            else ""
        )
        + f"{forest or ''}"
        f"{_listed('attribute-inclusion', 'attribute', connector.selected)}"
        f"  <ma-partition-data>{partitions}</ma-partition-data>\n"
        f"{_run_profiles(connector)}"
        "</ma-data>\n"
    )


def _partition_id(connector: ConnectorFile, number: int) -> str:
    return f"{connector.identifier[:-4].upper()}{number:04}"


def _containers(connector: ConnectorFile, partition: str) -> str:
    if not (connector.included or connector.excluded):
        return ""
    lists = (
        _listed(f"{word}s", word, tuple(c for c in found if c.endswith(partition)))
        for word, found in (("exclusion", connector.excluded), ("inclusion", connector.included))
    )
    return f"<containers>{''.join(lists)}</containers>"


def _run_profiles(connector: ConnectorFile) -> str:
    if connector.run_profiles is None:
        return ""
    partition = f"<partition>{{{_partition_id(connector, 0)}}}</partition>"
    profiles = (
        f"<run-configuration><name>{escape(name)}</name><configuration>"
        + "".join(f'<step><step-type type="{step}" />{partition}</step>' for step in steps)
        + "</configuration></run-configuration>"
        for name, steps in connector.run_profiles.items()
    )
    return f"<ma-run-data>{''.join(profiles)}</ma-run-data>\n"


def _listed(holder: str, tag: str, texts: tuple[str, ...] | None) -> str:
    if texts is None:
        return ""
    return f"<{holder}>{''.join(f'<{tag}>{escape(text)}</{tag}>' for text in texts)}</{holder}>"


def _single(attribute: str) -> str:
    return "" if attribute.endswith("|several") else ' single-value="true"'


def _name_and_syntax(attribute: str, prefix: str = "") -> str:
    name, _, syntax = attribute.removesuffix("|several").partition("|")
    told = f"<{prefix}syntax>{syntax}</{prefix}syntax>" if syntax else ""
    return f"<{prefix}name>{escape(name)}</{prefix}name>{told}"


def metaverse_xml(attributes: Iterable[str], parameters: Mapping[str, str]) -> str:
    """Return the file of the metaverse with the server's parameters."""
    types = "".join(
        f"<dsml:attribute-type id={quoteattr(a)}{_single(a)}>"
        f"{_name_and_syntax(a, 'dsml:')}</dsml:attribute-type>\n"
        for a in attributes
    )
    values = "".join(
        f'    <parameter name={quoteattr(name)} type="string">{escape(value)}</parameter>\n'
        for name, value in parameters.items()
    )
    return (
        "<saved-mv-configuration server='SYNC01' export-date='2026-01-02 03:04:05.678'>\n"
        "<mv-data>\n <schema>\n"
        '  <dsml:dsml xmlns:dsml="http://www.dsml.org/DSML"><dsml:directory-schema>\n'
        f"{types}"
        "  </dsml:directory-schema></dsml:dsml>\n </schema>\n"
        f" <parameter-values>\n{values} </parameter-values>\n"
        "</mv-data>\n</saved-mv-configuration>\n"
    )


# ---- The wizard's settings -----------------------------------------------------------------------


def settings_file(path: Path, *rules: SyncRule) -> Path:
    """Write the settings that the wizard exports, with what they tell of rules; return the path.

    They tell neither whether a rule is disabled nor what it says.
    """
    policies: dict[str, dict[str, object]] = {ENTRA_CONNECTOR: {}}
    for rule in rules:
        policy = policies.setdefault(rule.connector, {"uniqueIdentifier": rule.connector})
        kind = "standard" if rule.is_out_of_box else "custom"
        shown = policy.setdefault(f"{kind}SynchronizationRules", [])
        assert isinstance(shown, list)
        shown.append(
            {
                "name": rule.name,
                "uniqueIdentifier": rule.identifier,
                "immutableTag": rule.immutable_tag,
                "direction": rule.direction,
                "precedence": rule.precedence,
            }
        )
    azure = policies.pop(ENTRA_CONNECTOR)
    document = {"onpremisesDirectoryPolicy": [*policies.values()], "azureDirectoryPolicy": azure}
    return write(path, json.dumps(document))


# ---- Rules ---------------------------------------------------------------------------------------


def rule_xml(rule: SyncRule) -> str:
    """Return a rule's file."""
    interval = rule.soft_delete_expiry_interval
    lines = (
        "<synchronizationRule>",
        f"  <id>{{{rule.identifier}}}</id>",
        f"  <internal-id>{{{rule.identifier}}}</internal-id>",
        "  <version>1</version>",
        f"  <name>{_text(rule.name)}</name>",
        _element("description", rule.description),
        _element("immutable-tag", rule.immutable_tag),
        f"  <direction>{rule.direction}</direction>",
        f"  <disabled>{rule.disabled}</disabled>",
        f"  <connector>{{{rule.connector}}}</connector>",
        f"  <sourceObjectType>{_text(rule.source_object_type)}</sourceObjectType>",
        f"  <targetObjectType>{_text(rule.target_object_type)}</targetObjectType>",
        f"  <linkType>{rule.link_type}</linkType>",
        f"  <precedence>{rule.precedence}</precedence>",
        f"  <precedence-after>{{{rule.precedence_after}}}</precedence-after>",
        f"  <precedence-before>{{{rule.precedence_before}}}</precedence-before>",
        "  <softDeleteExpiryInterval>"
        f"{'00:00:00' if interval == '0' else interval}</softDeleteExpiryInterval>",
        f"  <EnablePasswordSync>{str(rule.enable_password_sync).lower()}</EnablePasswordSync>",
        "  <attribute-mappings>",
        *(_mapping(flow) for flow in rule.attribute_flow_mappings),
        "  </attribute-mappings>",
        "  <relationshipCriteria>",
        *_joins(rule),
        "  </relationshipCriteria>",
        "  <synchronizationCriteria>",
        *_scopes(rule),
        "  </synchronizationCriteria>",
        "</synchronizationRule>",
        "",
    )
    return "\n".join(lines)


def _text(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _element(name: str, text: str | None) -> str:
    return f"  <{name}>{_text(text)}</{name}>" if text else f"  <{name} />"


def _mapping(flow: AttributeFlowMapping) -> str:
    once = ' execute-once="true"' if flow.execute_once else ""
    if flow.flow_type == "Constant":
        (constant,) = flow.source or ("",)
        source = f"<src>{_text(constant)}</src>"
    elif flow.source is None:
        source = ""
    else:
        source = f"<src>{''.join(f'<attr>{_text(s)}</attr>' for s in flow.source)}</src>"
    expression = (
        "" if flow.expression is None else f"<expression>{_text(flow.expression)}</expression>"
    )
    return (
        f"    <mapping{once}><dest>{_text(flow.destination)}</dest>{source}{expression}"
        f"<valueMergeType>{flow.value_merge_type}</valueMergeType></mapping>"
    )


def _joins(rule: SyncRule) -> Iterator[str]:
    for group in rule.join_filter:
        conditions = "".join(
            "<condition>"
            + ("<caseSensitive>True</caseSensitive>" if c.case_sensitive else "")
            + f"<csAttribute>{_text(c.cs_attribute)}</csAttribute>"
            f"<ilmAttribute>{_text(c.mv_attribute)}</ilmAttribute></condition>"
            for c in group
        )
        yield f"    <conditions>{conditions}</conditions>"


def _scopes(rule: SyncRule) -> Iterator[str]:
    for group in rule.scope_filter:
        scopes = "".join(
            f"<scope><csAttribute>{_text(c.attribute)}</csAttribute>"
            f"<csOperator>{c.comparison_operator}</csOperator>"
            f"<csValue>{_text(c.comparison_value)}</csValue></scope>"
            for c in group
        )
        yield f"    <conditions>{scopes}</conditions>"

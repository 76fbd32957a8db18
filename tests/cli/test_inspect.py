"""`syncrules inspect`: what was learnt of a server, from where, and whether that is all of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support.builders import A1, A2, B1, ENTRA, guid, out_of_box, rule, run, text_of, write
from support.command_line import configured, document_of
from support.configurations import ENTRA_FILE, ConnectorFile, configuration

Json = dict[str, Any]

FOREST = ConnectorFile(
    A1,
    "contoso.com",
    forest="contoso.com",
    partitions=("DC=contoso,DC=com", "DC=emea,DC=contoso,DC=com"),
    attributes=("cn", "department"),
)
POLICY = {
    "onpremisesDirectoryPolicy": [
        {
            "uniqueIdentifier": A1,
            "friendlyName": "contoso.com",
            "fullyQualifiedDomainName": "contoso.com",
            "standardSynchronizationRules": [
                {
                    "Name": "In from AD - User Join",
                    "uniqueIdentifier": guid(900),
                    "immutableTag": "Microsoft.InfromADUserJoin.004",
                    "precedence": 100,
                }
            ],
        }
    ],
    "azureDirectoryPolicy": {},
}
CSV = (
    "#TYPE Selected.Connector\r\n"
    '"Name","Identifier","Type","Subtype"\r\n'
    f'"contoso.com","{A1}","AD",""\r\n'
    f'"contoso.onmicrosoft.com - AAD","{ENTRA}","Extensible2",""\r\n'
)
LIST = [
    {"Name": "contoso.com", "Identifier": {"Guid": A1}, "Type": 0, "ConnectorTypeName": "AD"},
    {"Name": "contoso.onmicrosoft.com - AAD", "Identifier": ENTRA, "Type": 3},
]


def given_export(folder: Path) -> Path:
    own = replace(out_of_box("Out to AAD - User Join", 901, ENTRA), disabled=True)
    return write(folder / "rules.ps1", text_of(rule(), out_of_box(), own))


def given_configuration(folder: Path) -> Path:
    return configuration(
        folder / "configuration",
        connectors=[FOREST, ENTRA_FILE],
        rules=[rule(), replace(out_of_box(), disabled=True)],
        staging_mode=True,
        metaverse=("cn", "displayName", "department"),
    )


def given_part(folder: Path) -> Path:
    return configuration(folder / "part", connectors=[FOREST, ENTRA_FILE])


def given_csv(folder: Path) -> Path:
    return write(folder / "connectors.csv", CSV)


def given_json(folder: Path) -> Path:
    return write(folder / "connectors.json", json.dumps({"value": LIST, "Count": 2}))


def given_settings(folder: Path) -> Path:
    return write(folder / "policy.json", json.dumps(POLICY).encode("utf-16"))


def given_migrated(folder: Path) -> Path:
    migrated = {"deploymentMetadata": {"connectorIds": [A1, ENTRA]}}
    return write(folder / "migrated.json", json.dumps(migrated).encode("utf-16"))


def shown(*paths: Path) -> str:
    done = run("inspect", *paths)
    assert (done.code, done.stderr) == (0, "")
    return done.stdout


def document(*paths: Path, code: int = 0) -> Json:
    done = run("inspect", *paths, "--format", "json")
    assert done.code == code, done.stderr
    found: Json = json.loads(done.stdout)
    return found


def part(text: str, title: str) -> list[str]:
    """Return the lines under a title."""
    _, _, rest = text.partition(f"{title}\n")
    return rest.partition("\n\n")[0].splitlines()


# ---- Each kind of source -------------------------------------------------------------------------

Given = Callable[[Path], Path]
KINDS: list[tuple[Given, str, list[str]]] = [
    (given_export, "export", []),
    (given_configuration, "configuration", ["connectors", "rules", "schema"]),
    (given_part, "configuration", []),
    (given_csv, "connector list", ["connectors"]),
    (given_json, "connector list", ["connectors"]),
    (given_settings, "wizard's settings", ["connectors"]),
    (given_migrated, "wizard's settings", []),
]


@pytest.mark.parametrize(("give", "what", "complete_in"), KINDS)
def test_what_a_source_is_and_what_it_shows_all_of(
    give: Given, what: str, complete_in: list[str], tmp_path: Path
) -> None:
    path = give(tmp_path)
    complete = ", ".join(complete_in)
    says = f"shows all {complete}" if complete else "shows only the rules that were exported"
    assert part(shown(path), "Sources")[0] == f"  {path}: {what}, {says}"
    assert document(path)["evidence"] == [
        {
            "name": str(path),
            "what": what,
            "complete": bool(complete_in),
            "complete_in": complete_in,
        }
    ]


@pytest.mark.parametrize("give", [give for give, _, _ in KINDS])
def test_each_kind_shows_both_connectors_and_where_they_were_found(
    give: Given, tmp_path: Path
) -> None:
    path = give(tmp_path)
    lines = part(shown(path), "Connectors")
    kind = "type unknown" if give is given_migrated else "Active Directory"
    assert f"  {A1}  {kind}" in lines
    assert f"  {ENTRA}  Microsoft Entra ID" in lines
    assert lines.count(f"    from {path}") == 2
    found = {c["identifier"]: c for c in document(path)["connectors"]}
    assert found.keys() == {A1, ENTRA}
    for connector in found.values():
        assert connector["sources"] == [str(path)]
    assert found[ENTRA]["kind"] == "Microsoft Entra ID"


def test_the_published_schema_holds(tmp_path: Path) -> None:
    schema = files("syncrules.cli").joinpath("schemas/inspect.schema.json").read_text("utf-8")
    validator = Draft202012Validator(json.loads(schema))
    for give in (given_export, given_configuration, given_part, given_csv, given_json):
        validator.validate(document(give(tmp_path)))


# ---- What is learnt ------------------------------------------------------------------------------


def test_of_an_export(tmp_path: Path) -> None:
    path = given_export(tmp_path)
    text = shown(path)
    first, *rules = text.partition("\n\n")[0].splitlines()
    assert first == str(path)
    assert [line.split(maxsplit=1)[1] for line in rules] == [
        "Inbound    50  'In from AD - Custom' (custom)",
        "Inbound   100  'In from AD - User Join' (Microsoft.InfromADUserJoin.004)",
        "Inbound   101  'Out to AAD - User Join' (Microsoft.OuttoAADUserJoin.004, disabled)",
    ]
    lines = path.read_text("utf-8").splitlines()
    for line in rules:
        assert lines[int(line.split()[0]) - 1].startswith("New-ADSyncRule")
    assert "    rules: 1 out-of-box, 1 custom" in part(text, "Connectors")
    found = document(path)
    assert found["files"] == [
        {"name": str(path), "encoding": "utf-8", "byte_order_mark": False},
    ]
    assert [(r["file"], r["name"]) for r in found["rules"]] == [
        (str(path), "In from AD - Custom"),
        (str(path), "In from AD - User Join"),
        (str(path), "Out to AAD - User Join"),
    ]
    (forest, _) = found["connectors"]
    assert forest["shown_by"] == [{"rule": "In from AD - User Join", "source": str(path)}]
    assert found["metaverse_attributes"] is None
    assert found["staging_mode"] == []


def test_of_a_configuration(tmp_path: Path) -> None:
    path = given_configuration(tmp_path)
    text = shown(path)
    metaverse = path / "GlobalSettings" / "MV.xml"
    assert part(text, "Sources")[1:] == [
        f"  {metaverse}: the server is in staging mode",
        "  the metaverse has 3 attributes",
    ]
    assert part(text, "Connectors")[:6] == [
        f"  {A1}  Active Directory",
        "    contoso.com, forest contoso.com",
        "    partitions: DC=contoso,DC=com; DC=emea,DC=contoso,DC=com",
        "    schema: 2 attributes",
        "    rules: 1 out-of-box, 1 custom",
        f"    from {path}",
    ]
    found = document(path)
    assert found["files"] == found["rules"] == []  # nothing is an export
    assert [
        (r["name"], r["identifier"], r["precedence"], r["disabled"]) for r in found["server_rules"]
    ] == [
        ("In from AD - Custom", guid(1), 50, False),
        ("In from AD - User Join", guid(900), 100, True),
    ]
    assert {r["source"] for r in found["server_rules"]} == {str(path)}
    assert found["staging_mode"] == [{"source": str(metaverse), "staging": True}]
    assert found["metaverse_attributes"] == 3
    forest, entra = found["connectors"]
    assert (forest["name"], forest["forest"], forest["attributes"]) == (
        *("contoso.com", "contoso.com"),
        2,
    )
    assert forest["partitions"] == ["DC=contoso,DC=com", "DC=emea,DC=contoso,DC=com"]
    assert entra["attributes"] is None


def test_a_configuration_lists_its_custom_rules_and_all_with_v(tmp_path: Path) -> None:
    other = replace(rule("Out to AAD - Custom", 2, ENTRA), direction="Outbound", precedence=7)
    path = configuration(
        tmp_path / "configuration",
        connectors=[FOREST, ConnectorFile(A2, "fabrikam.com"), ENTRA_FILE],
        rules=[rule(), replace(other, disabled=True), out_of_box()],
    )
    entra = "contoso.onmicrosoft.com - AAD"
    custom = [
        "         Inbound    50  'In from AD - Custom' (custom, contoso.com)",
        f"         Outbound    7  'Out to AAD - Custom' (custom, {entra}, disabled)",
    ]
    own = "Inbound   100  'In from AD - User Join' (Microsoft.InfromADUserJoin.004, contoso.com)"
    assert shown(path).partition("\n\n")[0].splitlines() == [str(path), *custom]
    every = run("inspect", "-v", path).stdout.partition("\n\n")[0].splitlines()
    assert every == [str(path), custom[0], f"         {own}", custom[1]]


def test_what_an_export_and_a_configuration_show_is_listed_once(tmp_path: Path) -> None:
    exported, path = given_export(tmp_path), given_configuration(tmp_path)
    told = shown(exported, path).partition("\nSources\n")[0]
    assert told.count(f"\n{path}\n") == 1
    assert told.count("'In from AD - Custom' (custom)") == 2  # in either file


def test_q_leaves_what_it_comes_to_and_errors(tmp_path: Path) -> None:
    path = given_configuration(tmp_path)
    write(path / "PersistedState.xml", "<PersistedState/>")
    done = run("inspect", "-q", path)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == "1 custom rule, 1 out-of-box rule, 2 connectors: 1 note\n"
    done = run("inspect", "-q", path, write(tmp_path / "a.xml", "<ma-data/>"))
    assert (done.code, done.codes) == (1, ["SR114"])
    assert done.stdout == "1 custom rule, 1 out-of-box rule, 2 connectors: 1 error, 1 note\n"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_its_lines_fit_the_page(
    width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.chdir(given_configuration(tmp_path).parent)
    for line in run("inspect", "configuration", "--attributes", "-v").stdout.splitlines():
        assert len(line) <= width or len(line.split()) == 1, line


def test_a_server_that_is_not_in_staging_mode(tmp_path: Path) -> None:
    path = configuration(tmp_path, connectors=[FOREST], rules=[rule()], staging_mode=False)
    assert "MV.xml: the server is not in staging mode" in shown(path)


@pytest.mark.parametrize("give", [given_csv, given_json])
def test_of_a_connector_list(give: Given, tmp_path: Path) -> None:
    path = give(tmp_path)
    text = shown(path)
    assert "    contoso.onmicrosoft.com - AAD" in part(text, "Connectors")
    found = document(path)
    assert found["server_rules"] == []
    assert [(c["name"], c["forest"]) for c in found["connectors"]] == [
        ("contoso.com", None),
        ("contoso.onmicrosoft.com - AAD", None),
    ]


def test_of_the_wizards_settings(tmp_path: Path) -> None:
    path = given_settings(tmp_path)
    assert "    contoso.com, forest contoso.com" in part(shown(path), "Connectors")
    (own,) = document(path)["server_rules"]
    assert own == {
        "name": "In from AD - User Join",
        "identifier": guid(900),
        "connector": A1,
        "direction": "Inbound",
        "precedence": 100,
        "immutable_tag": "Microsoft.InfromADUserJoin.004",
        "disabled": None,
        "source": str(path),
    }


# ---- Several sources -----------------------------------------------------------------------------


def test_sources_add_up(tmp_path: Path) -> None:
    paths = [given_export(tmp_path), given_csv(tmp_path), given_configuration(tmp_path)]
    # The configuration knows one rule of Entra's less.
    write(paths[0], text_of(rule(), replace(out_of_box(), disabled=True)))
    found = document(*paths)
    assert {e["name"] for e in found["evidence"]} == set(map(str, paths))
    forest = next(c for c in found["connectors"] if c["identifier"] == A1)
    assert set(forest["sources"]) == set(map(str, paths))
    assert found["disputes"] == []
    assert len(found["server_rules"]) == 2


def test_a_folder_of_all_kinds(tmp_path: Path) -> None:
    configuration(tmp_path, connectors=[FOREST, ENTRA_FILE], rules=[rule()])
    given_csv(tmp_path)
    given_settings(tmp_path)
    write(tmp_path / "rules.ps1", rule())
    whats = {e["what"] for e in document(tmp_path)["evidence"]}
    # The settings show a rule that the configuration, of all rules, does not: that is told.
    assert whats == {"configuration", "connector list", "wizard's settings", "export"}
    assert "contradiction: " in shown(tmp_path)


def test_a_contradiction_is_told_with_both_sides(tmp_path: Path) -> None:
    one = given_csv(tmp_path)
    other = write(tmp_path / "other.csv", CSV.replace("contoso.com", "fabrikam.com"))
    words = f"the name 'contoso.com' in {one}, and 'fabrikam.com' in {other}"
    assert f"  contradiction: connector {A1} has {words}" in part(shown(one, other), "Sources")
    (dispute,) = document(one, other)["disputes"]
    assert words in dispute


def test_a_connector_beyond_a_list_of_all_is_told(tmp_path: Path) -> None:
    other = write(tmp_path / "rules.ps1", rule(connector=A2))
    assert f"{other} shows the connector {A2}" in shown(given_csv(tmp_path), other)


# ---- What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xml", "<!DOCTYPE x><x/>", "SR112"),
        ("a.xml", "<ma-data/>", "SR114"),
        ("a.json", "[[1]]", "SR115"),
        ("a.csv", '"Name","Identifier"\r\n', "SR115"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_beside_what_could(
    name: str, data: str, code: str, tmp_path: Path
) -> None:
    bad, good = write(tmp_path / name, data), given_export(tmp_path)
    done = run("inspect", bad, good)
    assert done.code == 1
    assert done.codes == [code]
    assert done.stderr.startswith(f"{bad}: error[{code}]: ")
    assert done.stderr.endswith("1 error\n")
    assert f"  {good}: export, shows only the rules that were exported" in done.stdout
    found = document(bad, good, code=1)
    assert [(d["code"], d["file"], d["severity"]) for d in found["diagnostics"]] == [
        (code, str(bad), "error")
    ]
    assert [e["name"] for e in found["evidence"]] == [str(good)]


def test_a_note_is_no_refusal(tmp_path: Path) -> None:
    path = given_configuration(tmp_path)
    write(path / "PersistedState.xml", "<PersistedState/>")
    done = run("inspect", path)
    assert done.code == 0
    assert done.codes == ["SR113"]
    assert "note[SR113]" in done.stdout


# ---- Hostile names -------------------------------------------------------------------------------


def test_names_cannot_play_tricks_on_a_terminal(tmp_path: Path) -> None:
    name = "\x1b[2J\u202eevil\nSources\r\x07"
    row = {"Name": name, "Identifier": A1, "Partitions": [{"Name": name}]}
    path = write(tmp_path / "a.json", json.dumps([row]))
    text = shown(path)
    assert "evil" in text
    assert all(line.isprintable() for line in text.splitlines())
    assert text.splitlines().count("Sources") == 1
    (connector,) = document(path)["connectors"]
    assert connector["name"] == name
    assert run("inspect", path, "--format", "json").stdout.isascii()


# ---- What it prints ------------------------------------------------------------------------------


def test_inspect_tells_what_a_configuration_shows_and_from_where(here: Path) -> None:
    new = configured(here / "new", B1, out_of_box(connector=B1), staging=True)
    done = run("inspect", new)
    assert (done.code, done.stderr) == (0, "")
    for part in (
        "shows all connectors, rules, schema",
        "is in staging mode",
        "contoso.com",
        f"from {new}",
    ):
        assert part in done.stdout
    document = document_of(run("inspect", new, "--format", "json"))
    assert [e["complete"] for e in document["evidence"]] == [True]
    assert [m["staging"] for m in document["staging_mode"]] == [True]
    assert [r["name"] for r in document["server_rules"]] == ["In from AD - User Join"]
    assert {c["forest"] for c in document["connectors"]} == {"contoso.com", None}


@pytest.mark.usefixtures("here")
def test_json_of_inspect() -> None:
    document = document_of(run("inspect", "custom.ps1", "staging.ps1", "--format", "json"))
    assert document.keys() >= {"format_version", "files", "rules", "connectors", "diagnostics"}
    assert [r["name"] for r in document["rules"]] == [rule().name, out_of_box().name]
    assert [(c["identifier"], c["kind"]) for c in document["connectors"]] == [
        (A1, None),
        (B1, "Active Directory"),
    ]


@pytest.mark.usefixtures("here")
def test_inspect_shows_rules_and_connectors() -> None:
    done = run("inspect", "custom.ps1", "staging.ps1")
    assert (done.code, done.stderr) == (0, "")
    for part in ("In from AD - Custom", "In from AD - User Join", A1, B1, "Active Directory"):
        assert part in done.stdout

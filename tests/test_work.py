"""No input takes more than its share of work: of four times as much, four times the work.

What Python calls is counted, not the time. What one call of a regular expression does is not seen
so: for that, texts of which a quadratic search would take hours are read to their end.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import syncrules
from support.builders import A1, B1, STAGING, export, guid, out_of_box, rule, server
from support.configurations import rule_xml
from support.known_servers import complete, forest
from support.work import calls
from syncrules import AttributeFlowMapping, JoinCondition, Server, SyncRule, compare
from syncrules.comparison.attributes import attribute_changes
from syncrules.exports.export import read_export
from syncrules.pairing.order import MovedRule, RuleInBoth, reordered
from syncrules.servers.configuration import read_part
from syncrules.servers.connector_list import read_evidence
from syncrules.servers.file_kind import FileKind
from syncrules.servers.merging import merge

pytestmark = pytest.mark.slow

FEW, TIMES = 50, 4
ALLOWED = 1.3
"""How much more than its share: what is done once for a file is small beside the rest."""

Work = Callable[[], object]


def _holds(make: Callable[[int], Work], few: int = FEW) -> None:
    make(few)()  # what is made once is made now
    some, more = calls(make(few)), calls(make(few * TIMES))
    assert more <= some * TIMES * ALLOWED + 500


# ---- Scripts -------------------------------------------------------------------------------------

SNIPPETS = (
    *(
        "'",
        '"',
        "`",
        '`"',
        '"`',
        '"a`',
        "'\"",
        "\u2018",
        "''",
        "'a' ",
        '"a" ',
        '"$a" ',
        "a'b",
        "'a'.b",
    ),
    *("#", "<#", "#>", "<# #>", "# a\n", "#requires\n", "# SIG # Begin signature block\n"),
    *("@'", "@'\n", "\n'@", '@"\n', '\n"@', "$(", "@(", "@{", "${", "{", "}", "(", ")", "[", "]"),
    *(
        "@(,",
        "@('a',",
        "'a',",
        ",",
        ";",
        "|",
        "&",
        "&&",
        ">",
        "<",
        "$",
        "$a ",
        "$a[",
        "$a[0] ",
        "$a.",
    ),
    *("-", "--%", "-a", "-a ", "-a -a -a ", "-Name ", "-Name:", "-a:'b' ", "-x\n", "\n-Name 'a'"),
    *(
        "a",
        "a ",
        "0",
        "0 ",
        "=",
        "$a='x'\n",
        "if ",
        "if\n",
        "function ",
        "foreach(",
        "\\",
        "::",
        ".",
    ),
    *("\n", "\r\n", " ", "\t", "`\n", "` ", "` \n", "\0", "é", "\ud83d", "\U0001f600"),
    *("Remove-X\n", "Write-Host 'a'\n", "New-ADSyncRule\n", "New-ADSyncRule `\n", "a-b `\n"),
    *("\nNew-ADSyncRule `", "\nNew-ADSyncRule `\n'", "New-ADSyncRule -Name 'a' -Nam 'b'\n"),
    *("Add-ADSyncRule -SynchronizationRule $syncRule[0]\n", "Get-ADSyncRule -Identifier '1'\n"),
    *("New-Object -TypeName x -OutVariable a\n", "Import-Module ADSync\n", "-Name 'a' `\n"),
)
BEGINNINGS = (
    "",
    "New-ADSyncRule `\r\n-Name 'a' `\r\n-Description ",
    'New-ADSyncRule -Name "',
    "New-ADSyncRule -Name @(",
    "New-ADSyncRule -Name @'\n",
)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=ascii)
def test_a_script_of_one_snippet_many_times(snippet: str) -> None:
    for beginning in BEGINNINGS:
        _holds(lambda n, start=beginning: lambda: read_export(start + snippet * n))  # type: ignore[misc]


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=ascii)
@pytest.mark.parametrize("snippet", ['`"', '"`', '"a`', "'", '"', "`'", "\u201d`", "$a[", "<#"])
def test_a_search_for_the_reason_ends(beginning: str, snippet: str) -> None:
    _, found = read_export(beginning + snippet * 200_000)
    assert found


# ---- Files of a server ---------------------------------------------------------------------------


def _listed(number: int, name: str = "contoso.com", block: str = "4000") -> bytes:
    return json.dumps(
        [
            {"Name": name.format(n), "Identifier": guid(n + 1).replace("4000", block), "Type": "AD"}
            for n in range(number)
        ]
    ).encode()


def _settings(number: int) -> bytes:
    policies = [
        {"uniqueIdentifier": guid(n + 1), "customSynchronizationRules": [{"name": "a"}]}
        for n in range(number)
    ]
    deployed = {"connectorIds": [guid(n + 1) for n in range(number)]}
    return json.dumps(
        {"onpremisesDirectoryPolicy": policies, "deploymentMetadata": deployed}
    ).encode()


def _table(number: int) -> bytes:
    rows = "".join(f"a,{guid(n + 1)},AD\r\n" for n in range(number))
    return f"Name,Identifier,Type\r\n{rows}".encode()


def _connector(number: int) -> bytes:
    attributes = "<attribute-type><name>a</name></attribute-type>" * number
    return f"<ma-data><id>{{{A1}}}</id><schema>{attributes}</schema></ma-data>".encode()


def _rule_file(number: int) -> bytes:
    flows = rule().attribute_flow_mappings * number
    return rule_xml(replace(rule(), attribute_flow_mappings=flows)).encode()


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        pytest.param(FileKind.JSON, _listed, id="a connector list as JSON"),
        pytest.param(FileKind.CSV, _table, id="as CSV"),
        pytest.param(FileKind.JSON, _settings, id="the wizard's settings"),
    ],
)
def test_a_file_of_many_connectors(kind: FileKind, made: Callable[[int], bytes]) -> None:
    assert read_evidence(made(FEW), kind, "x")[0] is not None
    _holds(lambda n: lambda: read_evidence(made(n), kind, "x"))


@pytest.mark.parametrize("made", [_connector, _rule_file])
def test_a_configuration_file_of_many_elements(made: Callable[[int], bytes]) -> None:
    assert read_part(made(FEW), "x")[0] is not None
    _holds(lambda n: lambda: read_part(made(n), "x"))


# ---- Plans ---------------------------------------------------------------------------------------

JOINS = ((JoinCondition("a", "b", False),),)


def _many(made: SyncRule, number: int, first: int = 1000, **fields: object) -> list[SyncRule]:
    changed: dict[str, Any] = dict(fields)
    return [replace(made, identifier=guid(first + n), **changed) for n in range(number)]


def _named(rules: list[SyncRule], name: str) -> list[SyncRule]:
    """Return rules each with a name, and where they have a tag, with a tag of its own."""
    return [
        replace(r, name=f"{name} {n}", immutable_tag=r.immutable_tag and f"Microsoft.{name}{n}.001")
        for n, r in enumerate(rules)
    ]


def _of_one_name(n: int) -> Work:
    exports = [export(*_many(rule(), n))]
    return lambda: syncrules.plan(exports, staging=STAGING)


def _of_one_tag(n: int) -> Work:
    exports = [export(rule(), *_many(out_of_box(), n))]
    staging = server(export(*_many(out_of_box(connector=B1), n, 5000)))
    return lambda: syncrules.plan(exports, staging=staging)


def _in_files(n: int) -> Work:
    exports = [export(r, name=f"{r.identifier}.ps1") for r in _named(_many(rule(), n), "In")]
    return lambda: syncrules.plan(exports, staging=STAGING)


def _of_a_connector_each(n: int) -> Work:
    rules = [replace(r, connector=guid(9000 + n)) for n, r in enumerate(_many(rule(), n))]
    exports = [export(*rules)]
    return lambda: syncrules.plan(exports, staging=STAGING)


def _disabled(n: int) -> Work:
    ours = _named(_many(out_of_box(), n, disabled=True), "Join")
    exports = [export(rule(), *ours)]
    theirs = [replace(r, identifier=guid(5000 + n), connector=B1) for n, r in enumerate(ours)]
    staging = server(export(*(replace(r, disabled=False) for r in theirs)))
    return lambda: syncrules.plan(exports, staging=staging)


def _joining(n: int) -> Work:
    exports = [export(*_named(_many(rule(), n, join_filter=JOINS), "Custom"))]
    theirs = _named(_many(out_of_box(connector=B1), n, 5000, join_filter=JOINS), "Join")
    staging = server(export(*theirs))
    return lambda: syncrules.plan(exports, staging=staging)


def _of_two_versions(n: int) -> Work:
    customs = _named(_many(rule(), n), "Custom")
    ours = _named(_many(out_of_box(), n, 5000), "Old")
    theirs = _named(_many(out_of_box(connector=B1), n, 7000), "New")
    active = complete(forest(A1, "contoso.com"), rules=(*customs, *ours))
    staging = complete(forest(B1, "contoso.com"), rules=tuple(theirs))
    exports = [export(*customs)]
    return lambda: syncrules.plan(exports, staging=staging, active=active)


def _connectors(name: str) -> Callable[[int], Work]:
    def made(n: int) -> Work:
        sides = [_server(_listed(n, name, block)) for block in ("4000", "5000")]
        exports = [export(rule())]
        return lambda: syncrules.plan(exports, active=sides[0], staging=sides[1])

    return made


def _server(data: bytes) -> Server:
    found, _ = read_evidence(data, FileKind.JSON, "x")
    assert found is not None
    return found


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(_of_one_name, id="rules of one name and one precedence"),
        pytest.param(_of_one_tag, id="rules of one tag"),
        pytest.param(_in_files, id="files"),
        pytest.param(_of_a_connector_each, id="rules of a connector each"),
        pytest.param(_disabled, id="disabled out-of-box rules"),
        pytest.param(_joining, id="rules that look like clones"),
        pytest.param(_of_two_versions, id="out-of-box rules that the other server lacks"),
        pytest.param(_connectors("contoso.com"), id="connectors of one name"),
        pytest.param(_connectors("{}.com"), id="connectors"),
    ],
)
def test_a_plan_of_many(made: Callable[[int], Work]) -> None:
    _holds(made, 60)  # more than the connectors of a name that are compared one by one


def _first_on_one_server_alone(n: int) -> Work:
    """Return work on rules that fill one attribute, of which one comes last on the other server."""
    rules = _named(_many(out_of_box(), n), "In")
    orders = (range(n), [n, *range(1, n)])
    sides = (
        server(export(*(replace(r, precedence=100 + p) for r, p in zip(rules, order, strict=True))))
        for order in orders
    )
    pairs = [RuleInBoth(*both) for both in zip(*(side.rules for side in sides), strict=True)]
    (moved,) = reordered(pairs)
    assert isinstance(moved, MovedRule)
    assert len(moved.was_before) == n - 1
    return lambda: reordered(pairs)


def test_many_rules_in_one_order() -> None:
    _holds(_first_on_one_server_alone)


def _checked(n: int) -> Work:
    """Return work on rules of which each has the same faults, at a precedence of its own."""
    wrong = 'IIF(Ispresent([mail]),ToLower([mail]) & "",%Foo%)'
    flow = syncrules.AttributeFlowMapping(None, "mail", "Expression", "Update", False, wrong)
    rules = [replace(r, attribute_flow_mappings=(flow, flow)) for r in _many(rule(), n)]
    exported = export(*rules)
    return lambda: syncrules.check(exported, server=server(exported))


def test_the_check_of_many_rules() -> None:
    _holds(_checked)


def test_many_files_of_one_server() -> None:
    shown = [_server(_listed(1)) for _ in range(FEW * TIMES)]
    _holds(lambda n: lambda: merge(shown[:n]))


# ---- Depth ---------------------------------------------------------------------------------------

DEPTH = 20_000
STACK = 256 * 1024


def _nested(opens: str, closes: str) -> str:
    flow = "Add-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Destination 'a' "
    return f"{flow}-FlowType Expression -Expression {opens * DEPTH}'a'{closes * DEPTH}"


def _read_all_that_is_deep() -> None:
    """Read it with hardly a stack, and no limit that would save it."""
    sys.setrecursionlimit(10**6)
    pairs = (
        *(("@(", ")"), ("@(,", ")"), ("@('a',", ")"), ("(", ")"), ("$(", ")"), ("{", "}")),
        *(("@{a=", "}"), ("[", "]"), ("$a[", "]"), ('"$(', ')"'), ("@'\n", "\n'@"), ('@"\n$(', "")),
    )
    for (opens, closes), closed in itertools.product(pairs, (True, False)):
        export_, found = read_export(_nested(opens, closes if closed else ""))
        assert export_ is None, opens
        assert found
    text = "(" * DEPTH + "[cn]" + ")" * DEPTH
    flow = syncrules.AttributeFlowMapping(None, "cn", "Expression", "Update", False, text)
    exports = [export(replace(rule(), attribute_flow_mappings=(flow,)))]
    assert syncrules.plan(exports, staging=STAGING).output()
    assert [f.code for f in syncrules.check(exports)] == ["SR705"]
    for opens, closes in (("[", "]"), ('{"a":', "}")):
        for text in (opens * DEPTH, opens * DEPTH + "1" + closes * DEPTH):
            found = read_evidence(text.encode(), FileKind.JSON, "x")[1]
            assert "levels" in found[0].message
            with pytest.raises(syncrules.NotAManifest, match="levels"):
                syncrules.verify_kit({"manifest.json": text.encode()}, Server())
    for root in ("a", "ma-data", "mv-data", "synchronizationRule"):
        inner = f"<{root}>" + "<conditions>" * DEPTH
        assert read_part(inner.encode(), "x")[1][0].code == "SR112"  # it breaks off
        found = read_part(f"{inner}{'</conditions>' * DEPTH}</{root}>".encode(), "x")[1]
        assert "levels" in found[0].message
    print("all was refused")


def test_what_is_nested_deep_is_refused_where_the_stack_is_small() -> None:
    program = (
        "import sys, threading; sys.path.insert(0, 'tests'); import test_work as t;"
        f"threading.stack_size({STACK}); thread = "
        "threading.Thread(target=t._read_all_that_is_deep);thread.start(); thread.join()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "all was refused\n", done.stderr


# ---- Two servers ---------------------------------------------------------------------------------


def _two_servers(number: int) -> tuple[Server, Server]:
    """Return servers of as many rules, all of which fill one attribute; a few are not the same."""
    shared = AttributeFlowMapping(("x",), "mail", "Direct", "Update", False, None)
    rules = [
        replace(
            rule(f"Rule {n}", n),
            precedence=n,
            attribute_flow_mappings=(shared, replace(shared, destination=f"a{n}")),
        )
        for n in range(number)
    ]
    others = [
        replace(r, identifier=guid(10_000 + n), connector=B1, precedence=2 * n)
        for n, r in enumerate(rules)
    ]
    others[3] = replace(others[3], disabled=True)
    others[4] = replace(others[4], attribute_flow_mappings=(replace(shared, destination="a4"),))
    return (
        complete(forest(A1, "contoso.com"), rules=tuple(rules)),
        complete(forest(B1, "contoso.com"), rules=tuple(others[:-1])),
    )


def test_servers_are_compared_once_a_rule() -> None:
    def make(number: int) -> Work:
        a, b = _two_servers(number)

        def work() -> None:
            found = compare(a, b)
            assert [d.kind for d in found.differences] == ["only-a", "changed", "state"]
            assert len([*attribute_changes(a, b, found.connectors, found.rules)]) == 3

        return work

    _holds(make)


def test_connectors_without_a_pair_are_looked_at_once() -> None:
    def make(number: int) -> Work:
        sides = [_server(_listed(number, f"{{}}.{end}", end * 4)) for end in ("a", "b")]
        found = compare(*sides)
        assert len(found.differences) + sum(len(n.names) for n in found.not_compared) >= number
        assert not found.rules
        return lambda: compare(*sides)

    _holds(make)


def test_rules_of_one_name_are_paired_once_a_rule() -> None:
    def make(number: int) -> Work:
        sides = (
            complete(
                forest(connector, "contoso.com"),
                rules=tuple(
                    replace(rule("Twin", start + n, connector), precedence=n) for n in range(number)
                ),
            )
            for connector, start in ((A1, 1), (B1, 10_000))
        )
        a, b = sides
        return lambda: compare(a, b)

    _holds(make)

"""What follows each finding's hint to the letter: an edit, a file or an option; or why none can.

Each way is followed on the example of its code in docs/findings/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from support.builders import A1, A2, B1, B2, guid
from syncrules.diagnostics import Code
from syncrules.rules.guids import ZERO_GUID

__all__ = ["WAYS", "Way"]

SCRIPT = "example.ps1"
"""The file that an example of a script is written to."""


@dataclass(frozen=True)
class Way:
    """How a hint is followed.

    `edits` are files with what is replaced in them and by what, `files` files that are added with
    what they hold (a file of the example by its name), `options` arguments that are added,
    `without` arguments that are left out, `arguments` what is run instead. `bytes_as` is how a
    script is encoded then. `leads_to` are findings that may come now: the next step, and no step
    back. `example` and `command` tell which example of the code, and which command of it.
    """

    edits: tuple[tuple[str, str, str], ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    arguments: str | None = None
    bytes_as: str | None = None
    leads_to: frozenset[str] = frozenset()
    example: int = 0
    command: int = 0


def _edit(old: str, new: str, file: str = SCRIPT, *then: str, example: int = 0) -> Way:
    return Way(edits=((file, old, new),), leads_to=frozenset(then), example=example)


def _option(*options: str, then: tuple[str, ...] = (), example: int = 0) -> Way:
    return Way(options=options, leads_to=frozenset(then), example=example)


def _instead(arguments: str, *then: str, example: int = 0, command: int = 0) -> Way:
    return Way(arguments=arguments, leads_to=frozenset(then), example=example, command=command)


AGAIN = "It asks to export again on the server, which nobody can do here."
OTHER_FILE = "It asks for another file, and only the administrator knows which."
ON_THE_SERVER = "It asks to do something on the server."
TO_COMPARE = "It asks to look at something; the finding is a warning, and stays one."
NOTHING = "There is nothing to do."
SYSTEM = "It asks to give the system what it lacks."

CONTOSO = "contoso.com"
CONNECTOR = f"'{A1}'"
TAG = "-ImmutableTag 'Microsoft.InfromADUserJoin.004'"
NO_TAG = "-ImmutableTag ''"

WAYS: Mapping[Code, tuple[Way, ...] | str] = {
    Code.SR101: (Way(bytes_as="utf-8 with a mark", example=1),),
    Code.SR102: (_option("--encoding", "windows-1252"),),
    Code.SR103: (_option("--encoding", "windows-1252"),),
    Code.SR104: (_option("--encoding", "windows-1252"),),
    Code.SR105: OTHER_FILE,
    Code.SR106: AGAIN,
    Code.SR107: OTHER_FILE,
    Code.SR108: OTHER_FILE,
    Code.SR109: OTHER_FILE,
    Code.SR110: (_instead("inspect exports/contoso/ad"),),
    Code.SR111: AGAIN,
    Code.SR112: AGAIN,
    Code.SR113: OTHER_FILE,
    Code.SR114: AGAIN,
    Code.SR115: AGAIN,
    Code.SR116: AGAIN,
    Code.SR117: (_instead("remap active-entra.ps1 --staging new --check"),),
    Code.SR118: ON_THE_SERVER,
    Code.SR119: (
        _instead(
            "remap by-forest by-forest/fabrikam/custom.ps1 --staging staging-entra.ps1 --check"
        ),
        _instead("remap by-forest by-forest/fabrikam --staging staging-entra.ps1 --check"),
    ),
    Code.SR120: NOTHING,
    Code.SR121: AGAIN,
    Code.SR122: AGAIN,
    Code.SR127: (
        _option("--accept-element", "rule-format"),
        _instead("remap active-entra.ps1 --active old-newer --staging new --check", "SR454"),
    ),
    Code.SR128: (_instead("remap active-entra.ps1 --staging new --check"),),
    Code.SR129: OTHER_FILE,
    Code.SR130: (_instead("remap active.ps1 --staging staging.ps1 --check", "SR410"),),
    Code.SR131: OTHER_FILE,
    Code.SR200: (_edit("-Name: ", ""),),
    Code.SR201: (_edit("dep't", "dep''t"), _edit("desk.", "desk.\n'@", example=1)),
    Code.SR202: (_edit("` \n", "`\n"),),
    Code.SR203: (_edit("`\n\n", "`\n"), _edit(" # as before `", " `", example=1)),
    Code.SR204: (_edit("Custom'\n", "Custom' `\n"),),
    Code.SR205: (_edit("\u2019", "\u2019\u2019"),),
    Code.SR206: (
        _edit('"In from $forest - User Custom"', "'In from contoso.com - User Custom'"),
        _edit("$forest", "`$forest"),
        _edit('@"\nMade for $forest.\n"@', "@'\nMade for $forest.\n'@", example=1),
    ),
    Code.SR207: "It asks to export what the program made.",
    Code.SR208: (_edit("Start-ADSyncSyncCycle -PolicyType Initial", ""),),
    Code.SR209: (
        _edit("$adConnector", CONNECTOR),
        _edit("$Script:connector", CONNECTOR, example=1),
    ),
    Code.SR210: (_edit(" > rules.txt", " | Out-Null"), _edit("<name>", "'x'", example=1)),
    Code.SR211: (
        _edit("(Get-ADSyncConnector -Name 'contoso.com').Identifier", CONNECTOR),
        _edit("$adConnector.Identifier", CONNECTOR, example=1),
        _edit("@parameters", "-Name 'x'", example=2),
    ),
    Code.SR212: (_edit("$rule | Add-ADSyncRule", ""),),
    Code.SR213: (_edit("& './functions.ps1'", ""),),
    Code.SR214: (_edit("50`", "50 `"), _edit("-Precedence'50'", "-Precedence '50'", example=1)),
    Code.SR215: (
        _edit("'givenName' 'sn'", "'givenName','sn'"),
        _edit("'sn'", "'sn')", example=1),
        _edit("[0])", "[0]", example=2),
    ),
    Code.SR216: (_edit("-Description '", "-Description:'"),),
    Code.SR217: (_edit("contoso.com", "contoso.com #>"), _edit("<# Rules of contoso.com\n", "")),
    Code.SR218: (_edit("@' Set", "@'\nSet"), _edit("  '@", "'@", example=1)),
    Code.SR219: (_edit("0x32", "50"),),
    Code.SR220: (_edit('"Made by M`u{fc}ller"', "'Made by M\u00fcller'"),),
    Code.SR221: (
        _edit(",,", ",", example=1),
        _edit("$connector =", f"$connector = {CONNECTOR}", example=2),
    ),
    Code.SR222: (_edit("'In from AD - User Custom'", ""),),
    Code.SR223: (_edit("Contoso/Users", "'Contoso/Users'"),),
    Code.SR224: AGAIN,
    Code.SR225: (_edit("#requires -Version 7\n", ""),),
    Code.SR226: TO_COMPARE,
    Code.SR227: AGAIN,
    Code.SR228: (_edit("# SIG # Begin signature block\n", ""),),
    Code.SR229: (
        _edit("Hi Ann", "# Hi Ann"),
        _edit("Hi Ann, here's the rule:\n", ""),
    ),
    Code.SR230: AGAIN,
    Code.SR231: AGAIN,
    Code.SR232: AGAIN,
    Code.SR301: (_edit("Precedance", "Precedence"),),
    Code.SR302: (_edit("-Precedence 51 `\n", ""),),
    Code.SR303: (_edit("'person'", f"'person' -Connector {CONNECTOR}"),),
    Code.SR304: (_edit("'Users of 'Contoso' Ltd.'", "'Users of ''Contoso'' Ltd.'"),),
    Code.SR305: (_edit("-Description", "-Description ''"),),
    Code.SR306: (_edit(":'no'", ""), _edit("-Disabled:'no' `\n", "")),
    Code.SR307: (_edit("-ErrorVariable failed `\n", ""),),
    Code.SR308: (_edit("-Desc ", "-Description "),),
    Code.SR311: (
        _edit(
            "-OutVariable syncRule",
            "-OutVariable syncRule\nAdd-ADSyncRule -SynchronizationRule $syncRule[0]",
        ),
    ),
    Code.SR312: (
        _edit(
            "…",
            "…\nAdd-ADSyncScopeConditionGroup -SynchronizationRule $syncRule[0] "
            "-ScopeConditions @($condition0[0])\nAdd-ADSyncRule -SynchronizationRule $syncRule[0]",
        ),
    ),
    Code.SR313: (_edit(f"$connector = '{A2}'", f"$other = '{A2}'"),),
    Code.SR314: (_edit("-ErrorAction SilentlyContinue `\n", ""),),
    Code.SR315: NOTHING,
    Code.SR316: (_edit("-OutVariable error", "-OutVariable syncRule"),),
    Code.SR317: (
        _edit("$syncRule `", "$syncRule[0] `"),
        _edit(
            "Add-ADSyncScopeConditionGroup `\n-SynchronizationRule $syncRule[0] `\n"
            "-ScopeConditions @()\n",
            "",
            example=1,
        ),
    ),
    Code.SR318: (
        Way(
            edits=(
                (SCRIPT, "…\nAdd-ADSyncRule -SynchronizationRule $syncRule[0]\n", "…\n"),
                (
                    SCRIPT,
                    "-FlowType 'Direct'",
                    "-FlowType 'Direct'\nAdd-ADSyncRule -SynchronizationRule $syncRule[0]",
                ),
            )
        ),
    ),
    Code.SR319: (_edit("$connector", CONNECTOR, example=1),),
    Code.SR320: (
        _edit("$name", "'x'"),
        _edit("'Users','Groups'", "'Users and groups'", example=1),
    ),
    Code.SR321: (_edit("Joined", "Join"), _edit("ISNOTBITSET", "ISBITNOTSET", example=1)),
    Code.SR322: (_edit("'aaaaaaaa-1111-4111-8111-11111111111'", CONNECTOR),),
    Code.SR323: (_edit("aaaaaaaa-xxxx-xxxx-xxxx-xxxxxxxxxxxx", A1),),
    Code.SR324: (_edit("'high'", "50"),),
    Code.SR325: (_edit("'30 days'", "0"), _edit("'30 days'", "'00:00:30'", SCRIPT, "SR326")),
    Code.SR326: TO_COMPARE,
    Code.SR327: (_edit("'mail',", "'mail','',"),),
    Code.SR328: (_edit("'False'", "$false"),),
    Code.SR329: (_edit("-Name ''", "-Name 'x'"),),
    Code.SR330: AGAIN,
    Code.SR331: (_edit("$ErrorActionPreference = 'SilentlyContinue'", ""),),
    Code.SR332: (_edit("2' `\n-Precedence 50", "2' `\n-Precedence 51"),),
    Code.SR333: (_edit("'EQUAL','Sales'", "'Sales','EQUAL'"),),
    Code.SR401: (
        _instead(f"remap active.ps1 --staging staging-two-forests.ps1 --check --map {A1}={B1}"),
    ),
    Code.SR402: (_option("--map", f"{A1}={A1}"),),
    Code.SR403: (
        _instead(f"remap active.ps1 --staging new --check --map {A1}={B1}"),
        _instead(
            f"remap active.ps1 --staging staging.ps1 --check --strict --map {A1}={B1}", example=1
        ),
    ),
    Code.SR404: (_option("--staging", "staging.ps1", then=("SR410",)),),
    Code.SR405: (_option("--staging", "staging.ps1", then=("SR410",)),),
    Code.SR406: (_option("--map", f"{A1}={B1}"), _option("--map", f"{A1}={B2}")),
    Code.SR407: (
        _instead(
            "remap active-two-forests.ps1 --staging staging.ps1 --check "
            f"--map {A1}={B1} --map {A2}={B2}",
            "SR403",
        ),
    ),
    Code.SR408: (_instead("remap active.ps1 --staging staging.ps1 --check"),),
    Code.SR409: (_instead("remap active-default.ps1 active.ps1 --staging staging.ps1 --check"),),
    Code.SR410: (_option("--map", f"{A1}={B1}"),),
    Code.SR411: (
        _instead("remap active-entra.ps1 --staging staging.ps1 --check"),
        _instead("remap copy-of-active-entra.ps1 --staging staging.ps1 --check"),
    ),
    Code.SR412: (
        Way(
            edits=(("active-default-entra.ps1", guid(911), guid(912)),) * 2,
            options=("--active", "active-default-entra.ps1", "--staging", "staging-entra.ps1"),
        ),
        Way(
            edits=(
                ("active-reference.ps1", guid(912), ZERO_GUID),
                ("active-reference.ps1", "-Precedence 0", "-Precedence 7"),
            )
        ),
    ),
    Code.SR413: (
        Way(
            edits=(("active-clone.ps1", TAG, NO_TAG),),
            leads_to=frozenset({"SR410", "SR442", "SR464"}),
        ),
    ),
    Code.SR414: (_edit(TAG, NO_TAG, "active-low-number.ps1", "SR410", "SR464"),),
    Code.SR415: (
        _option("--keep-enabled", "Out to AAD - User Join"),
        _option("--staging", "staging.ps1", then=("SR415",), example=1),
    ),
    Code.SR416: (
        _instead(
            "remap active.ps1 --active active-default.ps1 --staging staging-entra.ps1 --check "
            f"--map {A1}={B1}",
            "SR403",
        ),
    ),
    Code.SR417: (
        _instead(
            "remap active.ps1 --active old-two-forests --staging new-two-forests --check "
            f"--map {A1}={B1}"
        ),
    ),
    Code.SR418: TO_COMPARE,
    Code.SR420: (
        Way(files={"active-in-this-order.ps1": ("active-entra.ps1", "active-before-custom.ps1")}),
    ),
    Code.SR421: (
        _instead("remap active-before-custom.ps1 active-entra.ps1 --staging staging.ps1 --check"),
        Way(
            edits=(
                ("active-before-custom.ps1", guid(2), ZERO_GUID),
                ("active-before-custom.ps1", "-Precedence 0", "-Precedence 7"),
            )
        ),
    ),
    Code.SR422: (
        _edit(guid(910), guid(810), "active-before-join.ps1"),
        Way(
            edits=(
                ("active-before-join.ps1", guid(910), ZERO_GUID),
                ("active-before-join.ps1", "-Precedence 0", "-Precedence 7"),
            )
        ),
    ),
    Code.SR423: (_option("--staging", "staging-entra.ps1"),),
    Code.SR424: (
        _edit(guid(911), ZERO_GUID, "active-both.ps1"),
        _edit(guid(910), ZERO_GUID, "active-both.ps1"),
    ),
    Code.SR425: (
        Way(
            edits=(
                ("active-custom-before.ps1", guid(7), ZERO_GUID),
                ("active-custom-before.ps1", "-Precedence 0", "-Precedence 7"),
            )
        ),
    ),
    # The example's rule was moved before: it is told so, now by its name.
    Code.SR430: (_option("--identifiers", "new", then=("SR431",)),),
    Code.SR431: (_edit("User Custom'", "User Custom 2'", "active-entra.ps1"),),
    Code.SR440: (
        _edit("-Precedence 51", "-Precedence 52", "active-entra.ps1"),
        _option("--precedence", "after=60"),
    ),
    Code.SR442: (
        _edit("-Precedence 150", "-Precedence 52", "active-high.ps1"),
        _option("--precedence", "compact", then=("SR446",)),
    ),
    Code.SR443: (_edit("-Precedence 0", "-Precedence 52", "active-zero.ps1"),),
    Code.SR444: (
        _instead("remap active-three.ps1 --staging staging.ps1 --precedence after=90 --check"),
    ),
    Code.SR445: TO_COMPARE,
    Code.SR446: (
        Way(
            edits=(
                (
                    "active-high.ps1",
                    f"-PrecedenceBefore '{ZERO_GUID}'",
                    f"-PrecedenceBefore '{guid(910)}'",
                ),
            ),
            options=(
                *("--active", "active-default-entra.ps1"),
                *("--staging", "staging-entra.ps1"),
            ),
            leads_to=frozenset({"SR445", "SR448"}),
        ),
    ),
    Code.SR447: (
        _edit(
            f"-PrecedenceAfter '{guid(910)}'",
            f"-PrecedenceAfter '{guid(107)}'",
            "active-behind.ps1",
        ),
    ),
    Code.SR448: TO_COMPARE,
    Code.SR450: ON_THE_SERVER,
    Code.SR451: ON_THE_SERVER,
    Code.SR452: TO_COMPARE,
    Code.SR453: NOTHING,
    Code.SR454: (
        _instead("remap active.ps1 active-entra.ps1 --active old --staging new --check"),
        _instead("remap old --staging new --check"),
        _option("--partial"),
    ),
    Code.SR455: (_instead("remap active-entra.ps1 --staging staging.ps1 --check"),),
    Code.SR456: (
        Way(without=("--keep-enabled", "In from AD - User Join"), leads_to=frozenset({"SR450"})),
    ),
    Code.SR457: NOTHING,
    Code.SR458: (
        _edit("-ImmutableTag 'Microsoft.ContosoSpecial.001'", NO_TAG, "active-tagged.ps1"),
        _option("--partial"),
    ),
    Code.SR459: (
        _instead("remap active.ps1 active-entra.ps1 --active old --staging new --check --strict"),
    ),
    # What was corrected in the export is not in the configuration yet.
    Code.SR460: (
        Way(
            edits=tuple((f, "'cloudFiltered'", "'cn'") for f in ("active.ps1", "active-entra.ps1")),
            leads_to=frozenset({"SR457"}),
        ),
    ),
    Code.SR461: (_edit(f'"{A1}"', f'"{B1}"', "active-guid.ps1"),),
    Code.SR462: (
        _instead("remap active.ps1 active-entra.ps1 --active old --staging new --check --strict"),
    ),
    Code.SR463: ON_THE_SERVER,
    Code.SR464: (
        Way(
            arguments=(
                "remap active-join.ps1 active-default.ps1 --staging staging.ps1 "
                f"--map {A1}={B1} --check --strict"
            )
        ),
    ),
    Code.SR470: (_instead("remap active-entra.ps1 --staging new --check"),),
    Code.SR471: (_instead("remap active-entra.ps1 --active old --staging new --check", "SR454"),),
    Code.SR472: ON_THE_SERVER,
    Code.SR473: ON_THE_SERVER,
    Code.SR474: (
        Way(
            edits=(
                ("active-flow.ps1", "-FlowType 'Direct'", "-FlowType 'Expression'"),
                (
                    "active-flow.ps1",
                    "-Source @('IIF(IsPresent([title]),[title],NULL)')",
                    "-Expression 'IIF(IsPresent([title]),[title],NULL)'",
                ),
            )
        ),
    ),
    Code.SR476: (
        Way(
            without=("--leave", "Out to AAD - User Costum"),
            options=("--leave", "Out to AAD - User Custom"),
            leads_to=frozenset({"SR479"}),
        ),
    ),
    Code.SR477: (
        Way(
            without=("--leave", "In from AD - User Custom"),
            options=("--leave", guid(1), "--leave", guid(3)),
            leads_to=frozenset({"SR479"}),
        ),
    ),
    Code.SR478: NOTHING,
    Code.SR479: NOTHING,
    Code.SR480: ON_THE_SERVER,
    Code.SR481: (
        _instead(f"remap active.ps1 --staging staging.ps1 --map {A1}={B1} --check"),
        _instead(f"remap active.ps1 --staging connectors-of-one-name.csv --map {A1}={B2} --check"),
    ),
    Code.SR482: (
        _instead(
            "remap active.ps1 --active active-connectors.csv --staging staging-two-forests.ps1 "
            f"--map {CONTOSO}={B1} --check"
        ),
    ),
    Code.SR485: OTHER_FILE,
    Code.SR501: (_instead("remap active-entra.ps1 --staging staging.ps1 --check"),),
    Code.SR503: (
        Way(
            files={"fabrikam/other.ps1": ("fabrikam/custom.ps1",)},
            arguments="remap contoso/custom.ps1 fabrikam/other.ps1 --staging staging.ps1 --check",
        ),
    ),
    Code.SR504: (_instead("remap contoso/custom.ps1 --staging staging.ps1 --out other"),),
    Code.SR505: (
        _option("--force"),
        _instead("remap active-entra.ps1 --staging staging.ps1 --out other"),
    ),
    Code.SR506: (_instead("remap active-entra.ps1 --staging staging.ps1 --out other --strict"),),
    Code.SR507: (
        _instead("remap active-entra.ps1 --staging staging.ps1 --out other"),
        _instead("remap active-entra.ps1 --staging staging.ps1 --out other", command=1),
    ),
    Code.SR508: SYSTEM,
    Code.SR509: (_instead("kit active-entra.ps1 --staging staging-entra.ps1 --out other"),),
    Code.SR510: (_instead("kit active-entra.ps1 --staging staging-entra.ps1 --out other"),),
    Code.SR511: (_instead("remap active-entra.ps1 --staging staging.ps1 --out other --strict"),),
    Code.SR512: NOTHING,
    Code.SR513: (_instead("remap active-entra.ps1 --staging staging.ps1 --out elsewhere"),),
    Code.SR517: (_instead("remap contoso --staging staging.ps1 --out other --html changes.html"),),
    Code.SR601: (
        Way(
            edits=(("active-and-word.ps1", "Write-Host 'Rule added.'\r\n", ""),),
            without=("--keep-foreign",),
        ),
        _instead(
            "remap active-and-word.ps1 --staging staging-entra.ps1 --keep-foreign --check", "SR226"
        ),
    ),
    Code.SR602: AGAIN,
    Code.SR603: (_instead("kit active-entra.ps1 --staging staging-entra.ps1 --check"),),
    Code.SR610: (_instead("verify kit --staging now-enabled.ps1"),),
    Code.SR611: ON_THE_SERVER,
    Code.SR612: ON_THE_SERVER,
    Code.SR613: ON_THE_SERVER,
    Code.SR614: (_option("--staging", "now-custom.ps1"),),
    Code.SR615: (_instead("verify kit --staging now-enabled.ps1", "SR613"),),
    Code.SR616: (_option("--allow-active"),),
    Code.SR617: OTHER_FILE,
    Code.SR618: (Way(options=("--staging", "now-in-part.ps1"), example=1),),
    Code.SR700: (
        _edit("“Fabrikam - ”", '"Fabrikam - "'),
        _edit("&lt;&gt;", "<>", example=1),
    ),
    Code.SR701: (_edit('"Fabrikam - &', '"Fabrikam - " &'),),
    Code.SR702: (_edit("!=", "<>"),),
    Code.SR703: (_edit('2),"a"', '2)),"a"'), _edit("])),", "]),", example=1)),
    Code.SR704: (_edit(") [title]", "),[title]"), _edit("==", "=", example=1)),
    Code.SR705: "It asks to split the expression, and only the administrator knows how.",
    Code.SR710: (_edit("'IF(", "'IIF("),),
    Code.SR711: (_edit("ToLower", "LCase"),),
    Code.SR712: (_edit("IIf", "IIF"),),
    Code.SR713: (_edit("2)", "2,5)"),),
    Code.SR714: (_edit('"CTO"', '[title] = "CTO"'), _edit('"20"', "20", example=1)),
    Code.SR715: (_edit("$itm", "$item"),),
    Code.SR716: (_edit("%ForestLDAP%", "%Forest.LDAP%"),),
    Code.SR717: (_edit(",title,", ",[title],"),),
    Code.SR718: (_edit('[title] = "b" && [cn] = "c"', '([title] = "b" && [cn] = "c")'),),
    Code.SR719: NOTHING,
    Code.SR720: (_edit("IIF(IsPresent([jobTitle]),[jobTitle],NULL)", "Trim([title])"),),
    Code.SR721: (_edit("[userprincipalname]", "[userPrincipalName]"),),
    Code.SR722: (_edit(f'"{A1}"', "%Connector.ID%"),),
    Code.SR723: (
        _edit('"mS-DS-ConsistencyGuid"="mS-DS-ConsistencyGuid"', '"objectGUID"="objectGUID"'),
    ),
    Code.SR724: (_edit('"@")) &', '"@")-1) &'),),
    Code.SR730: (_edit("'disabled'", "'2'"),),
    Code.SR731: (_edit("'Provision'", "'Join'"),),
    Code.SR732: (_edit("'employeeNumber'", "'sourceAnchorBinary'"),),
    Code.SR733: "It asks to keep one flow, and only the administrator knows which.",
    Code.SR734: NOTHING,
    Code.SR735: (_edit("150", "50"),),
    Code.SR736: ON_THE_SERVER,
}
"""A way for each code, or more where its hint leaves a choice."""

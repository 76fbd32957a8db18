"""Names in a kit: nothing executes, file names are valid on Windows, rules arrive unchanged."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path, PureWindowsPath

from support.builders import guid
from support.powershell.kits import SEED, make_scene
from support.powershell.session import Session, state
from support.worlds import make_world
from syncrules import JoinCondition, ScopeCondition, SyncRule

NAMES = [
    "O'Brien ''twice''",
    "‘turned’ ‚low‛ “double” „low”",
    '"straight" `"escaped`"',
    "$(New-Item pwned)",
    "`$(New-Item pwned)`",
    "'; New-Item pwned; '",
    "’; New-Item pwned; ‘",
    "back`tick `n `0 at the end`",
    "two\nlines",
    "three\r\nlines\rhere",
    "right \u202eto left\u202c and \u200eback\u200f",
    "zero\u200bwidth",
    "zerowidth",
    "x" * 300,
    "CON",
    "nul.ps1",
    "COM1 ",
    "ends in a dot.",
    " ",
    "../../escape",
    "C:\\Windows\\x:y",
    "2024-01-01T00:00:00Z",
    "/Date(0)/",
    "#> 'x'",
    "@'\n'@\n",
    "--%",
    "{0} %s %Forest.FQDN%",
    "Zürich 字 😀 e\u0301",
]
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[. ]$')


def custom() -> list[SyncRule]:
    """Return a rule for each name, which stands in all its texts."""
    model = next(r for r in make_world(SEED).custom if r.precedence)
    return [
        replace(
            model,
            name=name,
            identifier=guid(number),
            description=name,
            precedence=number,
            disabled=False,
            attribute_flow_mappings=(
                replace(model.attribute_flow_mappings[1], expression=name),
                replace(model.attribute_flow_mappings[2], source=(name,)),
            ),
            scope_filter=((ScopeCondition(name, name, "EQUAL"),),),
            join_filter=((JoinCondition(name, name, True),),),
        )
        for number, name in enumerate(NAMES, start=1)
    ]


def test_every_name_arrives_unchanged_and_none_executes(
    powershell: Session, tmp_path: Path
) -> None:
    scene = make_scene(powershell, tmp_path, custom=custom())
    pause = ("-Scheduler", "Pause")

    for script, arguments in (
        ("1-check.ps1", ()),
        ("2-apply.ps1", pause),
        ("3-verify.ps1", ()),
        ("2-apply.ps1", pause),
    ):
        found = powershell.run_file(scene.kit / script, *arguments, store=scene.store)
        assert found.exit_code == 0, found.shown
        assert not {"\u202e", "\u200f", "\x1b"} & set(found.shown)

    assert scene.rules == scene.planned
    assert not list(tmp_path.rglob("pwned*"))
    assert [p.name for p in tmp_path.parent.rglob("escape*")] == []

    found = powershell.run_file(scene.kit / "undo.ps1", *pause, store=scene.store)
    assert found.exit_code == 0, found.shown
    assert len(state(scene.store)["rules"]) == len(scene.world.staging_rules)


def test_file_names_are_valid_on_windows(powershell: Session, tmp_path: Path) -> None:
    scene = make_scene(powershell, tmp_path, custom=custom())

    names = sorted(p.name for p in (scene.kit / "rules").iterdir())

    assert len({n.lower() for n in names}) == len(NAMES)
    assert [int(n[:3]) for n in names] == list(range(1, len(NAMES) + 1))
    for name in names:
        assert name.isascii()
        assert len(name) < 80
        assert not FORBIDDEN.search(name)
        assert not RESERVED.fullmatch(PureWindowsPath(name).stem)

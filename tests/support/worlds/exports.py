"""The EXPORT files of a world, and what else lies in their folder."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from support.builders import run, text_of, write
from syncrules import SyncRule
from syncrules.rules.guids import ZERO_GUID
from syncrules.rules.model import ENTRA_CONNECTOR

from .evidence import give
from .making import custom_rule, fresh_guid, numbered, numbered_with
from .model import Feature, World

__all__ = ["Exports", "exports_of", "write_exports"]


@dataclass
class Exports:
    """What is given as EXPORT: `arguments`, which hold the `files`.

    `unread` are files in it that hold a rule and are not read, `others` those without one.
    """

    arguments: list[Path]
    files: list[Path]
    unread: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)


def exports_of(world: World, folder: Path, dice: random.Random) -> Exports:
    """Write the exports of a world, with what its features put beside them."""
    if Feature.SECOND in world.features:
        mapped = _of_the_first_migration(world, folder.parent / "first", dice)
        if mapped:
            return Exports(dice.sample(mapped, len(mapped)), mapped)
        world.features.remove(Feature.SECOND)
    files = write_exports(world, folder, dice)
    found = Exports(dice.sample(files, len(files)), files)
    if Feature.UNREAD_RULE in world.features:
        found.unread.append(_unread_rule(world, folder, dice))
    if Feature.OTHER_FILES in world.features:
        found.others += _other_files(folder, dice)
    if found.unread or found.others:
        found.arguments = [folder]
    return found


def write_exports(world: World, folder: Path, dice: random.Random) -> list[Path]:
    """Write the custom rules' exports; their names say nothing of the order to run them in."""
    names = dice.sample("abcdefgh", len(world.files))
    return [
        write(
            folder / f"{name}.ps1",
            text_of(*(world.exported[i] for i in indices)).encode("utf-8-sig"),
        )
        for name, indices in zip(names, world.files, strict=True)
    ]


# ---- What is not read ----------------------------------------------------------------------------


def _unread_rule(world: World, folder: Path, dice: random.Random) -> Path:
    """Write a rule into a file that no folder's reading reaches."""
    name = dice.choice(("sub/more.ps1", "r3.log", "old.ps1.bak", "sub/deep/r.txt", "rules"))
    rule = custom_rule(dice, dice.choice(world.systems), 99)
    encoding = dice.choice(("utf-8-sig", "utf-16", "utf-8"))
    return write(folder / name, text_of(rule).encode(encoding))


def _other_files(folder: Path, dice: random.Random) -> list[Path]:
    contents = {
        "notes.docx": b"PK\3\4\0\0",
        "sub/readme.md": b"# New-ADSyncRule makes a rule\n",
        "picture.png": b"\x89PNG\r\n\x1a\n",
        "sub/deep/run.cmd": b"@echo off\r\n",
        "empty": b"",
        "sub/list.txt": b"Name Identifier\r\n",
    }
    names = dice.sample(sorted(contents), dice.randint(1, 4))
    return [write(folder / name, contents[name]) for name in names]


# ---- The first of two migrations -----------------------------------------------------------------


def _of_the_first_migration(world: World, folder: Path, dice: random.Random) -> list[Path]:
    """Migrate the rules to the active server, from one before it, and return what that wrote.

    Nothing, where no order of the files leaves the rules in theirs.
    """
    first = _earlier(world, dice)
    active = give(first, folder / "active", "configuration", dice, of_active=True)
    staging = give(first, folder / "staging", "configuration", dice, of_active=False)
    exports = write_exports(first, folder / "custom", dice)
    mapped = folder / "mapped"
    options: list[str | Path] = ["--active", *active.paths, "--staging", *staging.paths]
    if dice.random() < 0.2:
        options.append("--bare")
    made = run("remap", *exports, *options, "--partial", "--out", mapped)
    if "error[SR447]" in made.stderr:
        return []
    assert made.code == 0, (world.seed, made.stderr)
    return sorted(p for p in mapped.iterdir() if p.name in {e.name for e in exports})


def _earlier(world: World, dice: random.Random) -> World:
    """Return the world of the migration before: its staging server is this one's active server."""
    systems = [
        replace(
            s,
            active=s.active if s.active == ENTRA_CONNECTOR else fresh_guid(dice),
            staging=s.active,
            names=(s.names[0], s.names[0]),
        )
        for s in world.systems
    ]
    homes = {s.staging: s.active for s in systems}
    tagged = {r.identifier for r in world.tagged}
    standard = numbered(
        sorted(
            (r for r in world.active_rules if r.is_out_of_box and r.identifier not in tagged),
            key=lambda r: r.precedence or 0,
        )
    )
    older = {r.identifier or "": fresh_guid(dice) for r in standard}
    before = [
        replace(r, identifier=older[r.identifier or ""], connector=homes[r.connector])
        for r in standard
    ]
    true = {old: identifier for identifier, old in older.items()}
    custom = list(_as_before(world.custom, homes, older))
    active = numbered_with(before, custom)
    return World(world.seed, systems, active, standard, custom, true, world.files)


def _as_before(
    custom: Iterable[SyncRule], homes: dict[str, str], older: dict[str, str]
) -> Iterable[SyncRule]:
    """Yield rules as the server before had them."""
    for rule in custom:
        before, after = rule.precedence_before or ZERO_GUID, rule.precedence_after or ZERO_GUID
        yield replace(
            rule,
            connector=homes[rule.connector],
            precedence_before=older.get(before, before),
            precedence_after=older.get(after, after),
        )

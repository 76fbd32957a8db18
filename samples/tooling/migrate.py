"""Move custom rules, with changes: migrate.py ACTIVE STAGING KIT [WHAT-STAGING-HAS-NOW]."""

import re
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import syncrules

DROP = re.compile(r"Partner forest$")  # change these three lines for your servers
OLD, NEW = "In from AD - User UPN suffix", "In from AD - User UPN"
FIRST = 10


def edited(export: syncrules.Export) -> syncrules.Export:
    """Return an export with its custom rules edited; out-of-box rules stay, as evidence."""
    kept = [r for r in export.rules if r.is_out_of_box or not DROP.search(r.name)]
    if len(kept) < len(export.rules):  # printed again, without the comments of the file
        export = syncrules.parse(syncrules.emit(kept), name=export.name)
    for rule in (r for r in kept if r.name == OLD and not r.is_out_of_box):
        export = syncrules.parse(export.replace(rule, replace(rule, name=NEW)), name=export.name)
    return export


def write(kit: syncrules.Kit, folder: Path) -> None:
    """Write a kit as a new folder: all of it, or nothing."""
    with TemporaryDirectory(dir=folder.parent) as scratch:
        for path, data in kit.files.items():
            Path(scratch, "kit", path).parent.mkdir(parents=True, exist_ok=True)
            Path(scratch, "kit", path).write_bytes(data)
        Path(scratch, "kit").rename(folder)


def main(active: str, staging: str, kit: str, now: str = "") -> str:
    """Write the kit, unless it is there to be verified; return what is wrong, if anything is."""
    try:
        if not (now and Path(kit).exists()):
            exports = [edited(export) for export in syncrules.read_exports(active)]
            source, target = map(syncrules.read_server, (active, staging))
            plan = syncrules.plan(
                exports, active=source, staging=target, first_precedence=FIRST, partial=True
            )
            sys.stderr.write("".join(f"{finding}\n" for finding in plan.diagnostics))
            if NEW not in [rule.after.name for rule in plan.rules]:
                return f"No custom rule has the name {OLD!r}."
            write(syncrules.make_kit(plan), Path(kit))
        if now:
            paths = [path for path in Path(kit).rglob("*") if path.is_file()]
            files = {path.relative_to(kit).as_posix(): path.read_bytes() for path in paths}
            findings = syncrules.verify_kit(files, syncrules.read_server(now))
            return "\n".join(map(str, findings))
    except (syncrules.SyncRulesError, OSError) as error:
        return str(error)
    return ""


if __name__ == "__main__":
    sys.exit(__doc__ if len(sys.argv) not in (4, 5) else main(*sys.argv[1:]) or 0)

"""A kit's files, from a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files as resources

from syncrules import __version__
from syncrules.diagnostics import Diagnostic, has_errors
from syncrules.errors import PlanRefused
from syncrules.migration.plan import Plan
from syncrules.pages.parts import UNTOLD, Made

from .manifest import MANIFEST, code_of, manifest_of, plan_of, sha256
from .readme import README, readme_of
from .report import REPORT, KitShown, report_of
from .rule_files import RuleFile, rule_files, with_windows_line_ends

__all__ = ["JOURNAL", "WRITTEN_IN_USE", "Kit", "kit_of", "make_kit"]

JOURNAL = "journal.jsonl"
"""What 2-apply.ps1 writes into the kit: what it did, and what undo.ps1 takes back."""

WRITTEN_IN_USE = (JOURNAL, "backup-*", "deferred-full-sync*")
"""What a kit's scripts write into it and need later, as patterns of names: it was used.

Besides, they save what they print: those are anybody's files, which a new kit does not replace.
"""

_SCRIPTS = "scripts"
_SHARED = "lib"
"""What the scripts share, in a folder of that name here and in the kit."""


@dataclass(frozen=True, slots=True)
class Kit:
    """The files of a kit by their paths, with forward slashes; `rules` are some of them.

    A person recognizes the kit by its `code`, which its pages, its manifest and its scripts show.
    """

    files: Mapping[str, bytes]
    rules: tuple[RuleFile, ...]
    code: str


def make_kit(plan: Plan, *, made_at: str = "", command: str = "") -> Kit:
    """Return the kit of a plan.

    `made_at` and `command` are for report.html alone: when and by which command line it was made.

    Raises PlanRefused where the plan has errors, and where a kit cannot carry it.
    """
    kit, diagnostics = kit_of(plan, Made(made_at, command))
    if kit is None:
        raise PlanRefused(diagnostics)
    return kit


def kit_of(plan: Plan, made: Made = UNTOLD) -> tuple[Kit | None, tuple[Diagnostic, ...]]:
    """Return the kit of a plan, or why a kit cannot carry it.

    Raises PlanRefused where the plan has errors.
    """
    if has_errors(plan.diagnostics):
        raise PlanRefused(plan.diagnostics)
    rules, diagnostics = rule_files(plan)
    if diagnostics:
        return None, diagnostics
    tool = f"syncrules {__version__}"
    files = {rule.path: rule.data for rule in rules} | _scripts()
    planned = plan_of(plan, rules, tool)
    code = code_of(planned, files)
    number = len({*files, README, MANIFEST, REPORT})
    files[README] = readme_of(plan, rules, code, number)
    files[MANIFEST] = manifest_of(planned, code, files)
    files[REPORT] = report_of(plan, made, KitShown(rules, code, sha256(files[MANIFEST]), number))
    return Kit(files, rules, code), ()


def _scripts() -> dict[str, bytes]:
    """Return the scripts by their paths in the kit: nothing is put into them.

    Windows PowerShell is reported to reject signed scripts with the line ends of Unix where the
    policy is AllSigned (PowerShell issue 3361).
    """
    folder = resources(__package__).joinpath(_SCRIPTS)
    return {
        f"{prefix}{path.name}": with_windows_line_ends(path.read_text("ascii")).encode("ascii")
        for prefix, place in (("", folder), (f"{_SHARED}/", folder.joinpath(_SHARED)))
        for path in place.iterdir()
        if path.name.endswith(".ps1")
    }

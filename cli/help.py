"""The help of a command: its options in groups, with what they are unless said otherwise."""

from __future__ import annotations

import click

__all__ = ["SECTIONS", "Command"]

SECTIONS = {
    "What to move": ("leave", "partial", "keep_foreign", "accept_elements"),
    "Evidence": ("staging", "active", "also_a", "also_b", "pairs", "encoding"),
    "Choices": (
        *("first", "identifiers", "seed", "keep_enabled", "allow_active", "accept"),
        *("select", "ignore"),
    ),
    "Output": (
        *("out", "force", "check", "strict", "bare", "html", "attributes", "everything"),
        *("write_accepted", "form", "verbose", "quiet"),
    ),
}
"""The groups in their order, and the parameters in each; `--help` and the like stand last."""


class Command(click.Command):
    """A command whose help shows its options in groups."""

    def __init__(self, *arguments: object, **options: object) -> None:
        options["context_settings"] = {"show_default": True}
        super().__init__(*arguments, **options)  # type: ignore[arg-type]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of each group, in the order of the groups."""
        records = {
            parameter.name or "": record
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx))
        }
        for title, names in SECTIONS.items():
            _write(title, [records.pop(name) for name in names if name in records], formatter)
        _write("Help", [*records.values()], formatter)


def _write(title: str, records: list[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    if records:
        with formatter.section(title):
            formatter.write_dl(records)

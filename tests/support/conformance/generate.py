"""Write fresh scripts, awkward on purpose, for PowerShell and this reader to read.

python -m support.conformance.generate SEED COUNT OUT.jsonl (in tests/)

The same seed gives the same scripts: lines of `id` and `text`, of six kinds in turn. Most are
built from parts, as a person or the Editor would write them; then many are damaged at random.
Nothing here knows what is right: PowerShell says so (record.ps1).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

from .rebinding import rebound_script
from .words import (
    BEFORE_VALUE,
    BLANKS,
    COMMANDS,
    COMMAS,
    DOUBLE,
    FOREIGN,
    IN_BRACKETS,
    LEADS,
    LINE_BREAKS,
    NOT_BLANKS,
    PARAMETERS,
    PLAIN,
    SINGLE,
    SNIPPETS,
    VERBATIM,
)

__all__ = ["KINDS", "scripts"]

T = TypeVar("T")


class Writer:
    """Writes scripts by chance, each method one kind of piece."""

    def __init__(self, random: Random, plain: int = 35) -> None:
        self.random = random
        self.plain = plain
        """How many texts in a hundred mean nothing to PowerShell."""

    def plainer(self) -> Writer:
        """Return a writer by the same chance, whose texts are plain."""
        return Writer(self.random, plain=100)

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of them."""
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        """Return true so many times out of a hundred."""
        return self.random.randrange(100) < percent

    def some(self, most: int, piece: Callable[[], str], least: int = 0) -> list[str]:
        """Return up to `most` pieces."""
        return [piece() for _ in range(self.random.randint(least, most))]

    # ---- Texts and values ------------------------------------------------------------------------

    def text(self) -> str:
        """Return the text of a value."""
        if self.chance(self.plain):
            return self.pick(PLAIN)
        return "".join(self.some(4, lambda: self.pick(self.pick((PLAIN, SNIPPETS, SNIPPETS)))))

    def line_break(self) -> str:
        return self.pick(LINE_BREAKS)

    def guid(self) -> str:
        digits = f"{self.random.getrandbits(128):032x}"
        return "-".join(digits[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))

    def single(self, text: str) -> str:
        """Return a single-quoted text; sometimes its quotes are not doubled."""
        if self.chance(92):
            text = re.sub(f"[{SINGLE}]", lambda m: self.pick((m[0], "'", "’")) + m[0], text)
        return self.pick(("'", "'", self.pick(SINGLE))) + text + self.pick(("'", self.pick(SINGLE)))

    def double(self, text: str) -> str:
        """Return a double-quoted text; sometimes something in it is not escaped."""
        if self.chance(90):
            text = re.sub("[`$]", r"`\g<0>", text)
        if self.chance(92):
            text = re.sub(f"[{DOUBLE}]", lambda m: self.pick(("`", m[0], '"')) + m[0], text)
        return self.pick(('"', self.pick(DOUBLE))) + text + self.pick(('"', self.pick(DOUBLE)))

    def here(self, text: str) -> str:
        """Return a here-string of either kind, now and then with a wrong header or footer."""
        quotes = self.pick((SINGLE, DOUBLE))
        if quotes is DOUBLE and self.chance(80):
            text = re.sub("[`$]", r"`\g<0>", text)
        header = "@" + self.pick(quotes) + self.pick(("", "", "", " ", "\t", "\xa0", "x", "#c"))
        indent = self.pick(("", "", "", "", "", " ", "\t", "x", "`"))
        footer = indent + self.pick(quotes) + self.pick(("@", "@", "@", "@", " @", "@x", "@.x"))
        return header + self.line_break() + text + self.line_break() + footer

    def quoted(self) -> str:
        """Return a quoted text of any kind."""
        write = self.pick(
            (self.single, self.single, self.single, self.double, self.double, self.here)
        )
        return write(self.text())

    def value(self, depth: int = 0) -> str:
        """Return a value of any kind."""
        chosen = self.random.randrange(100)
        if chosen < 45 or depth > 2:
            return self.quoted()
        if chosen < 70:
            return self.pick(VERBATIM)
        if chosen < 75:
            return self.text()
        items = self.some(3, lambda: self.value(depth + 1), least=1 if chosen < 85 else 0)
        comma = self.pick(COMMAS)
        inside = comma.join(items)
        if chosen < 85:
            return inside
        lead, trail = self.pick(IN_BRACKETS), self.pick(IN_BRACKETS)
        return self.pick(("@(", "@(", "@(", "@(", "(", "@ (", "$(")) + lead + inside + trail + ")"

    def argument(self) -> str:
        """Return a parameter with its value, or one of the two alone."""
        chosen = self.random.randrange(10)
        if chosen == 0:
            return self.pick(PARAMETERS)
        if chosen == 1:
            return self.value()
        between = ":" if chosen < 4 else self.pick((" ", " ", "  ", "\t", ": ", "", self.gap()))
        return self.pick(PARAMETERS[:4] if self.chance(60) else PARAMETERS) + between + self.value()

    # ---- Layout ----------------------------------------------------------------------------------

    def gap(self) -> str:
        """Return what stands between two arguments."""
        chosen = self.random.randrange(100)
        if chosen < 45:
            return " `" + self.line_break() + self.pick(("", "", "    ", "\t"))
        if chosen < 70:
            return self.pick(BLANKS)
        comment = self.pick(
            (
                "<#c#>", "<# c\n#>", "#c", "# ` ", "<##>", "<#'#>", "#'", "<# #c #>", "#requires;",
                "# Begin sync rule block", "# the single block", "## sig # begin signature block",
            )
        )  # fmt: skip
        breaks = self.line_break()
        return self.pick(
            (
                f" {comment} ", f" {comment} `{breaks}", f" `{breaks}{comment}{breaks}",
                f" {comment}{breaks}", f" `{breaks}{comment}", f" `{breaks}{breaks}", "` ", " ` `\n",
                f" `{self.pick(BLANKS)}{breaks}", f"`{breaks}", f" ``{breaks}", breaks, "", ";",
                f" `{breaks}`{breaks}", f" `{breaks} `{breaks}", comment, f" {breaks}", " | ", "&",
                self.pick(NOT_BLANKS), f" `{self.pick(NOT_BLANKS)}{breaks}", f" `{breaks}|", "|\n",
            )
        )  # fmt: skip

    def ending(self) -> str:
        """Return what stands after a statement."""
        breaks = self.line_break()
        return self.pick(
            (
                "", breaks, breaks, breaks * 3, ";", " ; ", ";;", " # end", " <# end #>", " `", " `\n",
                " | Out-Null", "|out-null", " |\nOut-Null", " | Out-Null;", "\n| Out-Null", " | x",
                " | Out-Null -x", " | Out-Null # c", " || x", " && Get-ADSyncRule", " &", " > out.txt",
                "\x85Get-ADSyncRule", "\u2028Get-ADSyncRule", "\r-Name 'x'", "\x00", "\x1a", " |", " )",
            )
        )  # fmt: skip

    def command(self) -> str:
        """Return a command with arguments, in any layout."""
        name = self.pick(COMMANDS[:5] if self.chance(75) else COMMANDS)
        return name + "".join(self.gap() + a for a in self.some(4, self.argument)) + self.ending()

    # ---- Whole rules -----------------------------------------------------------------------------

    def free(self) -> str:
        """Return a quoted text as the Editor writes it: straight quotes, doubled or not."""
        return "'" + re.sub(f"[{SINGLE}]", r"\g<0>\g<0>", self.text()) + "'"

    def rule(self) -> list[list[str]]:
        """Return the commands of a rule, each a name and its settings."""
        identifier = f"'{self.guid()}'"
        commands = [
            [
                "New-ADSyncRule ", f"-Name {self.free()}", f"-Identifier {identifier}",
                f"-Description {self.free()}", f"-Direction '{self.pick(('Inbound', 'Outbound'))}'",
                f"-Precedence {self.random.randrange(200)}", "-SourceObjectType 'user'",
                "-TargetObjectType 'person'", f"-Connector '{self.guid()}'", "-LinkType 'Join'",
                "-SoftDeleteExpiryInterval 0", f"-ImmutableTag {self.free()}",
                *self.some(1, lambda: "-Disabled "), "-OutVariable syncRule",
            ]
        ]  # fmt: skip
        for _ in range(self.random.randrange(3)):
            commands.append(self.flow())
        for kind, last in (("Scope", "'EQUAL'"), ("Join", "$true")):
            if self.chance(40):
                commands += self.group(kind, last)
        commands.append(["Add-ADSyncRule ", "-SynchronizationRule $syncRule[0]"])
        commands.append(["Get-ADSyncRule ", f"-Identifier {identifier}"])
        return commands

    def flow(self) -> list[str]:
        sources = ",".join(self.some(3, self.free, least=1))
        return [
            "Add-ADSyncAttributeFlowMapping ", "-SynchronizationRule $syncRule[0]",
            *self.some(1, lambda: f"-Source @({sources})"), f"-Destination {self.free()}",
            f"-FlowType '{self.pick(('Direct', 'Expression', 'Constant'))}'",
            "-ValueMergeType 'Update'", *self.some(1, lambda: "-ExecuteOnce "),
            *self.some(1, lambda: f"-Expression {self.free()}"), "-OutVariable syncRule",
        ]  # fmt: skip

    def group(self, kind: str, last: str) -> list[list[str]]:
        count = self.random.randint(1, 2)
        made = [
            [
                "New-Object ",
                f"-TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.{kind}Condition'",
                f"-ArgumentList {self.free()},{self.free()},{last}",
                f"-OutVariable condition{i}",
            ]
            for i in range(count)
        ]
        conditions = ",".join(f"$condition{i}[0]" for i in range(count))
        return [
            *made,
            [
                f"Add-ADSync{kind}ConditionGroup ", "-SynchronizationRule $syncRule[0]",
                f"-{kind}Conditions @({conditions})", "-OutVariable syncRule",
            ],
        ]  # fmt: skip

    def laid_out(self, commands: Sequence[Sequence[str]]) -> str:
        """Return commands in the Editor's layout."""
        breaks = self.pick(("\r\n", "\r\n", "\n"))
        return "".join(f" `{breaks}".join(c) + breaks * 3 for c in commands)

    def careless(self, text: str) -> str:
        """Return a rule whose quotes someone forgot to double."""
        return re.sub(f"([{SINGLE}])\\1", lambda m: m[1] if self.chance(30) else m[0], text)

    # ---- Edits of a whole rule, each on its text -------------------------------------------------

    def edit(self, text: str) -> str:
        """Return a rule's text after one edit by a person or a program."""
        edits: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
            (r"`(?=\r?\n)", lambda _: self.pick(("` ", "`\t", "`\xa0", "", "``", " ` `"))),
            (r" `(?=\r?\n)", lambda _: self.pick(("", "`", " # c `", " <#c#> `", " #c", "\t`", "``"))),
            (r" +`", lambda _: self.pick(("`", " `", "  `", "   `", "\t`", "\x85`"))),
            (r"`\r?\n", lambda _: self.pick(("", " ", "`\r", "`\n", "\n", "`\n\n", "`\n#c\n", "`\n`\n"))),
            (r"`(\r?\n)", lambda m: f"`{m[1]}{self.pick(('# c', '<# c #>', '<#c#> `', ' '))}{m[1]}"),
            (r"'[^'\r\n]*'", lambda m: self.double(m[0][1:-1])),
            (r"'[^'\r\n]*'", lambda m: self.here(m[0][1:-1])),
            (r"'[^'\r\n]*'", lambda m: self.single(m[0][1:-1])),
            (r"'[^'\r\n]*'", lambda m: m[0][1:-1]),
            (r"'[^'\r\n]*'", lambda _: self.value()),
            (r"'", lambda _: self.pick("‘’‚‛\"“”„´`")),
            (r"''", lambda _: self.pick(("'", "’", "`'", "\\'", '"', "'''"))),
            (r" ?-", lambda m: m[0][:-1] + self.pick("–—―")),
            (r"(?<=-[A-Za-z]{4}) ", lambda _: self.pick((":", ": ", "=", "  ", "", " `\n"))),
            (r"(-[A-Za-z]+) (?=['@$])", lambda m: m[1] + self.pick((":", ": ", "", "\t", "\u3000"))),
            (r"@\(([^)]*)\)", lambda m: self.pick((m[1], f"({m[1]})", f"@( {m[1]} )", f"@(\n{m[1]}\n)"))),
            (r",", lambda _: self.pick((", ", " , ", ",\n", ",,", ";", ",`\n", " ", ",\r"))),
            (r"(?:\r?\n){3}", lambda _: self.pick((" | Out-Null\n\n", ";", "\n", "|out-null;", " "))),
            (r"\[0\]", lambda _: f"[{self.pick(BLANKS)}0{self.pick(LINE_BREAKS)}]"),
            (r"\A", lambda _: self.pick(("<# c\n#>", "c #>\n", "<#\n", "<#c#> ", "-Name 'x' `\n", "#>\n"))),
            (r"\A(?s:.{1,300}?)(?=\n-)", lambda m: self.pick(("<#c#>", "<#" + m[0] + "#>", "<#" + m[0], "#>"))),
            (r"[(),]|= |(?<= )(?=['$@])", lambda m: self.pick(("<#c#>" + m[0], m[0] + "<#c#>", m[0] + "<# c\n#>"))),
            (r"\$\w+\[0\]", lambda m: self.pick((m[0][:-3], m[0].upper(), m[0] + "[0]", "$x[1]"))),
            (r"\$\w+\[0\]", lambda m: self.pick((f"({m[0]})", f"'{m[0]}'", f'"{m[0]}"', m[0] + ".x"))),
            (r"(?m)^", lambda _: self.pick(("    ", "\t", "> ", "# ", "\xa0", "PS> ", "'", "\ufeff"))),
            (r"(?m)^-.*\n", lambda m: self.pick(("", m[0] * 2, "#" + m[0], f"<#{m[0]}#>"))),
            (r"(?m)^", lambda _: self.pick(("# the signature block\n", "#requires\n", "<##>", "#\n"))),
            (r"(?m)^.*\n", lambda m: m[0] + self.pick(FOREIGN) + "\n"),
            (r"-[A-Za-z]+", lambda m: self.pick((m[0].upper(), m[0][:4], m[0] + "x", "-" + m[0]))),
        )  # fmt: skip
        pattern, change = self.pick(edits)
        places = list(re.finditer(pattern, text))
        if not places:
            return text
        if self.chance(20):  # everywhere, as an editor's replace does
            return re.sub(pattern, change, text)
        place = self.pick(places)
        return text[: place.start()] + change(place) + text[place.end() :]

    # ---- Damage ----------------------------------------------------------------------------------

    def place(self, text: str) -> int:
        """Return an offset, more often one beside a character that means something."""
        if self.chance(50):
            places = [m.start() for m in re.finditer(r"[^A-Za-z0-9]", text)]
            if places:
                return self.pick(places) + self.random.randint(0, 1)
        return self.random.randint(0, len(text))

    def damage(self, text: str) -> str:
        """Return the text with one random change."""
        start = self.place(text)
        end = min(len(text), start + self.pick((1, 1, 1, 2, 3, 8, 40)))
        other = self.place(text)
        piece = text[start:end]
        match self.random.randrange(6):
            case 0:
                return text[:start] + text[end:]
            case 1:
                return text[:start] + self.pick(SNIPPETS) + text[end:]
            case 2:
                return text[:other] + piece + text[other:]
            case 3 if self.chance(15):
                return text[:start]
            case _:
                return text[:start] + self.pick(SNIPPETS) + text[start:]

    def damaged(self, text: str, percent: int) -> str:
        """Return the text, so many times out of a hundred with a few random changes."""
        if self.chance(percent):
            for _ in range(self.random.randint(1, 3)):
                text = self.damage(text)
        return text

    # ---- The kinds -------------------------------------------------------------------------------

    def value_script(self) -> str:
        """Return one command with one value, written in any way."""
        parameter = self.pick(PARAMETERS[:4] if self.chance(60) else PARAMETERS)
        between = self.pick(BEFORE_VALUE)
        after = self.pick(
            ("", "", "\n", " | Out-Null", " `\n-OutVariable r", " ; Get-ADSyncRule", "\r")
        )
        return self.damaged(f"New-ADSyncRule {parameter}{between}{self.value()}{after}", 25)

    def layout_script(self) -> str:
        """Return a few commands in an odd layout."""
        lead = self.pick(LEADS)
        return self.damaged(lead + "".join(self.some(3, self.command, least=1)), 25)

    def rule_script(self) -> str:
        """Return a whole rule as the Editor writes it, some of them quoted carelessly."""
        text = self.laid_out(self.rule())
        return self.damaged(self.careless(text) if self.chance(20) else text, 15)

    def edited_script(self) -> str:
        """Return a whole rule after some edits."""
        text = self.laid_out(self.rule())
        for _ in range(self.random.randint(1, 4)):
            text = self.edit(text)
        return self.damaged(text, 15)

    def hostile_script(self) -> str:
        """Return a whole rule with statements in it that no export holds."""
        lines = re.split(r"(?<=\n)", self.laid_out(self.rule()))
        for foreign in self.some(2, lambda: self.pick(FOREIGN), least=1):
            at = self.random.randint(0, len(lines))
            lines.insert(
                at, foreign + self.pick(("\n", "\r\n", ";", " ", "", " `\n", "\r", " | Out-Null\n"))
            )
        return self.damaged("".join(lines), 10)


KINDS: dict[str, Callable[[Writer], str]] = {
    "value": Writer.value_script,
    "layout": Writer.layout_script,
    "rule": Writer.rule_script,
    "edited": Writer.edited_script,
    "hostile": Writer.hostile_script,
    "rebound": rebound_script,
}


def scripts(seed: int, count: int) -> Iterator[dict[str, str]]:
    """Yield so many scripts, the kinds in turn; the same ones for the same seed."""
    writer = Writer(Random(seed))
    kinds = list(KINDS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield {"id": f"{kind}-{seed}-{number}", "text": KINDS[kind](writer)}


def main() -> None:
    """Write fresh scripts to a file."""
    seed, count, out = sys.argv[1:]
    with Path(out).open("w", encoding="utf-8", newline="\n") as lines:
        lines.writelines(json.dumps(case) + "\n" for case in scripts(int(seed), int(count)))


if __name__ == "__main__":
    main()

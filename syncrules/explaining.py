"""Why a piece of text is not read: the finding for each way in which a script leaves the dialect.

The grammar decides *that* a text is refused; this module says what it is, at its place, and what
to do. Nothing here makes a text readable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .diagnostics import Diagnostic, Span, printable
from .quoting import DOUBLE_QUOTES, LITERAL, SINGLE_QUOTES
from .source import Source

__all__ = [
    "DASHES",
    "Reason",
    "Stop",
    "explain_cut",
    "explain_stop",
    "explain_word",
    "new_escape",
    "not_a_script",
    "once_if_program",
    "requires",
    "stop_parsing",
]

DASHES = "-\u2013\u2014\u2015"
"""What PowerShell takes for the dash of a parameter."""

# about_Reserved_Words and about_Language_Keywords; each begins a statement of its own.
KEYWORDS = frozenset(
    [
        "assembly",
        "base",
        "begin",
        "break",
        "catch",
        "class",
        "clean",
        "command",
        "configuration",
        "continue",
        "data",
        "define",
        "do",
        "dynamicparam",
        "else",
        "elseif",
        "end",
        "enum",
        "exit",
        "filter",
        "finally",
        "for",
        "foreach",
        "from",
        "function",
        "hidden",
        "if",
        "in",
        "inlinescript",
        "interface",
        "module",
        "namespace",
        "parallel",
        "param",
        "private",
        "process",
        "public",
        "return",
        "sequence",
        "static",
        "switch",
        "throw",
        "trap",
        "try",
        "type",
        "until",
        "using",
        "var",
        "while",
        "workflow",
    ]
)

# Patterns are compiled on first use: most runs refuse nothing.
_BLANK = r"\t\v\f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_PLAIN_COMMAND = rf"[{DASHES}]?[A-Za-z][A-Za-z0-9_.\\-]*:?"
_PLAIN_PARAMETER = rf"[{DASHES}][A-Za-z]+"
_PLAIN_VARIABLE = r"\$[A-Za-z_][A-Za-z0-9_]*(?:\[[0-9]{1,9}\])?"
_HEX = "[0-9A-Fa-f]"
_GUID = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_PLAIN_WORD = rf"[A-Za-z_][A-Za-z0-9_.-]*|[0-9]{{1,9}}|{_GUID}"
_QUOTES = SINGLE_QUOTES + DOUBLE_QUOTES
_HERE_HEADER = rf"@[{_QUOTES}][{_BLANK}]*(?:\r|\n)"
_HERE_FOOTER = rf"(?:\r|\n)([{_BLANK}]*)([{_QUOTES}])@"

_FROM_EDITOR = (
    "If a script made the rule, export the rule itself from the Synchronization Rules Editor."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """What a refused piece is: the parts of a finding that do not depend on its place."""

    code: str
    message: str
    hint: str

    def at(self, source: Source, start: int, end: int | None = None) -> Diagnostic:
        """Return the finding for this reason at a place of `source`."""
        return source.finding(
            self.code, Span(start, start + 1 if end is None else end), self.message, self.hint
        )


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the parser stopped. All offsets are code points of the source's text.

    `at` is the first character it could not take, `statement` the start of the statement that
    holds it, `opened` the start of the innermost open `@(`. `kind` names the terminal that stands
    there, where there is one.
    """

    at: int
    statement: int
    opened: int | None
    kind: str


# ---- Files ---------------------------------------------------------------------------------------

_WEB_PAGE = re.compile(r"[\s\ufeff]*<(?:!doctype|html|head|body|\?xml)", re.IGNORECASE)
_BINARY = r"[\x00-\x08\x0e-\x1a\x1c-\x1f]"
_WORD_MARKS = ("PK\x03\x04", "{\\rtf", "\ufffd\ufffd\x11\ufffd", "%PDF-")


def not_a_script(source: Source) -> Diagnostic | None:
    """Return the finding for a file that is no PowerShell script at all."""
    start = source.text[:4096]
    if start.startswith(_WORD_MARKS):
        reason = Reason(
            "SR106",
            "This is a document of a word processor or an archive, not a script.",
            "Save the Editor's export as plain text; do not pass it through a word processor.",
        )
    elif _WEB_PAGE.match(start):
        reason = Reason(
            "SR107",
            "This is a web page or XML, not a script.",
            "Download the script itself (on a code site: 'Raw'), or export the rule from the "
            "Synchronization Rules Editor.",
        )
    elif len(re.findall(_BINARY, start)) > max(8, len(start) // 10):
        reason = Reason(
            "SR105",
            "This is a binary file, not a script.",
            "Give the .ps1 or .txt files that the Synchronization Rules Editor exported.",
        )
    else:
        return None
    return reason.at(source, 0, 0)


# ---- Words ---------------------------------------------------------------------------------------


def explain_word(kind: str, text: str) -> Reason | None:
    """Return why a token of the terminal `kind` is refused; `None` where its text is plain."""
    match kind:
        case "COMMAND" if text.lower() in KEYWORDS:
            return _STATEMENT
        case "COMMAND" if re.fullmatch(_PLAIN_COMMAND, text):
            return None
        case "PARAMETER" if re.fullmatch(_PLAIN_PARAMETER, text):
            return None
        case "VARIABLE" if re.fullmatch(_PLAIN_VARIABLE, text):
            return None
        case "WORD" if re.fullmatch(_PLAIN_WORD, LITERAL.sub("", text)) and text[0] not in "0123456789":
            return None
        case "WORD" if re.fullmatch(_PLAIN_WORD, text):
            return None
    return _odd_word(kind, text)


_STATEMENT = Reason(
    "SR207",
    "A statement of the language stands here: this is a program, not an export.",
    f"Take it out, or: {_FROM_EDITOR[0].lower()}{_FROM_EDITOR[1:]}",
)


def _odd_word(kind: str, text: str) -> Reason:
    shown = printable(text[:40])
    if text[1:].startswith(("-%", "\u2013%")):
        return _STOP_PARSING
    if text.endswith("`") and not any(q in text for q in _QUOTES):
        return Reason(
            "SR214",
            f"The backtick is glued to {shown}: PowerShell takes it into the word, so the line "
            "does not go on.",
            "Put a blank before the backtick.",
        )
    if ">" in text or "<" in text:
        return Reason(
            "SR210",
            f"{shown} redirects output: an export redirects nothing.",
            "Take the redirection out; use | Out-Null to silence a command.",
        )
    if any(c in text for c in _QUOTES + "`"):
        return Reason(
            "SR214",
            f"A quote or backtick stands inside the word {shown}: PowerShell joins them into one.",
            "Put a blank before the quote, or close the text before it.",
        )
    if kind == "VARIABLE":
        return _odd_variable(text)
    if kind == "COMMAND":
        if text == ".":
            return _CALL
        if text.startswith("["):
            return _EXPRESSION
        return Reason(
            "SR222",
            f"{shown} is no command of an export.",
            f"Take it out. {_FROM_EDITOR}",
        )
    if text[0].isdigit() or text[:1] in "+." or text[1:2].isdigit():
        return Reason(
            "SR219",
            f"The number {shown} is not a plain whole number.",
            "Write it in decimal digits, or in quotes if it is text.",
        )
    return Reason(
        "SR223",
        f"The bare word {shown} is not one that an export holds.",
        "Put it in single quotes if it is a value.",
    )


def _odd_variable(text: str) -> Reason:
    if text == "$" or text.startswith("$("):
        return _SUBEXPRESSION
    if "." in text or "[" in text or "::" in text:
        return Reason(
            "SR211",
            f"{printable(text[:40])} is computed when the script runs, so its value is not known "
            "here.",
            f"Write the value itself in single quotes. {_FROM_EDITOR}",
        )
    return Reason(
        "SR209",
        f"The variable {printable(text[:40])} is not one that an export holds.",
        f"Write the value itself in single quotes. {_FROM_EDITOR}",
    )


_STOP_PARSING = Reason(
    "SR216",
    "--% makes PowerShell pass the rest of the line on as it stands, quoted or not.",
    "Write it inside @( ), or attach it: -Name:'--%'.",
)
_CALL = Reason(
    "SR213",
    "A call by & or . runs whatever it names: what that does is not known here.",
    f"Take it out, or write the command itself. {_FROM_EDITOR}",
)
_SUBEXPRESSION = Reason(
    "SR211",
    "An expression in brackets is computed when the script runs, so its value is not known here.",
    f"Write the value itself in single quotes. {_FROM_EDITOR}",
)
_EXPRESSION = Reason(
    "SR222",
    "An expression stands where a command should.",
    f"Take it out. {_FROM_EDITOR}",
)


def stop_parsing() -> Reason:
    """Return the reason against an argument that is the text `--%`."""
    return _STOP_PARSING


def new_escape(escape: str) -> Reason:
    """Return the reason against a backtick escape that Windows PowerShell 5.1 lacks."""
    return Reason(
        "SR220",
        f"{escape} is an escape of PowerShell 6 and later; Windows PowerShell 5.1, which runs "
        "the script on the server, reads a plain letter.",
        "Write the character itself, in single quotes.",
    )


def requires() -> Reason:
    """Return the reason against `#requires`."""
    return Reason(
        "SR225",
        "PowerShell obeys this comment: it may refuse to run the script, or load a module.",
        "Delete it; the output needs no more than the ADSync module.",
    )


# ---- Cut commands --------------------------------------------------------------------------------


def explain_cut(source: Source, before: int, start: int) -> Diagnostic:
    """Return the finding for a command that is cut in two.

    `before` is the end of the first half (0 where there is none), `start` the start of the second:
    a line that begins with a parameter.
    """
    gap = source.text[before:start]
    found = re.match(rf"([{_BLANK}]*)(`?)([{_BLANK}]*)(\r\n?|\n|#|)", gap)
    assert found is not None  # every part may be empty
    at = before + found.start(2)
    if found[2] and found[3]:
        reason = Reason(
            "SR202",
            "A blank follows this backtick, so the command ends here and PowerShell takes the "
            "next line for another command.",
            "Delete everything after the backtick, so that it is the last character of its line.",
        )
    elif found[2]:
        reason = Reason(
            "SR203",
            "An empty line or a comment follows this continued line, so the command ends here "
            "and PowerShell takes the next parameter for another command.",
            "Delete the empty line or comment below this one, or move it above the command.",
        )
    elif found[4] == "#":
        at = before + found.start(4)
        reason = Reason(
            "SR203",
            "This comment runs to the end of its line, its backtick included, so the command ends "
            "here and PowerShell takes the next parameter for another command.",
            "Move the comment above the command.",
        )
    else:
        reason = Reason(
            "SR204",
            "A parameter begins the next line, but no backtick continues this one: PowerShell "
            "takes the next line for another command.",
            "Put a blank and a backtick at the end of this line.",
        )
    return reason.at(source, at, at + 1)


# ---- Stops of the parser -------------------------------------------------------------------------


def explain_stop(source: Source, stop: Stop) -> Diagnostic:
    """Return the finding for the place where the parser could not go on."""
    turned = turned_quote(source, stop.statement, stop.at)
    if turned is not None:
        return turned
    text, at = source.text, stop.at
    reason = _at_end(source, stop) if at >= len(text) else _at_character(source, stop)
    if isinstance(reason, Diagnostic):
        return reason
    return reason.at(source, at, min(at + 1, len(text)))


def turned_quote(source: Source, start: int, end: int) -> Diagnostic | None:
    """Return the finding for a quote turned by a word processor, before `end`, that ended a text.

    That is a text opened by one kind of quote and closed by another, inside a word.
    """
    for found in LITERAL.finditer(source.text, start):
        if found.start() > end:
            return None
        opening, closing = found.group()[0], found.group()[-1]
        follows = source.text[found.end() : found.end() + 1]
        if closing != opening and closing not in "'\"" and follows.isalnum():
            return Reason(
                "SR205",
                f"The typographic quote {closing} closes the text here, since PowerShell takes it "
                "for a quote; a word processor or web page may have turned it.",
                f"Double it ({closing}{closing}) to keep it as a character of the text.",
            ).at(source, found.end() - 1)
    return None


def _at_end(source: Source, stop: Stop) -> Reason | Diagnostic:
    if stop.opened is not None:
        return _open_bracket(source, stop.opened)
    return Reason(
        "SR221",
        "The script ends in the middle of a command: the export is truncated.",
        "Export the rule again.",
    )


def _open_bracket(source: Source, opened: int) -> Reason:
    line, column = source.line_and_column(opened)
    return Reason(
        "SR215",
        f"The @( opened at {line}:{column} is not closed before the script ends.",
        "Close it with ) or export the rule again.",
    )


def _at_character(source: Source, stop: Stop) -> Reason | Diagnostic:
    text, at = source.text, stop.at
    character, pair = text[at], text[at : at + 2]
    if character in _QUOTES:
        return _at_quote(source, stop)
    if character == "@":
        return _at_sign(source, at)
    if pair == "<#":
        return Reason(
            "SR217",
            "The comment opened by <# here is never closed.",
            "Close it with #> or delete it.",
        )
    if "\udc80" <= character <= "\udcff":
        return undeclared()
    if character in "&|" and at != stop.statement:
        return _PIPELINE.at(source, stop.statement, at + 1)
    if character in _BY_CHARACTER:
        return _BY_CHARACTER[character]
    if stop.opened is not None:
        return _in_brackets(source, stop.opened)
    if character in "\r\n;":
        return _MISSING_VALUE
    return _by_kind(stop)


_PIPELINE = Reason(
    "SR212",
    "This pipes, chains or starts commands in a way that no export does.",
    "Take it out; only | Out-Null may follow a command.",
)
_MISSING_VALUE = Reason(
    "SR221",
    "A value is missing here.",
    "Give the value; for an empty one write ''.",
)
_ASSIGNED = Reason(
    "SR209",
    "A variable is given something other than one literal, so its value is not known here.",
    f"Write the value itself in single quotes where it is used. {_FROM_EDITOR}",
)
_BY_CHARACTER = {
    "(": _SUBEXPRESSION,
    "{": Reason(
        "SR211",
        "A script block stands here: this is a program, not an export.",
        f"Take it out. {_FROM_EDITOR}",
    ),
    ")": Reason("SR215", "This ) closes nothing.", "Delete it, or write the @( it belongs to."),
    "}": Reason("SR215", "This } closes nothing.", "Delete it."),
    "&": _CALL,
    "|": _PIPELINE,
    ",": Reason(
        "SR221", "A value is missing beside this comma.", "Give the value, or delete the comma."
    ),
    "$": _ASSIGNED,
    "=": _ASSIGNED,
    "<": Reason("SR210", "< is reserved in PowerShell.", "Put the value in single quotes."),
    "`": Reason(
        "SR214",
        "This backtick neither ends its line nor stands in double quotes: PowerShell takes it "
        "into a word.",
        "Make it the last character of its line, or delete it.",
    ),
    "\0": Reason(
        "SR224", "A NUL character stands here.", "Export the rule again; the file is damaged."
    ),
}


def undeclared() -> Reason:
    """Return the reason against a byte outside ASCII whose code page no one has named."""
    return Reason(
        "SR103",
        "A byte outside ASCII stands here, the file is not UTF-8 and has no byte order mark: it "
        "is in the ANSI code page of the server that exported it, which the file does not name.",
        "Name it with --encoding (windows-1252 in Western Europe and the Americas, cp932 in "
        "Japan, …), or export the rule again and save it as UTF-8.",
    )


def _at_quote(source: Source, stop: Stop) -> Reason:
    text, at = source.text, stop.at
    found = LITERAL.match(text, at)
    if found is None:
        return Reason(
            "SR201",
            f"The text opened by {text[at]} here is not closed; PowerShell reads it to the end of "
            "the file.",
            "Close it; a quote inside a text is written twice. A truncated export: export it "
            "again.",
        )
    if text[found.end() : found.end() + 1] in (".", "[", ":"):
        return Reason(
            "SR211",
            "A member or index of this text is computed when the script runs.",
            f"Write the value itself in single quotes. {_FROM_EDITOR}",
        )
    if stop.kind:
        return _by_kind(stop) if stop.opened is None else _in_brackets(source, stop.opened)
    return Reason(
        "SR206",
        "PowerShell expands a $ in this double-quoted text, so its value is not known here.",
        "Use single quotes, or write `$ for the character itself.",
    )


def _at_sign(source: Source, at: int) -> Reason | Diagnostic:
    text = source.text
    if text[at + 1 : at + 2] not in _QUOTES:
        return Reason(
            "SR211",
            "A hash table or splatting stands here, so the parameters are not known.",
            f"Write each parameter with its value. {_FROM_EDITOR}",
        )
    header = re.compile(_HERE_HEADER).match(text, at)
    if header is None:
        return Reason(
            "SR218",
            "Text follows the opening mark of a here-string on its line.",
            "Begin the text on the next line.",
        ).at(source, at + 2)
    kind = SINGLE_QUOTES if text[at + 1] in SINGLE_QUOTES else DOUBLE_QUOTES
    footers = [f for f in re.compile(_HERE_FOOTER).finditer(text, header.end() - 1) if f[2] in kind]
    if any(not f[1] for f in footers):
        return Reason(
            "SR206",
            "PowerShell expands a $ in this here-string, or computes a member of it, so its value "
            "is not known here.",
            "Use a single-quoted here-string (@' … '@).",
        )
    if footers:
        return Reason(
            "SR218",
            "Blanks stand before the closing mark of a here-string, so it does not close.",
            "Begin its line with the mark.",
        ).at(source, footers[0].start(2), footers[0].end())
    return Reason(
        "SR201",
        "The here-string opened here is not closed; PowerShell reads it to the end of the file.",
        "Close it by a line that begins with its mark. A truncated export: export it again.",
    )


def _in_brackets(source: Source, opened: int) -> Reason:
    line, column = source.line_and_column(opened)
    return Reason(
        "SR215",
        f"The @( opened at {line}:{column} holds more here than literals with commas between.",
        "Write literals in quotes, with a comma between two, and ) after the last.",
    )


def _by_kind(stop: Stop) -> Reason:
    if stop.at == stop.statement:
        return _EXPRESSION
    if stop.kind in {"QUOTED", "WORD"}:
        return _ASSIGNED
    return Reason(
        "SR200",
        "This is not a form that an export of synchronization rules has.",
        f"Take it out. {_FROM_EDITOR}",
    )


# ---- Programs ------------------------------------------------------------------------------------

_OF_A_PROGRAM = frozenset({"SR207", "SR209", "SR211", "SR212", "SR213", "SR215", "SR221", "SR222"})


def once_if_program(findings: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Return the findings with those of one program told once.

    A file with functions, loops or conditions was never an export: a list of its statements helps
    no one.
    """
    statement = next((f for f in findings if f.code == "SR207"), None)
    if statement is None:
        return findings
    return tuple(f for f in findings if f is statement or f.code not in _OF_A_PROGRAM)

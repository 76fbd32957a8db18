"""The registry of codes: each keeps its meaning from release to release."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Code", "Group", "Severity"]


class Severity(StrEnum):
    """How much a diagnostic matters: an error stops the run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Group(StrEnum):
    """What a diagnostic is about; the first digit of its code."""

    FILES = "Files and bytes"
    SCRIPT = "The script"
    RULES = "The rules"
    PLAN = "The plan"
    OUTPUT = "The output"
    KIT = "The kit"
    CONTENT = "Expressions, and the rules themselves"


class Code(StrEnum):
    """The registry: each code with its heading and its severity, unless a diagnostic says another.

    docs/findings/ has a page for each, under its heading.
    """

    heading: str
    severity: Severity

    def __new__(cls, code: str, heading: str, severity: Severity = Severity.ERROR) -> Code:
        """Return the member `code`."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.heading = heading
        member.severity = severity
        return member

    @property
    def urgency(self) -> int:
        """Its place among the codes of its severity: what is urgent comes first."""
        return _URGENCY.get(self, len(_URGENCY))

    @property
    def group(self) -> Group:
        """What it is about."""
        return tuple(Group)[int(self[2]) - 1]

    SR101 = "SR101", "bytes that are not in the encoding"
    SR102 = "SR102", "UTF-8 without a byte order mark", Severity.WARNING
    SR103 = "SR103", "a code page that nobody named"
    SR104 = "SR104", "an unknown letter in a comment", Severity.WARNING
    SR105 = "SR105", "a binary file"
    SR106 = "SR106", "a word processor's document"
    SR107 = "SR107", "a web page or XML"
    SR108 = "SR108", "a file that is too large"
    SR109 = "SR109", "a file that cannot be read"
    SR110 = "SR110", "a folder without exports or a configuration"
    SR111 = "SR111", "a file without rules"
    SR112 = "SR112", "XML that cannot be read"
    SR113 = "SR113", "XML that is not part of a configuration"
    SR114 = "SR114", "a part of a configuration that lacks something"
    SR115 = "SR115", "a list that tells nothing"
    SR116 = "SR116", "a configuration that is not whole"
    SR117 = "SR117", "a rule with something that is not known"
    SR118 = "SR118", "the script that disables rules", Severity.WARNING
    SR119 = "SR119", "a file with rules that is not read"
    SR120 = "SR120", "files that are not read", Severity.NOTE
    SR121 = "SR121", "a list or the settings as an EXPORT"
    SR122 = "SR122", "rules in another form than an export"
    SR127 = "SR127", "a configuration of a newer format"
    SR128 = "SR128", "--accept-element for what is not there"
    SR129 = "SR129", "a text that is not an export"
    SR130 = "SR130", "an archive"
    SR131 = "SR131", "a workbook"

    SR200 = "SR200", "not a form of an export"
    SR201 = "SR201", "a text that is not closed"
    SR202 = "SR202", "a blank after the backtick"
    SR203 = "SR203", "an empty line or comment inside a command"
    SR204 = "SR204", "a backtick is missing"
    SR205 = "SR205", "a quote turned by a word processor"
    SR206 = "SR206", "a variable inside double quotes"
    SR207 = "SR207", "a program"
    SR208 = "SR208", "a command of something else"
    SR209 = "SR209", "a variable that is not a literal"
    SR210 = "SR210", "a redirection"
    SR211 = "SR211", "a value that is computed"
    SR212 = "SR212", "a pipeline"
    SR213 = "SR213", "a call of another script"
    SR214 = "SR214", "a quote or backtick inside a word"
    SR215 = "SR215", "brackets that do not fit"
    SR216 = "SR216", "the mark that stops parsing"
    SR217 = "SR217", "a comment that is not closed"
    SR218 = "SR218", "a here-string that does not begin or end well"
    SR219 = "SR219", "a number of another form"
    SR220 = "SR220", "an escape that the server's PowerShell lacks"
    SR221 = "SR221", "a value is missing"
    SR222 = "SR222", "no command"
    SR223 = "SR223", "a bare word of another form"
    SR224 = "SR224", "a NUL character"
    SR225 = "SR225", "a requirement"
    SR226 = "SR226", "a command of something else, kept", Severity.WARNING
    SR227 = "SR227", "brackets nested too deep"
    SR228 = "SR228", "a signature before the end"
    SR229 = "SR229", "text around the export"
    SR230 = "SR230", "characters that were replaced everywhere"
    SR231 = "SR231", "a mark before each line"
    SR232 = "SR232", "line ends that are damaged everywhere"

    SR301 = "SR301", "an unknown parameter"
    SR302 = "SR302", "a parameter twice"
    SR303 = "SR303", "a parameter is missing"
    SR304 = "SR304", "a value without a parameter"
    SR305 = "SR305", "a parameter without a value"
    SR306 = "SR306", "a switch with a value of its own"
    SR307 = "SR307", "a parameter that steers the script"
    SR308 = "SR308", "a shortened parameter", Severity.WARNING
    SR311 = "SR311", "a rule that is not added"
    SR312 = "SR312", "a condition that is not used"
    SR313 = "SR313", "a variable with two values"
    SR314 = "SR314", "an error that is ignored"
    SR315 = "SR315", "a question about another rule", Severity.WARNING
    SR316 = "SR316", "a bad name for a variable"
    SR317 = "SR317", "not the rule, or not the condition"
    SR318 = "SR318", "a command after its rule was added"
    SR319 = "SR319", "a variable that was never made"
    SR320 = "SR320", "a variable for a value"
    SR321 = "SR321", "a value that is not in the list"
    SR322 = "SR322", "not a GUID"
    SR323 = "SR323", "a placeholder for a GUID"
    SR324 = "SR324", "a precedence that is not a number"
    SR325 = "SR325", "not a time span"
    SR326 = "SR326", "an unusual time span", Severity.WARNING
    SR327 = "SR327", "a condition that is not made of three values"
    SR328 = "SR328", "True or False in quotes"
    SR329 = "SR329", "an empty value"
    SR330 = "SR330", "two rules with one identifier"
    SR331 = "SR331", "a variable that belongs to PowerShell"
    SR332 = "SR332", "two rules with one precedence"
    SR333 = "SR333", "a condition's values in another order"

    SR401 = "SR401", "--map for a connector that no rule has"
    SR402 = "SR402", "the same connector on both sides"
    SR403 = "SR403", "--map to a connector that staging does not show"
    SR404 = "SR404", "no connector to go to"
    SR405 = "SR405", "only connectors of another kind"
    SR406 = "SR406", "more than one connector could be meant"
    SR407 = "SR407", "two connectors would become one"
    SR408 = "SR408", "the servers are swapped"
    SR409 = "SR409", "nothing to move"
    SR410 = "SR410", "a pair that is assumed", Severity.WARNING
    SR411 = "SR411", "a rule in two files"
    SR412 = "SR412", "a reference to a rule that nobody knows"
    SR413 = "SR413", "a custom rule with Microsoft's tag"
    SR414 = "SR414", "Microsoft's tag with a custom rule's precedence", Severity.WARNING
    SR415 = "SR415", "an out-of-box rule that is disabled", Severity.WARNING
    SR416 = "SR416", "--map to a connector of another kind"
    SR417 = "SR417", "evidence that contradicts itself"
    SR418 = "SR418", "--map to another system", Severity.WARNING
    SR420 = "SR420", "a reference to a rule further down"
    SR421 = "SR421", "a reference to a custom rule that stays behind"
    SR422 = "SR422", "a reference to one of several rules"
    SR423 = "SR423", "a reference to a rule that staging lacks"
    SR424 = "SR424", "two references in one rule"
    SR425 = "SR425", "files that name each other"
    SR430 = "SR430", "an identifier that staging has already"
    SR431 = "SR431", "a custom rule that staging has already"
    SR440 = "SR440", "a precedence that is taken"
    SR442 = "SR442", "a precedence above 99", Severity.WARNING
    SR443 = "SR443", "precedence 0 without a reference", Severity.WARNING
    SR444 = "SR444", "more rules than numbers"
    SR445 = "SR445", "other neighbours", Severity.WARNING
    SR446 = "SR446", "a rule that comes before all out-of-box rules", Severity.WARNING
    SR447 = "SR447", "rules that would change places"
    SR448 = "SR448", "out-of-box rules in another order", Severity.NOTE
    SR450 = "SR450", "two rules that join the same objects", Severity.WARNING
    SR451 = "SR451", "an out-of-box rule that is disabled on staging only", Severity.WARNING
    SR452 = "SR452", "an out-of-box rule that was changed", Severity.WARNING
    SR453 = "SR453", "an out-of-box rule of another version", Severity.NOTE
    SR454 = "SR454", "a custom rule that stays behind"
    SR455 = "SR455", "--keep-enabled for a rule that is not disabled"
    SR456 = "SR456", "--keep-enabled for a rule that joins the same objects", Severity.WARNING
    SR457 = "SR457", "a rule that two files show otherwise", Severity.WARNING
    SR458 = "SR458", "Microsoft's tag on a rule that staging does not have"
    SR459 = "SR459", "a rule that the active server does not have", Severity.WARNING
    SR460 = "SR460", "an attribute that staging lacks", Severity.WARNING
    SR461 = "SR461", "a GUID in a text", Severity.WARNING
    SR462 = "SR462", "a custom rule that only staging has", Severity.WARNING
    SR463 = "SR463", "out-of-box rules that only staging has", Severity.WARNING
    SR464 = "SR464", "a clone whose original may be enabled", Severity.WARNING
    SR470 = "SR470", "staging is not in staging mode"
    SR471 = "SR471", "the active server is in staging mode"
    SR472 = "SR472", "staging has no Entra connector"
    SR473 = "SR473", "options that differ", Severity.WARNING
    SR474 = "SR474", "a flow whose type does not fit", Severity.WARNING
    SR476 = "SR476", "--leave for what is not there"
    SR477 = "SR477", "--leave for one of several"
    SR478 = "SR478", "a rule that staging has already, and the same", Severity.NOTE
    SR479 = "SR479", "no rule that moves", Severity.NOTE
    SR480 = "SR480", "not selected on staging", Severity.WARNING
    SR481 = "SR481", "--map with a name that several connectors have"
    SR482 = "SR482", "--map with two targets for one connector"
    SR485 = "SR485", "rules whose order is not known", Severity.WARNING

    SR501 = "SR501", "the output does not give the planned rules"
    SR503 = "SR503", "two outputs of one name"
    SR504 = "SR504", "the output would overwrite an input"
    SR505 = "SR505", "the file is there already"
    SR506 = "SR506", "another script in the output folder", Severity.WARNING
    SR507 = "SR507", "a file where a folder should be, or the reverse"
    SR508 = "SR508", "the output cannot be written"
    SR509 = "SR509", "a kit that was used"
    SR510 = "SR510", "files that are not of the kit"
    SR511 = "SR511", "a work folder that was left over", Severity.WARNING
    SR512 = "SR512", "a name that Windows does not take", Severity.NOTE
    SR513 = "SR513", "a kit in the output folder"
    SR517 = "SR517", "the change list among the inputs"

    SR601 = "SR601", "a command that is of no rule"
    SR602 = "SR602", "a rule without an identifier"
    SR603 = "SR603", "a rule that cannot stand alone"
    SR610 = "SR610", "a file of the kit was changed"
    SR611 = "SR611", "a planned rule is not there"
    SR612 = "SR612", "a rule is not as planned"
    SR613 = "SR613", "an original is enabled"
    SR614 = "SR614", "a rule that the files do not show"
    SR615 = "SR615", "no kit"
    SR616 = "SR616", "the server is not in staging mode"
    SR617 = "SR617", "not the server of the plan"
    SR618 = "SR618", "it is not known whose files these are"

    SR700 = "SR700", "an expression damaged by copying", Severity.WARNING
    SR701 = "SR701", "a text in an expression that is not closed", Severity.WARNING
    SR702 = "SR702", "something that expressions do not have", Severity.WARNING
    SR703 = "SR703", "brackets in an expression that do not fit", Severity.WARNING
    SR704 = "SR704", "something is missing in an expression", Severity.WARNING
    SR705 = "SR705", "an expression that is nested too deep", Severity.WARNING
    SR710 = "SR710", "a function that is not known", Severity.WARNING
    SR711 = "SR711", "a function of another language", Severity.WARNING
    SR712 = "SR712", "a function in another letter case", Severity.WARNING
    SR713 = "SR713", "a wrong number of arguments", Severity.WARNING
    SR714 = "SR714", "a value of another type", Severity.WARNING
    SR715 = "SR715", "a variable that is not bound, or not used", Severity.WARNING
    SR716 = "SR716", "a parameter that is not known", Severity.WARNING
    SR717 = "SR717", "a word that is not a constant", Severity.WARNING
    SR718 = "SR718", "a condition that needs brackets", Severity.NOTE
    SR719 = "SR719", "something that is not documented", Severity.NOTE
    SR720 = "SR720", "an attribute that the schema does not have", Severity.WARNING
    SR721 = "SR721", "an attribute in another letter case", Severity.WARNING
    SR722 = "SR722", "an identifier of this server in an expression", Severity.NOTE
    SR723 = "SR723", "a source anchor that was written into a clone", Severity.WARNING
    SR724 = "SR724", "an expression that is hardly meant so", Severity.NOTE
    SR730 = "SR730", "a value that the operator of a scope cannot use", Severity.WARNING
    SR731 = "SR731", "a custom rule that creates objects without a scope", Severity.WARNING
    SR732 = "SR732", "a join on an attribute that no rule fills", Severity.WARNING
    SR733 = "SR733", "two flows to one attribute", Severity.WARNING
    SR734 = "SR734", "a flow that is applied once beside others", Severity.NOTE
    SR735 = "SR735", "a precedence out of range, or shared", Severity.WARNING
    SR736 = "SR736", "a clone beside its enabled original", Severity.WARNING


_URGENCY = {
    code: place
    for place, code in enumerate(
        (
            # Whether these are the files of the right servers: all else rests on it.
            *(Code.SR408, Code.SR470, Code.SR471, Code.SR402, Code.SR417, Code.SR472),
            *(Code.SR615, Code.SR610, Code.SR617, Code.SR618, Code.SR616),
            # What lets joins fail when it is forgotten.
            *(Code.SR450, Code.SR456),
            # Which connector is which.
            *(Code.SR406, Code.SR405, Code.SR404, Code.SR407, Code.SR416, Code.SR403, Code.SR418),
            *(Code.SR401, Code.SR481, Code.SR482, Code.SR410),
            # What would be missing after the switch.
            *(Code.SR454, Code.SR458, Code.SR413, Code.SR415),
        )
    )
}

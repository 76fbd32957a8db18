"""The words of the scripts that are written by chance: texts, values, commands, layout."""

from __future__ import annotations

__all__ = [
    "BEFORE_VALUE",
    "BLANKS",
    "COMMANDS",
    "COMMAS",
    "DASHES",
    "DOUBLE",
    "FOREIGN",
    "IN_BRACKETS",
    "LEADS",
    "LINE_BREAKS",
    "NOT_BLANKS",
    "PARAMETERS",
    "PLAIN",
    "SINGLE",
    "SNIPPETS",
    "VERBATIM",
]

SINGLE = "'‘’‚‛"
DOUBLE = '"“”„'
DASHES = "-–—―"
LINE_BREAKS = ("\n", "\r\n", "\r")
BLANKS: tuple[str, ...] = (
    *" \t\v\f\x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000",
    "  ",
    "\t ",
)
NOT_BLANKS = "\x00\x1a\x1c\x1d\x1e\x1f\u180e\u200b\u2060\ufeff"  # though some look like one

PLAIN = (
    "In from AD - User Custom", "mail", "sAMAccountName", "user", "Inbound", "Merge", "O'Brien",
    "", " ", "0", "50", "100%", "Grüße", "同期規則", "x;y", "a,b", "C:\\x", "a=b", "true",
    'IIF([a]="x","",NULL)', 'Replace([a],"`n","$")', "extension_0123456789abcdef_x",
    "25f1025a-0e53-4ccd-9d62-92eccb94bcbf", "Microsoft.InfromADUserJoin.004",
)  # fmt: skip

# What PowerShell gives a meaning to in some place, and what looks like it.
SNIPPETS: tuple[str, ...] = (
    *SINGLE, *DOUBLE, *DASHES, *LINE_BREAKS, *BLANKS, *NOT_BLANKS,
    "''", '""', "'’", "‘'", '"”', "`", "``", "` ", "`\n", "`\r\n", "`\r", "` \n", "`\t\r\n",
    "`\n\n", "`\n#c\n", "`\n<#c#>\n", "`'", '`"', "`$", "`n", "`0", "`e", "`u{1F600}", "`u{", "`#",
    "$", "$x", "$($x)", "$(", "${x}", "${", "$env:TEMP", "$script:x", "$_", "$$", "$?", "$^",
    "$1", "$é", "$:", "$::x", "$x:", "$x.y", "$x[0]", "$x[-1]", "$x [0]", "$x[0][1]", "$x[ 0 ]",
    "$x?", "$x?.y", "$x++", "$true", "$null", "@x", "@",
    "'a'", '"a"', "@'\na\n'@", '@"\na\n"@', "@'", "'@", '@"', '"@', "@’\n", "\n’@", "@(", "@{", "{",
    "}", "(", ")", "()", "[", "]", "[0]", "[string]", ".", "..", ".x", "::x", ":", ":x",
    "<#", "#>", "<#c#>", "<# c\n#>", "#", "#c\n", "# `\n", "#requires", "#Requires;", "#requiresx", "#>#", "<##>", "<#>",
    ";", ";;", "|", "||", "&", "&&", ",", ",,", "=", "+=", "+", "-", "--", "---", "-eq", "-join",
    "!", "?", "%", "~", "*", "/", "\\", "^", ">", ">>", "<", "2>&1", "2>$null", "*>x", ">x",
    "--%", "'--%'", '"--%"', "–-%", "-Name", "-Name:", "–Name", "—x", "-x:'y'", "-1", "-.5", "-1x",
    "0", "1", "007", "1.5", ".5", "5.", "1e3", "0x1F", "1kb", "1l", "1d", "1u", "1n", "1y", "0b1",
    "2147483648", "9999999999", "99999999999999999999", "1_000", "+5", "1..3", "²", "٣", "０",
    "a", "é", "Ü", "ſ", "\u212a", "İ", "😀", "\u0301", "’’", "“”", "′", "´", "＇", "＂", "－",
    "New-ADSyncRule", "Out-Null", "| Out-Null", "|out-null", "if", "param", "return", "in",
    " -Name 'x'", " `\n-Name 'x'", "\n-Name 'x'", " | Out-Null\n", "\nGet-ADSyncRule\n",
)  # fmt: skip

FOREIGN = (
    "$x = 'a'", "$id = 5", "$x = $y", "$x = $(Get-Date)", "$x += 'a'", "$x.y = 'a'", "$x, $y = 1",
    "$x = 'a', 'b'", "$x = New-ADSyncRule", "[string] $x = 'a'", "$x = 'a' | Out-Null", "$x",
    "$x='a'+'b'", "$script:x = 'a'", "${x} = 'a'", "$x = -1", "$x = a", "$x = 'a'; $y = 'b'", "$x++",
    "if ($true) { 1 }", "foreach ($i in 1..2) { $i }", "for (;;) { break }", "do { 1 } while (0)",
    "while ($false) { }", ":label while ($false) { }", "switch (1) { 1 { } }", "try { 1 } catch { }",
    "trap { continue }", "function f { 1 }", "filter f { $_ }", "class C { }", "enum E { A }",
    "param($x)", "begin { }", "process { 1 }", "end { 1 }", "return", "return 1", "exit", "exit 1",
    "throw 'x'", "break", "continue", "data { 'x' }", "using namespace System", "#requires -Version 5",
    "#requiresx", "# requires x", "# SIG # Begin signature block", "# Begin sync rule block", "# SIG",
    "& { 1 }", "& 'x'", ". .\\x.ps1", "& $x", ". { }", "{ 1 }", "@{}", "@(1)", "(1)", "1", "'x'",
    '"x"', "1..3 | % { $_ }", "'x' | Out-Null", "'x' > y.txt", "-1", "!$x", "-not $x", ",1", "+1",
    "[IO.File]::Delete('x')", "[guid]::NewGuid()", "$x.Delete()", "'a'.Length", "'a'[0]",
    "iex 'calc'", "Invoke-Expression 'calc'", "Write-Host 'go'", "Import-Module ADSync", "calc",
    "Remove-ADSyncRule -Identifier 'x'", "ADSync\\New-ADSyncRule", "New-ADSyncRule.exe", "./x.ps1",
    "Get-ADSyncRule | Remove-ADSyncRule", "Get-ADSyncRule && calc", "Get-ADSyncRule || calc",
    "Get-ADSyncRule &", "Get-ADSyncRule > x", "Get-ADSyncRule 2>&1", "Get-ADSyncRule | Out-Null -x",
    "Get-ADSyncRule | Out-Null | Out-Null", "Get-ADSyncRule |\n\nOut-Null", "Get-ADSyncRule\n| Out-Null",
    "Get-ADSyncRule | 'Out-Null'", "Get-ADSyncRule | & Out-Null", "Out-Null", "New–ADSyncRule",
    "'New-ADSyncRule'", "New-'ADSyncRule'", "Get`-ADSyncRule", "-Name 'x'", "--%", "> x", "<# open",
    "@'", '@"', "'", '"', "@(", "$(", "{", "(", ")", "}", "|", ";", "`", "#", "@", "$",
)  # fmt: skip

VERBATIM = (
    *("$true", "$false", "$null", "$TRUE", "$x", "$syncRule[0]", "$SyncRule[0]", "$syncRule [0]"),
    *("$syncRule[ 0 ]", "$syncRule[0 ]", "$syncRule[\n0\r\n]", "$syncRule[`\n0]", "$x[\x1c0]"),
    *("$syncRule[<#c#>0]", "$syncRule[0<#c#>]", "$syncRule[0 #c\n]", "$syncRule[` 0\t]", "$x[\x850 ]"),
    *("$syncRule[\v0]", "$syncRule[\n\n0\r]", "$syncRule[0\u3000]", "$syncRule[]", "$syncRule[ ]"),
    *("$syncRule<#c#>[0]", "$syncRule`\n[0]", "$syncRule[0]<#c#>", "<#c#>$syncRule[0]", "$x[0,]"),
    *("$syncRule[-1]", "$syncRule[0][1]", "$syncRule[$i]", "$syncRule['a']", "$syncRule[00]"),
    *("$syncRule[0].x", "$syncRule[1.0]", "$syncRule[2147483648]", "$syncRule[0", "$syncRule]"),
    *("$env:TEMP", "$script:x", "${x y}", "${x", "$x-y", "$x.y", "$x::y", "$x:y", "$?", "$$", "$^"),
    *("@x", "@{}", "@{a='b'}", "{ 1 }", "(1)", "('a'+'b')", "('a')", "$(1)", "$('a')", "[guid]'x'"),
    *("[x]", "[guid]::Empty", "a.b", "a'b'c", 'a"b"c', "'a'b", "'a'.b", "'a'[0]", "'a'::b", "a`'b"),
    *("a@b", "a#b", "a`nb", "`a", "a`", "-1x", "-1", "+5", "--", "-", "a$x", "a$", "a{b}", "{a}"),
    *("1", "007", "0", "1.5", ".5", "5.", "1e3", "0x1F", "1kb", "1l", "1d", "1_000", "3x", "1a"),
    *("1e", "1e-3", "1E+5", "0X1f", "0x", "1KB", "2Mb", "1tb", "1pb", "1dkb", "1us", "1ul", "1uy"),
    *("1.0", "1,0", "-0", "+0", "0b101", "0B1", "0xffffffff", "000000000001", "2147483648l", "1 0"),
    *("123456789", "2147483647", "2147483648", "9999999999", "1)", "1]", "1;2", "0b1", "1.", "1.."),
    *("!x", "%x", "?x", "~", "*", "a*b", "a=b", "=", ":x", "a:b", "C:\\x", "\\\\s\\x", "/x", "a/b"),
    *("²", "1²", "٣", "1٣", "０", "x²", "é", "ſ", "a_b", "_a", "a-b", "-a-b", "a.b-c_d", ".a", "a."),
)  # fmt: skip

PARAMETERS = (
    "-Name", "-Name", "-Name", "-Source", "-Precedence", "-name", "–Name", "—Name", "―Name", "-x",
    "-Na-me", "-Na_me", "-Name?", "-Über", "-1x", "-", "--", "-Name.x", "-Name[0]", "-N'a'", "-Na`me",
    "-Name=", "-Name@", "-Name#", "-Na$x", "-_x", "-?", "--Name", "-Name::", "-–Name", "-ſ",
)  # fmt: skip

COMMANDS = (
    "New-ADSyncRule", "New-ADSyncRule", "New-ADSyncRule", "Get-ADSyncRule", "new-adsyncrule",
    "New-Object", "Add-ADSyncRule", "New–ADSyncRule", "'New-ADSyncRule'", "& New-ADSyncRule",
    ". New-ADSyncRule", "New-ADSyncRule.exe", "ADSync\\New-ADSyncRule", "$x = New-ADSyncRule",
    "return New-ADSyncRule", "\ufeffNew-ADSyncRule", "New-ADSyncRule:", "@New-ADSyncRule", "1x",
    "New-'ADSyncRule'", "N`ew-ADSyncRule", "New-ADSyncRule[0]", "New-ADSync$x", "!New-ADSyncRule",
)  # fmt: skip


# ---- Layout --------------------------------------------------------------------------------------

COMMAS = (
    ",", ",", ", ", " ,", ",\n", "\n,", ",`\n", ",,", ",#c\n", ";", "\n", ",<#c#>", "<#c#>,",
    ",<#c\n#>\n", " <# , #> , ", ",\r\n\t", ",` ",
)  # fmt: skip

IN_BRACKETS = (
    "", "", "", " ", "\n", "\r\n\r\n", "#c\n", "`\n", "<#c#>", " <#)#> ", "<#c\n#>\n", "\t", "` ",
)  # fmt: skip

BEFORE_VALUE = (
    " ", " ", "  ", "\t", ":", ": ", " `\n", " `\r\n", "\u3000", "", "<#c#>", " <#c#> ", ":<#c#>",
)  # fmt: skip

LEADS = (
    "", "", "", "\n", "\r\n", "  ", ";", "#c\n", "<#c#>", "`\n", "\ufeff", "|", "<#c\n#>", "c #>\n",
    "<#c#>\n-Name 'x'\n", "<# c\n-Name 'x' `\n#> `\n", "<#c#>#", " <#", "<#>#>\n",
)  # fmt: skip
"""What a script begins with."""

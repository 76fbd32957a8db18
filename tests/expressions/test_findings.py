"""What is said of an expression: nothing of a right one, one thing of one damage, at its place."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from support.expressions import Piece, Pieces, expressions, laid_out, microsoft_expressions
from support.work import calls
from syncrules.diagnostics import Code, Severity
from syncrules.expressions.checks import findings_of
from syncrules.expressions.finding import Finding
from syncrules.expressions.functions import functions
from syncrules.expressions.words import (
    CLOUD,
    CONSTANTS,
    ELSEWHERE,
    ENUMERATIONS,
    LIKE_OPERATORS,
    MIM,
)


def only(text: str) -> Finding:
    found = findings_of(text)
    assert len(found) == 1, (text, found)
    return found[0]


def without(pieces: Pieces, number: int) -> Pieces:
    return [*pieces[:number], *pieces[number + 1 :]]


@st.composite
def damaged(
    draw: st.DrawFn, role: str, damage: Callable[[Pieces, int], Pieces]
) -> tuple[str, int, Piece]:
    """Return a right expression with one piece damaged, where that was, and the piece."""
    pieces = draw(expressions())
    if not any(piece.role == role for piece in pieces):
        pieces = [*_AROUND, *pieces, Piece(")", "close"), Piece(")", "close", "Replace")]
    number = draw(st.sampled_from([n for n, piece in enumerate(pieces) if piece.role == role]))
    text, places = draw(laid_out(damage(pieces, number)))
    return text, places[number] if number < len(places) else len(text), pieces[number]


_AROUND = [
    Piece("Replace", "name", "Replace"),
    Piece("(", "open", "Replace"),
    Piece('"a"', "text"),
    Piece(",", "comma", "Replace"),
    Piece('","', "text"),
    Piece(",", "comma", "Replace"),
    Piece("(", "open"),
]
"""A call with everything that can be damaged."""


def near(finding: Finding, place: int, text: str) -> bool:
    """Return whether a finding is at a place, with nothing but blanks between."""
    start, end = finding.span
    gap = text[end:place] if end < place else text[place:start]
    return gap.strip(" \t\r\n") == ""


# ---- Right expressions ---------------------------------------------------------------------------


@given(st.data(), expressions())
def test_of_a_right_expression_nothing_is_said(data: st.DataObject, pieces: Pieces) -> None:
    assert findings_of(data.draw(laid_out(pieces))[0]) == ()


def test_of_microsofts_expressions_only_what_is_not_documented_is_said() -> None:
    said = {
        (f.problem.code, text[f.span.start : f.span.end])
        for text in microsoft_expressions()
        for f in findings_of(text)
    }
    assert said == {(Code.SR719, name) for name in ("CBin", "Thumbprint", "ValueCount")}


# ---- One damage ----------------------------------------------------------------------------------


@given(damaged("close", without))
def test_a_bracket_that_is_not_closed(found: tuple[str, int, Piece]) -> None:
    text, place, _ = found
    finding = only(text)
    assert finding.problem.code is Code.SR703
    assert text[finding.span.end - 1] == "("
    assert finding.span.end <= place


@given(damaged("open", without))
def test_a_bracket_that_is_not_opened(found: tuple[str, int, Piece]) -> None:
    text, place, piece = found
    finding = only(text)
    assert finding.problem.code is Code.SR703
    message = finding.problem.message
    # Of a bracket that closes a function around it too early, that function is told.
    assert finding.span.end >= place or f"'{piece.call}" in message or "too early" in message


@given(damaged("comma", without))
def test_a_comma_that_is_lost(found: tuple[str, int, Piece]) -> None:
    text, place, piece = found
    finding = only(text)
    assert near(finding, place, text) or finding.problem.message.startswith(f"{piece.call} has ")


def _wordy(pieces: Pieces) -> Pieces:
    """Return pieces whose texts begin with a letter: others may be an operator as well."""
    return [p._replace(text=f'"a{p.text[1:]}') if p.role == "text" else p for p in pieces]


def _without_first(pieces: Pieces, number: int) -> Pieces:
    pieces = _wordy(pieces)
    return [*pieces[:number], Piece(pieces[number].text[1:]), *pieces[number + 1 :]]


def _without_last(pieces: Pieces, number: int) -> Pieces:
    pieces = _wordy(pieces)
    return [*pieces[:number], Piece(pieces[number].text[:-1]), *pieces[number + 1 :]]


@given(damaged("text", _without_first) | damaged("text", _without_last))
def test_a_quote_that_is_lost(found: tuple[str, int, Piece]) -> None:
    text, place, piece = found
    finding = only(text)
    assert finding.problem.code in (Code.SR700, Code.SR701)
    assert finding.span.start <= place + len(piece.text) + 1
    assert finding.span.end >= place


def _misspelt(pieces: Pieces, number: int) -> Pieces:
    name = pieces[number].text
    return [*pieces[:number], Piece(f"{name[1:]}{name[0]}"), *pieces[number + 1 :]]


@given(damaged("name", _misspelt))
def test_a_function_that_is_misspelt(found: tuple[str, int, Piece]) -> None:
    text, place, _ = found
    finding = only(text)
    assert finding.problem.code in (Code.SR710, Code.SR712)
    assert finding.span.start == place


def _in_another_case(pieces: Pieces, number: int) -> Pieces:
    return [*pieces[:number], Piece(pieces[number].text.swapcase()), *pieces[number + 1 :]]


@given(damaged("name", _in_another_case))
def test_a_function_in_another_letter_case(found: tuple[str, int, Piece]) -> None:
    text, place, piece = found
    finding = only(text)
    assert finding.problem.code is Code.SR712
    assert finding.problem.hint == f"Write {piece.text}."
    assert finding.span.start == place


def _one_more(pieces: Pieces, number: int) -> Pieces:
    empty = pieces[number - 1].role == "open"
    return [*pieces[:number], *([] if empty else [Piece(",")]), Piece("NULL"), *pieces[number:]]


@given(damaged("close", _one_more))
def test_an_argument_too_many(found: tuple[str, int, Piece]) -> None:
    text, _, piece = found
    assume(piece.call)
    most = functions()[piece.call].most
    argument = _count_of(text, piece)
    assume(most is None or argument > most)
    finding = only(text)
    assert finding.problem.code is Code.SR713
    assert text[finding.span.start : finding.span.end] == piece.call


def _count_of(text: str, piece: Piece) -> int:
    """Return how many arguments the message speaks of, if it speaks of the piece's function."""
    found = [f for f in findings_of(text) if f.problem.message.startswith(f"{piece.call} has ")]
    told = re.search(r" has (\d+) ", found[0].problem.message) if found else None
    return int(told[1]) if told else 0


@pytest.mark.parametrize("name", sorted(functions()))
@pytest.mark.parametrize("count", range(6))
def test_each_function_takes_what_the_table_says(name: str, count: int) -> None:
    text = f"{name}({','.join(['[a]'] * count)})"
    codes = [f.problem.code for f in findings_of(text)]
    assert (Code.SR713 in codes) is not functions()[name].takes(count)


# ---- Any text ------------------------------------------------------------------------------------

ANY = st.text(
    st.sampled_from('"\\[]%$&|<>=()+-*/, \n1aIF') | st.characters(exclude_categories=[]),
    max_size=40,
)


@given(ANY)
@example("")
@example(" \n")
@example('"\\')
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    for finding in findings_of(text):
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.problem.code.severity is not Severity.ERROR
        assert finding.problem.hint


SNIPPETS = (
    *('"', '\\"', '"a"', '""', "[a", "[a]", "%", "%a", "%a.", "$", "$a", "&", "&H", "&amp;", "&am"),
    *("1", "1.", "a", "Trim(", "(", "(a,", ")", "Trim([a]),", "IIF(a)&", "-", "- ", "=", ",", "“"),
    *("[a]&", "[a]&&[b]||", '"x509:"&', '"\\<"&', "Where($a,[b],", "$a=1)", "\xa0", " ", "\n"),
    *("|", "//", "// a\n", "a“"),
    *("$a & a & ", "With(a,[b],a) & ", "a-b-", "a & ", "IIF(a,b,c) & ", "a1.1 "),
)


@pytest.mark.parametrize("end", ["", "[a]"], ids=["", "ended"])
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_of_four_times_as_much_four_times_the_work(snippet: str, end: str) -> None:
    few, more = (calls(lambda n=n: findings_of(snippet * n + end)) for n in (100, 400))  # type: ignore[misc]
    assert more <= few * 4 * 1.3 + 500


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_text_of_which_a_quadratic_search_would_take_hours(snippet: str) -> None:
    findings_of(snippet * 10_000)


# ---- What people get wrong -----------------------------------------------------------------------

ROWS = [
    # Copied from a page
    ("“Fabrikam” & [cn]", Code.SR700, "“"),
    ('IIF([a] = ”x”,"y",NULL)', Code.SR700, "”"),
    ('„x" & [a]', Code.SR700, "„"),
    ("BitAnd([userAccountControl],&amp;HFF)", Code.SR700, "&amp;"),
    ("[givenName] &amp; [sn]", Code.SR700, "&amp;"),
    ("&quot;x&quot; & [a]", Code.SR700, "&quot;"),
    ("IIF([a] &lt; 5,1,2)", Code.SR700, "&lt;"),
    ('[a]\xa0& "x"', Code.SR700, "\xa0"),
    ("[a]\u200b", Code.SR700, "\u200b"),
    ('InStr([a],"@") – 1', Code.SR700, "–"),
    (r"IIF(IsPresent(\[a\]),[a],NULL)", Code.SR700, "\\"),
    (r'"X509:\<PN>" & [userPrincipalName]', Code.SR719, r"\<"),
    ("<IIF(IsPresent([a]),[a],NULL)>", Code.SR704, "<"),
    ('Left([mail],5) & ""', Code.SR724, '""'),
    # Quotes
    ('"a & [b] & "c"', Code.SR701, '"a & [b] & "'),
    ('IIF([a]="x","y,NULL)', Code.SR701, '"y,NULL)'),
    (r'"C:\" & [a]', Code.SR701, r'"C:\" & [a]'),
    ('"a & [b] & "“c”"', Code.SR701, '"a & [b] & "'),
    ('"a""b"', Code.SR704, '"b"'),
    ("IIF(IsPresent([a)],[b],NULL)", Code.SR702, "[a)]"),
    ("IIF([a=1],[b],NULL)", Code.SR702, "[a=1]"),
    ("Trim([ a])", Code.SR702, "[ a]"),
    ("'a' & [b]", Code.SR702, "'"),
    # Brackets, commas, operators
    ('[givenName] & ([sn] & ", " & "x", IIF(', Code.SR703, "("),
    ("IIF(CBool(BitAnd([a],2),True,False)", Code.SR703, "CBool("),
    ('EscapeDNComponent("cn=" & [displayName])) & "," & %Forest.LDAP%', Code.SR703, ")"),
    ("Left [cn],2)", Code.SR703, "Left [cn]"),
    ("IIF(CBoolBitAnd([a],2)),1,2)", Code.SR703, "CBoolBitAnd"),
    ("Mid(BitAnd0,0),0,0)", Code.SR703, "BitAnd0"),
    ("CBool([a] > Now))", Code.SR703, "Now"),
    ("IsDate1.5)", Code.SR703, "IsDate1"),
    ("Trim(IsDate1.5) & CStr2.5))", Code.SR703, "IsDate1"),
    ("CNum(IsDate1.5)", Code.SR702, "."),
    ("IsDate1.5);", Code.SR702, "."),
    ("IsDate1;5)", Code.SR702, ";"),
    ("IsDate1 .5)", Code.SR702, "."),
    ("IsDate1. 5)", Code.SR702, "."),
    ("IsDate.5)", Code.SR702, "."),
    ('[a] // "x" of', Code.SR702, '// "x" of'),
    ('a//"', Code.SR701, "a//"),
    ('https://x"', Code.SR701, "https:"),
    ('Left(https://x.y",3)', Code.SR701, "https:"),
    ('a//" & "b"', Code.SR701, 'a//" & "b'),
    ("other1.5)", Code.SR702, "."),
    ("IsDate1.5 & (", Code.SR702, "."),
    ("xIsDate1.5)", Code.SR702, "."),
    ("IsDatex1.5)", Code.SR702, "."),
    ("ConvertFromBase641.5)", Code.SR703, "ConvertFromBase641"),
    ("IsDate1.a)", Code.SR702, "."),
    (".5)", Code.SR702, "."),
    ("=[a])", Code.SR703, ")"),
    ("Foo([a]))", Code.SR703, ")"),
    ("IIF(IsPresent([a])),[a],NULL)", Code.SR703, "IIF("),
    ("IIF(IsPresent([a]) [a],NULL)", Code.SR704, "[a]"),
    ('Replace([a],"x", , ,"y", , )', Code.SR704, ","),
    ("IIF(IsPresent([a]),,NULL)", Code.SR704, ","),
    ("Left([a],)", Code.SR704, ")"),
    ("[a],[b]", Code.SR704, ","),
    ("IIF([a]==1,[a],NULL)", Code.SR704, "="),
    ("IIF([a] != 1,[a],NULL)", Code.SR702, "!"),
    ('IIF([a]="x" And [b]="y",1,2)', Code.SR704, "And"),
    ("IIF(Not IsPresent([a]),1,2)", Code.SR704, "Not"),
    ("[a]&HFF", Code.SR704, "&HFF"),
    ("BitAnd(&HFG,[a])", Code.SR704, "&HFG"),
    ("BitAnd(& HFG,[a])", Code.SR704, "&"),
    ("[a]([b])", Code.SR704, "[a]("),
    ("IIF(IsPresent[a],[a],NULL)", Code.SR704, "IsPresent"),
    ('IF [a]="x" THEN "y" ELSE "z"', Code.SR704, "IF"),
    ("// the user's name\n[a]", Code.SR702, "// the user's name"),
    ("[a] /", Code.SR704, "/"),
    ("", Code.SR704, ""),
    ('[a] + "x"', Code.SR714, "+"),
    ('IIF([a] = "x" || "y",1,2)', Code.SR714, '"y"'),
    ("[a] / 2", Code.SR719, "/"),
    ("IIF([a]=1 && [b]=2 || [c]=3,1,2)", Code.SR718, "||"),
    # Functions
    ("IF(IsPresent([a]),[a],NULL)", Code.SR710, "IF"),
    ('Fel("saknas")', Code.SR710, "Fel"),
    ('hiba("x")', Code.SR710, "hiba"),
    ("NULL()", Code.SR710, "NULL"),
    ("IIf(IsPresent([a]),[a],NULL)", Code.SR712, "IIf"),
    ('Instr([a],"x")', Code.SR712, "Instr"),
    *((f"{name}([a],[b])", Code.SR711, name) for name in (*CLOUD, *MIM)),
    ('Wher($item,[a],$item="x")', Code.SR710, "Wher"),
    ("Mid([a],2)", Code.SR713, "Mid"),
    ('Where([a],$item="x")', Code.SR713, "Where"),
    ('Join(" ",[a],[b])', Code.SR713, "Join"),
    ('FormatDateTime([a],"","x","y")', Code.SR713, "FormatDateTime"),
    ('Switch([a]=1,"x",[a]=2)', Code.SR713, "Switch"),
    ("IIF([a]=1,NULLTrue)", Code.SR717, "NULLTrue"),
    ("IIF([a]=1,[b],NULL(5))", Code.SR710, "NULL"),
    ('Left("abc"-5)', Code.SR713, "Left"),
    ('Left([a],"2")', Code.SR714, '"2"'),
    ("InStr([a],5)", Code.SR714, "5"),
    ('InStr([a],"x",1,CaseSensitive)', Code.SR714, "CaseSensitive"),
    ("ImportedValue([mail])", Code.SR714, "[mail]"),
    ('Where([i],[a],[b]="x")', Code.SR714, "[i]"),
    ("With(Trim([i]),[a],Trim([b]))", Code.SR714, "Trim([i])"),
    ('IIF("x",1,2)', Code.SR714, '"x"'),
    ('Switch([a],"x","NSW","y")', Code.SR714, '"NSW"'),
    ('Split([a],", ")', Code.SR714, '", "'),
    ('DateAdd("month",1,Now())', Code.SR714, '"month"'),
    ("Thumbprint([a])", Code.SR719, "Thumbprint"),
    ("CDate(2020-01-01)", Code.SR714, "2020-01-01"),
    ('Left([a],"1" & [b])', Code.SR714, '"1" & [b]'),
    ('IsPresent("mail")', Code.SR724, '"mail"'),
    # Words, variables, parameters
    ("FormatDateTime([a],yyyy-MM-dd)", Code.SR717, "yyyy-MM-dd"),
    ("ConvertFromBase64([a],UTF-8)", Code.SR717, "UTF-8"),
    ('Where($item,[a],Left(item,5)="smtp:")', Code.SR717, "item"),
    ("With(x,[a],Trim(x))", Code.SR717, "x"),
    ("Trim(mail)", Code.SR717, "mail"),
    ("[a]-mail", Code.SR717, "mail"),
    ("mail&1", Code.SR717, "mail"),
    ("IIF(IsPresent([a]),[a],Null)", Code.SR717, "Null"),
    ("IIF(IsPresent([a]),[a],AuthoritiveNull)", Code.SR717, "AuthoritiveNull"),
    ("IIF(IsPresent([a]),true,NULL)", Code.SR717, "true"),
    ("IIF([a]>Now,1,2)", Code.SR717, "Now"),
    ('Where($item,[a],$itm="x")', Code.SR715, "$itm"),
    ('Where($item,[a],[b]="x")', Code.SR715, "$item"),
    ('IIF(Count(Where($item,[a],$item="x"))>0,$item,1)', Code.SR715, "$item"),
    ("%ForestLDAP%", Code.SR716, "%ForestLDAP%"),
    ("%domain.fqdn%", Code.SR716, "%domain.fqdn%"),
    ('Replace([a],"x",%ReplaceString%)', Code.SR716, "%ReplaceString%"),
    ("%Domain.FQDN", Code.SR702, "%"),
    ("[a", Code.SR702, "["),
    # Right, and hardly meant so
    ('IIF(InStr([a],"x509:")=1,[a],NULL)', Code.SR724, '"x509:"'),
    ('Left([a],InStr([a],"@")) & "@contoso.com"', Code.SR724, 'InStr([a],"@")'),
    ('Left([a],InStr([a],"@"))', Code.SR724, 'InStr([a],"@")'),
    ('Join(Select($p,[a],Trim($p)),"|")', Code.SR724, 'Join(Select($p,[a],Trim($p)),"|")'),
]


@pytest.mark.parametrize(("text", "code", "place"), ROWS)
def test_what_people_get_wrong_has_a_finding_of_its_own(text: str, code: Code, place: str) -> None:
    finding = only(text)
    assert (finding.problem.code, text[slice(*finding.span)]) == (code, place)


@pytest.mark.parametrize(
    "text",
    [
        'Left([a],InStr([a],"@")) & "contoso.com"',
        'Left([a],InStr([a],"@")-1) & "@contoso.com"',
        "\"it’s – “so”\xa0&amp; 'so'\" & [a]",
        "-2147483648",
        "IIF (IsPresent([a]), [a], NULL)",
        "\n  AuthoritativeNull\n",
        'With($a,Trim([b]),With($b,Trim($a),$a & $b & "x"))',
        'Select($a,Where($b,[c],$b="x"),Trim($a))',
        'CertNameInfo([userCertificate],"SimpleName",True)',
        'DNComponentRev([dn],1,"DC")',
        "DNComponentRev([dn],1,DC)",
        "(IsPresent([a]) && [b]=1) || [c]=2",
        '"a" = "a"',
        'IsCert("MIIDdzCCAl+gAwIBAgIE")',
        "[Cost center]",
        'Trim([a] & "b")',
        "CStr([a]-1)",
        'Left([a],InStr([a],"@")-1)',
        'IsNullOrEmpty("")',
        "CBool(BitAnd([groupType],-2147483648))",
    ],
)
def test_what_is_right_though_it_looks_odd(text: str) -> None:
    assert findings_of(text) == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("IF(IsPresent([a]),[a],NULL)", "Write IIF if that is meant."),
        ("ToLower([a])", "Use LCase."),
        ('IIF("x",1,2)', "Write IIF(condition, valueIfTrue, valueIfFalse)."),
        ("Concatenate([a],[b])", "Join texts with &."),
        ("Trm([a])", "Write Trim if that is meant."),
        ("Mid([a],2)", "Write Mid(string, start, NumChars)."),
        ("%ForestLDAP%", "Write %Forest.LDAP%."),
        ("IIF([a]>Now,1,2)", "Write Now()."),
        ("Mod([a],2)", "For 'Mod', there is no remainder."),
        ("Substring([a],1,2)", "Use Mid."),
        ("IsNotNull([a])", "Use IsPresent."),
        ('IF [a]="x" THEN "y"', "Write IIF(condition, valueIfTrue, valueIfFalse)."),
        ('Where($item,[a],Left(item,5)="b")', "Write $item for the variable."),
        ("With(x,[a],Trim(x))", "Write $x for the variable."),
        ('IsPresent("mail")', "Write [mail] if the attribute is meant."),
        ("IIF([a]=1 Or [b]=2,1,2)", "For 'Or', write ||."),
        ("IIF([a],1,false)", "Write False."),
    ],
)
def test_a_hint_names_what_is_meant(text: str, hint: str) -> None:
    assert only(text).problem.hint == hint


def test_a_fault_of_the_text_hides_what_follows_from_it() -> None:
    assert only("IF(“a”,Lft([b],),(").problem.code is Code.SR700
    assert only("IF(IsPresent([a],Lft([b]").problem.code is Code.SR703


def test_words_with_blanks_between_are_no_text_that_lost_its_quotes() -> None:
    assert [f.span for f in findings_of("mail - title")] == [(0, 4), (7, 12)]
    assert only("mail-title").span == (0, 10)


def test_two_causes_are_two_findings() -> None:
    text = 'IIF(Ispresent([a]),Lft([a],"2"),null)'
    assert [(f.problem.code, f.span.start) for f in findings_of(text)] == [
        (Code.SR712, 4),
        (Code.SR710, 19),
        (Code.SR717, 32),
    ]


def test_the_words_of_the_language_are_no_functions_of_others() -> None:
    assert not {*ELSEWHERE} & {w.lower() for w in (*functions(), *CLOUD, *MIM, *LIKE_OPERATORS)}
    assert not {*CLOUD, *MIM} & {*functions(), *CONSTANTS, *ENUMERATIONS}

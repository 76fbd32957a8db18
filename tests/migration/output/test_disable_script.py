"""The script that disables out-of-box rules: what is put into it, and how it is known again."""

from __future__ import annotations

import codecs
from dataclasses import replace

from hypothesis import given

from support.builders import B1, out_of_box, rule, text_of
from support.strategies import texts
from syncrules.migration.output.disable_script import disable_script
from syncrules.migration.output_names import is_disable_script
from syncrules.rules.model import SyncRule
from syncrules.script.quoting import quote
from syncrules.servers.from_rules import server_of_rules
from syncrules.servers.model import Evidence, EvidenceKind


def _script(*rules: SyncRule) -> str:
    shown = server_of_rules(Evidence("new.ps1", EvidenceKind.EXPORT), rules).rules
    return disable_script(shown).decode("utf-8-sig")


@given(texts)
def test_a_rule_s_name_stands_in_quotes_and_nothing_else_changes(name: str) -> None:
    made = out_of_box(connector=B1)
    hostile = replace(made, name=f"{name}'; Remove-ADSyncRule #")
    written = _script(hostile)
    assert f"Name = {quote(hostile.name)}; Connector = '{B1}'" in written
    assert written.replace(quote(hostile.name), quote(made.name)) == _script(made)


def test_each_rule_has_a_line_of_its_own_in_the_order_given() -> None:
    made = [out_of_box(f"In from AD - {n}", 800 + n, B1) for n in range(3)]
    lines = [line for line in _script(*made).split("\r\n") if "@{ Identifier" in line]
    assert [r.identifier for r in made] == [line.split("'")[1] for line in lines]
    assert [line.endswith(",") for line in lines] == [True, True, False]


def test_it_has_a_mark_only_where_windows_powershell_needs_one() -> None:
    plain = server_of_rules(Evidence("new.ps1", EvidenceKind.EXPORT), [out_of_box()]).rules
    assert disable_script(plain).isascii()
    umlaut = [replace(r, name="Übung") for r in plain]
    assert disable_script(umlaut).startswith(codecs.BOM_UTF8)


def test_it_is_known_again_and_an_export_is_not_taken_for_it() -> None:
    for name in ("plain", "Übung"):
        rules = server_of_rules(Evidence("new.ps1", EvidenceKind.EXPORT), [out_of_box(name)]).rules
        assert is_disable_script(disable_script(rules))
    assert not is_disable_script(text_of(rule()).encode())
    assert not is_disable_script(b"")

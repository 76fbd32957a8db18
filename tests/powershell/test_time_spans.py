"""Time spans as .NET itself reads and prints them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.powershell.session import Session
from syncrules.rules.timespan import canonical, from_text
from syncrules.script.quoting import quote

NUMBERS = st.integers(0, 99).map(str)
PARTS = st.lists(NUMBERS, min_size=1, max_size=4)
TEXTS = st.tuples(st.sampled_from(["", "-"]), PARTS, st.lists(st.sampled_from(".:"), min_size=4))
"""Numbers with dots and colons between them: many are time spans, many are none."""


def _joined(parts: tuple[str, list[str], list[str]]) -> str:
    sign, numbers, marks = parts
    return sign + "".join(f"{n}{m}" for n, m in zip(numbers, marks, strict=False)).rstrip(".:")


@settings(max_examples=20)
@given(st.lists(TEXTS.map(_joined), min_size=30, max_size=30))
def test_a_text_is_read_only_as_net_reads_it(powershell: Session, texts: list[str]) -> None:
    script = "".join(
        f"$t = [TimeSpan]::Zero; if ([TimeSpan]::TryParse({quote(text)}, [ref] $t)) "
        "{ $t.ToString('c') } else { 'none' }\n"
        for text in texts
    )
    for text, net in zip(texts, powershell.run_script(script).output, strict=True):
        field = from_text(text)
        assert field is None or canonical(field) == net, text


@pytest.mark.parametrize("number", ["0", "1", "300000000", "123456789012345"])
def test_a_number_is_converted_as_powershell_converts_it(powershell: Session, number: str) -> None:
    (net,) = powershell.run_script(f"([TimeSpan] {number}).ToString('c')").output
    assert canonical(number) == net

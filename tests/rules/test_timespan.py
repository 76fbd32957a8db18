"""Time spans: read and printed as .NET does, and never the end of a run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncrules.rules.timespan import canonical, from_text

FORMAT_C = re.compile(r"-?(?:([0-9]+)\.)?([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{7}))?")

written = st.from_regex(
    r"\A-?(?:[0-9]{1,5}|(?:[0-9]{1,5}\.)?(?:1?[0-9]|2[0-3]):[0-5]?[0-9]"
    r"(?::[0-5]?[0-9](?:\.[0-9]{1,7})?)?|[0-9]{1,4}:(?:1?[0-9]|2[0-3]):[0-5]?[0-9])\Z",
    fullmatch=True,
)


@given(written)
def test_what_net_reads_is_printed_in_one_form(text: str) -> None:
    field = from_text(text)
    assert field is not None
    printed = canonical(field)
    assert FORMAT_C.fullmatch(printed)
    assert canonical(printed) == printed
    assert from_text(printed) == printed


@given(st.integers(0, 10**15))
def test_digits_alone_count_units_of_100_nanoseconds(ticks: int) -> None:
    found = FORMAT_C.fullmatch(canonical(str(ticks)))
    assert found is not None
    days, hours, minutes, seconds, fraction = (int(part or 0) for part in found.groups())
    assert ((days * 24 + hours) * 60 + minutes) * 60 + seconds == ticks // 10_000_000
    assert fraction == ticks % 10_000_000


@given(st.text())
def test_any_other_text_stays_as_it_is(text: str) -> None:
    field = from_text(text)
    assert canonical(text) == text or field is not None or re.fullmatch("[0-9]+", text)


@pytest.mark.parametrize("text", ["P30D", "²", "١", "1:2:3:4:5", "", " 1", "24:60", "1.2"])
def test_what_net_does_not_read_is_compared_as_it_is_written(text: str) -> None:
    assert from_text(text) is None
    assert canonical(text) == text


@pytest.mark.parametrize(
    ("text", "field"),
    [("5", "5.00:00:00"), ("-5", "-5.00:00:00"), ("0", "0"), ("-00", "0"), ("25:0:0", "25:0:0")],
)
def test_a_text_of_digits_counts_days(text: str, field: str) -> None:
    assert from_text(text) == field

"""Time spans as .NET reads and prints them.

A rule's field holds one in either of two forms: digits alone count units of 100 nanoseconds, as
PowerShell converts a number; everything else is the text of a .NET TimeSpan.
"""

from __future__ import annotations

import re

__all__ = ["canonical", "from_text"]

_HOURS = "(?:[01]?[0-9]|2[0-3])"
_MINUTES = "[0-5]?[0-9]"
_DAYS = re.compile(r"-?[0-9]{1,7}")
_TIME = (
    rf"(?P<sign>-?)(?:"
    rf"(?:(?P<days>[0-9]{{1,7}})\.)?(?P<hours>{_HOURS}):(?P<minutes>{_MINUTES})"
    rf"(?::(?P<seconds>{_MINUTES})(?:\.(?P<fraction>[0-9]{{1,7}}))?)?"
    # Three numbers of which the first is no hour are days, hours and minutes.
    rf"|(?P<more>[0-9]{{1,7}}):(?P<then>{_HOURS}):(?P<last>{_MINUTES}))"
)
"""What .NET reads as a TimeSpan, up to a few days of the largest."""
_TICKS = re.compile("[0-9]+")
_TICKS_A_SECOND = 10_000_000


def from_text(text: str) -> str | None:
    """Return a text as a rule's field holds it; `None` where .NET reads no TimeSpan in it.

    >>> from_text("30")
    '30.00:00:00'
    """
    if _DAYS.fullmatch(text):
        return f"{int(text)}.00:00:00" if int(text) else "0"
    return text if re.fullmatch(_TIME, text) else None


def canonical(interval: str) -> str:
    """Return a field as .NET's format "c" prints it; what .NET does not read stays as it is.

    >>> canonical("300000000")
    '00:00:30'
    """
    ticks = _ticks(interval)
    if ticks is None:
        return interval
    seconds, fraction = divmod(abs(ticks), _TICKS_A_SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    day = f"{days}." if days else ""
    rest = f".{fraction:07}" if fraction else ""
    return f"{'-' if ticks < 0 else ''}{day}{hour:02}:{minute:02}:{second:02}{rest}"


def _ticks(interval: str) -> int | None:
    """Return a field in .NET's unit of 100 nanoseconds."""
    if _TICKS.fullmatch(interval):
        return int(interval)
    found = re.fullmatch(_TIME, interval)
    if found is None:
        return None
    part = {name: int(digits) for name, digits in found.groupdict("0").items() if name != "sign"}
    days, hours = part["days"] + part["more"], part["hours"] + part["then"]
    minutes, seconds = part["minutes"] + part["last"], part["seconds"]
    count = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    ticks = count * _TICKS_A_SECOND + int((found["fraction"] or "").ljust(7, "0"))
    return -ticks if found["sign"] else ticks

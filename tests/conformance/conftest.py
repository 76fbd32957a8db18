"""Print what the conformance tests counted, after all tests."""

from __future__ import annotations

import pytest

COUNTED = "conformance"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the numbers that the tests recorded as the property `conformance`."""
    reports = [r for key in ("passed", "failed") for r in terminalreporter.stats.get(key, ())]
    lines = [value for r in reports for name, value in r.user_properties if name == COUNTED]
    if lines:
        terminalreporter.section("conformance with PowerShell")
        terminalreporter.write_line("\n".join(map(str, lines)))

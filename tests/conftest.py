"""How the properties are tested: quickly by default, at length with HYPOTHESIS_PROFILE=long."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A failed assertion in what the tests are made from shows its values too.
pytest.register_assert_rewrite("support")

# No deadline: the first example pays for building the parser.
settings.register_profile(
    "normal", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("quick", settings.get_profile("normal"), max_examples=10)
settings.register_profile("long", settings.get_profile("normal"), max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "normal"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Print what worlds came to; and after all else, what was skipped."""
    _tell_worlds(terminalreporter)
    yield
    _tell_skipped(terminalreporter)


def _tell_worlds(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what worlds came to, by kinds of sources and result."""
    reports = [r for key in ("passed", "failed") for r in terminalreporter.stats.get(key, ())]
    counts = Counter(
        tuple(value) for r in reports for name, value in r.user_properties if name == "world"
    )
    results = ("mapped", "refused", "wrong")
    sources = sorted({source for source, _ in counts})
    if sources:
        terminalreporter.section("worlds: active's files -> staging's files")
        for source in sources:
            numbers = ", ".join(f"{counts[source, r]} {r}" for r in results)
            terminalreporter.write_line(f"{source:36} {numbers}")
        totals = ", ".join(f"{sum(counts[s, r] for s in sources)} {r}" for r in results)
        terminalreporter.write_line(f"{'all':36} {totals}")


def _tell_skipped(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how often each reason was given, in one line, which .ci/run looks into."""
    reports = terminalreporter.stats.get("skipped", ())
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in reports)
    if reasons:
        told = " · ".join(f"{number} {reason}" for reason, number in reasons.most_common())
        terminalreporter.write_line(f"skipped: {told}")

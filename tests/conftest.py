"""How the properties are tested: quickly by default, at length with HYPOTHESIS_PROFILE=long."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A failed assertion in what the tests are made from shows its values too.
pytest.register_assert_rewrite("support")

# No deadline: the first example pays for building the parser. In CI the examples are the same each
# time, as Hypothesis advises: what it says is of the change, not of chance. Elsewhere they are new.
settings.register_profile(
    "normal",
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.register_profile("quick", settings.get_profile("normal"), max_examples=10)
settings.register_profile("long", settings.get_profile("normal"), max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "normal"))


# What is printed is looked at phrase by phrase; tests of the layout say how wide it is.
_COLUMNS = shutil.get_terminal_size().columns
os.environ["COLUMNS"] = "9999"
for variable in ("NO_COLOR", "FORCE_COLOR"):
    os.environ.pop(variable, None)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let pytest itself print in the columns that there are; a worker prints nothing."""
    if session.config.pluginmanager.has_plugin("terminalreporter"):
        session.config.get_terminal_writer().fullwidth = _COLUMNS


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Print what worlds came to; and after all else, what was skipped."""
    _tell_worlds(terminalreporter)
    yield
    _tell_skipped(terminalreporter)


def _tell_worlds(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what worlds came to, by kinds of sources and by what is odd."""
    reports = [r for key in ("passed", "failed") for r in terminalreporter.stats.get(key, ())]
    worlds = [value for r in reports for name, value in r.user_properties if name == "world"]
    if not worlds:
        return
    sources = Counter((source, result) for source, _, result in worlds)
    odd = Counter((f, result) for _, features, result in worlds for f in features or ("plain",))
    terminalreporter.section("worlds: active's files -> staging's files")
    _write_counts(terminalreporter, sources)
    lies = Counter(value for r in reports for name, value in r.user_properties if name == "lie")
    terminalreporter.section("worlds: lies about those mapped, all seen unless a test failed")
    told = ", ".join(f"{number} {lie}" for lie, number in sorted(lies.items()))
    terminalreporter.write_line(told)
    terminalreporter.section("worlds: what is odd")
    _write_counts(terminalreporter, odd)
    _write_counts(terminalreporter, Counter(("all", result) for _, _, result in worlds))


def _write_counts(
    terminalreporter: pytest.TerminalReporter, counts: Counter[tuple[str, str]]
) -> None:
    for kind in sorted({kind for kind, _ in counts}):
        numbers = ", ".join(
            f"{counts[kind, r]} {r}" for r in ("mapped", "refused", "wrong", "unaccounted")
        )
        terminalreporter.write_line(f"{kind:46} {numbers}")


def _tell_skipped(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how often each reason was given, in one line, which .ci/run looks into."""
    reports = terminalreporter.stats.get("skipped", ())
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in reports)
    if reasons:
        told = " · ".join(f"{number} {reason}" for reason, number in reasons.most_common())
        terminalreporter.write_line(f"skipped: {told}")

"""Fuzz the reader over bytes, guided by coverage (Atheris): nothing but InputRefused may come out.

    python tests/fuzz/fuzz_bytes.py -max_total_time=60 corpus/

What it finds goes to found/, where a test replays it.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["syncrules"]):
    from syncrules import InputRefused, emit, parse


def check(data: bytes) -> None:
    """Read `data`; what is read must come back byte for byte, and its rules as the same rules."""
    try:
        export = parse(data, "fuzz.ps1")
    except InputRefused as refused:
        assert refused.diagnostics
        return
    assert bytes(export) == data
    if not any(d.is_error for d in export.diagnostics):
        assert parse(emit(export.rules)).rules == export.rules


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()

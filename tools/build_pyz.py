"""Make syncrules.pyz: the command line in one file, for a Python without anything installed.

Usage: python tools/build_pyz.py WHEEL OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from bundling import in_megabytes, installed, zipped

_FIRST_LINE = b"#!/usr/bin/env python3\n"

# In words of any Python 3, so that an old one can say that it is too old.
_MAIN = b"""\
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "syncrules needs Python 3.11 or newer; this is Python %d.%d, %s."
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

from syncrules.__main__ import run

run()
"""


# In a ZIP, Python 3.11 and 3.12 find no folder that has no module.
_MODULES = {"__main__.py": _MAIN, "syncrules/findings/__init__.py": b""}


def build(wheel: Path) -> bytes:
    """Return the file's bytes: a ZIP that Python runs, with a first line for POSIX systems."""
    return zipped(installed(wheel) | _MODULES, first=_FIRST_LINE)


def main(wheel: str, out: str) -> None:
    """Write the file, and tell how large it is."""
    path, data = Path(out), build(Path(wheel))
    path.write_bytes(data)
    path.chmod(0o755)
    print(f"{path}: {in_megabytes(len(data))}")


if __name__ == "__main__":
    main(*sys.argv[1:])

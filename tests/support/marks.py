"""Where a test cannot run; the end of the test run tells how many did not, by these reasons."""

from __future__ import annotations

import os
import sys

import pytest

__all__ = ["not_as_root", "posix_only"]

posix_only = pytest.mark.skipif(
    sys.platform == "win32", reason="only POSIX has such modes, pipes, names and signals"
)
not_as_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read all"
)

"""The program: `syncrules`, and `python -m syncrules`, which is the same."""

from __future__ import annotations

import gc

__all__ = ["run"]


def run() -> None:
    """Run the command line, and end the process with it."""
    gc.disable()  # a run is short, and needs to its end what it reads
    from syncrules.cli import main
    from syncrules.cli.ending import end

    end(main)


if __name__ == "__main__":
    run()

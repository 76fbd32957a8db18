"""`python -m syncrules`, the same as `syncrules`."""

from syncrules.cli import main

main(prog_name="syncrules")

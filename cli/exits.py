"""The exit codes. click itself uses 2 for wrong usage."""

DONE = 0
REFUSED = 1

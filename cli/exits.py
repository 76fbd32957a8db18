"""The exit codes. click itself uses 2 for wrong usage."""

DONE = 0
REFUSED = 1
UNREADABLE = 2
"""Two servers cannot be compared: as wrong usage, since 1 says that they differ."""
UNPRINTED = 3
"""All was done, but what there is to say of it could not be printed."""
INTERRUPTED = 128
"""And the number of the signal, as shells have it: 130 for Ctrl-C."""

"""The exit codes. click itself uses 2 for wrong usage."""

DONE = 0
REFUSED = 1
UNPRINTED = 3
"""All was done, but what there is to say of it could not be printed."""
INTERRUPTED = 128
"""And the number of the signal, as shells have it: 130 for Ctrl-C."""

"""Exports of the Synchronization Rules Editor: statements <-> rules.

Way in: `export.parse` from bytes to an `Export`, `writer.emit` from rules to a script. May import:
rules, script, errors, diagnostics.
"""

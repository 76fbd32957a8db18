"""A migration kit: a folder with the mapped rules and the scripts that run them safely.

Way in: `assembling.kit_of`, from a plan; `verification.verify` compares a kit's manifest with a
server. `scripts/` is what an administrator runs, `scripts/lib/` what those share. May import:
migration, pairing, servers, exports, rules, script, pages, errors, diagnostics.
"""

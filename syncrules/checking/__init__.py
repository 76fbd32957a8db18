"""Whether the rules of one server are sound by themselves, with no migration.

Way in: `check.check`, and `CHECKS` in it. May import: pairing, and all that it may.

Everything found is a warning or a note: the Synchronization Rules Editor saves an expression that
it calls wrong ("you can save and continue", says Microsoft's page on changing the configuration),
so nothing is refused for it.
"""

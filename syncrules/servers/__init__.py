"""What files tell of a server: its connectors, rules, schema and options, each with its source.

Way in: `model.Server`; a module for each kind of file makes one, `merging.merge` makes one of
several. May import: exports, rules, script, diagnostics.
"""

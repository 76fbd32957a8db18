"""What files tell of a server: connectors, rules, schema and options, each with its file.

Way in: `model.Server`; a module for each kind of file makes one, `merging.merge` makes one of
several. May import: exports, rules, script, diagnostics.
"""

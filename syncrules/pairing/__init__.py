"""Which connector, and which out-of-box rule, of one server is which of another.

Way in: `connectors.pair_connectors`, then `out_of_box_rules.pair_rules`. May import: servers,
rules, diagnostics.
"""

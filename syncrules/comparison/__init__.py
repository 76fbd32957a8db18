"""Two servers to their differences: what differs, why, and what could not be compared.

Way in: `comparing.compare`. May import: pairing, servers, rules, diagnostics.
"""

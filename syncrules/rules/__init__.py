"""What a synchronization rule is, as values, and whether two say the same.

Way in: `model.SyncRule`. May import: expressions.
"""

"""The language of attribute flows' expressions.

Way in: `scanner.tokens`. May import: nothing.
"""

"""Text <-> lossless statements, or every reason against it.

Way in: `reader.read_script`, from a `source.Source`, which bytes become by `source.decode`. What
the language is stands in grammar/script.lark. May import: grammar, diagnostics.
"""

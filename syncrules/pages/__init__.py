"""Pages to read, print and sign: templates, their one design, and the page of a comparison.

Way in: `templating.html`, with a template; `comparison_page.comparison_html`. May import:
comparison, migration, pairing, servers, rules, expressions, diagnostics.
"""

"""The language of attribute flows' expressions.

Way in: `reading.parse_expression`, from text to a tree, and `checks.findings_of`, what is wrong or
doubtful in it; `scanner.significant` tells what counts where two texts are compared. May import:
the grammar, diagnostics and errors.

An expression is read by its own tokens (`lexer`), brackets (`brackets`) and the tables that Lark
makes of grammar/expression.lark (`parser`). Nothing recurses, and all takes linear time.
"""

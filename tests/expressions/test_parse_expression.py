"""`syncrules.parse_expression`: a tree, or a refusal with its place."""

from __future__ import annotations

import pytest

import syncrules
from syncrules import InputRefused, NodeKind, Severity
from syncrules.diagnostics import Code


def test_a_right_expression_is_a_tree() -> None:
    expression = syncrules.parse_expression('Left([cn], 2) & "x"')
    assert str(expression) == 'Left([cn], 2) & "x"'
    assert [n.kind for n in expression.root.children] == [
        NodeKind.CALL,
        NodeKind.OPERATOR,
        NodeKind.TEXT,
    ]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "shown"),
    [
        ("IIF([a],\r\n  [b] [c],\r\n  NULL)", Code.SR704, 2, 7, "  [b] [c],"),
        ("“a”", Code.SR700, 1, 1, "“a”"),
        ("", Code.SR704, 1, 1, ""),
        ("Left([a],", Code.SR703, 1, 1, "Left([a],"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(
    text: str, code: Code, line: int, column: int, shown: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        syncrules.parse_expression(text)
    (finding,) = refused.value.diagnostics
    assert (finding.code, finding.line, finding.column) == (code, line, column)
    assert finding.excerpt == shown
    assert finding.file == ""
    assert finding.severity is Severity.WARNING
    assert str(refused.value).startswith(f"{line}:{column}: warning[{code}]: ")


def test_what_is_doubtful_is_read_all_the_same() -> None:
    assert syncrules.parse_expression("Foo([a],null)").root.value == "Foo"

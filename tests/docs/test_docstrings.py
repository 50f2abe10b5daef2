"""Every test says which behaviour it is about."""

from __future__ import annotations

import ast

from tests.sample_shop import REPOSITORY


def test_every_test_has_a_docstring() -> None:
    """A test begins with a sentence that ends with a full stop."""
    without = [
        f"{file.relative_to(REPOSITORY)}:{function.lineno}: {function.name}"
        for file in sorted((REPOSITORY / "tests").rglob("test_*.py"))
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
        if not (ast.get_docstring(function) or "").split("\n\n")[0].endswith(".")
    ]

    assert without == []

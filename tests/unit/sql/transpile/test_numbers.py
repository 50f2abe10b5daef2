"""Numbers have Snowflake's width, and are rounded half away from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("author", "value"),
    [
        ("3000000000::int", 3000000000),
        ("(5 / 2)::int", 3),
        ("(-5 / 2)::int", -3),
        ("16777217::float", 16777217.0),
        ("WIDTH_BUCKET(-1, 0, 10, 5)", 0),
        ("WIDTH_BUCKET(0, 0, 10, 5)", 1),
        ("WIDTH_BUCKET(5, 0, 10, 5)", 3),
        ("WIDTH_BUCKET(10, 0, 10, 5)", 6),
        ("WIDTH_BUCKET(NULL, 0, 10, 5)", None),
    ],
)
def test_value(author: str, value: object, rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """A number has the same value on the engine as in Snowflake."""
    assert rows(f"SELECT {author}") == [(value,)]

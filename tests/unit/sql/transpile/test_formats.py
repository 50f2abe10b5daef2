"""TO_CHAR formats a time in the author's format, or reports an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from onefold.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable

_CASES: list[tuple[str, str, str]] = [
    ("TO_CHAR(ts, 'YYYY-MM-DD HH24:MI:SS')", "STRFTIME(ts, '%Y-%m-%d %H:%M:%S')", "2026-01-31 10:30:15"),
    ("TO_CHAR(d, 'YYYYMM')", "STRFTIME(d, '%Y%m')", "202601"),
    ("TO_CHAR(ts, 'DY, DD MON YY')", "STRFTIME(ts, '%a, %d %b %y')", "Sat, 31 Jan 26"),
    ("TO_CHAR(ts, 'HH12:MI AM')", "STRFTIME(ts, '%I:%M %p')", "10:30 AM"),
    ("TO_CHAR(ts, 'YYYY-MM-DD\"T\"HH24:MI:SS.FF3')", "STRFTIME(ts, '%Y-%m-%dT%H:%M:%S.%g')", "2026-01-31T10:30:15.123"),
    ("TO_CHAR(d, 'MMMM')", "STRFTIME(d, '%B')", "January"),
    ("TO_VARCHAR(ts, 'FF6')", "STRFTIME(ts, '%f')", "123456"),
]


@pytest.mark.parametrize(("author", "engine", "value"), _CASES, ids=[case[0] for case in _CASES])
def test_sql_and_value(author: str, engine: str, value: str, evaluate: Callable[[str], tuple[str, Any]]) -> None:
    """A format is translated to the engine's, and gives the author's text."""
    assert evaluate(author) == (engine, value)


@pytest.mark.parametrize(
    ("author", "reason"),
    [
        ("TO_CHAR(n, '9.9EEEE')", 'TO_CHAR of numbers with the format "9.9EEEE" is not supported'),
        ("TO_CHAR(ts, 'WW')", 'TO_CHAR does not support the format "WW"; it supports formats of times and numbers'),
        ("TO_CHAR(ts, s)", "the format of TO_CHAR must be a text"),
    ],
)
def test_format_that_is_not_known_is_refused(
    author: str, reason: str, evaluate: Callable[[str], tuple[str, Any]]
) -> None:
    """A format with an unknown element is an error, not a text with stray letters."""
    with pytest.raises(ProjectError) as caught:
        evaluate(author)

    assert caught.value.findings[0].message == f"duckdb cannot run this SQL: {reason}"

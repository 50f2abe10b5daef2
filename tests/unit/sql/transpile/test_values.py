"""Text functions give the results of Snowflake's; functions that differ between engines are rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from onefold.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("author", "value"),
    [
        ("REGEXP_SUBSTR('key=val', 'key=(.*)', 1, 1, 'e')", "val"),
        ("REGEXP_SUBSTR('key=val', 'key=(.*)', 1, 1, 'e', 1)", "val"),
        ("REGEXP_SUBSTR('key=val', 'key=(.*)')", "key=val"),
        ("NOT EQUAL_NULL(NULL, 1)", True),
        ("EQUAL_NULL(NULL, NULL) = TRUE", True),
        ("EQUAL_NULL(1, 2) IS NULL", False),
    ],
)
def test_value(author: str, value: object, rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """An expression has the same value on the engine as in Snowflake."""
    assert rows(f"SELECT {author}") == [(value,)]


@pytest.mark.parametrize(
    ("author", "reason"),
    [
        ("HASH('a')", "HASH gives other numbers on every engine; use SHA1 or MD5"),
        ("COALESCE(hash(s), 1)", "HASH gives other numbers on every engine; use SHA1 or MD5"),
        ("HASH_AGG(s)", "HASH_AGG gives other numbers on every engine"),
        ("HLL_ACCUMULATE(s)", "HLL_ACCUMULATE needs sketches, which are not supported; use COUNT(DISTINCT ...)"),
        ("ENCRYPT('a', 'key')", "the function ENCRYPT is not supported; a project has no keys"),
        # A function that only the engine has is rejected; a misspelled name gets a hint.
        ("STRPTIME(s, '%Y')", "the function STRPTIME is not supported; supported functions: docs/limits.md"),
        ("LIST(s)", "the function LIST is not supported; supported functions: docs/limits.md"),
        ("SPLITPART(s, '.', 1)", "the function SPLITPART is not supported; did you mean SPLIT_PART?"),
        ("CURRENT_USER()", "CURRENT_USER is not supported: it depends on the session; write the value instead"),
    ],
)
def test_what_the_engine_would_answer_otherwise_is_refused(
    author: str, reason: str, translate: Callable[[str], str]
) -> None:
    """A function that the engine lacks, or that gives other values on it, is rejected with the reason."""
    with pytest.raises(ProjectError) as caught:
        translate(f"SELECT {author} FROM t")

    (finding,) = caught.value.findings
    assert finding.code == "sql-unsupported"
    assert finding.message == f"duckdb cannot run this SQL: {reason}"

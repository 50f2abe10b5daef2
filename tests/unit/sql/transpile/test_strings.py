"""Text functions give the results of Snowflake's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

_TEXTS = [
    "",
    " ",
    "  ",
    "x",
    " x",
    "x ",
    "  x y  ",
    "\tx",
    "\u00a0x\u00a0",
    " \u3000x",
    "\u00fc ",
    "%",
    " %",
    "% ",
    None,
]


@pytest.mark.parametrize(("function", "strip"), [("TRIM", str.strip), ("LTRIM", str.lstrip), ("RTRIM", str.rstrip)])
@pytest.mark.parametrize("argument", ["s", "t.s", "COALESCE(s, s)"])
def test_only_blanks_are_trimmed(
    function: str,
    strip: Callable[[str, str], str],
    argument: str,
    translate: Callable[[str], str],
    texts: duckdb.DuckDBPyConnection,
) -> None:
    """TRIM, LTRIM and RTRIM remove spaces, and no tab or other Unicode white space."""
    sql = translate(f"SELECT s, {function}({argument}) FROM texts AS t")

    found = dict(texts.execute(sql).fetchall())

    assert found == {text: strip(text, " ") if text is not None else None for text in _TEXTS}


@pytest.fixture
def texts(connection: duckdb.DuckDBPyConnection) -> Any:
    """A DuckDB with texts that have white space, or none, in the table ``texts``."""
    connection.execute("CREATE OR REPLACE TEMP TABLE texts (s TEXT)")
    connection.executemany("INSERT INTO texts VALUES (?)", [[text] for text in _TEXTS])
    return connection


def test_other_characters_are_trimmed_as_told(rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
    """With a second argument its characters are removed."""
    assert rows("SELECT TRIM('xyx a xy', 'xy')") == [(" a ",)]

"""Queries like those of the guide, in Snowflake SQL, over the outputs and sources of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from onefold.errors import Location
from onefold.sql.author import parse_statements
from onefold.sql.dialects import render
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLES = """
ATTACH ':memory:' AS rudderstack;
CREATE SCHEMA rudderstack.js; CREATE SCHEMA rudderstack.ruby; CREATE SCHEMA profiles;
CREATE TABLE rudderstack.js.identifies AS SELECT * FROM (VALUES
    ('a1', 'u1', TIMESTAMP '2026-01-01 10:00:00'), ('a1', 'u2', TIMESTAMP '2026-01-02 10:00:00'),
    ('', 'u1', TIMESTAMP '2026-01-02 11:00:00')) v(anonymous_id, user_id, timestamp);
CREATE TABLE rudderstack.ruby.identifies AS SELECT * FROM (VALUES
    ('a2', 'u1', TIMESTAMP '2026-01-03'), (NULL, 'u3', NULL)) v(anonymous_id, user_id, timestamp);
CREATE TABLE profiles.USER_ID_STITCHER AS SELECT * FROM (VALUES
    ('m1', 'u1', 'user_id', TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-01'),
    ('m1', 'u2', 'user_id', TIMESTAMP '2026-01-02', TIMESTAMP '2026-01-02'),
    ('m1', 'a1', 'anonymous_id', TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-01'),
    ('m2', 'u3', 'user_id', NULL, NULL)) v(user_main_id, other_id, other_id_type, valid_at, first_seen_at);
CREATE TABLE profiles.WITH_USER_ID AS SELECT * FROM (VALUES
    ('u1', 2, 3, 4, 120.5, DATE '2026-01-01', true), ('u3', 1, NULL, 0, NULL, NULL, false))
    v(user_id, count_user_ids, count_anonymous_ids, total_orders, lifetime_revenue_usd, first_order_date,
      is_repeat_buyer);
"""
_PAIRS = """
WITH pairs AS (
  SELECT anonymous_id, user_id FROM rudderstack.js.identifies
  WHERE anonymous_id IS NOT NULL AND anonymous_id != '' AND user_id IS NOT NULL AND user_id != ''
  UNION ALL
  SELECT anonymous_id, user_id FROM rudderstack.ruby.identifies
  WHERE anonymous_id IS NOT NULL AND anonymous_id != '' AND user_id IS NOT NULL AND user_id != ''
)
"""
_CASES: list[tuple[str, str, list[list[tuple[Any, ...]]]]] = [
    (
        "distribution of cluster sizes",
        """
        -- an overview
        WITH sizes AS (
          SELECT user_main_id, COUNT(DISTINCT other_id) as size,
            COUNT(DISTINCT CASE WHEN other_id_type = 'user_id' THEN other_id END) as user_ids
          FROM profiles.USER_ID_STITCHER GROUP BY user_main_id
        )
        SELECT COUNT(*) as total, MAX(size) as largest, ROUND(AVG(size), 2) as mean, MEDIAN(size) as middle,
          SUM(CASE WHEN size > 2 THEN 1 ELSE 0 END) as large, SUM(CASE WHEN user_ids > 1 THEN 1 ELSE 0 END) as several
        FROM sizes;
        """,
        [[(2, 3, 2.0, 2.0, 1, 1)]],
    ),
    (
        "largest clusters, by an alias",
        """
        SELECT user_main_id, COUNT(DISTINCT other_id) as total_ids FROM profiles.user_id_stitcher
        GROUP BY user_main_id ORDER BY total_ids DESC LIMIT 1;
        """,
        [[("m1", 3)]],
    ),
    (
        "events that connect a cluster; a column and a literal named by keywords",
        """
        WITH ids AS (SELECT other_id, other_id_type FROM profiles.USER_ID_STITCHER WHERE user_main_id = 'm1'),
        users AS (SELECT other_id as user_id FROM ids WHERE other_id_type = 'user_id')
        -- which rows
        SELECT i.anonymous_id, i.user_id, i.timestamp, 'identifies' as source
        FROM (
          SELECT anonymous_id, user_id, timestamp FROM rudderstack.js.identifies
          UNION ALL
          SELECT anonymous_id, user_id, timestamp FROM rudderstack.ruby.identifies
        ) i
        WHERE i.user_id IN (SELECT user_id FROM users) AND i.anonymous_id LIKE 'a2' ORDER BY i.timestamp LIMIT 500;
        """,
        [[("a2", "u1", "2026-01-03 00:00:00", "identifies")]],
    ),
    (
        "ids that connect many",
        _PAIRS
        + """
        SELECT anonymous_id, COUNT(DISTINCT user_id) as users,
          LISTAGG(DISTINCT user_id, ', ') WITHIN GROUP (ORDER BY user_id) as sample
        FROM pairs GROUP BY anonymous_id HAVING COUNT(DISTINCT user_id) > 1 ORDER BY users DESC LIMIT 50;
        """,
        [[("a1", 2, "u1, u2")]],
    ),
    (
        "suspicious profiles; nulls come first downwards",
        """
        SELECT user_id, count_anonymous_ids FROM profiles.WITH_USER_ID
        WHERE count_user_ids > 0  -- several
           OR lifetime_revenue_usd > 100000
        ORDER BY count_anonymous_ids DESC LIMIT 50;
        """,
        [[("u3", None), ("u1", 3)]],
    ),
    (
        "a sample in random order",
        """
        SELECT user_id, first_order_date, is_repeat_buyer FROM profiles.WITH_USER_ID
        WHERE count_anonymous_ids BETWEEN 2 AND 5 AND total_orders > 0 ORDER BY RANDOM() LIMIT 20;
        """,
        [[("u1", "2026-01-01", "true")]],
    ),
    (
        "two statements and a comment",
        """
        -- 1
        SELECT user_main_id, other_id_type FROM profiles.USER_ID_STITCHER WHERE other_id = 'u3';

        -- 2
        SELECT * FROM profiles.USER_ID_STITCHER WHERE user_main_id = 'none';

        -- 3. nothing more
        """,
        [[("m2", "user_id")], []],
    ),
    (
        "events by day; a subquery without a name, and numbers of columns",
        """
        WITH ids AS (SELECT other_id, other_id_type FROM profiles.USER_ID_STITCHER WHERE user_main_id = 'm1')
        SELECT DATE_TRUNC('day', timestamp) as day, COUNT(*) as events, COUNT(DISTINCT user_id) as users
        FROM (
          SELECT anonymous_id, user_id, timestamp FROM rudderstack.js.identifies
          WHERE anonymous_id IN (SELECT other_id FROM ids WHERE other_id_type = 'anonymous_id')
        )
        GROUP BY 1 ORDER BY 1 DESC;
        """,
        [[("2026-01-02 00:00:00", 1, 1), ("2026-01-01 00:00:00", 1, 1)]],
    ),
    (
        "what a threshold leaves out",
        """
        WITH connectors AS (
          SELECT anonymous_id, COUNT(DISTINCT user_id) as users
          FROM (SELECT anonymous_id, user_id FROM rudderstack.js.identifies WHERE user_id IS NOT NULL)
          GROUP BY anonymous_id HAVING COUNT(DISTINCT user_id) > 1  -- the threshold
        )
        SELECT COUNT(*) as left_out, SUM(users) as edges FROM connectors;
        """,
        [[(1, 2)]],
    ),
]


@pytest.fixture(scope="module")
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB configured as in a run, with a few rows for the queries."""
    with duckdb.connect() as made:
        for statement in DUCKDB.session:
            made.execute(statement)
        made.execute(_TABLES)
        yield made


@pytest.mark.parametrize(("sql", "expected"), [case[1:] for case in _CASES], ids=[case[0] for case in _CASES])
def test_question_has_its_answer(
    sql: str, expected: list[list[tuple[Any, ...]]], shop: duckdb.DuckDBPyConnection
) -> None:
    """Each statement runs on DuckDB and gives the rows that Snowflake gives."""
    found = [
        shop.execute(render(statement, DUCKDB)).fetchall()
        for statement in parse_statements(sql, "snowflake", DUCKDB, Location("<query>", 1, 1))
    ]

    assert [[tuple(_plain(value) for value in row) for row in rows] for rows in found] == expected


def _plain(value: object) -> object:
    """Times and booleans as text, so that the expected rows are easy to read."""
    return value if value is None or isinstance(value, (str, float)) or type(value) is int else str(value).lower()

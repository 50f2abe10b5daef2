"""One small shop for all tests, and a DuckDB connection with views over its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from onefold.sample.shop import FILES, generate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Identify calls as the project reads them (ecommerce.md, Identity), before thresholds.
CALLS = """
CREATE VIEW calls AS
SELECT id, anonymous_id AS sent_device, user_id AS sent_user, trim(anonymous_id) AS device,
  CASE WHEN contains(said, '@') THEN sha1(lower(said)) ELSE said END AS account, moment, received
FROM (
  SELECT id, anonymous_id, user_id, coalesce(nullif(trim(user_id), ''), trim(email)) AS said,
    "timestamp" AT TIME ZONE 'UTC' AS moment, received_at AT TIME ZONE 'UTC' AS received FROM js
  UNION ALL
  SELECT id, anonymous_id, user_id, coalesce(nullif(trim(user_id), ''), trim(email)), "timestamp", received_at FROM rb
)
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "shop"
    generate(folder, people=1000)
    return folder


@pytest.fixture(scope="session")
def tables(shop: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name, file in FILES.items():
            connection.execute(f"CREATE VIEW {name} AS FROM '{shop}/{file}.parquet'")
        connection.execute(CALLS)
        yield connection

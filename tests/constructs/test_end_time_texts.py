"""`{{end_time}}` as a text of SQL, of which projects cut off what their warehouse cannot read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.constructs.test_loose_spellings import GRAPH, INPUT, PROJECT, TABLES, VARS

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny

AUTHORS = ("snowflake", "bigquery", "databricks", "redshift", "postgres", "duckdb")


@pytest.mark.parametrize("author", AUTHORS)
@pytest.mark.parametrize(
    "text",
    [
        "REPLACE('{{end_time}}', ' UTC', '')",
        "'{{end_time.Format(\\\"2006-01-02 15:04:05 -0700\\\")}}'",
        "'2026-10-31 05:30:00 +0530'",
    ],
)
def test_with_an_offset(tiny: MakeTiny, author: str, text: str) -> None:
    """A text of a time with an offset behind a blank is a time in every author dialect."""
    read = f"MAX(CAST({text} AS TIMESTAMP)) > MAX(ts) + INTERVAL '1 day'"
    var = f'          - entity_var: {{name: late, select: "{read}", from: inputs/orders}}\n'
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": INPUT + VARS + var + GRAPH})
    (shop.folder / "onefold.yaml").write_text(f"catalogs: {{raw: raw.duckdb}}\nsql_dialect: {author}\n")
    shop.run()

    assert shop.rows("SELECT late FROM user_feature_view") == [(True,), (True,)]


@pytest.mark.parametrize("author", ["bigquery", "databricks"])
def test_the_moment_of_an_offset(tiny: MakeTiny, author: str) -> None:
    """Where a TIMESTAMP is a moment, the offset counts, and TRY_CAST or its like reads it too."""
    safe = "SAFE_CAST" if author == "bigquery" else "TRY_CAST"
    read = f"MAX({safe}('2026-10-31 05:30:00 +0530' AS TIMESTAMP)) = MAX(CAST('2026-10-31 00:00:00Z' AS TIMESTAMP))"
    var = f'          - entity_var: {{name: same, select: "{read}", from: inputs/orders}}\n'
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": INPUT + VARS + var + GRAPH})
    (shop.folder / "onefold.yaml").write_text(f"catalogs: {{raw: raw.duckdb}}\nsql_dialect: {author}\n")
    shop.run()

    assert shop.rows("SELECT same FROM user_feature_view") == [(True,), (True,)]


@pytest.mark.parametrize("author", AUTHORS)
@pytest.mark.parametrize("read", ["CAST('{{end_time}}' AS TIMESTAMP)", "CAST('{{end_time}}' AS DATE)"])
def test_with_the_zone(tiny: MakeTiny, author: str, read: str) -> None:
    """With ` UTC` behind the offset it is no time, as in the warehouses; the error says what to write."""
    var = f'          - entity_var: {{name: late, select: "MAX({read}) > MAX(ts)", from: inputs/orders}}\n'
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": INPUT + VARS + var + GRAPH})
    (shop.folder / "onefold.yaml").write_text(f"catalogs: {{raw: raw.duckdb}}\nsql_dialect: {author}\n")

    with pytest.raises(onefold.OnefoldError, match=r"(?s)all.yaml:16:\d+: .*\+0000 UTC.*write \{\{end_time_sql\}\}"):
        shop.run()

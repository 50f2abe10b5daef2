"""Catalogs of onefold.yaml may have any name, that of the output schema too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
from tests.constructs.test_loose_spellings import GRAPH, INPUT, PROJECT, SPENT, TABLES, VARS

import onefold
from onefold.errors import AccessError
from onefold.run.target import connect
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

BY_NAME = """
      - name: named
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          single_sql: >
            SELECT CATALOG.main.orders.user_id, SUM(CATALOG.main.orders.amount) AS total
            FROM CATALOG.main.orders GROUP BY CATALOG.main.orders.user_id
"""


def shop_in(catalog: str, tiny: MakeTiny) -> Tiny:
    models = INPUT.replace("raw.main", f"{catalog}.main") + VARS + GRAPH + BY_NAME.replace("CATALOG", catalog)
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": models})
    (shop.folder / "onefold.yaml").write_text(f"catalogs: {{{catalog}: raw.duckdb}}\n")
    return shop


@pytest.mark.parametrize("catalog", ["profiles", "PROFILES", "onefold", "main", "memory", "temp", "information_schema"])
def test_a_catalog_called_as_something_else(tiny: MakeTiny, catalog: str) -> None:
    """A catalog with the name of the output schema, or of a database that DuckDB has, is read as any other."""
    shop = shop_in(catalog, tiny)
    shop.run()
    shop.run()

    assert shop.rows(SPENT) == [(5,), (30,)]
    assert shop.rows("SELECT total FROM profiles.named ORDER BY total") == [(5,), (30,)]


def test_a_folder_called_as_the_output_schema(tiny: MakeTiny) -> None:
    """So is a catalog that is a folder of data files, with types that onefold.yaml gives its columns."""
    shop = shop_in("profiles", tiny)
    folder = shop.folder / "lake" / "main"
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text("user_id,email,amount,ts\nu1,a@x,010,2026-01-01\nu2,,20,2026-01-02\n")
    types = "files: {profiles.main.orders: {columns: {amount: INTEGER, ts: TIMESTAMP}}}"
    (shop.folder / "onefold.yaml").write_text(f"catalogs: {{profiles: lake}}\n{types}\n")
    shop.run()

    assert shop.rows(SPENT) == [(10,), (20,)]


def test_a_missing_table_of_such_a_catalog(tiny: MakeTiny) -> None:
    """What is not there is told, and suggested, by the catalog's own name."""
    shop = shop_in("profiles", tiny)
    models = shop.folder / "models/all.yaml"
    models.write_text(models.read_text().replace("table: profiles.main.orders", "table: profiles.main.order"))

    with pytest.raises(AccessError, match=r"profiles\.main\.order does not exist") as caught:
        shop.run()
    assert caught.value.findings[0].hint == 'did you mean "profiles.main.orders"?'


def test_a_catalog_with_a_schema_called_as_the_output_schema(tiny: MakeTiny) -> None:
    """What lies in a schema of the same name elsewhere, such as in a copy of the output, is none of a run's tables."""
    shop = shop_in("raw", tiny)
    with duckdb.connect(str(shop.folder / "raw.duckdb")) as connection:
        connection.execute("CREATE SCHEMA profiles; CREATE TABLE profiles.elsewhere AS SELECT 1 AS a")
    shop.run()
    target = onefold.load(shop.folder).target
    with connect(target) as engine:
        found = Registry(engine, target.dialect).tables()

    assert "user_feature_view" in {name.lower() for name in found}
    assert "elsewhere" not in found

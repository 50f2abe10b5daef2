"""``pb compile``: SQL of any project, with no source and no connection at hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.conftest import call
from tests.corpus.dialects import DIALECTS
from tests.corpus.projects import CORPUS

import onefold
from onefold.project.settings import TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Pb
    from tests.conftest import MakeTiny

SITE = """
connections:
  mine:
    target: prod
    outputs:
      prod: {type: TYPE, schema: SALES, path: x.duckdb, account: a, dbname: b, warehouse: c, role: d, user: e, password: f}
"""


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_connection(pb: Pb, small: Path, kind: str) -> None:
    """A project for any warehouse compiles without data; a warning says whose SQL it is."""
    project = small / "pb_project.yaml"
    project.write_text(project.read_text().replace("connection: local", "connection: mine"))
    (small / "site.yaml").write_text(SITE.replace("TYPE", kind))
    for file in (small / "data").rglob("*.csv"):
        file.unlink()

    done = pb("compile", "--assume_all_inputs_exist", "-c", "site.yaml")

    assert done.code == 0, done.err
    assert ("embedded-engine" in done.err) == (kind != "duckdb")
    text = (small / "output/prod/seq_no/1/compile/user_all_feature_view.sql").read_text()
    assert '"SALES"' in text
    assert not list(small.rglob("*.duckdb"))


@pytest.mark.parametrize("name", DIALECTS)
def test_every_author(tiny: MakeTiny, name: str) -> None:
    """A project in the SQL of each warehouse compiles for a connection to that warehouse, with no data and no network."""
    project = DIALECTS[name]
    shop = tiny("", project.all_files())
    file = shop.folder / "pb_project.yaml"
    file.write_text(file.read_text().replace("connection: local", "connection: mine"))
    (shop.folder / "site.yaml").write_text(SITE.replace("TYPE", project.dialect))

    done = call(shop.folder, "compile", "--assume_all_inputs_exist", "-c", "site.yaml")

    assert done.code == 0, done.err
    assert f'connection "mine" is of type {project.dialect}' in done.err
    assert "the SQL is for duckdb" in done.err
    assert list((shop.folder / "output/prod/seq_no/1/compile").glob("*.sql"))


@pytest.mark.parametrize("name", CORPUS)
def test_every_construct(tiny: MakeTiny, name: str) -> None:
    """Each project of the corpus compiles with no data, and says of each column its type or what it depends on."""
    shop = tiny("", CORPUS[name].all_files())
    for file in shop.folder.rglob("*.csv"):
        file.unlink()

    compiled = onefold.load(shop.folder, compile_only=True).compile()

    for model in compiled.types:
        for typed in model.columns.values():
            assert (typed.type is None) == bool(typed.because)


def test_no_connection_at_all(pb: Pb, small: Path) -> None:
    """A build that has no connections file compiles too, but only when asked so."""
    project = small / "pb_project.yaml"
    project.write_text(project.read_text().replace("connection: local", "connection: theirs"))

    assert pb("compile").code == 2
    done = pb("compile", "--assume_all_inputs_exist")

    assert done.code == 0, done.err
    assert 'there is no connection "theirs"' in done.err


def test_mistakes_are_still_told(small: Path) -> None:
    """SQL that does not parse is an error also without data."""
    models = small / "models/profiles.yaml"
    models.write_text(models.read_text().replace("COUNT(DISTINCT order_id)", "COUNT(DISTINCT order_id"))

    done = call(small, "compile", "--assume_all_inputs_exist")

    assert done.code == 2
    assert "models/profiles.yaml:" in done.err


MODELS = """
    inputs:
      - name: orders
        contract: {with_columns: [{name: amount, type: "NUMBER(10, 2)"}, {name: shop}]}
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids: [{select: user_id, type: user_id, entity: user}]
      - name: rates
        app_defaults: {csv: rates.csv}
    models:
      - name: everything
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          single_sql: SELECT *, 1 AS one FROM {{this.DeRef("inputs/orders")}}
      - name: told
        model_type: sql_template
        model_spec:
          materialization: {output_type: table}
          multi_sql: |
            CREATE TEMPORARY TABLE some AS SELECT amount, code FROM {{this.DeRef("inputs/orders")}}, {{this.DeRef("inputs/rates")}};
            CREATE TABLE {{this}} AS SELECT code, COUNT(*) AS n, MAX(amount) AS most FROM some GROUP BY 1;
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: n, select: COUNT(*), from: inputs/orders, default_value: 0}
          - entity_var: {name: amount, select: SUM(amount), from: inputs/orders}
          - entity_var: {name: first, select: MIN(ts), from: inputs/orders}
          - entity_var: {name: age, select: "DATEDIFF(day, {{user.first}}, '2026-01-01')"}
          - entity_var: {name: shop, select: MAX(shop), from: inputs/orders, column_data_type: "{{warehouse.DataType('text')}}"}
          - entity_var: {name: later, select: "{{user.first}}"}
"""
FILE = """
    name: shop
    schema_version: 90
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id]}]
    id_types: [{name: user_id}]
"""


@pytest.fixture
def typed(tiny: MakeTiny) -> Path:
    """A project whose types follow from it in part, with no data."""
    return tiny("", {"pb_project.yaml": FILE, "models/all.yaml": MODELS, "rates.csv": "code,rate\nEUR,1.5\n"}).folder


def test_types(typed: Path) -> None:
    """Types follow from SQL, contracts and files of the project; the others are said with what they depend on."""
    done = call(typed, "compile", "--assume_all_inputs_exist", "--json")

    assert done.code == 0, done.err
    models: dict[str, Any] = {m["model"]: m for m in map(json.loads, done.out.splitlines())}
    assert models == {m["model"]: m for m in json.loads((typed / "output/dev/seq_no/1/compile/types.json").read_text())}
    view = {c["name"]: c["type"] or c["depends_on"] for c in models["user/all/feature_view"]["columns"]}
    assert view == {
        "user_main_id": "VARCHAR",
        "age": "BIGINT",
        "amount": "DECIMAL(38,2)",
        "first": ["inputs/orders.ts"],
        "later": ["inputs/orders.ts"],
        "n": "BIGINT",
        "shop": "VARCHAR",
    }
    told = {c["name"]: c["type"] for c in models["models/told"]["columns"]}
    assert told == {"code": "VARCHAR", "n": "BIGINT", "most": "DECIMAL(10,2)"}
    assert models["models/everything"]["and_all_columns_of"] == ["inputs/orders"]
    assert {c["name"]: c["type"] for c in models["models/everything"]["columns"]}["one"] == "INTEGER"


def test_types_for_people(typed: Path) -> None:
    """What is not known is listed by the column of a source that decides it, when nothing is at hand."""
    done = call(typed, "compile", "--assume_all_inputs_exist")

    assert "column types are known" in done.out
    assert "inputs/orders.ts  " in done.out
    assert "USER_FEATURE_VIEW.first, USER_FEATURE_VIEW.later" in done.out
    assert "EVERYTHING also has all columns of inputs/orders" in done.out
    assert "inputs/orders.ts" not in call(typed, "compile").out

"""What a run says when a value or a name is wrong: the var, its place, and names that the author knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.engines.base import EngineError
from onefold.run.failures import Author, failure

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

    from onefold.errors import Finding

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_stitcher: models/graph, id_types: [user_id]}]
    id_types: [{name: user_id}]
"""
MODELS = """
inputs:
  - name: orders
    app_defaults:
      SOURCE
      ids: [{select: user_id, type: user_id, entity: user}]
models:
  - name: graph
    model_type: id_stitcher
    model_spec: {entity_key: user, edge_sources: [{from: inputs/orders}]}
  - name: priced
    model_type: sql_template
    model_spec:
      materialization: {output_type: table}
      single_sql: MODEL
      ids: [{select: user_id, type: user_id, entity: user}]
var_groups:
  - name: facts
    entity_key: user
    vars:
      - entity_var: {name: spend, select: sum(amount), from: inputs/orders}
      - entity_var: {name: wanted, select: VAR, from: inputs/orders}
      - entity_var: {name: many, select: count(*), from: inputs/orders}
      - entity_var: {name: derived, select: DERIVED}
      - entity_var: {name: priced_rows, select: count(*), from: models/priced}
"""
ROWS = "CREATE TABLE orders AS SELECT 'u' || i AS user_id, i * 5 AS amount, i AS items, 'x' || i AS code FROM range(3) r(i)"
_OK = "SELECT user_id FROM {{this.DeRef('inputs/orders')}}"
INTERNAL = re.compile(
    r"Material_|csv_|temp\.|check_\d|\"?onefold\"?\.|\bmain\.|__profile|__node|\.profiles\.|shape", re.IGNORECASE
)


def project(
    tiny: MakeTiny, *, var: str = "'1'", derived: str = "'1'", model: str = _OK, source: str = "table: raw.main.orders"
) -> Tiny:
    models = MODELS.replace("VAR", f'"{var}"').replace("DERIVED", f'"{derived}"').replace("MODEL", f'"{model}"')
    return tiny(ROWS, {"pb_project.yaml": PROJECT, "models/models.yaml": models.replace("SOURCE", source)})


def told(shop: Tiny) -> Finding:
    with pytest.raises(onefold.OnefoldError) as failed:
        shop.run()
    assert len(failed.value.findings) == 1
    return failed.value.findings[0]


def place(shop: Tiny, text: str) -> str:
    """Where a text stands in the file of models."""
    lines = (shop.folder / "models/models.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, line in enumerate(lines, start=1) if text in line)
    return f"models/models.yaml:{line}:{lines[line - 1].index(text) + 1}"


@pytest.mark.parametrize("select", ["sum(amount) / min(items)", "max(amount % items)", "avg(amount / items)"])
def test_a_division_by_zero_names_the_var(tiny: MakeTiny, select: str) -> None:
    """Of several vars of one input, the one that divides by zero is named, with the place of its select."""
    shop = project(tiny, var=select)

    found = told(shop)

    assert str(found.where) == place(shop, f'"{select}"')
    assert "wanted" in found.message
    assert "zero" in found.message
    assert found.hint is not None
    assert "NULLIF" in found.hint
    assert "TRY_CAST" not in found.hint


def test_a_division_by_zero_of_a_derived_var(tiny: MakeTiny) -> None:
    """A var that is made of other vars is named as well."""
    select = "{{user.Var('spend')}} / ({{user.Var('many')}} - 1)"
    shop = project(tiny, derived=select)

    found = told(shop)

    assert str(found.where) == place(shop, f'"{select}"')
    assert "derived" in found.message


def test_a_division_by_zero_in_a_model(tiny: MakeTiny) -> None:
    """A model that divides by zero is named, with NULLIF as the next step."""
    found = told(project(tiny, model="SELECT user_id, amount / items AS price FROM {{this.DeRef('inputs/orders')}}"))

    assert "models/priced" in found.message
    assert found.hint is not None
    assert "NULLIF" in found.hint


@pytest.mark.parametrize(
    "select", ["sum(cast(code as int))", "max(cast(code as date))", "max(cast('2026-13-0' || items as date))"]
)
def test_another_value_names_the_var(tiny: MakeTiny, select: str) -> None:
    """A value that cannot be converted, or lies out of range, is a mistake of the var that has it."""
    shop = project(tiny, var=select)

    found = told(shop)

    assert str(found.where) == place(shop, f'"{select}"')
    assert "wanted" in found.message


@pytest.mark.parametrize("expression", ["MAX(nope) AS nope", "nope + 1 AS nope", "LOWER(nope) AS NOPE"])
def test_a_column_under_its_own_name_does_not_exist(tiny: MakeTiny, expression: str) -> None:
    """A column that is not there is said not to be there, also where the result has its name."""
    shop = project(
        tiny, model=f"SELECT ANY_VALUE(user_id) AS user_id, {expression} FROM {{{{this.DeRef('inputs/orders')}}}}"
    )

    found = told(shop)

    assert found.code == "unknown-column"
    assert 'column "nope" does not exist' in found.message
    assert str(found.where).startswith("models/models.yaml:")
    assert "before it is defined" not in found.message


@pytest.mark.parametrize("source", ["table: raw.main.orders", "csv: orders.csv"])
@pytest.mark.parametrize(
    ("var", "model"),
    [
        ("max(nope)", _OK),
        ("max(orders.nope)", _OK),
        ("'1'", "SELECT user_id, o.nope FROM {{this.DeRef('inputs/orders')}} o"),
        ("'1'", "SELECT user_id, nope FROM {{this.DeRef('inputs/orders')}}"),
        ("'1'", "SELECT user_id, orders.amount FROM {{this.DeRef('inputs/orders')}}"),
        ("'1'", "SELECT g.user_id, g.nope FROM {{this.DeRef('models/graph')}} g"),
        ("'1'", "SELECT user_id, nope FROM {{this.DeRef('user/all/var_table')}}"),
        ("'1'", "SELECT user_id FROM {{this.DeRef('inputs/orders')}} JOIN ordrs USING (user_id)"),
        ("no_such_function(amount)", _OK),
        ("sum(amount, code, items)", _OK),
    ],
)
def test_no_name_of_ours_is_told(tiny: MakeTiny, source: str, var: str, model: str) -> None:
    """Findings and hints name inputs, models and files of the project, and none of the objects made for them."""
    shop = project(tiny, var=var, model=model, source=source)
    (shop.folder / "orders.csv").write_text("user_id,amount,items,code\nu1,1,1,x\n", encoding="utf-8")

    with pytest.raises(onefold.OnefoldError) as failed:
        shop.run()

    for found in failed.value.findings:
        assert not INTERNAL.search(f"{found.message} {found.hint}"), found


@pytest.mark.parametrize(
    "message",
    [
        'Table "csv_orders" does not have a column named "nope"',
        'Table "check_1" does not have a column named "nope"',
        'Referenced table "o" not found!\nCandidate tables: "csv_orders", "Material_graph_0a1b2c3d_4"',
        'Table with name ordrs does not exist!\nDid you mean "temp.main.csv_orders"?',
        'Table with name users does not exist!\nDid you mean "onefold.profiles.user_stats"?',
        'Table with name x does not exist!\nDid you mean "pg_sequences"?',
        "Table with name Material_graph_0a1b2c3d_4_numbered does not exist!",
        'Schema of "onefold"."profiles"."Material_graph_0a1b2c3d_4" is not what it was',
        "Division by zero in expression (onefold.profiles.Material_graph_0a1b2c3d_4.x / 0). Use TRY(...)",
    ],
)
def test_an_object_has_the_name_of_what_it_was_made_for(message: str) -> None:
    """What the database calls by a name of ours has the author's name, or none."""
    author = Author({"csv_orders": "inputs/orders", "check_1": "models/graph"}, "profiles", "snowflake")
    kind = "value" if message.startswith("Division") else "missing" if "with name" in message else "column"

    found = failure(EngineError(kind, message, ""), None, author=author)  # type: ignore[arg-type]

    assert not INTERNAL.search(f"{found.message} {found.hint}"), found


def test_the_nearest_name_is_kept_where_it_is_the_authors() -> None:
    """A table of a source that has nearly the same name is still told, and a CSV file by its input."""
    author = Author({"csv_orders": "inputs/orders"}, "profiles")

    def hint(near: str) -> str | None:
        message = f'Table with name ordrs does not exist!\nDid you mean "{near}"?'
        return failure(EngineError("missing", message, ""), None, author=author).hint

    assert hint("raw.main.orders") == 'did you mean "raw.main.orders"?'
    assert hint("temp.main.csv_orders") == 'did you mean "inputs/orders"?'


@pytest.mark.parametrize("name", ["__profile", "__node"])
def test_columns_of_ours_are_not_offered(name: str) -> None:
    """The columns that may be meant are those that an author can write."""
    found = failure(EngineError("column", 'Referenced column "x" not found in FROM', ""), None, columns=(name, "city"))

    assert found.hint == "available: city"

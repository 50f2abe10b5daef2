"""Vars that name others as if they were columns, as texts of former years do (format A2).

Before schema version 43 the reference command puts templates in place of such names; the parity suite has a case of
that. Later it runs such a project or fails, by the chance of the order in which it makes vars.
"""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id]}]
    id_types: [{name: user_id}]
"""
MODELS = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids: [{select: user_id, type: user_id, entity: user}]
    var_groups:
      - name: vars
        entity_key: user
        vars:
VARS
"""
ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 10, TIMESTAMP '2026-01-01'), ('u1', 30, TIMESTAMP '2026-01-05'), ('u2', 7, TIMESTAMP '2026-02-01')
    ) v(user_id, amount, ts);
"""
TOTAL = "name: total, select: SUM(amount), from: inputs/orders"
FIRST = "name: first_at, select: MIN(ts), from: inputs/orders"


DOUBLED = "row: name: doubled, select: amount * 2, from: inputs/orders"


def shop_of(tiny: MakeTiny, *vars_: str, more: str = "", version: int = 99) -> Tiny:
    """A project of some vars; an input var begins with ``row:``."""
    kinds = {v: "input_var" if v.startswith("row:") else "entity_var" for v in vars_}
    lines = "\n".join(f"          - {kind}: {{{v.removeprefix('row:').strip()}}}" for v, kind in kinds.items())
    models = MODELS.replace("VARS", lines).replace("entity: user", "entity: user, to_default_stitcher: true") + more
    return tiny(ORDERS, {"pb_project.yaml": PROJECT.replace("99", str(version)), "models/all.yaml": models})


@pytest.mark.parametrize(
    ("vars_", "x"),
    [
        (["name: x, select: total * 2", TOTAL], [14, 80]),
        (["name: x, select: half + 1", "name: half, select: TOTAL / 2", TOTAL], [4.5, 21]),
        ([TOTAL, "name: x, select: '{{user.total}} + total'"], [14, 80]),
        ([TOTAL.replace("orders", "orders, is_feature: false"), "name: x, select: total + 1"], [8, 41]),
        ([TOTAL, "name: x, select: \"CASE WHEN total > 8 THEN 'total' ELSE '-- total' END\""], ["-- total", "total"]),
        ([FIRST, "name: x, select: COUNT(*), from: inputs/orders, where: ts > first_at"], [1, None]),
        ([TOTAL, "name: x, select: MAX(amount / total), from: inputs/orders"], [0.75, 1]),
        ([TOTAL, "name: x, select: COUNT(*), from: inputs/orders, where: 'amount > total - 20'"], [1, 1]),
        (["name: amount, select: SUM(amount), from: inputs/orders", "name: x, select: COUNT(*), from: inputs/orders, where: amount > 8"], [1 + 1, None]),
        (["name: day, select: COUNT(*), from: inputs/orders", FIRST, "name: x, select: \"datediff(day, first_at, '2026-02-02')\""], [1, 32]),
        ([TOTAL, "name: total_of_all, select: 'SUM(total) OVER ()'", "name: x, select: total_of_all"], [47, 47]),
    ],
)  # fmt: skip
def test_named_bare(tiny: MakeTiny, vars_: list[str], x: list[object]) -> None:
    """It means the var, in any order and any case; a column of the source is meant first, and quotes mean nothing."""
    shop = shop_of(tiny, *vars_)

    shop.run()

    found = [row[0] for row in shop.rows("SELECT x FROM USER_FEATURE_VIEW ORDER BY x::VARCHAR")]
    assert sorted(map(str, map(plain, found))) == sorted(map(str, map(plain, x)))


MODEL = """
    models:
      - name: sales
        model_type: sql_template
        model_spec:
          materialization: {output_type: OUTPUT}
          BODY
          ids: [{select: user_id, type: user_id, entity: user}]
"""
QUERIES = {
    "named": "single_sql: 'SELECT user_id, amount AS price FROM {{this.DeRef(\"inputs/orders\")}}'",
    "starred": "single_sql: 'SELECT *, amount AS price FROM {{this.DeRef(\"inputs/orders\")}}'",
    "scripted": "multi_sql: 'CREATE TABLE {{this}} AS SELECT user_id, amount AS price FROM {{this.DeRef(\"inputs/orders\")}};'",
}


@pytest.mark.parametrize("query", QUERIES)
def test_over_a_model(tiny: MakeTiny, query: str) -> None:
    """Over a SQL model a name means a column that the model has, and else the var."""
    shop = shop_of(
        tiny,
        TOTAL,
        "name: price, select: COUNT(*), from: inputs/orders",
        "name: x, select: SUM(price / total), from: models/sales, where: price < total",
    )
    models = shop.folder / "models/all.yaml"
    output = "table" if query == "scripted" else "ephemeral"
    models.write_text(models.read_text() + dedent(MODEL.replace("BODY", QUERIES[query]).replace("OUTPUT", output)))

    shop.run()

    assert shop.rows("SELECT x FROM USER_FEATURE_VIEW WHERE total = 40") == [(1.0,)]
    assert shop.rows("SELECT x FROM USER_FEATURE_VIEW WHERE total = 7") == [(None,)]


def test_over_the_stitcher(tiny: MakeTiny) -> None:
    """Over the id stitcher a name means a column of the id graph, and else the var."""
    shop = shop_of(
        tiny, TOTAL, "name: x, select: 'MAX(total + LENGTH(other_id))', from: models/user_default_id_stitcher"
    )

    shop.run()

    assert shop.rows("SELECT x FROM USER_FEATURE_VIEW ORDER BY 1") == [(9,), (42,)]


def test_without_data(tiny: MakeTiny) -> None:
    """Where a SQL model names its columns, its SQL alone says which name means a var."""
    shop = shop_of(tiny, TOTAL, "name: x, select: SUM(price / total), from: models/sales")
    models = shop.folder / "models/all.yaml"
    models.write_text(
        models.read_text() + dedent(MODEL.replace("BODY", QUERIES["named"]).replace("OUTPUT", "ephemeral"))
    )

    compiled = onefold.load(shop.folder).compile()

    assert "__known_total" in (compiled.folder / "user_vars_models_sales_2.sql").read_text()


def plain(value: object) -> object:
    return float(value) if value is not None and not isinstance(value, str) else value  # type: ignore[arg-type]


def test_cycle(tiny: MakeTiny) -> None:
    """Vars that name each other in a cycle are told, with the way around."""
    with pytest.raises(onefold.ProjectError, match=r"a.*b|b.*a"):
        shop_of(tiny, TOTAL, "name: a, select: b + total", "name: b, select: a + 1").run()


def test_with_the_var_itself(tiny: MakeTiny) -> None:
    """A var over a source that has a column of its own name means the column."""
    shop = shop_of(tiny, "name: amount, select: MAX(amount), from: inputs/orders, where: amount < 20")

    shop.run()

    assert shop.rows("SELECT amount FROM USER_FEATURE_VIEW ORDER BY 1") == [(7,), (10,)]


def test_input_vars(tiny: MakeTiny) -> None:
    """The bare name of an input var of the same source means it, in all texts of vars over that source."""
    shop = shop_of(
        tiny,
        "name: a, select: SUM(Doubled), from: inputs/orders",
        DOUBLED,
        "name: b, select: COUNT(*), from: inputs/orders, where: nth = 1 AND following > 15",
        "row: name: nth, select: ROW_NUMBER(), from: inputs/orders, window: {partition_by: [user_main_id], order_by: [doubled desc]}",
        "row: name: following, select: doubled + 1, from: inputs/orders, where: doubled > 15",
        "name: c, select: FIRST_VALUE(ts), from: inputs/orders, window: {order_by: [doubled desc]}",
        "name: d, select: 'MAX(a - doubled - {{orders.doubled}})', from: inputs/orders",
        "row: name: own, select: amount * 2, from: inputs/orders",
        "name: own, select: MAX(own), from: inputs/orders",
    )

    shop.run()

    found = shop.rows("SELECT a, b, MONTH(c) * 100 + DAY(c), d, own FROM USER_FEATURE_VIEW ORDER BY 1")
    assert found == [(14, None, 201, -14, 14), (80, 1, 105, 40, 60)]


def test_input_vars_of_a_table(tiny: MakeTiny) -> None:
    """In a table of rows, too, an input var may name another one bare."""
    rows = (
        "SELECT user_id, {{this.DeRef('inputs/orders/following')}} AS f FROM {{this.DeRef('inputs/orders/var_table')}}"
    )
    more = MODEL.replace("BODY", f'single_sql: "{rows}"').replace("OUTPUT", "table").partition("          ids:")[0]
    shop = shop_of(tiny, TOTAL, DOUBLED, "row: name: following, select: doubled + 1, from: inputs/orders", more=more)

    shop.run()

    assert shop.rows("SELECT f FROM SALES ORDER BY 1") == [(15,), (21,), (61,)]


def test_input_vars_of_the_stitcher(tiny: MakeTiny) -> None:
    """Over the id stitcher the bare name of an input var means it, and other_id is a column."""
    source = "from: models/user_default_id_stitcher"
    shop = shop_of(
        tiny,
        f"row: name: size, select: LENGTH(other_id), {source}",
        f"row: name: other_id, select: UPPER(other_id), {source}",
        f"row: name: large, select: size + 1, {source}",
        f"name: x, select: MAX(large), {source}",
        f"name: y, select: MAX(other_id), {source}",
    )

    shop.run()

    assert shop.rows("SELECT x, y FROM USER_FEATURE_VIEW ORDER BY 2") == [(3, "u1"), (3, "u2")]


@pytest.mark.parametrize("version", [42, 43])
def test_column_of_that_name(tiny: MakeTiny, version: int) -> None:
    """A column of the source is meant first; where a bare name once meant the var, a warning says so."""
    shop = shop_of(
        tiny,
        "row: name: amount, select: amount * 2, from: inputs/orders",
        "name: x, select: MAX(amount), from: inputs/orders, is_feature: true",
        version=version,
    )

    result = shop.run()

    assert shop.rows("SELECT x FROM USER_FEATURE_VIEW ORDER BY 1") == [(7,), (30,)]
    warned = [(str(n.where), n.message) for n in result.notes if n.code == "column-before-var"]
    said = ("models/all.yaml:13:39", '"amount" is read as the column of inputs/orders, not as the var "amount"')
    assert warned == ([said] if version == 42 else [])


def test_var_or_input_var(tiny: MakeTiny) -> None:
    """A bare name that may mean a var or an input var is refused, with what to write."""
    shop = shop_of(tiny, TOTAL, DOUBLED.replace("doubled", "total"), "name: x, select: MAX(total), from: inputs/orders")

    with pytest.raises(onefold.ProjectError, match=r"(?s)both a var of user and an input var.*\{\{user.total\}\}"):
        shop.run()

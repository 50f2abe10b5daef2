"""Models that read tables of vars: ``<entity>/all/var_table``, ``inputs/<input>/var_table``, and columns of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import onefold
from onefold.plan.dataflow import dataflow

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 90
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, email]}]
    id_types: [{name: user_id}, {name: email}]
"""
ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', NULL, 10, TIMESTAMP '2026-01-01'), ('u1', 'a@x', 30, TIMESTAMP '2026-01-05'),
        (NULL, 'b@x', 7, TIMESTAMP '2026-02-01'), (NULL, NULL, 99, TIMESTAMP '2026-02-02')
    ) v(user_id, email, amount, ts);
"""
INPUTS = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: user}
"""
TOTAL = "entity_var: {name: total, select: SUM(amount), from: inputs/orders}"


def model(name: str, body: str, more: str = "") -> str:
    return f"""
      - name: {name}
        model_type: sql_template
        model_spec:
          materialization: {{output_type: table}}
          single_sql: |
            {body}
          {more}"""


def shop_of(tiny: MakeTiny, vars_: list[str], *models: str) -> Tiny:
    lines = "".join(f"\n          - {v}" for v in vars_)
    groups = f"    var_groups:\n      - name: vars\n        entity_key: user\n        vars:{lines}\n"
    text = INPUTS + groups + ("    models:" + "".join(models) + "\n" if models else "")
    return tiny(ORDERS, {"pb_project.yaml": PROJECT, "models/all.yaml": text})


ALL = "{{this.DeRef('user/all/var_table')}}"


def test_vars(tiny: MakeTiny) -> None:
    """A model reads the vars of all profiles, those that are no features too if it names them."""
    hidden = "entity_var: {name: hidden, is_feature: false, select: COUNT(*), from: inputs/orders}"
    body = f"SELECT {{{{this.DeRef('entity/user/total')}}}} AS t, v.{{{{this.DeRef('entity/user/hidden')}}}} FROM {ALL} AS v"
    shop = shop_of(tiny, [TOTAL, hidden], model("sums", body))

    shop.run()

    assert shop.rows("SELECT t, hidden FROM SUMS ORDER BY 1") == [(7, 1), (40, 2)]


def test_vars_of_models_of_vars(tiny: MakeTiny) -> None:
    """Vars may be made of a model that was made of vars, more than once; each model sees those before it."""
    shop = shop_of(
        tiny,
        [
            TOTAL,
            "entity_var: {name: second, select: MAX(more), from: models/one}",
            "entity_var: {name: third, select: MAX(more), from: models/two}",
        ],
        model("one", f"SELECT user_main_id, {{{{this.DeRef('entity/user/total')}}}} + 1 AS more FROM {ALL}"),
        model("two", f"SELECT user_main_id, {{{{this.DeRef('user/all/second')}}}} + total AS more FROM {ALL}"),
        model("last", f"SELECT * FROM {ALL}"),
    )

    result = shop.run()

    assert shop.rows("SELECT total, second, third FROM USER_FEATURE_VIEW ORDER BY 1") == [(7, 8, 15), (40, 41, 81)]
    assert shop.rows("SELECT second, third, total FROM LAST ORDER BY 1") == [(8, 15, 7), (41, 81, 40)]
    picture = dataflow(onefold.load(shop.folder).plan())
    assert {"user/features", "models/one", "models/two"} <= {box.key for column in picture.columns for box in column}
    assert not result.failed


def test_features_of_a_model_of_vars(tiny: MakeTiny) -> None:
    """A column of a model of vars may be a feature."""
    shop = shop_of(
        tiny,
        [TOTAL],
        model(
            "ranked",
            f"SELECT user_main_id, RANK() OVER (ORDER BY {{{{this.DeRef('entity/user/total')}}}}) AS place FROM {ALL}",
            "entity_key: user\n          features: [place]",
        ),
    )

    shop.run()

    assert shop.rows("SELECT total, place FROM USER_FEATURE_VIEW ORDER BY 1") == [(7, 1), (40, 2)]


def test_without_a_var(tiny: MakeTiny) -> None:
    """A model that names no var, and that a var is made of, sees the main ids."""
    shop = shop_of(
        tiny,
        ["entity_var: {name: n, select: COUNT(*), from: models/everyone}"],
        model("everyone", f"SELECT * FROM {ALL}"),
    )

    shop.run()

    assert shop.rows("SELECT n FROM USER_FEATURE_VIEW") == [(1,), (1,)]
    assert shop.rows("SELECT COUNT(*) FROM EVERYONE") == [(2,)]


def test_cycle(tiny: MakeTiny) -> None:
    """A var made of a model that names this var is a cycle."""
    shop = shop_of(
        tiny,
        ["entity_var: {name: n, select: COUNT(*), from: models/of_n}"],
        model("of_n", f"SELECT user_main_id, {{{{this.DeRef('entity/user/n')}}}} FROM {ALL}"),
    )

    with pytest.raises(onefold.ProjectError, match="cycle"):
        shop.run()


def test_rows(tiny: MakeTiny) -> None:
    """The rows of an input come with the main id that each belongs to, and with input vars."""
    body = """SELECT amount, user_main_id IS NULL AS nobodys, {{this.DeRef('inputs/orders/twice')}} AS t, place, input_row_id AS r
            FROM {{this.DeRef('inputs/orders/var_table')}}"""
    shop = shop_of(
        tiny,
        [
            TOTAL,
            "input_var: {name: twice, select: amount * 2, from: inputs/orders, where: amount > 8, default_value: 0}",
            "input_var: {name: place, select: row_number(), from: inputs/orders, window: {order_by: [amount desc]}}",
        ],
        model("rows_of_orders", body),
    )

    shop.run()

    rows = shop.rows("SELECT amount, nobodys, t, place FROM ROWS_OF_ORDERS ORDER BY 1")
    assert rows == [(7, False, 0, 3), (10, False, 20, 2), (30, False, 60, 1), (99, True, 0, None)]
    assert shop.rows("SELECT COUNT(DISTINCT r) FROM ROWS_OF_ORDERS") == [(4,)]
    by_id = "SELECT COUNT(DISTINCT user_main_id) FROM {{this.DeRef('models/user_default_id_stitcher')}}"
    assert shop.rows(by_id) == [(2,)]


def test_left_out(tiny: MakeTiny) -> None:
    """A model that reads a var which is disabled is disabled itself, and so is what is made of it."""
    gone = "entity_var: {name: gone, select: COUNT(*), from: inputs/orders, materialization: {enable_status: disabled}}"
    shop = shop_of(
        tiny,
        [TOTAL, gone, "entity_var: {name: n, select: COUNT(*), from: models/of_gone}"],
        model("of_gone", f"SELECT user_main_id, {{{{this.DeRef('entity/user/gone')}}}} FROM {ALL}"),
    )

    disabled = {found.ref for found in onefold.load(shop.folder).plan().disabled}

    assert disabled == {"entity/user/gone", "entity/user/n", "models/of_gone"}
    assert {s.step.ref for s in shop.run().steps} >= {"user/all/feature_view"}


@pytest.mark.parametrize(
    ("body", "more", "message"),
    [
        (f"SELECT {{{{this.DeRef('entity/user/totl')}}}} FROM {ALL}", "", "entity/user/totl"),
        (f"SELECT * FROM {ALL}", "time_grain: day", "start of a day"),
        ("SELECT * FROM {{this.DeRef('inputs/payments/var_table')}}", "", "inputs/payments/var_table"),
    ],
)
def test_refused(tiny: MakeTiny, body: str, more: str, message: str) -> None:
    """What is not there is told with its place."""
    shop = shop_of(tiny, [TOTAL], model("sums", body, more))

    with pytest.raises(onefold.ProjectError, match=message) as told:
        shop.run()

    assert "models/all.yaml" in str(told.value)


def test_asked(tiny: MakeTiny) -> None:
    """A question has no such table, and is told what to ask."""
    shop = shop_of(tiny, [TOTAL])
    shop.run()

    with pytest.raises(onefold.OnefoldError, match="var_table"):
        shop.rows("SELECT * FROM {{this.DeRef('user/all/var_table')}}")

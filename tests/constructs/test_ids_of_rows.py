"""Ids and main ids of a row that templates name: ``{{orders.user_email}}``, ``{{orders.user_main_id}}`` (format A2)."""

from __future__ import annotations

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
    entities: [{name: user, id_types: [user_id, email]}]
    id_types: [{name: user_id}, {name: email}]
"""
MODELS = """
    inputs:
      - name: orders
        app_defaults:
          table: raw.main.orders
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: "mail || '.org'", type: email, entity: user}
            - {select: other, type: email, entity: user}
    var_groups:
      - name: vars
        entity_key: user
        vars:
VARS
"""
ORDERS = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 'b@x', 'c@x', 'p', TIMESTAMP '2026-01-01'), ('u1', 'a@x', NULL, 'q', TIMESTAMP '2026-01-05'),
        ('u2', 'd@x', NULL, 'r', TIMESTAMP '2026-02-01')
    ) v(user_id, mail, other, user_user_id, ts);
"""


def shop_of(tiny: MakeTiny, *vars_: str) -> Tiny:
    lines = "\n".join(f"          - {v}" for v in vars_)
    return tiny(ORDERS, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS.replace("VARS", lines)})


def of_rows(name: str, select: str, more: str = "") -> str:
    return f'entity_var: {{name: {name}, select: "{select}", from: inputs/orders{more}}}'


def test_ids(tiny: MakeTiny) -> None:
    """An id named by entity and type is the first that the source declares, even if a column has that name."""
    shop = shop_of(
        tiny,
        of_rows("first_mail", "MIN({{orders.Var('user_email')}})"),
        of_rows("length", "MAX(LENGTH({{orders.USER_EMAIL}}))"),
        of_rows("in_where", "COUNT(*)", ", where: \"{{orders.user_email}} <> 'a@x.org'\""),
        of_rows("in_order", "FIRST_VALUE(ts)", ", window: {order_by: ['{{orders.user_email}} DESC']}"),
        of_rows("id", "MAX({{orders.user_user_id}})"),
        of_rows("bare", "MAX(user_user_id)"),
        'input_var: {name: domain, select: "UPPER({{orders.user_email}})", from: inputs/orders}',
        of_rows("domain", "MAX({{orders.domain}})"),
    )

    shop.run()

    columns = "first_mail, length, in_where, MONTH(in_order) * 100 + DAY(in_order), id, bare, domain"
    assert shop.rows(f"SELECT {columns} FROM USER_FEATURE_VIEW ORDER BY 1") == [
        ("a@x.org", 7, 1, 101, "u1", "q", "B@X.ORG"),
        ("d@x.org", 7, 1, 201, "u2", "r", "D@X.ORG"),
    ]


def test_input_var_of_that_name(tiny: MakeTiny) -> None:
    """An input var comes before an id of the same name."""
    declared = "input_var: {name: user_email, select: \"'mine'\", from: inputs/orders}"
    shop = shop_of(tiny, declared, of_rows("x", "MAX({{orders.user_email}})"))

    shop.run()

    assert shop.rows("SELECT DISTINCT x FROM USER_FEATURE_VIEW") == [("mine",)]


def test_main_id(tiny: MakeTiny) -> None:
    """A var over an input may name the main id of a row, by a template or bare."""
    shop = shop_of(
        tiny,
        of_rows("named", "MAX({{orders.user_main_id}})"),
        of_rows("bare", "COUNT(DISTINCT user_main_id)", ", where: user_main_id IS NOT NULL"),
    )

    shop.run()

    assert shop.rows("SELECT COUNT(*), MIN(bare) FROM USER_FEATURE_VIEW WHERE named = user_main_id") == [(2, 1)]


def test_unknown_id(tiny: MakeTiny) -> None:
    """An id that the source does not declare is told as an unknown column."""
    with pytest.raises(onefold.OnefoldError, match="user_phone"):
        shop_of(tiny, of_rows("x", "MAX({{orders.user_phone}})")).run()

"""Vars that name others as if they were columns, as texts of former years do (format A2).

The reference command runs such a project or fails, by the chance of the order in which it makes vars; so the parity
suite has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 42
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


def shop_of(tiny: MakeTiny, *vars_: str) -> Tiny:
    lines = "\n".join(f"          - entity_var: {{{v}}}" for v in vars_)
    return tiny(ORDERS, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS.replace("VARS", lines)})


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


def plain(value: object) -> object:
    return float(value) if value is not None and not isinstance(value, str) else value  # type: ignore[arg-type]


def test_circle(tiny: MakeTiny) -> None:
    """Vars that name each other in a circle are told, with the way around."""
    with pytest.raises(onefold.ProjectError, match=r"a.*b|b.*a"):
        shop_of(tiny, TOTAL, "name: a, select: b + total", "name: b, select: a + 1").run()


def test_with_the_var_itself(tiny: MakeTiny) -> None:
    """A var over a source that has a column of its own name means the column."""
    shop = shop_of(tiny, "name: amount, select: MAX(amount), from: inputs/orders, where: amount < 20")

    shop.run()

    assert shop.rows("SELECT amount FROM USER_FEATURE_VIEW ORDER BY 1") == [(7,), (10,)]

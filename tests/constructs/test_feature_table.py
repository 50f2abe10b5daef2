"""feature_table_model: a selection of an entity's features (format B4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import onefold

if TYPE_CHECKING:
    from tests.conftest import MakeTiny

TABLES = """
    CREATE TABLE orders AS SELECT * FROM (VALUES
        ('u1', 'a@x', 10, TIMESTAMP '2026-01-01'),
        ('u1', NULL,  20, TIMESTAMP '2026-01-02'),
        ('u2', 'b@x', 5,  TIMESTAMP '2026-01-03')
    ) v(user_id, email, amount, ts);
"""

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
            - {select: email, type: email, entity: user}
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var: {name: spent, select: SUM(amount), from: inputs/orders}
          - entity_var: {name: orders, select: COUNT(*), from: inputs/orders}
    models:
      - name: money
        model_type: feature_table_model
        model_spec: {entity_key: user, features: [spent]}
"""


def test_selected_features(tiny: MakeTiny) -> None:
    """The view has the main id and the features that were selected."""
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS})

    shop.run()

    assert shop.rows("SELECT spent FROM money ORDER BY spent") == [(5,), (30,)]
    assert onefold.load(shop.folder).read("MONEY").arrow.column_names == ["user_main_id", "spent"]

"""The default stitcher of an entity: which sources it takes ids from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import MakeTiny

PROJECT = """
    name: shop
    schema_version: 90
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, email]}]
    id_types: [{name: user_id}, {name: email}]
"""
MODELS = """
    inputs:
      - name: orders
        app_defaults: {table: raw.main.orders, ids: [{select: user_id, type: user_id, entity: user}]}
    models:
      - name: emails
        model_type: sql_template
        model_spec:
          materialization: {output_type: ephemeral}
          single_sql: SELECT user_id, 'same@home' AS email FROM {{this.DeRef("inputs/orders")}}
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: userFLAG}
"""


@pytest.mark.parametrize(("flag", "profiles"), [("", 1), (", to_default_stitcher: false", 2)])
def test_ids_of_models(tiny: MakeTiny, flag: str, profiles: int) -> None:
    """It takes the ids of inputs and of SQL models, but for those that are not meant for it."""
    tables = "CREATE TABLE orders AS SELECT * FROM (VALUES ('u1'), ('u2')) v(user_id)"
    shop = tiny(tables, {"pb_project.yaml": PROJECT, "models/all.yaml": MODELS.replace("FLAG", flag)})

    shop.run()

    assert shop.rows("SELECT COUNT(*) FROM USER_ALL") == [(profiles,)]

"""Ids out of JSON: the id is the text itself, wherever the path stands and whatever is around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_stitcher: models/graph, id_types: [user_id, device]}]
    id_types: [{name: user_id}, {name: device}]
"""
MODELS = """
    inputs:
      - name: events
        app_defaults:
          table: raw.main.events
          ids:
            - {select: "SELECT_ID", type: user_id, entity: user}
            - {select: device, type: device, entity: user}
      - name: logins
        app_defaults:
          table: raw.main.logins
          ids:
            - {select: user_id, type: user_id, entity: user}
    models:
      - name: graph
        model_type: id_stitcher
        model_spec: {entity_key: user, edge_sources: [{from: inputs/events}, {from: inputs/logins}]}
    var_groups:
      - name: counts
        entity_key: user
        vars:
          - entity_var: {name: events, select: COUNT(*), from: inputs/events}
          - entity_var: {name: logins, select: COUNT(*), from: inputs/logins}
"""
TABLES = """
    CREATE TABLE events AS SELECT * FROM (VALUES
        ('{"uid": "u1"}', 'd1'), ('{"user": "u1"}', 'd2'), ('{"uid": null, "user": 7}', 'd3'), ('', 'd4')
    ) v(props, device);
    ALTER TABLE events ADD COLUMN v JSON;
    ALTER TABLE events ADD COLUMN plain JSON;
    UPDATE events SET v = TRY_CAST(NULLIF(props, '') AS JSON), plain = NULLIF(props, '')::JSON -> '$.uid';
    CREATE TABLE logins AS SELECT * FROM (VALUES ('u1'), ('7')) v(user_id);
"""


def made(tiny: MakeTiny, select: str, **files: str) -> Tiny:
    models = MODELS.replace("SELECT_ID", select)
    return tiny(TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": models, **files})


def clusters(shop: Tiny) -> list[list[str]]:
    profiles: dict[str, list[str]] = {}
    for main_id, node in shop.rows("SELECT user_main_id, other_id_type || ':' || other_id FROM GRAPH ORDER BY 2"):
        profiles.setdefault(main_id, []).append(node)
    return sorted(profiles.values())


BOTH = [["device:d1", "device:d2", "user_id:u1"], ["device:d3", "user_id:7"], ["device:d4"]]


@pytest.mark.parametrize(
    "select",
    [
        "COALESCE(STRIP_NULL_VALUE(PARSE_JSON(props):uid), PARSE_JSON(props):user)::string",
        "COALESCE(STRIP_NULL_VALUE(PARSE_JSON(props):uid), PARSE_JSON(props):user)",
        "NVL(STRIP_NULL_VALUE(v:uid), v:user)::string",
        "NVL(v:uid::string, v:user::string)",
        "CASE WHEN v:uid::string IS NOT NULL THEN v:uid ELSE v:user END",
        "IFF(v:uid::string IS NULL, v:user, v:uid)::string",
        "TRIM(COALESCE(STRIP_NULL_VALUE(v:uid), v:user))",
        "COALESCE(STRIP_NULL_VALUE(plain), v:user)",
    ],
)
def test_id_out_of_json_is_its_text(tiny: MakeTiny, select: str) -> None:
    """A path, alone or inside of a function, cast or not, joins the same id of another source."""
    shop = made(tiny, select)

    shop.run()

    assert clusters(shop) == BOTH
    features = shop.rows("SELECT events, logins FROM user_feature_view ORDER BY 1, 2")
    assert features == [(1, 1), (1, None), (2, 1)]


@pytest.mark.parametrize(("dialect", "select"), [("snowflake", "plain"), ("duckdb", "plain"), ("postgres", "plain")])
def test_json_column_is_an_id(tiny: MakeTiny, dialect: str, select: str) -> None:
    """A column of JSON is the text in it, in every author dialect."""
    shop = made(tiny, select, **{"onefold.yaml": f"sql_dialect: {dialect}\ncatalogs: {{raw: raw.duckdb}}\n"})

    shop.run()

    assert clusters(shop) == [["device:d1", "user_id:u1"], ["device:d2"], ["device:d3"], ["device:d4"], ["user_id:7"]]


def test_id_of_a_model_with_json(tiny: MakeTiny) -> None:
    """A model that passes a path on gives ids that join those of other sources."""
    models = MODELS.replace("SELECT_ID", "user_id").replace("inputs/events}, {", "models/parsed}, {")
    models = models.replace(
        "    models:\n",
        """    models:
      - name: parsed
        model_type: sql_template
        model_spec:
          materialization: {output_type: ephemeral}
          ids:
            - {select: u, type: user_id, entity: user}
            - {select: device, type: device, entity: user}
          single_sql: |
            WITH a AS (SELECT PARSE_JSON(props) AS p, device FROM {{this.DeRef("inputs/raw")}}),
            b AS (SELECT COALESCE(STRIP_NULL_VALUE(p:uid), p:user) AS u, device FROM a)
            SELECT u, device FROM b
""",
        1,
    )
    head = models.index("      - name: events")
    tail = models.index("      - name: logins")
    models = models[:head] + "      - {name: raw, app_defaults: {table: raw.main.events}}\n" + models[tail:]
    models = models[: models.index("    var_groups")]
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": models})

    shop.run()

    assert clusters(shop) == BOTH

"""Defaults that have changed: before schema version 46 of ``to_default_stitcher``, before 49 of ``is_feature``.

The format's own command, asked to migrate such projects, writes ``false`` where they say nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.constructs.test_loose_spellings import INPUT, PROJECT, TABLES, codes

import onefold
from onefold.project.migrate import migrated

if TYPE_CHECKING:
    from tests.conftest import MakeTiny, Tiny

OWN_STITCHER = "id_stitcher: models/graph, "
OTHERS = """
      - name: others
        app_defaults:
          table: raw.main.orders
          ids:
            - select: user_id  # the only ids
              type: user_id
              entity: user
              to_default_stitcher: true
"""
VARS = """
    var_groups:
      - name: vars
        entity_key: user
        vars:
          - entity_var:
              name: plain
              select: COUNT(*)
              from: inputs/others
          - entity_var: {name: listed, select: COUNT(*), from: inputs/others}
          - entity_var: {name: told, select: COUNT(*), from: inputs/others, is_feature: true}
"""
TABLE = """
    models:
      - name: money
        model_type: feature_table_model
        model_spec:
          entity_key: user
          vars:
            - entity_var: {name: inside, select: COUNT(*), from: inputs/others}
          features: [Listed, inside]
"""

GRAPH_IDS = "SELECT COUNT(*) FROM {{this.DeRef('models/user_default_id_stitcher')}}"


def old_shop(tiny: MakeTiny, version: int) -> Tiny:
    project = PROJECT.replace(OWN_STITCHER, "").replace("schema_version: 99", f"schema_version: {version}")
    files = {"pb_project.yaml": project, "models/a.yaml": INPUT + OTHERS + VARS, "models/b.yaml": TABLE}
    return tiny(TABLES, files)


def columns_and_ids(shop: Tiny) -> tuple[set[str], int]:
    """The features of the feature view, and how many ids the graph has."""
    columns = onefold.load(shop.folder).query("SELECT * FROM user_feature_view").arrow.column_names
    features = {name.lower() for name in columns} & {"plain", "listed", "told", "inside"}
    return features, shop.rows(GRAPH_IDS)[0][0]


@pytest.mark.parametrize(
    ("version", "features", "ids"),
    [
        (45, {"listed", "told", "inside"}, 2),
        (46, {"listed", "told", "inside"}, 4),
        (48, {"listed", "told", "inside"}, 4),
        (49, {"plain", "listed", "told", "inside"}, 4),
    ],
)
def test_defaults_of_a_schema_version(tiny: MakeTiny, version: int, features: set[str], ids: int) -> None:
    """A project has the ids and features that its schema version gives it, also when it was migrated."""
    shop = old_shop(tiny, version)
    shop.run()
    before = columns_and_ids(shop)
    for file in migrated(shop.folder):
        (shop.folder / file.file).write_bytes(file.content)
    said = codes(shop.run())

    assert before == (features, ids)
    assert columns_and_ids(shop) == before
    assert "old-spelling" not in said
    assert migrated(shop.folder) == ()

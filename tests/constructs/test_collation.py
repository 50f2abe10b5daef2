"""Ids are compared byte by byte, whatever the collation of the columns that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import onefold
from onefold.audit.explain import Chain

from .test_inherited_main_ids import PROJECT

if TYPE_CHECKING:
    from tests.conftest import MakeTiny

# Four people whose ids differ only in the case of their letters, in columns that ignore case.
LOGINS = """
    CREATE TABLE logins (user_id TEXT COLLATE NOCASE, device TEXT COLLATE NOCASE, ts TIMESTAMP);
    INSERT INTO logins VALUES
        ('Ada', 'd1', '2026-01-01'), ('ada', 'd2', '2026-01-02'),
        ('ADA', 'd3', '2026-01-03'), ('bob', 'D1', '2026-01-04');
"""
MODELS = """
    inputs:
      - name: logins
        app_defaults:
          table: raw.main.logins
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: device, type: device, entity: user}
    models:
      - name: graph
        model_type: id_stitcher
        model_spec: {entity_key: user, edge_sources: [{from: inputs/logins}]}
    var_groups:
      - name: counts
        entity_key: user
        vars:
          - entity_var: {name: logins, from: inputs/logins, select: COUNT(*)}
          - entity_var: {name: last_device, from: inputs/logins, select: MAX(device)}
"""


def test_ids_that_differ_in_case_keep_their_own_rows(tiny: MakeTiny) -> None:
    """In columns that ignore case, each id has a profile of its own, with the features of its own rows."""
    shop = tiny(LOGINS, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS})
    shop.run()

    ids = "SELECT other_id FROM GRAPH WHERE user_main_id = f.user_main_id AND other_id_type = 'user_id'"
    found = shop.rows(f"SELECT ({ids}), logins, last_device FROM USER_FEATURE_VIEW AS f")
    assert sorted(found) == [("ADA", 1, "d3"), ("Ada", 1, "d1"), ("ada", 1, "d2"), ("bob", 1, "D1")]


def test_the_rows_behind_a_link_are_of_those_ids(tiny: MakeTiny) -> None:
    """Explain shows no row of an id that is written in other letters."""
    shop = tiny(LOGINS, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS})
    shop.run()

    found = onefold.load(shop.folder).audit().explain("ada", "d2")
    assert isinstance(found, Chain)
    rows = [source.row for link in found.links for source in link.sources]
    assert [(row["user_id"], row["device"]) for row in rows if row is not None] == [("ada", "d2")]

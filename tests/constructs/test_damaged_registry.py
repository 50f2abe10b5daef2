"""Rows that the registry lost are noticed before anything is published: a run never mints other main ids silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
from tests.conftest import Tiny

import onefold
from onefold.errors import RunError

if TYPE_CHECKING:
    from pathlib import Path

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
          - entity_var: {name: logins, select: COUNT(*), from: inputs/logins}
"""
TABLES = """
    CREATE TABLE logins AS SELECT * FROM (VALUES
        ('u1', 'd1', TIMESTAMP '2026-01-01'), ('u2', 'd2', TIMESTAMP '2026-01-02')
    ) v(user_id, device, ts);
"""
IDS = "SELECT user_main_id, other_id FROM GRAPH ORDER BY other_id"
MATERIAL = "(SELECT material_name FROM profiles.published_registry WHERE model_ref = 'models/graph')"

LOST_ROWS = {
    "the registry of what is published": "DELETE FROM profiles.published_registry",
    "the registry of runs": "DELETE FROM profiles.run_registry",
    "the registry of materials": "DELETE FROM profiles.material_registry",
    "all three": "DELETE FROM profiles.published_registry; DELETE FROM profiles.run_registry; "
    "DELETE FROM profiles.material_registry",
    "metadata that is no JSON": "UPDATE profiles.material_registry SET metadata = '{' WHERE model_ref = 'models/graph'",
    "metadata of a later version of the program": "UPDATE profiles.material_registry "
    """SET metadata = '{"graph": {"base": "x", "novel": 1}}' WHERE model_ref = 'models/graph'""",
    "another version of the graph": "UPDATE profiles.material_registry "
    r"""SET metadata = REGEXP_REPLACE(metadata, '"version": \d+', '"version": 77') WHERE model_ref = 'models/graph'""",
    "another run": "UPDATE profiles.published_registry SET seq_no = 1 WHERE model_ref = 'models/graph'",
    "the second record": "UPDATE profiles.publication_registry SET contents = 'x'",
}
LOST_TABLES = {
    "main ids": "DELETE FROM profiles.BASE_anchors WHERE main_id = (SELECT MIN(main_id) FROM profiles.BASE_anchors)",
    "all main ids": "DELETE FROM profiles.BASE_anchors",
    "a main id that is another": "UPDATE profiles.BASE_anchors SET main_id = 'x' WHERE main_id = "
    "(SELECT MIN(main_id) FROM profiles.BASE_anchors)",
    "the main id of a profile": "UPDATE profiles.BASE_names SET main_id = 'x' WHERE main_id = "
    "(SELECT MIN(main_id) FROM profiles.BASE_names)",
    "ids": "DELETE FROM profiles.BASE_members WHERE other_id = 'u1'",
    "links": "DELETE FROM profiles.BASE_evidence",
    "a table": "DROP TABLE profiles.BASE_evidence CASCADE",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A shop with two published runs, the second built on the first. Not to be changed."""
    folder = tmp_path_factory.mktemp("published")
    made = Tiny(folder, TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS})
    made.run(end_time="2026-01-31T00:00:00Z")
    with duckdb.connect(str(made.folder / "raw.duckdb")) as connection:
        connection.execute("INSERT INTO logins VALUES ('u3', 'd3', TIMESTAMP '2026-02-01')")
    made.run(end_time="2026-02-28T00:00:00Z")
    return made


@pytest.fixture
def shop(published: Tiny, tmp_path: Path) -> Tiny:
    """A copy of it to damage."""
    return published.copied(tmp_path / "shop")


def damage(shop: Tiny, sql: str) -> None:
    with duckdb.connect(str(onefold.load(shop.folder).target.database)) as connection:
        base = connection.execute(
            "SELECT json_extract_string(metadata, '$.graph.base') FROM profiles.material_registry "
            f"WHERE material_name = {MATERIAL}"
        ).fetchone()
        assert base is not None
        connection.execute(sql.replace("BASE", base[0]))


@pytest.mark.parametrize("what", [*LOST_ROWS, *LOST_TABLES])
def test_a_run_refuses(shop: Tiny, what: str) -> None:
    """A run and a plan end before anything is built, say what disagrees, and name the command that repairs it."""
    damage(shop, {**LOST_ROWS, **LOST_TABLES}[what])

    for attempt in (shop.run, lambda: onefold.load(shop.folder).preview(end_time="2026-03-31T00:00:00Z")):
        with pytest.raises(onefold.OnefoldError) as caught:
            attempt()
        codes = {finding.code for finding in caught.value.findings}
        assert codes in ({"damaged-registry"}, {"nothing-built"})
    with pytest.raises(RunError, match="graph") as caught:
        shop.run()
    assert {finding.code for finding in caught.value.findings} == {"damaged-registry"}
    assert all("pb repair registry" in str(finding.hint) for finding in caught.value.findings)


@pytest.mark.parametrize("what", LOST_ROWS)
def test_lost_rows_are_put_back(shop: Tiny, what: str) -> None:
    """What only one record lost is put back from the other; then runs keep the main ids, and build on the last one."""
    before = shop.rows(IDS)
    damage(shop, LOST_ROWS[what])

    project = onefold.load(shop.folder)
    would = project.repair_registry(dry_run=True)
    done = project.repair_registry()

    assert would == done
    assert done.done
    assert not done.left
    assert not project.repair_registry().done
    result = shop.run(end_time="2026-03-31T00:00:00Z")
    assert result.seq_no == 3
    assert shop.rows(IDS) == before


@pytest.mark.parametrize("what", LOST_TABLES)
def test_lost_main_ids_are_not_made_up(shop: Tiny, what: str) -> None:
    """What the tables of a graph lost cannot be put back: the repair says so, and changes nothing."""
    damage(shop, LOST_TABLES[what])

    repaired = onefold.load(shop.folder).repair_registry()

    assert not repaired.done
    assert {finding.code for finding in repaired.left} == {"damaged-registry"}
    assert all("--reset_main_ids" in str(finding.hint) for finding in repaired.left)


@pytest.mark.parametrize("what", [*LOST_TABLES, "all three"])
def test_reset_main_ids_begin_again(shop: Tiny, what: str) -> None:
    """Main ids may be reset on purpose; even then, no sequence number is used twice."""
    before = shop.rows(IDS)
    damage(shop, {**LOST_ROWS, **LOST_TABLES}[what])

    result = shop.run(end_time="2026-03-31T00:00:00Z", reset_main_ids=True)

    assert result.seq_no == 3
    assert [other for _, other in shop.rows(IDS)] == [other for _, other in before]
    assert shop.run(end_time="2026-04-30T00:00:00Z").seq_no == 4


def test_both_records_lost(shop: Tiny) -> None:
    """Where both records are gone, the history beside the view tells that there was a graph."""
    damage(shop, f"{LOST_ROWS['all three']}; DELETE FROM profiles.publication_registry")

    with pytest.raises(RunError, match="GRAPH_ID_HISTORY") as caught:
        shop.run()
    assert {finding.code for finding in caught.value.findings} == {"damaged-registry"}
    assert onefold.load(shop.folder).repair_registry().left


def test_a_graph_without_a_second_record(shop: Tiny) -> None:
    """A graph that has only the first record is held against its certificate, and gets the second with the next run."""
    damage(shop, "DROP TABLE profiles.publication_registry")
    before = shop.rows(IDS)

    assert shop.run(end_time="2026-03-31T00:00:00Z").published
    assert shop.rows(IDS) == before
    damage(shop, "DELETE FROM profiles.published_registry")
    with pytest.raises(RunError, match="published_registry has no row for models/graph"):
        shop.run()

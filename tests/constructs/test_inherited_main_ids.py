"""Main ids are stable: through later rows, as-of runs, resets, stopped runs and graphs of other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import onefold
from onefold.run.migrate_ids import GivenGraph, migrate_ids

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
"""
TABLES = """
    CREATE TABLE logins (user_id TEXT, device TEXT, ts TIMESTAMP);
    INSERT INTO logins VALUES
        ('u1', 'd1', '2026-01-01'), ('u2', 'd2', '2026-02-01'), ('u3', 'd3', '2026-03-01');
"""


@pytest.fixture
def shop(tiny: MakeTiny) -> Tiny:
    made = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS})
    made.run()
    return made


def change(shop: Tiny, sql: str) -> None:
    with duckdb.connect(str(shop.folder / "raw.duckdb")) as raw:
        raw.execute(sql)


def main_ids(shop: Tiny) -> dict[str, str]:
    return {i: m for m, i in shop.rows("SELECT user_main_id, other_id FROM GRAPH")}


def events(shop: Tiny, seq_no: int) -> set[tuple[Any, ...]]:
    rows = shop.rows(
        f"SELECT event, main_id, previous_main_id, ids_moved FROM GRAPH_ID_HISTORY WHERE seq_no = {seq_no}"
    )
    return set(rows)


def aliases(shop: Tiny) -> dict[str, str]:
    return dict(shop.rows("SELECT main_id, current_main_id FROM GRAPH_ALIASES"))


def test_a_late_row_renames_nobody(shop: Tiny) -> None:
    """A late row with the earliest time of its profile does not change the main id."""
    before = main_ids(shop)
    change(shop, "INSERT INTO logins VALUES ('u2', 'd9', '2020-01-01')")
    shop.run()

    assert main_ids(shop) == before | {"d9": before["u2"]}
    assert events(shop, 2) == set()


def test_merge_and_split(shop: Tiny) -> None:
    """When profiles merge, the one with the earlier anchor keeps its main id; after a split, each has its old one again."""
    before = main_ids(shop)
    change(shop, "INSERT INTO logins VALUES ('u2', 'd1', '2026-04-01')")
    shop.run()

    assert main_ids(shop) == before | {"u2": before["u1"], "d2": before["u1"]}
    assert events(shop, 2) == {("merged", before["u1"], before["u2"], 2)}
    assert aliases(shop)[before["u2"]] == before["u1"]

    change(shop, "DELETE FROM logins WHERE ts = '2026-04-01'")
    shop.run()

    assert main_ids(shop) == before
    assert {event for event, *_ in events(shop, 3)} == {"restored"}
    assert aliases(shop)[before["u2"]] == before["u2"]


def test_rebuild_keeps_ids(shop: Tiny) -> None:
    """A full rebuild with the history in place changes no main id."""
    change(shop, "INSERT INTO logins VALUES ('u2', 'd0', '2019-01-01'), ('u1', 'd3', '2026-05-01')")
    shop.run()
    before = main_ids(shop)
    result = shop.run(rebase_incremental=True)

    assert main_ids(shop) == before
    assert result.step("models/graph").id_events == {}


def test_reset_main_ids(shop: Tiny) -> None:
    """Reset main ids are those of a first run; the old ones resolve to them."""
    change(shop, "INSERT INTO logins VALUES ('u9', 'd9', '2018-01-01'), ('u9', 'd2', '2019-01-01')")
    shop.run()
    old = main_ids(shop)
    shop.run(reset_main_ids=True)
    new = main_ids(shop)

    assert new["u2"] != old["u2"]
    assert aliases(shop)[old["u2"]] == new["u2"]
    assert new["u1"] == old["u1"]


def test_as_of_run(shop: Tiny) -> None:
    """An as-of run is built and can be read, but moves neither views nor history."""
    change(shop, "INSERT INTO logins VALUES ('u2', 'd1', '2026-04-01')")
    shop.run()
    before, history = main_ids(shop), shop.rows("SELECT * FROM GRAPH_ID_HISTORY ORDER BY ALL")

    result = shop.run(end_time="2026-02-15")

    assert result.published_end_time is not None
    assert result.published == {}
    assert main_ids(shop) == before
    assert shop.rows("SELECT * FROM GRAPH_ID_HISTORY ORDER BY ALL") == history
    then = dict(shop.rows(f'SELECT other_id, user_main_id FROM "{result.step("models/graph").material}"'))
    assert set(then) == {"u1", "d1", "u2", "d2"}
    assert then["u1"] != then["u2"]


def test_publish_as_of(shop: Tiny) -> None:
    """publish_as_of moves the views to the earlier time and keeps the main ids."""
    before = main_ids(shop)
    result = shop.run(end_time="2026-02-15", publish_as_of=True)

    assert result.published
    assert main_ids(shop) == {i: m for i, m in before.items() if i in {"u1", "d1", "u2", "d2"}}


def test_resumed_after_another_was_published(shop: Tiny) -> None:
    """A graph that was built but never published is rebuilt if another one was published in the meantime."""
    path = shop.folder / "models/models.yaml"
    whole = path.read_text()
    change(shop, "INSERT INTO logins VALUES ('u4', 'd4', '2026-04-01')")
    path.write_text(whole.replace("select: COUNT(*)", "select: MAX(CAST(device AS INT))"))
    with pytest.raises(onefold.OnefoldError):
        shop.run()
    path.write_text(whole)
    change(shop, "INSERT INTO logins VALUES ('u4', 'd1', '2026-04-02')")
    shop.run()
    published = main_ids(shop)

    result = shop.run(seq_no=2)

    assert not result.step("models/graph").is_reused
    assert main_ids(shop) == published


def test_forced_again(shop: Tiny) -> None:
    """Forcing the published sequence number rebuilds it in one transaction, and records the changes in the history."""
    before = main_ids(shop)
    change(shop, "INSERT INTO logins VALUES ('u2', 'd1', '2026-04-01')")
    shop.run(seq_no=1, force=True)

    assert main_ids(shop)["u2"] == before["u1"]
    assert ("merged", before["u1"], before["u2"], 2) in events(shop, 1)


def test_forced_again_under_what_was_built_on_it(tiny: MakeTiny) -> None:
    """Forcing a run whose tables hold the graph of a later run leaves that graph and that run unchanged."""
    shop = tiny(TABLES, {"pb_project.yaml": PROJECT, "models/models.yaml": MODELS})
    shop.run(end_time="2026-03-15")
    change(shop, "INSERT INTO logins VALUES ('u1', 'd2', '2026-04-01')")
    later = shop.run(end_time="2026-05-01").step("models/graph").graph
    assert later is not None
    assert later.kind == "incremental"
    before, links = main_ids(shop), shop.rows("SELECT id1, id2 FROM GRAPH_EDGES ORDER BY 1, 2")

    for _ in range(2):
        shop.run(seq_no=1, end_time="2026-03-15", force=True)

        assert main_ids(shop) == before
        assert shop.rows("SELECT id1, id2 FROM GRAPH_EDGES ORDER BY 1, 2") == links

    shop.run(seq_no=1, end_time="2026-03-15", force=True, publish_as_of=True)

    assert main_ids(shop)["u2"] != main_ids(shop)["u1"]
    again = shop.run(end_time="2026-06-01").step("models/graph").graph
    assert again is not None
    assert again.kind == "incremental"
    assert main_ids(shop)["u2"] == main_ids(shop)["u1"]


def test_a_forced_run_that_fails(shop: Tiny) -> None:
    """Forcing the published sequence number changes nothing if a model fails."""
    before = main_ids(shop), shop.rows("SELECT * FROM USER_FEATURE_VIEW ORDER BY ALL")
    change(shop, "INSERT INTO logins VALUES ('u2', 'd1', '2026-04-01')")
    path = shop.folder / "models/models.yaml"
    path.write_text(path.read_text().replace("select: COUNT(*)", "select: MAX(CAST(device AS INT))"))
    with pytest.raises(onefold.OnefoldError):
        shop.run(seq_no=1, force=True)

    assert (main_ids(shop), shop.rows("SELECT * FROM USER_FEATURE_VIEW ORDER BY ALL")) == before


def test_ids_of_another_tool(shop: Tiny) -> None:
    """Main ids that were migrated before the first run are kept, and later runs inherit them."""
    project = onefold.load(shop.folder)
    (shop.folder / "output/warehouse.duckdb").unlink()
    (shop.folder / "old.csv").write_text(
        "main_id,other_id,other_id_type\nanna,u1,user_id\nanna,d1,device\nben,u2,user_id\n"
    )
    migrate_ids(project.spec, project.target, GivenGraph(str(shop.folder / "old.csv")))
    shop.run()

    assert {k: v for k, v in main_ids(shop).items() if k in {"u1", "d1", "u2", "d2"}} == {
        "u1": "anna", "d1": "anna", "u2": "ben", "d2": "ben",
    }  # fmt: skip

    change(shop, "INSERT INTO logins VALUES ('u2', 'd1', '2026-04-01')")
    shop.run()

    assert main_ids(shop)["u2"] == "anna"
    assert aliases(shop)["ben"] == "anna"


@pytest.mark.parametrize(("setting", "left", "warned"), [("drop", 6, False), ("warn", 8, True), ("keep", 8, False)])
def test_placeholder_ids(shop: Tiny, setting: str, left: int, warned: bool) -> None:  # noqa: FBT001
    """Placeholder ids are dropped, kept with a warning per id type, or kept, according to onefold.yaml."""
    change(shop, "INSERT INTO logins VALUES ('NULL ', '#{device}', '2026-04-01')")
    settings = shop.folder / "onefold.yaml"
    settings.write_text(settings.read_text() + f"placeholder_ids: {setting}\n")
    result = shop.run()

    assert len(main_ids(shop)) == left
    assert [n.code for n in result.notes if n.severity == "warning"] == ["placeholder-ids", "placeholder-ids"] * warned
    quarantine = shop.rows("SELECT rule, id1, source, row_count FROM GRAPH_QUARANTINE ORDER BY id1")
    assert quarantine == [("placeholder_id", i, "inputs/logins", 1) for i in ("#{device}", "NULL ")] * (
        setting == "drop"
    )


def test_evidence(shop: Tiny) -> None:
    """Each edge has its number of rows, their first and last time, and the profile of both ends."""
    change(shop, "INSERT INTO logins VALUES ('u1', 'd1', '2026-01-05'), ('u1', 'd1', NULL)")
    shop.run()
    main_id = main_ids(shop)["u1"]

    found = shop.rows(
        "SELECT id1, id1_type, id2, id2_type, source, row_count, TO_CHAR(first_seen_at, 'YYYY-MM-DD'), "
        f"TO_CHAR(last_seen_at, 'YYYY-MM-DD'), sample_key FROM GRAPH_EDGES WHERE user_main_id = '{main_id}'"
    )

    assert found == [("u1", "user_id", "d1", "device", "inputs/logins", 3, "2026-01-01", "2026-01-05", None)]

"""With filters and edge constraints, an incremental run gives the same graph as a full rebuild."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.examples import examples

import onefold
from onefold.audit.explain import Chain

from .incremental_twins import VIEWS, Shop

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - {name: user, id_stitcher: models/graph, id_types: [user_id, email, device]}
id_types:
  - {name: user_id, maximum_edges: [{device: 2}, {email: 2}, {user_id: 1}]}
  - name: email
    filters:
      - {type: exclude, value: e9}
      - {type: exclude, sql: {select: email, from: models/busy_emails}}
  - {name: device, maximum_edges: [{user_id: 2}]}
RULES
"""
RULES = "id_stitcher_rules: {enabled: true, table_name: main.id_stitch_rules, priority: exclude}"
MODELS = """
inputs:
  - name: logins
    app_defaults:
      table: raw.main.logins
      occurred_at_col: ts
      row_identifier: [key]
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: device, type: device, entity: user}
  - name: mails
    app_defaults:
      table: raw.main.mails
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: email, type: email, entity: user}
        - {select: other, type: user_id, entity: user}
models:
  - name: busy_emails
    model_type: sql_template
    model_spec:
      materialization: {output_type: ephemeral}
      single_sql: "SELECT email FROM {{ this.DeRef('inputs/mails') }} GROUP BY 1 HAVING COUNT(*) > 4"
  - name: graph
    model_type: id_stitcher
    model_spec:
      entity_key: user
      edge_sources:
        - {from: inputs/logins}
        - {from: inputs/mails}
"""
GIVEN = (
    ("u1", "user_id", "d1", "device", "INCLUDE"),
    ("u2", "user_id", "d2", "device", "EXCLUDE"),
    ("u3", "user_id", None, None, "EXCLUDE"),
    ("u8", "user_id", "e8", "email", "INCLUDE"),
    ("e2", "email", None, None, "INCLUDE"),
    ("u9", "user_id", "u8", "user_id", "EXCLUDE"),
)

ROW = st.tuples(
    st.sampled_from(["logins", "logins", "mails"]),
    st.sampled_from([None, "u1", "u2", "u3", "u4", "u8"]),
    st.sampled_from([None, "e1", "e2", "e9", "d1", "d2", "d3", "d4"]),
    st.sampled_from([None, None, "u1", "u5", "u9"]),
    st.sampled_from([None, "2026-01-01 10:00:00", "2026-01-01 11:00:00", "2026-03-05 00:00:00", "2026-06-01 23:59:59"]),
)
STEPS = st.lists(st.tuples(st.lists(ROW, max_size=5), st.sets(st.integers(0, 40), max_size=4)), min_size=1, max_size=4)


class ConstrainedShop(Shop):
    """A shop with every kind of id filter and edge constraint."""

    views = (*VIEWS, "GRAPH_CARDINALITY_AUDIT")

    def __init__(self, folder: Path, rules: Sequence[tuple[str | None, ...]] | None = GIVEN) -> None:
        super().__init__(folder, PROJECT.replace("RULES", RULES if rules is not None else ""), MODELS)
        with self.raw() as raw:
            raw.execute("CREATE OR REPLACE TABLE mails (n INT, user_id TEXT, email TEXT, other TEXT, ts TIMESTAMP)")
        self.rule(rules or ())

    def rule(self, rules: Sequence[tuple[str | None, ...]]) -> None:
        """Set the table of rules."""
        (self.folder / "output").mkdir(exist_ok=True)
        with duckdb.connect(str(self.folder / "output/warehouse.duckdb")) as built:
            built.execute(
                "CREATE OR REPLACE TABLE main.id_stitch_rules (entity TEXT, id1 TEXT, id1_type TEXT, id2 TEXT, "
                "id2_type TEXT, action TEXT, reason TEXT, created_at TIMESTAMP)"
            )
            for rule in rules:
                built.execute(
                    "INSERT INTO main.id_stitch_rules VALUES ('user', ?, ?, ?, ?, ?, 'said so', '2026-01-01')", rule
                )


@settings(
    max_examples=examples(10),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is several runs: shrinking would take long
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(ROW, max_size=12), STEPS, st.sampled_from([GIVEN, GIVEN, (), None]))
def test_an_incremental_run_with_constraints_equals_a_rebuild(
    first: list[Any], steps: list[tuple[list[Any], set[int]]], rules: Any
) -> None:
    """After each change every view, with the quarantine, equals that of a full rebuild."""
    with tempfile.TemporaryDirectory() as folder:
        shop = ConstrainedShop(Path(folder), rules)
        shop.change(first, set())
        shop.run()
        for come, go in steps:
            shop.change(come, go)
            shop.run()
            shop.right()
        assert all(graph.kind != "full" for graph in shop.built[1:]), shop.built


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> ConstrainedShop:
    """A shop that has run. Not to be opened, only to be copied."""
    made = ConstrainedShop(tmp_path_factory.mktemp("published"))
    rows = [("logins", "u1", "d3", None, "2026-01-01 10:00:00"), ("logins", "u4", "d3", None, "2026-01-01 11:00:00")]
    made.change(rows, set())
    made.run()
    return made


@pytest.fixture
def shop(published: ConstrainedShop, tmp_path: Path) -> ConstrainedShop:
    return published.copied(tmp_path)


def together(shop: ConstrainedShop) -> set[frozenset[str]]:
    rows = shop.rows(
        shop.folder, "SELECT user_main_id, other_id FROM GRAPH WHERE other_id IN ('u1', 'u2', 'u4', 'd3', 'e1')"
    )
    found: dict[str, set[str]] = {}
    for main_id, other_id in rows:
        found.setdefault(main_id, set()).add(other_id)
    return {frozenset(ids) for ids in found.values()}


def test_a_limit_that_is_crossed_and_met_again(shop: ConstrainedShop) -> None:
    """A device with a third user loses all its users, also those of old days, and regains them without the third one."""
    assert together(shop) == {frozenset({"u1", "u4", "d3"})}

    shop.change([("logins", "u2", "d3", None, "2026-06-01 10:00:00")], set())
    shop.run()
    over_limit = together(shop)
    shop.right()
    shop.change([], {3})
    shop.run()
    shop.right()

    assert over_limit == {frozenset({"u1"}), frozenset({"u4"}), frozenset({"d3"}), frozenset({"u2"})}
    assert together(shop) == {frozenset({"u1", "u4", "d3"})}
    assert [(g.days, g.days_read, g.profiles_solved) for g in shop.built[1:]] == [(202, 1, 4), (202, 1, 1)]


def test_an_id_that_sql_of_a_filter_comes_to_list(shop: ConstrainedShop) -> None:
    """An id that a SQL filter newly lists is excluded from rows of old days too, and returns when it is no longer listed."""
    old = [("mails", user, "e1", None, f"2026-0{n}-01 10:00:00") for n, user in enumerate(("u1", "u2", "u2", "u1"), 1)]
    shop.change(old, set())
    shop.run()
    assert frozenset({"u1", "u2", "u4", "d3", "e1"}) in together(shop)

    shop.change([("mails", None, "e1", None, "2026-06-01 10:00:00")], set())
    shop.run()
    listed = together(shop)
    shop.right()
    shop.change([], {7})
    shop.run()
    shop.right()

    assert listed == {frozenset({"u1", "u4", "d3"}), frozenset({"u2"})}
    assert frozenset({"u1", "u2", "u4", "d3", "e1"}) in together(shop)
    assert all(graph.kind != "full" for graph in shop.built[1:]), shop.built


def test_another_table_of_rules_reads_all_rows(shop: ConstrainedShop) -> None:
    """A new or deleted id rule reads all rows; a rewritten table with the same rules does not."""
    shop.rule(GIVEN[::-1])
    shop.run()
    shop.rule((*GIVEN, ("u1", "user_id", "d3", "device", "EXCLUDE")))
    shop.run()
    shop.right()
    apart = together(shop)
    shop.rule(GIVEN)
    shop.run()
    shop.right()

    assert frozenset({"u4", "d3"}) in apart
    assert frozenset({"u1", "u4", "d3"}) in together(shop)
    assert [graph.kind == "full" for graph in shop.built] == [True, False, True, True]


def test_an_id_that_only_a_rule_knows_outlives_its_rows(shop: ConstrainedShop) -> None:
    """An id that a rule includes stays when its last row is deleted."""
    shop.change([("logins", "u8", "d4", None, "2026-06-01 10:00:00")], set())
    shop.run()
    shop.change([], {3})
    shop.run()
    shop.right()

    assert shop.rows(shop.folder, "SELECT COUNT(*) FROM GRAPH WHERE other_id = 'u8'") == {(1,): 1}
    assert shop.built[-1].kind != "full"


def test_an_earlier_run_shows_its_own_edges(shop: ConstrainedShop) -> None:
    """The edges of a run before a limit was exceeded stay readable under its sequence number."""
    shop.change([("logins", "u2", "d3", None, "2026-06-01 10:00:00")], set())
    shop.run()
    tables = shop.rows(shop.folder, "SELECT table_name FROM information_schema.tables")
    edges = sorted(t for (t,) in tables if t.startswith("Material_graph_") and t.endswith("_edges"))

    counts = [shop.rows(shop.folder, f"SELECT COUNT(*) FROM \"{name}\" WHERE id2 = 'd3'") for name in edges]

    assert counts == [{(2,): 1}, {(0,): 1}]


@pytest.mark.parametrize("folder", ["incremental", "rebuilt"])
def test_the_audit_follows_no_edge_that_a_constraint_dropped(shop: ConstrainedShop, folder: str) -> None:
    """A chain between the ends of an excluded pair takes the long way, after an incremental run and after a full rebuild."""
    pairs = [("u2", "d2"), ("u2", "d4"), ("u7", "d4"), ("u7", "d2")]
    shop.change([("logins", *pair, None, "2026-06-01 10:00:00") for pair in pairs], set())
    shop.run()
    shop.rebuild()
    audit = onefold.load(shop.folder.with_name(folder)).audit()
    found = audit.explain("u2", "d2", with_rows=False)

    assert isinstance(found, Chain)
    assert len(found.links) == len(pairs) - 1


def test_links_are_counted_as_the_view_of_edges_has_them(shop: ConstrainedShop) -> None:
    """The certificate counts each pair of ids once for each source, however many days have it, and none dropped."""
    days = [("logins", "u4", "d3", None, f"2026-06-0{n} 10:00:00") for n in (1, 2)]
    shop.change([*days, ("logins", "u2", "d2", None, "2026-06-01 10:00:00")], set())
    shop.run()
    shop.rebuild()
    done = onefold.load(shop.folder).run(end_time=shop.end).step("models/graph")

    assert done.certificate is not None
    assert {(done.certificate.edges,): 1} == shop.rows(shop.folder, "SELECT COUNT(*) FROM GRAPH_EDGES")

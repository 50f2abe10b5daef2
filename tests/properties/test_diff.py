"""What a comparison of two runs says, held against a twin in plain Python, and against the history of main ids."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from tests.examples import examples

import onefold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from onefold.audit.diff.compare import Diff

PROJECT = """
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - {name: user, id_stitcher: models/graph, id_types: [user_id, device]}
id_types:
  - {name: user_id}
  - name: device
    filters: [{type: exclude, value: FILTERED}]
    maximum_edges: [user_id: LIMIT]
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
  - name: moves
    app_defaults:
      table: raw.main.moves
      occurred_at_col: ts
      ids:
        - {select: user_id, type: user_id, entity: user}
        - {select: device, type: device, entity: user}
models:
  - name: graph
    model_type: id_stitcher
    model_spec:
      entity_key: user
      edge_sources:
        - {from: inputs/logins}
        - {from: inputs/moves}
var_groups:
  - name: vars
    entity_key: user
    vars:
      - entity_var: {name: logins, from: inputs/logins, select: COUNT(*), default_value: 0}
      - entity_var: {name: amount, from: inputs/logins, select: SUM(amount)}
      - entity_var: {name: last, from: inputs/moves, select: MAX(device)}
"""
END = "2026-10-31T00:00:00Z"

Node = tuple[str, str]

ROW = st.tuples(
    st.sampled_from(["logins", "moves"]),
    st.sampled_from([None, "u1", "u2", "u3", "u4", "u5"]),
    st.sampled_from([None, "d1", "d2", "d3", "d4", "d5", "d6"]),
    st.sampled_from([None, 0.1, 0.2, 7.5]),
    st.sampled_from([None, "2026-01-01 10:00:00", "2026-01-01 11:00:00", "2026-03-05 00:00:00", "2026-06-01 23:59:59"]),
)
STEP = st.tuples(
    st.lists(ROW, max_size=5),
    st.sets(st.integers(0, 25), max_size=5),
    st.sampled_from(["none", "d1", "d3"]),
    st.sampled_from([2, 100]),
)
"""What comes, the numbers of the rows that go, a device that is filtered, and how many users a device may have."""

STORY = (
    ("logins", "u1", "d1"), ("logins", "u2", "d1"), ("moves", "u2", "d2"), ("moves", "u3", "d3"), ("logins", "u3", "d4"),
    ("moves", "u4", "d5"), ("logins", "u4", "d1"),
)  # fmt: skip
"""One profile over d1 that a filter takes apart, two that a late row joins, an id that goes, one that comes back."""


class Shop:
    """A project over two tables; its rows, a filter and a limit change from run to run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        (folder / "models").mkdir()
        (folder / "models/models.yaml").write_text(MODELS)
        (folder / "onefold.yaml").write_text("catalogs: {raw: raw.duckdb}\n")
        with duckdb.connect(str(folder / "raw.duckdb")) as raw:
            for table in ("logins", "moves"):
                raw.execute(f"CREATE TABLE {table} (n INT, user_id TEXT, device TEXT, amount DOUBLE, ts TIMESTAMP)")

    def run(self, come: Iterable[Any], go: Iterable[int], filtered: str = "none", limit: int = 100) -> None:
        with duckdb.connect(str(self.folder / "raw.duckdb")) as raw:
            for n in go:
                raw.execute("DELETE FROM logins WHERE n = ?", [n])
                raw.execute("DELETE FROM moves WHERE n = ?", [n])
            for table, *values in come:
                raw.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", [self.count, *values])
                self.count += 1
        project = PROJECT.replace("FILTERED", filtered).replace("LIMIT", str(limit))
        (self.folder / "pb_project.yaml").write_text(project)
        self.project().run(end_time=END)

    def project(self) -> onefold.Project:
        return onefold.load(self.folder)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.project().query(sql).arrow.to_pylist()
        return found

    def material(self, name: str, seq_no: int) -> str:
        return next(m.name for m in self.project().materials() if m.ref == name and m.seq_no == seq_no)


@dataclass(frozen=True)
class Graph:
    """A run's graph, read whole."""

    profile: Mapping[Node, str]
    edges: list[dict[str, Any]]

    @classmethod
    def of(cls, shop: Shop, seq_no: int) -> Graph:
        name = shop.material("models/graph", seq_no)
        ids = shop.rows(f'SELECT user_main_id, other_id, other_id_type FROM "{name}"')
        profile = {(r["other_id_type"], r["other_id"]): r["user_main_id"] for r in ids}
        return cls(profile, shop.rows(f'SELECT * FROM "{name}_edges"'))

    def members(self) -> dict[str, set[Node]]:
        found: dict[str, set[Node]] = {}
        for node, main_id in self.profile.items():
            found.setdefault(main_id, set()).add(node)
        return found


def ends(edge: dict[str, Any]) -> tuple[Node, Node]:
    return (edge["id1_type"], edge["id1"]), (edge["id2_type"], edge["id2"])


def kinds(before: Graph, after: Graph) -> dict[str, tuple[int, int]]:
    """Profiles and ids by kind of change."""
    found: dict[str, list[int]] = {
        name: [] for name in ("unchanged", "created", "grown", "merged", "split", "shrunk", "retired")
    }
    was, now = before.members(), after.members()
    for ids in now.values():
        parts = Counter(before.profile[node] for node in ids if node in before.profile)
        fresh = len(ids) - sum(parts.values())
        if not parts:
            found["created"].append(len(ids))
        elif fresh:
            found["grown"].append(fresh)
        if len(parts) > 1:
            found["merged"].append(sum(parts.values()) - max(parts.values()))
        if ids in was.values():
            found["unchanged"].append(len(ids))
    for ids in was.values():
        parts = Counter(after.profile[node] for node in ids if node in after.profile)
        lost = len(ids) - sum(parts.values())
        if not parts:
            found["retired"].append(len(ids))
        elif lost:
            found["shrunk"].append(lost)
        if len(parts) > 1:
            found["split"].append(sum(parts.values()) - max(parts.values()))
    return {name: (len(sizes), sum(sizes)) for name, sizes in found.items()}


def effects(before: Graph, after: Graph) -> Counter[tuple[str, Node, Node, str]]:
    """The edges that did it, by what they did."""
    found: Counter[tuple[str, Node, Node, str]] = Counter()
    for main_id, ids in after.members().items():
        if any(node in before.profile for node in ids):
            found += joining(before, [e for e in after.edges if e["user_main_id"] == main_id], ids)
    for main_id, ids in before.members().items():
        if len({after.profile[node] for node in ids if node in after.profile}) > 1:
            found += parting(after, [e for e in before.edges if e["user_main_id"] == main_id], ids)
    return found


def in_order(edge: dict[str, Any]) -> tuple[Any, ...]:
    """Null times come last; equal ones are told apart by source and ids."""
    time = edge["first_seen_at"]
    return (time is None, time or 0, edge["source"], *(value for node in ends(edge) for value in node))


def joining(before: Graph, edges: list[dict[str, Any]], ids: set[Node]) -> Counter[tuple[str, Node, Node, str]]:
    """The first edges that hold the parts of one profile together, by whether profiles lie on both sides."""
    part = {node: before.profile.get(node) or node for node in ids}
    tree: nx.Graph[Any] = nx.Graph()
    tree.add_nodes_from(part.values())
    kept = []
    for edge in sorted(edges, key=in_order):
        one, other = (part[node] for node in ends(edge))
        if not nx.has_path(tree, one, other):
            tree.add_edge(one, other)
            kept.append((edge, one, other))
    found: Counter[tuple[str, Node, Node, str]] = Counter()
    for edge, one, other in kept:
        tree.remove_edge(one, other)
        both = [any(isinstance(n, str) for n in nx.node_connected_component(tree, end)) for end in (one, other)]
        tree.add_edge(one, other)
        found["joined" if all(both) else "grew", *ends(edge), edge["source"]] += 1
    return found


def parting(after: Graph, edges: list[dict[str, Any]], ids: set[Node]) -> Counter[tuple[str, Node, Node, str]]:
    """The edges of one profile between profiles of now, and those that led over ids that are gone."""
    gone: nx.Graph[Node] = nx.Graph()
    gone.add_nodes_from(node for node in ids if node not in after.profile)
    gone.add_edges_from(ends(e) for e in edges if all(node in gone for node in ends(e)))
    found: Counter[tuple[str, Node, Node, str]] = Counter()
    for edge in edges:
        lives = {after.profile[node] for node in ends(edge) if node in after.profile}
        left = [node for node in ends(edge) if node in gone]
        if len(lives) > 1:
            found["split", *ends(edge), edge["source"]] += 1
        elif lives and left:
            group = nx.node_connected_component(gone, left[0])
            around = {node for e in edges for node in ends(e) if set(ends(e)) & group and node in after.profile}
            if len({after.profile[node] for node in around}) > 1:
                found["led", *ends(edge), edge["source"]] += 1
    return found


def said_effects(found: Diff) -> Counter[tuple[str, Node, Node, str]]:
    edges = [edge for change in found.changes for edge in change.edges]
    return Counter((e.effect, (e.one.type, e.one.value), (e.other.type, e.other.value), e.source) for e in edges)


def features(shop: Shop, numbers: tuple[int, int]) -> dict[str, int]:
    """Profiles of both runs by the feature that differs."""
    refs = {m.ref for m in shop.project().materials() if m.kind == "feature_view" and "using" not in m.ref}
    ref = next(iter(refs))
    was, now = ({r["user_main_id"]: r for r in shop.rows(f'SELECT * FROM "{shop.material(ref, n)}"')} for n in numbers)
    found: Counter[str] = Counter()
    for main_id in was.keys() & now.keys():
        for name, value in now[main_id].items():
            old = was[main_id][name]
            same = old == value or (isinstance(value, float) and old is not None and value == pytest.approx(old))
            found[name] += not same
    return {name: count for name, count in found.items() if count}


SHOWN = 10
"""Edges shown of one profile."""


def check(shop: Shop, before: int, after: int) -> Diff:
    """Hold one comparison against the twin."""
    found = shop.project().audit().diff(before, after, top=100)
    was, now = Graph.of(shop, before), Graph.of(shop, after)
    assert {k.kind: (k.profiles, k.ids) for k in found.kinds} == kinds(was, now)
    told = found.main_ids
    old, new = was.members(), now.members()
    assert told.kept == len(old.keys() & new.keys())
    assert told.created == sum(m not in old and not ids & was.profile.keys() for m, ids in new.items())
    assert told.split == sum(m not in old and bool(ids & was.profile.keys()) for m, ids in new.items())
    assert told.retired == sum(m not in new and not ids & now.profile.keys() for m, ids in old.items())
    assert told.merged == sum(m not in new and bool(ids & now.profile.keys()) for m, ids in old.items())
    both = was.profile.keys() & now.profile.keys()
    assert told.ids_moved == sum(was.profile[node] != now.profile[node] for node in both)
    said, expected = said_effects(found), effects(was, now)
    assert said <= expected
    # Of one profile at most ten edges are shown; all are counted.
    assert said == expected or any(len(change.edges) == SHOWN for change in found.changes)
    by_effect = Counter[str]()
    for line in found.causes:
        by_effect[line.effect] += line.edges
    assert by_effect == Counter(effect for effect, *_ in expected.elements())
    assert sum(d.joined + d.grew + d.split for d in found.days) == by_effect.total()
    assert found.features is not None
    assert {line.feature: line.changed for line in found.features.lines} == features(shop, (before, after))
    assert found.features.compared == told.kept
    for change in found.changes:
        own = (old if change.kind in {"split", "shrunk", "retired"} else new)[change.main_id]
        assert change.ids == len(own) == sum(part.ids for part in change.parts)
    return found


@settings(
    max_examples=examples(6),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is several runs: shrinking would take long
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@example(
    first=[(t, u, d, 0.1, "2026-01-01 10:00:00") for t, u, d in STORY],
    steps=[
        ([], {5}, "d1", 100),
        ([("moves", "u3", "d2", 0.2, None), ("logins", "u5", "d6", 7.5, "2026-03-05 00:00:00")], set(), "none", 100),
        ([("logins", "u4", "d5", None, None), ("moves", "u5", "d5", None, None)], {0}, "none", 2),
    ],
)
@example(
    first=[(t, u, d, 0.1, "2026-01-01 10:00:00") for t, u, d in STORY],
    steps=[
        ([], set(), "none", 2),
        ([("moves", "u5", "d1", None, "2026-06-01 23:59:59")], set(), "none", 2),
        ([("moves", "u1", "d3", None, "2026-06-01 23:59:59")], {1}, "none", 2),
    ],
)
@given(first=st.lists(ROW, min_size=3, max_size=15), steps=st.lists(STEP, min_size=2, max_size=3))
def test_a_comparison_equals_its_twin(first: list[Any], steps: list[Any]) -> None:
    """Of neighbouring runs and of distant ones, in either direction: profiles, main ids, edges and features."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.run(first, ())
        for step in steps:
            shop.run(*step)
        last = len(steps) + 1
        for before in range(1, last):
            found = check(shop, before, before + 1)
            check_history(shop, found, before + 1)
        check(shop, 1, last)
        check(shop, last, 1)


def check_history(shop: Shop, found: Diff, seq_no: int) -> None:
    """What a comparison of neighbours counts, the history tells event by event."""
    rows = shop.rows(f"SELECT * FROM GRAPH_ID_HISTORY WHERE seq_no = {seq_no}")
    events = Counter(row["event"] for row in rows)
    living = Graph.of(shop, seq_no - 1).members().keys()
    assert found.main_ids.created + found.main_ids.split == events["created"] + events["split"] + events["restored"]
    assert found.main_ids.retired == events["retired"]
    assert found.main_ids.merged == sum(r["event"] == "merged" and r["previous_main_id"] in living for r in rows)
    assert found.main_ids.ids_moved == sum(row["ids_moved"] for row in rows)

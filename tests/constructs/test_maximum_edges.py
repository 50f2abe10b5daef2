"""maximum_edges: an id with too many neighbours of a type loses all its edges to that type (format B6.5)."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Tiny
from tests.examples import examples

import onefold

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeTiny

PROJECT = """
    name: shop
    schema_version: 99
    connection: local
    model_folders: [models]
    entities: [{name: user, id_types: [user_id, email, device]}]
    id_types:
      - {name: user_id, maximum_edges: [LIMITS]}
      - {name: email}
      - {name: device, maximum_edges: [DEVICE]}
"""

MODELS = """
    inputs:
      - name: events
        app_defaults:
          table: raw.main.events
          occurred_at_col: ts
          ids:
            - {select: user_id, type: user_id, entity: user}
            - {select: email, type: email, entity: user}
            - {select: device, type: device, entity: user}
"""

SHARED = """
    CREATE TABLE events AS SELECT * FROM (VALUES
        ('u1', 'a@x', 'd1', TIMESTAMP '2026-01-01'),
        ('u1', 'b@x', NULL, TIMESTAMP '2026-01-02'),
        ('u1', 'c@x', NULL, TIMESTAMP '2026-01-03'),
        ('u2', 'd@x', 'd1', TIMESTAMP '2026-01-04'),
        ('u2', 'd@x', 'd2', TIMESTAMP '2026-01-05')
    ) v(user_id, email, device, ts);
"""
VIEW = "USER_DEFAULT_ID_STITCHER"


def project(limits: str = "", device: str = "") -> dict[str, str]:
    file = PROJECT.replace("LIMITS", limits).replace("DEVICE", device)
    return {"pb_project.yaml": file, "models/inputs.yaml": MODELS}


def profiles(shop: Tiny) -> set[frozenset[str]]:
    """The ids of each profile."""
    found: dict[str, set[str]] = {}
    for main_id, other_id in shop.rows(f"SELECT user_main_id, other_id FROM {VIEW}"):
        found.setdefault(main_id, set()).add(other_id)
    return {frozenset(ids) for ids in found.values()}


def test_crowded_id_loses_its_edges(tiny: MakeTiny) -> None:
    """u1 has three emails and may have two: its edges to emails go, its edge to the device stays."""
    shop = tiny(SHARED, project("{email: 2}"))

    shop.run()

    assert profiles(shop) == {frozenset({"u1", "d1", "a@x", "u2", "d@x", "d2"}), frozenset({"b@x"}), frozenset({"c@x"})}


def test_limit_that_holds(tiny: MakeTiny) -> None:
    """As many neighbours as allowed are not too many."""
    shop = tiny(SHARED, project("{email: 3}"))

    shop.run()

    assert len(profiles(shop)) == 1
    assert shop.rows(f"SELECT COUNT(*) FROM {VIEW}_QUARANTINE") == [(0,)]


def test_the_other_direction(tiny: MakeTiny) -> None:
    """A device may belong to one user: d1, which has two, keeps its emails only."""
    shop = tiny(SHARED, project(device="{user_id: 1}"))

    shop.run()

    assert profiles(shop) == {frozenset({"u1", "a@x", "b@x", "c@x", "d1", "u2", "d@x", "d2"})}
    assert shop.rows(f"SELECT id1, id2 FROM {VIEW}_QUARANTINE ORDER BY id2") == [("d1", "u1"), ("d1", "u2")]


def test_audit(tiny: MakeTiny) -> None:
    """The format's audit view says which edges went, and by which limit."""
    shop = tiny(SHARED, project("{email: 2}"))

    result = shop.run()
    rows = shop.rows(f"SELECT * FROM {VIEW}_CARDINALITY_AUDIT ORDER BY id2")

    assert [(*row[2:6], row[6], json.loads(row[7])) for row in rows] == [
        ("u1", "user_id", email, "email", "CARDINALITY_VIOLATION", {"max_edges": 2, "current_count": 3})
        for email in ("a@x", "b@x", "c@x")
    ]
    assert {row[0] for row in rows} == {result.seq_no}


def test_stale_views(tiny: MakeTiny) -> None:
    """Without limits there is no audit view, also where an earlier run left one."""
    shop = tiny(SHARED, project("{email: 2}"))
    shop.run()
    (shop.folder / "pb_project.yaml").write_text(PROJECT.replace("LIMITS", "").replace("DEVICE", ""))

    shop.run()

    with pytest.raises(onefold.RunError):
        shop.rows(f"SELECT * FROM {VIEW}_CARDINALITY_AUDIT")


def test_unknown_type(tiny: MakeTiny) -> None:
    """A limit to a type that the entity does not have is an error with its place."""
    shop = tiny(SHARED, project("{emial: 2}"))

    with pytest.raises(onefold.ProjectError, match=r"pb_project\.yaml:8") as caught:
        shop.run()

    assert 'did you mean "email"' in str(caught.value)


IDS = st.sampled_from([None, "1", "2", "3", "4", "5"])
ROWS = st.lists(st.tuples(IDS, IDS, IDS).filter(any), min_size=1, max_size=14)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.integers(1, 3), st.integers(1, 3))
def test_limits_equal_networkx(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, ...]], emails: int, users: int
) -> None:
    """On random rows, profiles are the components of the graph without the edges of ids over their limit."""
    folder: Path = tmp_path_factory.mktemp("shop")
    values = ", ".join(
        "(" + ", ".join("NULL::TEXT" if v is None else f"'{kind}{v}'" for kind, v in zip("ued", row, strict=True)) + ")"
        for row in rows
    )
    sql = f"CREATE TABLE events AS SELECT *, TIMESTAMP '2026-01-01' AS ts FROM (VALUES {values}) v(user_id, email, device)"
    shop = Tiny(folder, sql, project(f"{{email: {emails}}}", f"{{user_id: {users}}}"))

    shop.run()

    assert profiles(shop) == _expected(rows, {("u", "e"): emails, ("d", "u"): users})


def _expected(rows: list[tuple[str | None, ...]], limits: dict[tuple[str, str], int]) -> set[frozenset[str]]:
    graph: nx.Graph[str] = nx.Graph()
    for row in rows:
        ids = [kind + v for kind, v in zip("ued", row, strict=True) if v is not None]
        graph.add_nodes_from(ids)
        graph.add_edges_from((a, b) for i, a in enumerate(ids) for b in ids[i + 1 :])
    cut = set()
    for (kind, other), maximum in limits.items():
        for node in graph:
            to_other = [n for n in graph[node] if n[0] == other]
            if node[0] == kind and Counter(n[0] for n in to_other)[other] > maximum:
                cut |= {(node, n) for n in to_other}
    graph.remove_edges_from(cut)
    return {frozenset(c) for c in nx.connected_components(graph)}

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.errors import RunError
from onefold.identity.certificate import certify
from onefold.identity.components.connected_since import connected_since
from onefold.identity.components.union_find import components, earliest, partition
from onefold.identity.native.kernel import UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    TimedEdge = tuple[int, int, int]

TIMES = st.one_of(st.integers(-3, 8), st.just(UNKNOWN))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[TimedEdge]]:
    """A number of nodes and edges between them: (left, right, seen_at), with ties and nulls."""
    nodes = draw(st.integers(1, 24))
    node = st.integers(0, nodes - 1)
    return nodes, draw(st.lists(st.tuples(node, node, TIMES), max_size=40))


def columns(edges: list[TimedEdge]) -> tuple[NDArray[np.int64], ...]:
    return tuple(np.array(edges, dtype=np.int64).reshape(-1, 3).T)


def reachable(nodes: int, edges: list[TimedEdge], until: int) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from((left, right) for left, right, seen_at in edges if seen_at <= until)
    return graph


def smallest_reachable(nodes: int, edges: list[TimedEdge]) -> list[int]:
    graph = reachable(nodes, edges, UNKNOWN)
    return [min(nx.node_connected_component(graph, node)) for node in range(nodes)]


def first_sights(nodes: int, edges: list[TimedEdge]) -> NDArray[np.int64]:
    """When each node was first seen, as the edges tell it."""
    seen = [[time for *ends, time in edges if node in ends] for node in range(nodes)]
    return np.array([min(times, default=UNKNOWN) for times in seen])


def solve(
    nodes: int, edges: list[TimedEdge], anchors: dict[int, int], *, compiled: bool = False, forest: bool = False
) -> list[int]:
    left, right, seen_at = columns(edges)
    split = partition(nodes, left, right, seen_at=seen_at, compiled=compiled)
    component = split.component
    found = connected_since(
        nodes,
        left,
        right,
        seen_at=seen_at,
        component=component,
        anchor=np.array([anchors[int(name)] for name in component]),
        first_seen=first_sights(nodes, edges),
        forest=split.forest if forest else None,
        compiled=compiled,
    )
    times: list[int] = found.tolist()
    return times


def draw_anchors(data: st.DataObject, nodes: int, edges: list[TimedEdge]) -> dict[int, int]:
    """Any member of each component: the kernel must not count on the anchor being the earliest."""
    smallest = smallest_reachable(nodes, edges)
    members = {name: [node for node in range(nodes) if smallest[node] == name] for name in set(smallest)}
    return {name: data.draw(st.sampled_from(members[name])) for name in sorted(members)}


@given(graph=graphs(), compiled=st.booleans())
def test_components_equal_networkx(graph: tuple[int, list[TimedEdge]], *, compiled: bool) -> None:
    """Each node gets the smallest node that networkx finds reachable, and the joins add up."""
    nodes, edges = graph
    left, right, _ = columns(edges)

    found = partition(nodes, left, right, compiled=compiled)

    assert found.component.tolist() == smallest_reachable(nodes, edges)
    assert found.joins == nodes - nx.number_connected_components(reachable(nodes, edges, UNKNOWN))


@given(graph=graphs(), compiled=st.booleans())
def test_the_forest_connects_what_all_edges_do_at_any_time(
    graph: tuple[int, list[TimedEdge]], *, compiled: bool
) -> None:
    """With times the components are the same, and the forest's edges so far reach what all edges so far reach."""
    nodes, edges = graph
    left, right, seen_at = columns(edges)

    found = partition(nodes, left, right, seen_at=seen_at, compiled=compiled)

    assert found.component.tolist() == smallest_reachable(nodes, edges)
    assert found.forest is not None
    kept = [edges[edge] for edge in found.forest]
    assert len(kept) == found.joins == nodes - nx.number_connected_components(reachable(nodes, edges, UNKNOWN))
    assert [time for *_, time in kept] == sorted(time for *_, time in kept)
    for until in {time for *_, time in edges}:
        sets, all_sets = (nx.connected_components(reachable(nodes, some, until)) for some in (kept, edges))
        assert set(map(frozenset, sets)) == set(map(frozenset, all_sets))


@given(graphs(), st.data())
def test_components_do_not_depend_on_order_or_direction(
    graph: tuple[int, list[TimedEdge]], data: st.DataObject
) -> None:
    """Edges shuffled, turned round and repeated give the same components."""
    nodes, edges = graph
    others = [
        (right, left, time) if data.draw(st.booleans()) else (left, right, time)
        for left, right, time in data.draw(st.permutations(edges + edges[:3]))
    ]

    assert components(nodes, *columns(others)[:2]).tolist() == components(nodes, *columns(edges)[:2]).tolist()


@given(graphs(), st.data())
def test_earliest_equals_a_loop(graph: tuple[int, list[TimedEdge]], data: st.DataObject) -> None:
    """A node is marked exactly when no node of its component was seen before it."""
    nodes, edges = graph
    component = components(nodes, *columns(edges)[:2])
    first_seen = np.array(data.draw(st.lists(TIMES, min_size=nodes, max_size=nodes)), dtype=np.int64)

    expected = [
        first_seen[node] == min(first_seen[other] for other in range(nodes) if component[other] == component[node])
        for node in range(nodes)
    ]
    assert earliest(component, first_seen).tolist() == expected


@given(graph=graphs(), data=st.data(), compiled=st.booleans(), forest=st.booleans())
def test_connected_since_equals_its_definition(
    graph: tuple[int, list[TimedEdge]], data: st.DataObject, *, compiled: bool, forest: bool
) -> None:
    """The time is the least one whose edges so far reach the anchor, all edges walked or only those of the forest."""
    nodes, edges = graph
    anchors = draw_anchors(data, nodes, edges)
    smallest = smallest_reachable(nodes, edges)
    times = sorted({seen_at for *_, seen_at in edges})
    snapshots = [(time, reachable(nodes, edges, time)) for time in times]

    expected = [
        int(first_sights(nodes, edges)[node])
        if (anchor := anchors[smallest[node]]) == node
        else next(time for time, snapshot in snapshots if nx.has_path(snapshot, node, anchor))
        for node in range(nodes)
    ]
    assert solve(nodes, edges, anchors, compiled=compiled, forest=forest) == expected


@given(graphs(), st.data())
def test_connected_since_does_not_depend_on_order_or_direction(
    graph: tuple[int, list[TimedEdge]], data: st.DataObject
) -> None:
    """Edges shuffled and turned round give the same times, ties and nulls included."""
    nodes, edges = graph
    anchors = draw_anchors(data, nodes, edges)
    others = [
        (right, left, time) if data.draw(st.booleans()) else (left, right, time)
        for left, right, time in data.draw(st.permutations(edges))
    ]

    assert solve(nodes, others, anchors) == solve(nodes, edges, anchors)


@given(graphs(), st.data())
def test_the_certificate_holds_for_the_right_mapping_only(
    graph: tuple[int, list[TimedEdge]], data: st.DataObject
) -> None:
    """Any mapping that groups the nodes otherwise than the edges do breaks the certificate."""
    nodes, edges = graph
    left, right, _ = columns(edges)
    found = partition(nodes, left, right)
    node, name = data.draw(st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1)))
    changed = found.component.copy()
    changed[node] = name

    def groups(component: NDArray[np.uint32]) -> set[frozenset[int]]:
        return {frozenset(np.flatnonzero(component == one).tolist()) for one in np.unique(component)}

    main_ids = np.unique(changed).size
    if groups(changed) == groups(found.component):
        assert certify(nodes, left, right, changed, joins=found.joins, main_ids=main_ids).profiles == main_ids
    else:
        with pytest.raises(RunError):
            certify(nodes, left, right, changed, joins=found.joins, main_ids=main_ids)


@pytest.mark.parametrize("seed", range(3))
def test_both_modes_agree_on_larger_graphs(seed: int) -> None:
    """Interpreted and compiled runs of one source give the same arrays."""
    rng = np.random.default_rng(seed)
    nodes, edges = 20_000, 22_000
    left, right = rng.integers(0, nodes, (2, edges))
    seen_at = rng.integers(0, 500, edges)
    seen_at[rng.random(edges) < 0.1] = UNKNOWN

    slow, fast = (partition(nodes, left, right, compiled=compiled) for compiled in (False, True))
    slow_times, fast_times = (
        connected_since(
            nodes, left, right,
            seen_at=seen_at,
            component=slow.component,
            anchor=slow.component,
            first_seen=np.zeros(nodes, dtype=np.int64),
            compiled=compiled,
        )
        for compiled in (False, True)
    )  # fmt: skip

    assert slow.joins == fast.joins
    assert np.array_equal(slow.component, fast.component)
    assert np.array_equal(slow_times, fast_times)

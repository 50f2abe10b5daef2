from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.identity.components.adjacency import adjacency, search
from onefold.identity.components.articulation import find_articulation_points, find_bridges
from onefold.identity.components.shortest_paths import shortest_path
from onefold.identity.components.threshold_sweep import NEVER, SweepGraph, sweep_thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence

    Edge = tuple[int, int]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Edge]]:
    """Sparse graphs, whose parts hang together by little; edges may be double or lead back."""
    nodes = draw(st.integers(1, 18))
    node = st.integers(0, nodes - 1)
    return nodes, draw(st.lists(st.tuples(node, node), max_size=26))


def columns(edges: Sequence[Edge]) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    return left, right


def of_networkx(nodes: int, edges: Sequence[Edge]) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from((a, b) for a, b in edges if a != b)
    return graph


def parts_without(graph: nx.Graph[int], node: int) -> list[set[int]]:
    """The parts that the component of a node falls into without it."""
    members = nx.node_connected_component(graph, node) - {node}
    return [set(part) for part in nx.connected_components(graph.subgraph(members))]


def stays(parts: list[set[int]], weight: Sequence[int]) -> tuple[int, int]:
    """Nodes and weight of the part that stays: the one with most nodes, of those the heaviest."""
    return max((len(part), sum(weight[n] for n in part)) for part in parts)


@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
@given(graph=graphs(), data=st.data())
def test_cut_nodes_equal_networkx(graph: tuple[int, list[Edge]], data: st.DataObject, *, compiled: bool) -> None:
    """Articulation points are networkx's, and what falls off is what removing each of them leaves."""
    nodes, edges = graph
    weight = data.draw(st.lists(st.integers(0, 3), min_size=nodes, max_size=nodes))
    oracle = of_networkx(nodes, edges)

    found = search(adjacency(nodes, *columns(edges), compiled=compiled), compiled=compiled)
    cut = find_articulation_points(found, (np.array(weight),))

    assert cut.node.tolist() == sorted(nx.articulation_points(oracle))
    for row, node in enumerate(cut.node.tolist()):
        parts = parts_without(oracle, node)
        most, heaviest = stays(parts, weight)
        assert cut.parts[row] == len(parts)
        assert cut.disconnected[row] == sum(map(len, parts)) - most
        assert cut.disconnected_weight[0][row] == sum(weight[n] for p in parts for n in p) - heaviest
        assert cut.heavy_parts[0][row] == sum(any(weight[n] for n in p) for p in parts)


@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
@given(graph=graphs(), data=st.data())
def test_bridges_equal_networkx(graph: tuple[int, list[Edge]], data: st.DataObject, *, compiled: bool) -> None:
    """Bridges are networkx's, and the side that falls off is the one with fewer nodes."""
    nodes, edges = graph
    weight = data.draw(st.lists(st.integers(0, 3), min_size=nodes, max_size=nodes))
    oracle = of_networkx(nodes, edges)

    found = search(adjacency(nodes, *columns(edges), compiled=compiled), compiled=compiled)
    cut = find_bridges(found, (np.array(weight),))

    pairs = list(zip(cut.left.tolist(), cut.right.tolist(), strict=True))
    bridges: Any = nx.bridges(oracle)
    assert {frozenset(p) for p in pairs} == {frozenset(p) for p in bridges}
    for row, (left, right) in enumerate(pairs):
        without = oracle.copy()
        without.remove_edge(left, right)
        sides = sorted(
            (len(side), sum(weight[n] for n in side))
            for side in (nx.node_connected_component(without, left), nx.node_connected_component(without, right))
        )
        assert (cut.disconnected[row], cut.disconnected_weight[0][row]) == sides[0]
        assert cut.kept_weight[0][row] == sides[1][1]


@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
@given(graph=graphs(), data=st.data())
def test_paths_equal_networkx(graph: tuple[int, list[Edge]], data: st.DataObject, *, compiled: bool) -> None:
    """A path leads from end to end along edges and is as short as networkx's; without one there is none."""
    nodes, edges = graph
    start, end = (data.draw(st.integers(0, nodes - 1)) for _ in range(2))
    oracle = of_networkx(nodes, edges)

    path = shortest_path(adjacency(nodes, *columns(edges), compiled=compiled), start, end, compiled=compiled)

    if path is None:
        assert not nx.has_path(oracle, start, end)
        return
    assert (path[0], path[-1]) == (start, end)
    assert all(oracle.has_edge(a, b) for a, b in pairwise(path))
    assert len(path) - 1 == nx.shortest_path_length(oracle, start, end)


@given(graph=graphs())
def test_a_search_covers_subtrees(graph: tuple[int, list[Edge]]) -> None:
    """Sizes and weights below a node are those of the nodes that have it on their way up."""
    nodes, edges = graph

    found = search(adjacency(nodes, *columns(edges)))

    above: Counter[int] = Counter()
    for node in range(nodes):
        up = node
        above[up] += 1
        while found.parent[up] != up:
            up = int(found.parent[up])
            above[up] += 1
    assert found.size.tolist() == [above[n] for n in range(nodes)]
    assert found.below(np.ones(nodes, dtype=np.int64)).tolist() == found.size.tolist()


@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
@given(graph=graphs(), data=st.data())
def test_sweep_equals_a_run_for_each_threshold(
    graph: tuple[int, list[Edge]], data: st.DataObject, *, compiled: bool
) -> None:
    """Each level counts what networkx counts in the graph of that threshold alone."""
    nodes, edges = graph
    level = st.sampled_from([0, 1, 2, 3, 5, NEVER])
    own = data.draw(st.lists(level, min_size=nodes, max_size=nodes))
    given_levels = data.draw(st.lists(level, min_size=len(edges), max_size=len(edges)))
    edge_levels = [max(v, own[a], own[b]) for v, (a, b) in zip(given_levels, edges, strict=True)]
    marked = data.draw(st.lists(st.booleans(), min_size=nodes, max_size=nodes))
    swept = SweepGraph(
        np.array(own, dtype=np.int64),
        *columns(edges),
        np.array(edge_levels, dtype=np.int64),
        np.array(marked, dtype=np.bool_),
    )

    for found in sweep_thresholds(swept, (1, 2, 3, 4, 6), compiled=compiled):
        there = [n for n in range(nodes) if own[n] <= found.threshold]
        kept = [e for e, v in zip(edges, edge_levels, strict=True) if v <= found.threshold]
        oracle: nx.Graph[int] = nx.Graph()
        oracle.add_nodes_from(there)
        oracle.add_edges_from(kept)
        parts = list(nx.connected_components(oracle))
        assert (found.nodes, found.edges, found.components) == (len(there), len(kept), len(parts))
        assert found.largest == max(map(len, parts), default=0)
        assert found.several == sum(sum(marked[n] for n in part) > 1 for part in parts)

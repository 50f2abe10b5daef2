from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

from onefold.identity.components.adjacency import adjacency, search
from onefold.identity.components.articulation import find_articulation_points, find_bridges
from onefold.identity.components.shortest_paths import shortest_path
from onefold.identity.components.threshold_sweep import NEVER, SweepGraph, sweep_thresholds

BOTH_MODES = pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])


def ends(edges: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    return left, right


@BOTH_MODES
def test_a_chain_of_ten_thousand(*, compiled: bool) -> None:
    """In a chain every inner node is an articulation point and every edge a bridge; a long chain does not recurse."""
    nodes = 10_000
    numbers = np.random.default_rng(3).permutation(nodes)
    graph = adjacency(nodes, numbers[:-1], numbers[1:], compiled=compiled)
    found = search(graph, compiled=compiled)

    cut, edges = find_articulation_points(found), find_bridges(found)

    assert set(cut.node.tolist()) == set(numbers[1:-1].tolist())
    worst = cut.node[np.argmax(cut.disconnected)]
    assert worst in set(numbers[4999:5001].tolist())
    assert (cut.disconnected.max(), edges.disconnected.max(), edges.left.size) == (4999, 5000, nodes - 1)
    path = shortest_path(graph, int(numbers[0]), int(numbers[-1]), compiled=compiled)
    assert path == numbers.tolist()


@BOTH_MODES
def test_a_star_of_fifty_thousand(*, compiled: bool) -> None:
    """A star has one articulation point with a part per leaf, and each of its edges disconnects one leaf."""
    nodes = 50_000
    hub = 1234
    leaves = np.delete(np.arange(nodes), hub)
    found = search(adjacency(nodes, np.full(nodes - 1, hub), leaves, compiled=compiled), compiled=compiled)
    weight = np.ones(nodes, dtype=np.int64)
    weight[:hub] = 0

    cut, edges = find_articulation_points(found, (weight,)), find_bridges(found, (weight,))

    assert (cut.node.tolist(), cut.parts.tolist(), cut.disconnected.tolist()) == ([hub], [nodes - 1], [nodes - 2])
    assert cut.heavy_parts[0].tolist() == [nodes - 1 - hub]
    assert edges.disconnected.tolist() == [1] * (nodes - 1)
    assert int(edges.disconnected_weight[0].sum()) == nodes - 1 - hub


def test_a_giant_equals_networkx() -> None:
    """A component of 50,000 nodes, dense in parts, has the cuts that networkx finds."""
    rng = np.random.default_rng(5)
    nodes = 50_000
    left = np.concatenate([np.arange(1, nodes), rng.integers(0, nodes, 20_000)])
    right = np.concatenate([rng.integers(0, np.arange(1, nodes)), rng.integers(0, nodes, 20_000)])
    oracle: nx.Graph[int] = nx.Graph()
    oracle.add_nodes_from(range(nodes))
    oracle.add_edges_from((a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True) if a != b)

    found = search(adjacency(nodes, left, right, compiled=True), compiled=True)

    edges = find_bridges(found)
    assert set(find_articulation_points(found).node.tolist()) == set(nx.articulation_points(oracle))
    ours = {frozenset(e) for e in zip(edges.left.tolist(), edges.right.tolist(), strict=True)}
    bridges: Any = nx.bridges(oracle)
    assert ours == {frozenset(e) for e in bridges}


def test_double_edges_are_one() -> None:
    """An edge from two sources, in different directions, is still a bridge."""
    found = search(adjacency(3, *ends([(0, 1), (1, 0), (0, 1), (1, 2), (2, 2)])))

    assert find_bridges(found).right.tolist() == [1, 2]
    assert find_articulation_points(found).node.tolist() == [1]


def test_no_nodes_and_no_edges() -> None:
    """Graphs without nodes or without edges have no articulation points and no bridges."""
    for nodes in (0, 3):
        found = search(adjacency(nodes, *ends([])))

        assert find_articulation_points(found, (np.ones(nodes, dtype=np.int64),)).node.size == 0
        assert find_bridges(found, (np.ones(nodes, dtype=np.int64),)).left.size == 0
        assert found.below(np.ones(nodes, dtype=np.int64)).tolist() == [1] * nodes


def test_the_heavier_of_equal_parts_stays() -> None:
    """Of two parts with equally many nodes, the one with less weight is disconnected."""
    weight = np.array([1, 0, 0])

    found = search(adjacency(3, *ends([(0, 1), (1, 2)])))

    assert find_articulation_points(found, (weight,)).disconnected_weight[0].tolist() == [0]


def test_paths_of_no_node_are_refused() -> None:
    """Both ends must be nodes of the graph."""
    graph = adjacency(2, *ends([(0, 1)]))

    with pytest.raises(ValueError, match=r"a path from 0 to 2, but nodes are 0\.\.1"):
        shortest_path(graph, 0, 2)


def test_thresholds_must_ascend() -> None:
    """Thresholds must ascend."""
    graph = SweepGraph(np.zeros(1, np.int64), *ends([]), np.zeros(0, np.int64), np.zeros(1, np.bool_))

    with pytest.raises(ValueError, match="ascend"):
        sweep_thresholds(graph, (3, 2))


@BOTH_MODES
def test_sweep_counts(*, compiled: bool) -> None:
    """Nodes and edges are added at their thresholds, and those with NEVER are never added."""
    left, right = ends([(0, 1), (1, 2), (3, 4)])
    graph = SweepGraph(
        np.array([0, 0, 3, 5, NEVER]), left, right, np.array([0, 3, NEVER]), np.array([True, True, True, True, True])
    )
    labels: dict[int, list[int]] = {}

    levels = sweep_thresholds(
        graph, (2, 3, 5), look=lambda t, roots: labels.update({t: roots.tolist()}), compiled=compiled
    )

    assert [(v.threshold, v.nodes, v.edges, v.components, v.largest, v.several) for v in levels] == [
        (2, 2, 1, 1, 2, 1), (3, 3, 2, 1, 3, 1), (5, 4, 2, 2, 3, 1),
    ]  # fmt: skip
    assert len(set(labels[2][:2])) == 1
    assert len(set(labels[5][:3])) == 1

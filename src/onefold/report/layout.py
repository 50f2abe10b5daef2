"""Where to put the ids of a profile on a picture. In: edges between numbered nodes. Out: a place for each node.

The forces are networkx's (Fruchterman and Reingold, 1991), begun from its planar embedding where the graph has one,
which keeps trees and chains free of crossings. Then nodes that lie on each other, or on a line between two others, are
moved apart. Of several layouts the one with the fewest crossings is taken. The same graph always gets the same
picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Places = NDArray[np.float64]

MARGIN = 34.0
"""Room around the nodes, for what is written beside them."""

APART = 27.0
"""Centres of nodes are at least so far apart: two radii and a gap."""

CLEAR = 16.0
"""Centres of nodes are so far from lines between others, where there is room."""

_ROUNDS, _PUSHES = 300, 150

_SEEDS, _SMALL = (1, 2, 3), 80
"""Beginnings that are tried; of a graph with more nodes only one, for time."""


def places(nodes: int, edges: Sequence[tuple[int, int]], width: float, height: float) -> Places:
    """A place for each node, within the picture and apart from each other.

    Args:
        nodes: How many there are; they are numbered from 0.
        edges: Pairs of them.
        width: Of the picture.
        height: Of the picture, large enough for `APART` between any two nodes.
    """
    if nodes == 1:
        return np.array([[width / 2, height / 2]])
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edges)
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    found = [_pushed_apart(_fitted(layout, width, height), ends, width, height) for layout in _layouts(graph)]
    return min(found, key=lambda at: (crossings(at, ends), covered(at, ends)))


def _layouts(graph: nx.Graph[int]) -> Iterable[Places]:
    """Some layouts, of which one is the best."""
    nodes = graph.number_of_nodes()
    starts: list[tuple[int, dict[int, Any] | None]] = [(n, None) for n in (_SEEDS if nodes <= _SMALL else _SEEDS[:1])]
    if nx.check_planarity(graph)[0]:
        starts.append((_SEEDS[0], nx.planar_layout(graph)))
    for seed, start in starts:
        found = nx.spring_layout(graph, pos=start, iterations=_ROUNDS, seed=seed, method="force")
        yield np.array([found[node] for node in range(nodes)])


def _fitted(at: Places, width: float, height: float) -> Places:
    """Turned so that the longest side lies along the wider side of the picture, and stretched to fill it."""
    centred = at - at.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    # The largest axis comes last; it is to be the first coordinate of a wide picture.
    turned = centred @ (axes[:, ::-1] if width >= height else axes)
    # The sign of an axis is arbitrary; one rule for it keeps pictures the same on every machine.
    turned *= np.where(turned[np.abs(turned).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    span = np.maximum(np.ptp(turned, axis=0), 1e-9)
    room = np.array([width, height]) - 2 * MARGIN
    shrunk = np.minimum(room / span, 3 * (room / span).min())  # a line of ids is not stretched into a cloud
    fitted: Places = turned - (turned.max(axis=0) + turned.min(axis=0)) / 2
    at_centre: Places = fitted * shrunk + np.array([width, height]) / 2
    return at_centre


def _pushed_apart(at: Places, edges: NDArray[np.int64], width: float, height: float) -> Places:
    """The places with nodes moved until no two are closer than `APART`, and few lie on lines that are not theirs."""
    found = at.copy()
    lowest, highest = np.array([MARGIN, MARGIN]), np.array([width, height]) - MARGIN
    for n in range(2 * _PUSHES):
        push = _off_nodes(found)
        if n < _PUSHES:
            push = push + _off_lines(found, edges)
        if np.abs(push).max() < 0.01:  # noqa: PLR2004 - nothing moves any more
            break
        found = np.clip(found + push, lowest, highest)
    return found


def _off_nodes(at: Places) -> Places:
    """Where each node is pushed by nodes that are too near."""
    between = at[:, None, :] - at[None, :, :]
    distance = np.sqrt((between**2).sum(axis=2))
    # Two nodes at the same place part along a line that depends on their numbers alone.
    turn = np.arange(len(at)) * 2.4
    aside = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    same = distance < 1e-6  # noqa: PLR2004 - as good as the same place
    between[same] = (aside[:, None, :] - aside[None, :, :])[same]
    length = np.maximum(np.sqrt((between**2).sum(axis=2)), 1e-6)
    lacking = np.maximum(APART + 0.5 - distance, 0)
    np.fill_diagonal(lacking, 0)
    push: Places = (between / length[:, :, None] * lacking[:, :, None] / 2).sum(axis=1)
    return push


def _off_lines(at: Places, edges: NDArray[np.int64]) -> Places:
    """Where each node is pushed by lines between two others that it lies on."""
    away, distance = _from_lines(at, edges)
    lacking = np.maximum(CLEAR - distance, 0)
    push: Places = (away / np.maximum(distance, 1e-6)[:, :, None] * lacking[:, :, None] / 4).sum(axis=1)
    return push


def _from_lines(at: Places, edges: NDArray[np.int64]) -> tuple[Places, Places]:
    """For each node and each line, the way from the line to the node, and its length; endless for its own lines."""
    start, end = at[edges[:, 0]], at[edges[:, 1]]
    along = end - start
    length = np.maximum((along**2).sum(axis=1), 1e-9)
    share = ((at[:, None] - start[None]) * along[None]).sum(axis=2) / length
    nearest = start[None] + np.clip(share, 0, 1)[:, :, None] * along[None]
    away = at[:, None] - nearest
    distance = np.sqrt((away**2).sum(axis=2))
    rows = np.arange(len(edges))
    distance[edges[:, 0], rows] = np.inf
    distance[edges[:, 1], rows] = np.inf
    return away, distance


def crossings(at: Places, edges: NDArray[np.int64]) -> int:
    """How many pairs of edges without a common end cross each other."""
    if len(edges) < 2:  # noqa: PLR2004 - one edge crosses nothing
        return 0
    start, end = at[edges[:, 0]], at[edges[:, 1]]
    left = np.sign(_side(start[:, None], end[:, None], start[None]))
    right = np.sign(_side(start[:, None], end[:, None], end[None]))
    parts = left * right < 0
    common = (edges[:, None, :, None] == edges[None, :, None, :]).any(axis=(2, 3))
    return int((parts & parts.T & ~common).sum()) // 2


def covered(at: Places, edges: NDArray[np.int64]) -> int:
    """How many times a node lies on an edge that is not its own."""
    return int((_from_lines(at, edges)[1] < CLEAR - 1).sum())


def _side(start: Places, end: Places, point: Places) -> NDArray[np.float64]:
    """On which side of a line a point lies: positive to one, negative to the other."""
    along, to = end - start, point - start
    side: NDArray[np.float64] = along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]
    return side

"""Lays out the ids of a profile on a drawing. Takes edges between numbered nodes; returns a place per node.

Edges attract and nodes repel (Fruchterman and Reingold, 1991), from random starts and from a tree around its root. The
tree start avoids crossings in trees and chains. Then overlapping nodes, and nodes on edges of others, are moved apart.
The layout with the fewest crossings is used. The same graph always has the same drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Places = NDArray[np.float64]

MARGIN = 34.0
"""Margin around the nodes, for labels."""

APART = 27.0
"""The minimum distance between nodes: two radii and a gap."""

CLEAR = 16.0
"""The desired distance of nodes from other edges."""

_ROUNDS, _PUSHES = 300, 150

_SEEDS, _SMALL = (1, 2, 3), 80
"""Random starts to try; large graphs have only one, to save time."""

_TURN = 0.1
"""The rotation of each circle of a tree against the circle within it, in radians."""


def places(nodes: int, edges: Sequence[tuple[int, int]], width: float, height: float) -> Places:
    """Place the nodes within the drawing, without overlaps.

    Args:
        nodes: How many there are; they are numbered from 0.
        edges: Pairs of them.
        width: Of the picture.
        height: Of the picture, large enough for `APART` between any two nodes.
    """
    if nodes == 1:
        return np.array([[width / 2, height / 2]])
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    starts = [np.random.default_rng(seed).random((nodes, 2)) for seed in (_SEEDS if nodes <= _SMALL else _SEEDS[:1])]
    layouts = [_settled(start, ends) for start in (*starts, _around_root(nodes, edges))]
    found = [_pushed_apart(_fitted(layout, width, height), ends, width, height) for layout in layouts]
    return min(found, key=lambda at: (crossings(at, ends), covered(at, ends)))


def _settled(at: Places, edges: NDArray[np.int64]) -> Places:
    """Simulate the forces: nodes repel each other and edges attract, less in each round."""
    nodes = len(at)
    joined = np.zeros((nodes, nodes))
    joined[edges[:, 0], edges[:, 1]] = joined[edges[:, 1], edges[:, 0]] = 1
    ideal = nodes**-0.5
    longest = np.ptp(at, axis=0).max() / 10
    for step in np.linspace(longest, 0, _ROUNDS, endpoint=False):
        between = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.sqrt((between**2).sum(axis=2)), 0.01)
        force = (between * (ideal**2 / distance**2 - joined * distance / ideal)[:, :, None]).sum(axis=1)
        at = at + force * (step / np.maximum(np.sqrt((force**2).sum(axis=1)), 0.01))[:, None]
    return at


def _around_root(nodes: int, edges: Sequence[tuple[int, int]]) -> Places:
    """Draw a spanning tree around the node with the most neighbours, so that few edges cross.

    Each node has a slice of the circle in proportion to its leaves. Each circle is rotated a little, so that a chain
    becomes a spiral, because forces cannot bend a straight line.
    """
    below, order = _tree(nodes, edges)
    leaves = np.ones(nodes)
    for node in reversed(order):
        leaves[node] = sum(leaves[child] for child in below[node]) or 1.0
    at, slices = np.zeros((nodes, 2)), {order[0]: (0.0, 2 * np.pi, 0)}
    for node in order:
        begin, width, depth = slices[node]
        angle = begin + width / 2 + _TURN * depth
        at[node] = depth * np.cos(angle), depth * np.sin(angle)
        for child in below[node]:
            part = width * leaves[child] / leaves[node]
            slices[child] = (begin, part, depth + 1)
            begin += part
    return at / max(np.ptp(at), 1.0)


def _tree(nodes: int, edges: Sequence[tuple[int, int]]) -> tuple[list[list[int]], list[int]]:
    """The children of each node in a breadth-first spanning tree, and the nodes from the root on.

    Unreachable nodes are children of the root.
    """
    near: list[list[int]] = [[] for _ in range(nodes)]
    for one, other in edges:
        near[one].append(other)
        near[other].append(one)
    root = max(range(nodes), key=lambda node: len(near[node]))
    below: list[list[int]] = [[] for _ in range(nodes)]
    order, seen = [root], {root}
    for place in range(nodes):
        if place == len(order):
            apart = min({*range(nodes)} - seen)
            below[root].append(apart)
            order.append(apart)
            seen.add(apart)
        for other in near[order[place]]:
            if other not in seen:
                below[order[place]].append(other)
                order.append(other)
                seen.add(other)
    return below, order


def _fitted(at: Places, width: float, height: float) -> Places:
    """Rotate the layout along the longer side of the drawing, and stretch it to fill the drawing."""
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
    """Move nodes until no two are closer than `APART` and few lie on edges of others."""
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
    """The push on each node from nodes that are too close."""
    between = at[:, None, :] - at[None, :, :]
    distance = np.sqrt((between**2).sum(axis=2))
    # Nodes at the same place separate in a direction that depends only on their numbers.
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
    """The push on each node from edges of other nodes that it lies on."""
    away, distance = _from_lines(at, edges)
    lacking = np.maximum(CLEAR - distance, 0)
    push: Places = (away / np.maximum(distance, 1e-6)[:, :, None] * lacking[:, :, None] / 4).sum(axis=1)
    return push


def _from_lines(at: Places, edges: NDArray[np.int64]) -> tuple[Places, Places]:
    """The vector from each edge to each node, and its length; infinite for the node's own edges."""
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
    """The number of crossing pairs of edges without a common end."""
    if len(edges) < 2:  # noqa: PLR2004 - one edge crosses nothing
        return 0
    start, end = at[edges[:, 0]], at[edges[:, 1]]
    left = np.sign(_side(start[:, None], end[:, None], start[None]))
    right = np.sign(_side(start[:, None], end[:, None], end[None]))
    parts = left * right < 0
    common = (edges[:, None, :, None] == edges[None, :, None, :]).any(axis=(2, 3))
    return int((parts & parts.T & ~common).sum()) // 2


def covered(at: Places, edges: NDArray[np.int64]) -> int:
    """How often a node lies on an edge of other nodes."""
    return int((_from_lines(at, edges)[1] < CLEAR - 1).sum())


def _side(start: Places, end: Places, point: Places) -> NDArray[np.float64]:
    """The side of a line on which a point lies, as a sign."""
    along, to = end - start, point - start
    side: NDArray[np.float64] = along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]
    return side

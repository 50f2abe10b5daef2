"""Find the time from which each node is connected to the anchor of its component: the graph's ``valid_at``.

Takes edges with their first times, and the components with their anchors. Returns, per node, the earliest time at which
the edges seen so far connect it to the anchor. Does not use ids or tables.

Edges join sets in order of time, as in Kruskal's algorithm. The edge that joins a set to the set of the anchor gives
all its members their time at once. A set without the anchor stores its members in a ring, so two sets are joined by
swapping two links, and a set is walked once, when it is joined to the anchor. Takes O(E log E) time to sort, or near
linear time in the nodes if the forest of the earliest edges is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from onefold.identity.native.kernel import UNKNOWN, batches, check_ends, choose_mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.identity.native.kernel import Integers


def connected_since(
    nodes: int,
    left: Integers,
    right: Integers,
    *,
    seen_at: NDArray[np.int64],
    component: Integers,
    anchor: Integers,
    first_seen: NDArray[np.int64],
    forest: NDArray[np.int64] | None = None,
    compiled: bool | None = None,
) -> NDArray[np.int64]:
    """Per node, the earliest time from which it is connected to the anchor of its component.

    This is the least, over all paths to the anchor, of the latest edge time on the path. An anchor is connected to
    itself from its own first time. A node that only edges without a time connect gets `UNKNOWN`.

    Args:
        nodes: Number of nodes.
        left: One end of each edge.
        right: The other end.
        seen_at: Per edge, when it was first seen: microseconds, `UNKNOWN` for null.
        component: Per node, the smallest node of its component, as `components` gives it.
        anchor: Per node, the anchor of its component. Only the values at the smallest nodes of components are read.
        first_seen: Per node, when it was first seen: microseconds, `UNKNOWN` for null.
        forest: Numbers of the edges to use, in order of time, from `partition`; None sorts and uses all edges.
        compiled: Whether to use numba; None decides by size.

    Raises:
        ValueError: If an end is not a node, a column has a wrong length, or an anchor is outside its component.

    >>> since = connected_since(
    ...     3,
    ...     np.array([0, 1]),
    ...     np.array([1, 2]),
    ...     seen_at=np.array([9, 7]),
    ...     component=np.array([0, 0, 0]),
    ...     anchor=np.array([0, 0, 0]),
    ...     first_seen=np.array([4, 7, 7]),
    ... )
    >>> since.tolist()
    [4, 9, 9]
    """
    check_ends(nodes, left, right)
    _check_lengths(left.size, seen_at=seen_at)
    _check_lengths(nodes, component=component, anchor=anchor, first_seen=first_seen)
    anchors = _anchors(nodes, component, anchor)
    order = np.argsort(seen_at) if forest is None else forest
    mode = choose_mode(nodes + order.size, compiled)
    numbers = np.arange(nodes, dtype=np.uint32)
    is_anchor = np.zeros(nodes, dtype=np.uint8)
    is_anchor[anchors] = 1
    since = np.full(nodes, UNKNOWN, dtype=np.int64)
    since[anchors] = first_seen[anchors]
    state = (
        mode.column(numbers, np.uint32),
        mode.column(numbers, np.uint32),
        mode.column(is_anchor, np.uint8),
        mode.column(since, np.int64),
    )
    join = mode.load(_join_in_time, _SIGNATURE)
    # Untimed edges come last and leave UNKNOWN as it is. Ties need no order: either gives the same times.
    for part in batches(order.size):
        edges = order[part]
        edges = edges[seen_at[edges] != UNKNOWN]
        ends = (mode.column(left[edges], np.uint32), mode.column(right[edges], np.uint32))
        join(*state, *ends, mode.column(seen_at[edges], np.int64))
    return np.asarray(state[3], dtype=np.int64)


def _check_lengths(expected: int, **columns: Integers) -> None:
    for name, column in columns.items():
        if column.size != expected:
            raise ValueError(f'"{name}" has {column.size} values, not {expected}')


def _anchors(nodes: int, component: Integers, anchor: Integers) -> Integers:
    """The anchor of each component, in the order of the components' smallest nodes."""
    smallest = np.flatnonzero(component == np.arange(nodes))
    anchors = anchor[smallest]
    is_wrong = (anchors < 0) | (anchors >= nodes)
    if not is_wrong.any():
        is_wrong = component[anchors] != smallest
    if is_wrong.any():
        first = int(np.argmax(is_wrong))
        raise ValueError(f"anchor {anchors[first]} lies outside component {smallest[first]}")
    return anchors


_SIGNATURE = "void(uint32[::1], uint32[::1], uint8[::1], int64[::1], uint32[::1], uint32[::1], int64[::1])"


def _join_in_time(  # noqa: PLR0917  # numba passes by position
    parent: Any, following: Any, is_anchor: Any, since: Any, left: Any, right: Any, seen_at: Any
) -> None:
    """Join sets along edges in order of time, and set the time of each set that is joined to an anchor.

    An anchor always is the root of its set. ``following`` is the ring of members of a set without one.
    """
    for i in range(len(left)):
        a = left[i]
        up = parent[a]
        while up != a:
            above = parent[up]
            parent[a] = above
            a = above
            up = parent[a]
        b = right[i]
        up = parent[b]
        while up != b:
            above = parent[up]
            parent[b] = above
            b = above
            up = parent[b]
        if a == b:
            continue
        if is_anchor[b] or (b < a and not is_anchor[a]):
            a, b = b, a
        parent[b] = a
        if not is_anchor[a]:
            following[a], following[b] = following[b], following[a]
            continue
        since[b] = seen_at[i]
        member = following[b]
        while member != b:
            since[member] = seen_at[i]
            member = following[member]

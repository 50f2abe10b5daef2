"""Find since when each node has been connected to the anchor of its component: the graph's ``valid_at``.

In: edges with the time each was first seen, the components and their anchors. Out: per node, the earliest
moment at which the edges seen up to then connect it to the anchor. Knows nothing of ids or tables.

Edges join sets in the order of time, as in Kruskal's algorithm. The edge that brings a set to the anchor's
set gives all its members their time at once. A set without the anchor keeps its members in a ring, so two
sets become one by swapping two links; a set is walked once, when it meets the anchor. O(E log E), to sort; near
linear in the nodes where the partition has found the forest of the earliest edges already.
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
    """Per node, the earliest moment from which it is connected to its component's anchor.

    Over all paths to the anchor, the least of the latest edge's time. An anchor is connected to
    itself since its own first sight; a node that only untimed edges connect gets `UNKNOWN`.

    Args:
        nodes: How many nodes there are.
        left: One end of each edge.
        right: The other end.
        seen_at: Per edge, when it was first seen: microseconds, `UNKNOWN` for null.
        component: Per node, the smallest node of its component, as `components` gives it.
        anchor: Per node, its component's anchor. Read at the smallest node of each component only,
            so an array filled at those places does as well.
        first_seen: Per node, when it was first seen: microseconds, `UNKNOWN` for null.
        forest: Numbers of the edges to walk, in order of time, as `partition` gives them; None sorts and walks all.
        compiled: Whether numba runs it; None lets the size decide.

    Raises:
        ValueError: An end is not a node, a column's length is wrong, or an anchor lies outside its component.

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
    """Join sets along edges in the order of time; stamp the members of each set that meets an anchor.

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

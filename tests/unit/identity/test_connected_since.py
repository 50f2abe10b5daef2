from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from onefold.identity.components.connected_since import connected_since
from onefold.identity.native.kernel import BATCH, UNKNOWN

BOTH_MODES = pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])


def since(
    edges: list[tuple[int, int, int]], first_seen: list[int], anchor: int, *, compiled: bool = False
) -> list[int]:
    """The times of one component, whose nodes are all of ``first_seen``."""
    left, right, seen_at = np.array(edges, dtype=np.int64).reshape(-1, 3).T
    nodes = len(first_seen)
    found = connected_since(
        nodes,
        left,
        right,
        seen_at=seen_at,
        component=np.zeros(nodes, dtype=np.uint32),
        anchor=np.full(nodes, anchor),
        first_seen=np.array(first_seen),
        compiled=compiled,
    )
    times: list[int] = found.tolist()
    return times


@BOTH_MODES
def test_takes_the_best_path_and_its_latest_edge(*, compiled: bool) -> None:
    """The path that is complete first counts, and a path is complete at its latest edge."""
    edges = [(0, 1, 10), (1, 2, 30), (0, 3, 20), (3, 2, 15)]

    assert since(edges, [1, 10, 15, 15], anchor=0, compiled=compiled) == [1, 10, 20, 20]


@BOTH_MODES
def test_a_bridge_brings_all_that_is_behind_it(*, compiled: bool) -> None:
    """Ids that were joined earlier are connected to the anchor when the bridge is seen."""
    edges = [(3, 4, 1), (4, 5, 2), (1, 0, 8), (5, 1, 9), (3, 2, 4)]

    assert since(edges, [8, 8, 4, 1, 1, 2], anchor=4, compiled=compiled) == [9, 9, 4, 1, 1, 2]


@BOTH_MODES
def test_untimed_edges_connect_at_an_unknown_time(*, compiled: bool) -> None:
    """A node with only untimed edges has no time, and the anchor's own time may be unknown."""
    edges = [(0, 1, UNKNOWN), (1, 2, 5), (0, 3, 6)]

    assert since(edges, [UNKNOWN, 5, 5, 6], anchor=0, compiled=compiled) == [UNKNOWN, UNKNOWN, UNKNOWN, 6]


def test_reads_an_anchor_at_each_smallest_node_only() -> None:
    """Components do not mix, and the other places of the anchor column may hold anything."""
    found = connected_since(
        5,
        np.array([0, 2, 3]),
        np.array([1, 3, 4]),
        seen_at=np.array([7, 8, 9]),
        component=np.array([0, 0, 2, 2, 2]),
        anchor=np.array([1, -1, 4, 99, -1]),
        first_seen=np.array([7, 3, 8, 8, 2]),
    )

    assert found.tolist() == [7, 3, 9, 9, 2]


@pytest.mark.parametrize("anchor", ["first", "last", "middle"])
def test_a_long_chain_is_connected_one_edge_after_another(anchor: str) -> None:
    """Over several batches, in shuffled order, each node waits for the latest edge on its way."""
    nodes = BATCH + 1000
    place = {"first": 0, "last": nodes - 1, "middle": nodes // 2}[anchor]
    numbers = np.arange(nodes)
    times = np.random.default_rng(9).permutation(nodes - 1)
    shuffled = np.random.default_rng(10).permutation(nodes - 1)

    found = connected_since(
        nodes,
        numbers[:-1][shuffled],
        numbers[1:][shuffled],
        seen_at=times[shuffled],
        component=np.zeros(nodes, dtype=np.uint32),
        anchor=np.full(nodes, place),
        first_seen=np.full(nodes, -5),
    )

    after = np.maximum.accumulate(times[place:])
    before = np.maximum.accumulate(times[:place][::-1])[::-1]
    assert np.array_equal(found, np.concatenate([before, [-5], after]))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"anchor": np.array([2, 0, 2])}, "anchor 2 lies outside component 0"),
        ({"anchor": np.array([3, 0, 2])}, "anchor 3 lies outside component 0"),
        ({"anchor": np.array([-1, 0, 2])}, "anchor -1 lies outside component 0"),
        ({"seen_at": np.array([1, 2])}, '"seen_at" has 2 values, not 1'),
        ({"first_seen": np.array([1, 2])}, '"first_seen" has 2 values, not 3'),
        ({"component": np.array([0])}, '"component" has 1 values, not 3'),
    ],
)
def test_refuses_columns_that_do_not_fit(changed: dict[str, Any], message: str) -> None:
    """A wrong length or an anchor of another component is the caller's mistake and says so."""
    columns: dict[str, Any] = {
        "seen_at": np.array([1]),
        "component": np.array([0, 0, 2]),
        "anchor": np.array([0, 0, 2]),
        "first_seen": np.array([1, 1, 1]),
    }

    with pytest.raises(ValueError, match=message):
        connected_since(3, np.array([0]), np.array([1]), **columns | changed)

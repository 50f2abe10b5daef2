from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from onefold.identity.components.union_find import components, earliest, partition
from onefold.identity.native.kernel import BATCH, COMPILED_FROM, UNKNOWN

BOTH_MODES = pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])


@BOTH_MODES
def test_names_a_component_by_its_smallest_node(*, compiled: bool) -> None:
    """Each node carries the smallest node it can reach; a node without edges carries itself."""
    found = components(6, np.array([5, 3, 2]), np.array([3, 1, 2]), compiled=compiled)

    assert found.tolist() == [0, 1, 2, 1, 4, 1]
    assert found.dtype == np.uint32


@BOTH_MODES
def test_counts_only_edges_that_join(*, compiled: bool) -> None:
    """Loops, duplicate edges and edges that close a cycle join nothing."""
    left, right = np.array([0, 1, 2, 1, 0, 3]), np.array([1, 2, 0, 0, 1, 3])

    assert partition(4, left, right, compiled=compiled).joins == 2


@BOTH_MODES
def test_accepts_a_graph_without_edges_or_nodes(*, compiled: bool) -> None:
    """An empty graph has no components."""
    none = np.array([], dtype=np.uint32)

    assert components(0, none, none, compiled=compiled).tolist() == []
    assert components(2, none, none, compiled=compiled).tolist() == [0, 1]


@pytest.mark.parametrize("shape", ["chain", "chain backwards", "shuffled chain", "star", "giant"])
def test_follows_long_shapes_over_several_batches(shape: str) -> None:
    """A chain, a star and a giant of more edges than one batch are one component each."""
    nodes = BATCH + 1000
    numbers = np.arange(nodes)
    shuffled = np.random.default_rng(7).permutation(nodes)
    left, right = {
        "chain": (numbers[:-1], numbers[1:]),
        "chain backwards": (numbers[::-1][:-1], numbers[::-1][1:]),
        "shuffled chain": (shuffled[:-1], shuffled[1:]),
        "star": (np.full(nodes - 1, nodes - 1), numbers[:-1]),
        "giant": (numbers[1:], np.random.default_rng(8).integers(0, numbers[1:])),
    }[shape]

    found = partition(nodes, left, right)

    assert not found.component.any()
    assert found.joins == nodes - 1


@BOTH_MODES
def test_leaves_its_input_as_it_was(*, compiled: bool) -> None:
    """Read-only columns, as Arrow hands them out, are accepted and not written."""
    left, right = np.array([2, 1], dtype=np.uint32), np.array([1, 0], dtype=np.uint32)
    left.flags.writeable = right.flags.writeable = False

    assert components(3, left, right, compiled=compiled).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("nodes", "left", "right", "message"),
    [
        (2, [2], [0], "outside the nodes"),
        (2, [0], [-1], "outside the nodes"),
        (2, [0, 1], [1], "2 left ends but 1 right ends"),
        (2**32 + 1, [], [], "cannot be numbered"),
        (-1, [], [], "cannot be numbered"),
    ],
)
def test_refuses_edges_that_are_not_of_the_graph(nodes: int, left: list[int], right: list[int], message: str) -> None:
    """Ends outside the graph are rejected before compiled code, which checks no bounds."""
    with pytest.raises(ValueError, match=message):
        components(nodes, np.array(left, dtype=np.int64), np.array(right, dtype=np.int64))


def test_earliest_marks_all_first_nodes_of_each_component() -> None:
    """All ties are marked; unknown times sort last, and tie in a component without known times."""
    component = np.array([0, 0, 0, 3, 3, 5], dtype=np.uint32)
    first_seen = np.array([7, UNKNOWN, 7, UNKNOWN, UNKNOWN, -1])

    assert earliest(component, first_seen).tolist() == [True, False, True, True, True, True]


def test_a_small_shop_never_imports_numba() -> None:
    """A small graph does not import numba, because the import takes longer than the work."""
    script = (
        "import sys, numpy as np\n"
        "from onefold.identity.components.union_find import components\n"
        f"ends = np.arange({COMPILED_FROM // 2 - 1})\n"
        f"components({COMPILED_FROM // 2}, ends, ends)\n"
        "print('numba' in sys.modules)\n"
    )

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == (
        "False\n"
    )

"""Pictures: ids keep apart, lines of a tree do not cross, labels lie on nothing; the same graph, the same picture."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples

from onefold.audit.records import Id
from onefold.report.labels import labels, short
from onefold.report.layout import APART, covered, crossings, places
from onefold.report.model import Drawing, DrawnEdge, PlacedId

WIDTH, HEIGHT = 960.0, 640.0


def nearest(at: np.ndarray) -> float:
    distance = np.linalg.norm(at[:, None] - at[None], axis=2)
    return float(distance[~np.eye(len(at), dtype=bool)].min())


SHAPES: dict[str, nx.Graph[int]] = {
    "two": nx.path_graph(2),
    "star": nx.star_graph(100),
    "chain": nx.path_graph(110),
    "tree": nx.random_labeled_tree(100, seed=3),
    "ring": nx.cycle_graph(60),
    "all with all": nx.complete_graph(20),
    "devices of people": nx.complete_bipartite_graph(5, 40),
    "apart": nx.empty_graph(30),
}


@pytest.mark.parametrize("graph", SHAPES.values(), ids=SHAPES)
def test_ids_lie_apart_and_inside(graph: nx.Graph[int]) -> None:
    """No two ids of a picture touch, and none is outside, whatever the shape of the profile."""
    at = places(len(graph), list(graph.edges), WIDTH, HEIGHT)

    assert nearest(at) >= APART - 3  # a pixel or so is left where many push
    assert (at >= 0).all()
    assert (at <= [WIDTH, HEIGHT]).all()


@pytest.mark.parametrize("name", ["star", "chain", "tree", "ring"])
def test_lines_that_need_not_cross_do_not(name: str) -> None:
    """Chains, stars, rings and trees are drawn without a crossing."""
    graph = SHAPES[name]

    at = places(len(graph), list(graph.edges), WIDTH, HEIGHT)

    assert crossings(at, np.array(graph.edges)) == 0


def test_one_id() -> None:
    """A profile of one id is a dot in the middle."""
    assert places(1, [], 100, 60).tolist() == [[50, 30]]


def test_the_same_picture_again() -> None:
    """The same graph is drawn alike each time."""
    graph = SHAPES["tree"]

    first, second = (places(len(graph), list(graph.edges), WIDTH, HEIGHT) for _ in range(2))

    assert (first == second).all()


def test_crossings_are_counted() -> None:
    """Two diagonals of a square cross once, and its sides never."""
    square = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])

    assert crossings(square, np.array([[0, 2], [1, 3]])) == 1
    assert crossings(square, np.array([[0, 1], [1, 2], [2, 3], [3, 0]])) == 0


def test_an_id_on_a_line_is_counted() -> None:
    """An id in the middle of a line between two others is counted, the ends of the line are not."""
    at = np.array([[0.0, 0.0], [100.0, 0.0], [50.0, 1.0]])

    assert covered(at, np.array([[0, 1]])) == 1
    assert covered(at, np.array([[0, 1], [1, 2]])) == 1


# --- labels ---


def node(number: int, x: float, y: float, value: str, *, hidden: int = 0) -> PlacedId:
    return PlacedId(number, Id("user_id", value), x, y, "shared device", is_cut=True, persons_off=1, hidden=hidden)


def test_a_label_names_what_is_not_drawn() -> None:
    """An id whose neighbours are not all drawn says how many are missing."""
    (label,) = labels(Drawing(400, 300, (node(1, 200, 150, "ada", hidden=1200),), ()))

    assert label.text == "ada (+1,200)"


def test_a_label_keeps_off_lines() -> None:
    """Where there is room beside a line, a label does not lie on it."""
    nodes = (node(1, 100, 150, "x" * 12), PlacedId(2, Id("user_id", "b"), 300, 150, None, False, 0, 0))

    (label,) = labels(Drawing(400, 300, nodes, (DrawnEdge(1, 2, is_bridge=True),)))

    assert label.anchor == "end" or abs(label.y - 4 - 150) > 7


@settings(max_examples=examples(50))
@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300)), min_size=1, max_size=30))
def test_labels_lie_on_nothing(points: list[tuple[float, float]]) -> None:
    """Labels lie on no id and on no other label, and within the picture; without room there is none."""
    nodes = tuple(node(n, x, y, f"someone-{n}") for n, (x, y) in enumerate(points, start=1))

    found = labels(Drawing(400, 300, nodes, ()))

    boxes = []
    for label in found:
        length = len(label.text) * 7.2
        left = {"start": label.x, "middle": label.x - length / 2, "end": label.x - length}[label.anchor]
        boxes.append((left, label.y - 11, left + length, label.y + 3))
    for one, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= 400
        assert not any(left < n.x < right and top < n.y < bottom for n in nodes)
        for other in boxes[:one]:
            assert left >= other[2] or other[0] >= right or top >= other[3] or other[1] >= bottom


def test_long_ids_are_cut() -> None:
    """A long id is shown by its beginning; a masked one also by the end that tells it apart."""
    assert short("67f23b82-3af9-4840-8f5a-3c7e91d2b604") == "67f23b82…"
    assert short("a…@home.example.org~c6a6") == "a…@home.…~c6a6"
    assert short("ada") == "ada"

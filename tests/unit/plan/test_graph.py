"""Steps follow the steps that they need, and a cycle is shown as a path."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.errors import Location, ProjectError
from onefold.plan.graph import running_order, with_needs


def test_each_comes_after_what_it_needs() -> None:
    """Refs without needs come first; ties are broken by name."""
    needs: dict[str, tuple[str, ...]] = {"d": ("b", "c"), "c": ("a",), "b": ("a",), "a": ()}

    assert running_order(needs, {}) == ("a", "b", "c", "d")


def test_order_does_not_depend_on_how_the_needs_are_listed() -> None:
    """The same graph declared in another order has the same running order."""
    one: dict[str, tuple[str, ...]] = {"x": ("b", "a"), "b": (), "a": (), "y": ("x",)}
    other = {ref: tuple(reversed(one[ref])) for ref in reversed(one)}

    assert running_order(one, {}) == running_order(other, {}) == ("a", "b", "x", "y")


def test_nothing_has_the_empty_order() -> None:
    """Without refs the order is empty."""
    assert running_order({}, {}) == ()


def test_circle_is_shown_as_a_path() -> None:
    """A cycle is shown from its smallest ref on, each ref before the one it needs, with its location."""
    place = Location("models/a.yaml", 3, 5)
    needs = {"models/c": ("models/b",), "models/b": ("models/a",), "models/a": ("models/c",), "z": ("models/a",)}

    with pytest.raises(ProjectError) as caught:
        running_order(needs, {"models/a": place})

    (finding,) = caught.value.findings
    assert finding.code == "cycle"
    assert (
        finding.message == "these models depend on each other in a cycle: models/a -> models/c -> models/b -> models/a"
    )
    assert finding.where == place
    assert finding.hint == "remove one of these references"


def test_ref_that_needs_itself_is_a_cycle() -> None:
    """A ref that needs itself is the shortest cycle."""
    with pytest.raises(ProjectError, match="in a cycle: a -> a"):
        running_order({"a": ("a",)}, {})


def test_needs_are_gathered_however_far() -> None:
    """The chosen refs come with everything that they need, and nothing else."""
    needs: dict[str, tuple[str, ...]] = {"a": (), "b": ("a",), "c": ("b",), "d": ("a",)}

    assert with_needs(["c"], needs) == {"a", "b", "c"}
    assert with_needs([], needs) == frozenset()


_GRAPHS = st.dictionaries(st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefg"), max_size=3).map(tuple))


@given(_GRAPHS)
def test_order_agrees_with_networkx(needs: dict[str, tuple[str, ...]]) -> None:
    """An order exists exactly if networkx finds no cycle, and then each ref comes after its needs."""
    graph = nx.DiGraph([(need, ref) for ref, reads in needs.items() for need in reads])
    graph.add_nodes_from(needs)

    if nx.is_directed_acyclic_graph(graph):
        order = running_order(needs, {})
        assert sorted(order) == sorted(graph.nodes)
        assert all(order.index(need) < order.index(ref) for need, ref in graph.edges)
    else:
        with pytest.raises(ProjectError) as caught:
            running_order(needs, {})
        path = caught.value.findings[0].message.split(": ")[1].split(" -> ")
        assert path[0] == path[-1] == min(path)
        assert all(after in needs[ref] for ref, after in pairwise(path))


@given(_GRAPHS, st.sets(st.sampled_from("abcdefg")))
def test_needs_agree_with_networkx(needs: dict[str, tuple[str, ...]], chosen: set[str]) -> None:
    """The result has the chosen refs and their descendants."""
    graph = nx.DiGraph([(ref, need) for ref, reads in needs.items() for need in reads])
    graph.add_nodes_from({*needs, *chosen})

    assert with_needs(chosen, needs) == chosen.union(*(nx.descendants(graph, ref) for ref in chosen))

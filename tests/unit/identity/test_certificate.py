from __future__ import annotations

import numpy as np
import pytest

from onefold.errors import RunError
from onefold.identity.certificate import certify
from onefold.identity.components.union_find import partition
from onefold.identity.native.kernel import BATCH
from onefold.state.records import Certificate

# Two profiles, {0, 1, 2} with an edge to spare and {3, 4}, and 5 alone.
NODES = 6
LEFT = np.array([0, 1, 2, 3, 5])
RIGHT = np.array([1, 2, 0, 4, 5])


def breaks(component: list[int], joins: int = 3, main_ids: int = 3) -> list[str]:
    with pytest.raises(RunError) as caught:
        certify(NODES, LEFT, RIGHT, np.array(component), joins=joins, main_ids=main_ids)
    assert {finding.code for finding in caught.value.findings} == {"certificate-broken"}
    return [finding.message for finding in caught.value.findings]


def test_certifies_a_sound_mapping() -> None:
    """The certificate counts nodes, edges, profiles and joining edges."""
    found = partition(NODES, LEFT, RIGHT)

    certificate = certify(NODES, LEFT, RIGHT, found.component, joins=found.joins, main_ids=3)

    assert certificate == Certificate(nodes=6, edges=5, profiles=3, joins=3)


def test_any_node_may_name_a_profile() -> None:
    """A mapping to anchors is certified like a mapping to smallest nodes."""
    anchors = np.array([2, 2, 2, 4, 4, 5])

    assert certify(NODES, LEFT, RIGHT, anchors, joins=3, main_ids=3).profiles == 3


def test_an_empty_graph_holds() -> None:
    """A graph without rows has no profiles and passes."""
    none = np.array([], dtype=np.uint32)

    assert certify(0, none, none, none, joins=0, main_ids=0) == Certificate(0, 0, 0, 0)


def test_catches_a_split_profile() -> None:
    """A node that is removed from its component breaks edges, and the first one is named."""
    assert breaks([0, 0, 2, 3, 3, 5], main_ids=4) == [
        "2 of 5 edges connect ids of different profiles (expected 0), the first nodes 1 and 2",
        "4 profiles (expected 3: 6 nodes minus 3 joining edges)",
    ]


def test_catches_two_profiles_taken_together() -> None:
    """A wrong merge breaks no edge, but the number of profiles shows it."""
    assert breaks([0, 0, 0, 3, 3, 3], main_ids=2) == ["2 profiles (expected 3: 6 nodes minus 3 joining edges)"]


def test_catches_a_split_that_a_merge_makes_up_for() -> None:
    """A wrong mapping with the right number of profiles still breaks an edge."""
    assert breaks([0, 0, 0, 3, 5, 5]) == [
        "1 of 5 edges connect ids of different profiles (expected 0), the first nodes 3 and 4"
    ]


def test_catches_a_main_id_handed_out_twice() -> None:
    """Fewer main ids than profiles mean that two profiles share one."""
    assert breaks([0, 0, 0, 3, 3, 5], main_ids=2) == ["3 profiles have 2 distinct main ids (expected 3)"]


def test_catches_a_wrong_count_of_joins() -> None:
    """The number of joins of the solver must match the mapping."""
    assert breaks([0, 0, 0, 3, 3, 5], joins=4) == ["3 profiles (expected 2: 6 nodes minus 4 joining edges)"]


@pytest.mark.parametrize("component", [[0, 0, 0, 3, 3], [0, 0, 0, 3, 3, 6], [0, 0, 0, 3, 3, -1]])
def test_catches_a_mapping_of_other_nodes(component: list[int]) -> None:
    """A mapping that is too short, or that names an unknown node, fails the check instead of an index error."""
    assert breaks(component) == ["the mapping does not assign each of the 6 nodes to a profile"]


def test_finds_one_torn_edge_behind_the_first_batch() -> None:
    """Every edge is checked, however many there are."""
    left = np.zeros(BATCH + 5, dtype=np.uint32)
    right = left.copy()
    right[-2] = 1

    with pytest.raises(RunError, match=f"1 of {BATCH + 5} edges .* the first nodes 0 and 1"):
        certify(2, left, right, np.array([0, 1]), joins=0, main_ids=2)

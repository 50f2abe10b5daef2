"""Verify a solved id graph.

Takes the edges, the mapping of nodes to profiles, and the counts of the solver. Returns a `Certificate`, or raises a
`RunError` with all failed checks. Repairs nothing.

Three checks are enough. If both ends of every edge have the same profile, no component is split. The mapping then has
at most as many profiles as there are components, which are nodes minus joining edges. So an equal number means that no
two components were merged. Distinct main ids keep the profiles apart after naming.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onefold.errors import Finding, RunError
from onefold.identity.native.kernel import batches, check_ends
from onefold.state.records import Certificate

if TYPE_CHECKING:
    from onefold.identity.native.kernel import Integers

_HINT = "nothing was published; this is a bug in onefold, not in the data: please report it with this message"


def certify(
    nodes: int, left: Integers, right: Integers, component: Integers, *, joins: int, main_ids: int, excluded: int = 0
) -> Certificate:
    """Check the mapping of nodes to profiles against its edges.

    Args:
        nodes: Number of nodes.
        left: One end of each edge.
        right: The other end.
        component: Per node, a node that represents its profile: the smallest, the anchor, or any other.
        joins: Number of edges that joined two components, as `partition` counts them.
        main_ids: Number of distinct main ids of the mapping.
        excluded: Number of excluded nodes; each is a component of its own, and not a profile.

    Raises:
        RunError: If checks fail; one finding for each.
        ValueError: If an end is not a node.

    >>> certify(3, np.array([0]), np.array([2]), np.array([0, 1, 0]), joins=1, main_ids=2)
    Certificate(nodes=3, edges=1, profiles=2, joins=1)
    """
    check_ends(nodes, left, right)
    if component.size != nodes or np.any((component < 0) | (component >= nodes)):
        raise RunError(_broken(f"the mapping does not assign each of the {nodes} nodes to a profile"))
    is_profile = np.zeros(nodes, dtype=np.bool_)
    is_profile[component] = True
    found = Certificate(nodes - excluded, left.size, int(np.count_nonzero(is_profile)) - excluded, joins)
    broken = (
        *_torn_edges(left, right, component),
        *_wrong_count(found),
        *_shared_main_ids(found, main_ids),
    )
    if broken:
        raise RunError(broken)
    return found


def _broken(message: str) -> Finding:
    return Finding("error", "certificate-broken", message, hint=_HINT)


def _torn_edges(left: Integers, right: Integers, component: Integers) -> list[Finding]:
    torn = 0
    example = ""
    for part in batches(left.size):
        is_torn = component[left[part]] != component[right[part]]
        if is_torn.any():
            first = part.start + int(np.argmax(is_torn))
            example = example or f"nodes {left[first]} and {right[first]}"
            torn += int(np.count_nonzero(is_torn))
    if not torn:
        return []
    return [_broken(f"{torn} of {left.size} edges connect ids of different profiles (expected 0), the first {example}")]


def _wrong_count(found: Certificate) -> list[Finding]:
    if found.profiles == found.nodes - found.joins:
        return []
    return [
        _broken(
            f"{found.profiles} profiles (expected {found.nodes - found.joins}: {found.nodes} nodes minus "
            f"{found.joins} joining edges)"
        )
    ]


def _shared_main_ids(found: Certificate, main_ids: int) -> list[Finding]:
    if main_ids == found.profiles:
        return []
    return [_broken(f"{found.profiles} profiles have {main_ids} distinct main ids (expected {found.profiles})")]

"""Check a finished stitch, and count what it did.

In: the edges, the mapping that was made of them, and what its making counted. Out: a `Certificate`, or a
`RunError` that says everything that broke. Trusts no mapping, whatever made it; mends nothing.

Why three checks are enough: if the ends of every edge share a profile, no component is split. Then the
mapping has at most as many profiles as there are components, which are nodes minus joining edges; so an
equal number means that no two components were taken together. Distinct main ids keep them apart once named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onefold.errors import Finding, RunError
from onefold.identity.native.kernel import batches, check_ends
from onefold.state.records import Certificate

if TYPE_CHECKING:
    from onefold.identity.native.kernel import Integers

_HINT = "nothing was published; this is a fault of the program, not of the data: please report it with this text"


def certify(
    nodes: int, left: Integers, right: Integers, component: Integers, *, joins: int, main_ids: int, excluded: int = 0
) -> Certificate:
    """Check the mapping of nodes to profiles against the edges it was made of.

    Args:
        nodes: How many nodes there are.
        left: One end of each edge.
        right: The other end.
        component: Per node, a node that names its profile: the smallest, the anchor, or any other.
        joins: Edges that joined two components, as `partition` counts them.
        main_ids: Distinct main ids of the mapping to be published.
        excluded: Nodes that are no ids; each is a component of its own, and no profile.

    Raises:
        RunError: A check does not hold; one finding for each.
        ValueError: An end is not a node.

    >>> certify(3, np.array([0]), np.array([2]), np.array([0, 1, 0]), joins=1, main_ids=2)
    Certificate(nodes=3, edges=1, profiles=2, joins=1)
    """
    check_ends(nodes, left, right)
    if component.size != nodes or np.any((component < 0) | (component >= nodes)):
        raise RunError(_broken(f"the mapping does not give each of the {nodes} nodes a profile"))
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
    return [_broken(f"{torn} of {left.size} edges connect ids of different profiles, the first {example}")]


def _wrong_count(found: Certificate) -> list[Finding]:
    if found.profiles == found.nodes - found.joins:
        return []
    return [
        _broken(
            f"{found.profiles} profiles, but {found.nodes} nodes less {found.joins} joining edges "
            f"leave {found.nodes - found.joins}"
        )
    ]


def _shared_main_ids(found: Certificate, main_ids: int) -> list[Finding]:
    if main_ids == found.profiles:
        return []
    return [_broken(f"{found.profiles} profiles have {main_ids} distinct main ids between them")]

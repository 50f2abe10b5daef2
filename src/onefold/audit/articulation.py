"""The articulation points (cut points) and bridges of some profiles, with their kinds and damage.

Takes a `Subgraph`; returns the ids and edges whose removal disconnects others, and the likely kind of each id.

Removing an articulation point splits its profile into parts. A part is *independent* if it has a person id and another
id. The number of independent parts decides the kind:

    shared account   a person id with at least four independent parts
    shared device    another id with at least two independent parts, after shared accounts are removed
    chain            the same, in a profile with too many people, if the id itself is linked to few

Two addresses of one person also share a device, but then one of the parts is a single address.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from onefold.audit.subgraph import weights
from onefold.identity.components.adjacency import search, thinned
from onefold.identity.components.articulation import find_articulation_points, find_bridges
from onefold.identity.metrics import ids_bounds
from onefold.identity.native.ordering import order_by
from onefold.plan.names import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from onefold.audit.records import Id
    from onefold.audit.session import Session
    from onefold.audit.subgraph import Subgraph
    from onefold.identity.components.adjacency import Search
    from onefold.identity.components.articulation import ArticulationNodes, BridgeEdges

Kind = Literal["shared account", "shared device", "chain"]

KINDS: dict[Kind, str] = {
    "shared account": "an account that several people use",
    "shared device": "a device that several people use",
    "chain": "a link in a chain of small bridges",
}

ACCOUNT_PARTS, DEVICE_PARTS = 4, 2
"""The fewest independent parts of a shared account and device. One person can have three by chance."""

MOST = 1000
"""The most articulation points, and bridges, of an answer."""

_NO_KIND = len(KINDS)


@dataclass(frozen=True)
class Damage:
    """What the removal of an id or an edge disconnects.

    Attributes:
        ids: Number of ids.
        persons: Number of person ids among them.
        weight: Number of their rows in the source ``audit.weigh``; 0 without one.
    """

    ids: int
    persons: int
    weight: int


@dataclass(frozen=True)
class ArticulationPoint:
    """An id whose removal splits its profile.

    Attributes:
        parts: Number of parts after its removal.
        persons: Number of linked person ids.
        kind: The likely kind; None if one person can have such an id.
    """

    id: Id
    main_id: str
    kind: Kind | None
    persons: int
    parts: int
    damage: Damage


@dataclass(frozen=True)
class Bridge:
    """An edge whose removal splits its profile."""

    one: Id
    other: Id
    main_id: str
    damage: Damage


class Articulation:
    """The articulation points and bridges of a subgraph, computed on first use.

    Args:
        session: The open graph.
        part: Some profiles of it, loaded last.
    """

    def __init__(self, session: Session, part: Subgraph) -> None:
        self.part, self._session = part, session
        self._person = part.of_type(session.person)
        most = ids_bounds(session.project.settings.checks, session.person, session.person).warn
        self._most_people = most if most is not None else np.inf

    @cached_property
    def _weights(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Per node, whether it is a person, and its number of rows in the source ``audit.weigh``."""
        session, source = self._session, self._session.project.settings.audit.weigh
        ref = names_of(session.project).ref(source) if source else None
        nothing = np.zeros(self.part.graph.nodes, dtype=np.int64)
        is_there = ref is not None and ref in session.plan.steps
        return self._person.astype(np.int64), weights(session, self.part, ref) if ref and is_there else nothing

    @cached_property
    def _search(self) -> Search:
        return search(self.part.graph)

    @cached_property
    def _nodes(self) -> ArticulationNodes:
        return find_articulation_points(self._search, self._weights)

    @cached_property
    def _edges(self) -> BridgeEdges:
        return find_bridges(self._search, self._weights)

    @cached_property
    def _to_people(self) -> NDArray[np.int64]:
        return self.part.neighbours_of_type(self._session.person)

    # --- articulation points ---

    @cached_property
    def _articulation_points(self) -> NDArray[np.int64]:
        """Rows of the articulation points to report: those with a kind, and those that disconnect people."""
        found = self._nodes
        return np.flatnonzero((self.kinds[found.node] != _NO_KIND) | (found.disconnected_weight[0] > 0))

    def ids(self, most: int = MOST) -> tuple[ArticulationPoint, ...]:
        """The worst articulation points: those with a kind first, then by damage."""
        part, found, rows = self.part, self._nodes, self._articulation_points
        off, has_no_kind = found.disconnected_weight, (self.kinds[found.node[rows]] == _NO_KIND).astype(np.int8)
        keys = (has_no_kind, -off[0][rows], -found.disconnected[rows], -off[1][rows])
        rows = rows[first_places(keys, most, lambda places: part.names(found.node[rows[places]]))]
        nodes = found.node[rows]
        kinds = (*KINDS, None)
        told = zip(
            part.ids(nodes),
            part.main_ids(nodes),
            (kinds[n] for n in self.kinds[nodes].tolist()),
            self._to_people[nodes].tolist(),
            found.parts[rows].tolist(),
            _damages(found, rows),
            strict=True,
        )
        return tuple(ArticulationPoint(*fields) for fields in told)

    # --- bridges ---

    @cached_property
    def _bridges(self) -> NDArray[np.int64]:
        """Rows of the bridges that disconnect people."""
        return np.flatnonzero((self._edges.disconnected_weight[0] > 0) & (self._edges.kept_weight[0] > 0))

    def edges(self, most: int = MOST) -> tuple[Bridge, ...]:
        """The worst bridges, by damage."""
        found, rows = self._edges, self._bridges
        keys = (-found.disconnected_weight[0][rows], -found.disconnected[rows], -found.disconnected_weight[1][rows])

        def texts(places: NDArray[np.int64]) -> list[list[tuple[str, str]]]:
            ends = (self.part.names(side[rows[places]]) for side in (found.left, found.right))
            return [sorted(pair, reverse=True) for pair in zip(*ends, strict=True)]

        return self._told(rows[first_places(keys, most, texts)])

    def between(self, one: int, other: int) -> tuple[bool, Bridge | None]:
        """Whether an edge is a bridge; and the bridge, if it disconnects people."""
        row = self._row_of_edge.get((min(one, other), max(one, other)))
        if row is None:
            return False, None
        found = self._edges
        parts_people = found.disconnected_weight[0][row] and found.kept_weight[0][row]
        return True, self._told(np.array([row]))[0] if parts_people else None

    @cached_property
    def _row_of_edge(self) -> dict[tuple[int, int], int]:
        """The row of each bridge, by its ends."""
        left, right = self._edges.left, self._edges.right
        ends = zip(np.minimum(left, right).tolist(), np.maximum(left, right).tolist(), strict=True)
        return {pair: row for row, pair in enumerate(ends)}

    def _told(self, rows: NDArray[np.int64]) -> tuple[Bridge, ...]:
        part, left, right = self.part, self._edges.left[rows], self._edges.right[rows]
        pairs = zip(part.ids(left), part.ids(right), strict=True)
        told = zip(pairs, part.main_ids(left), _damages(self._edges, rows), strict=True)
        return tuple(Bridge(min(pair), max(pair), main_id, damage) for pair, main_id, damage in told)

    @property
    def totals(self) -> tuple[int, int]:
        """Number of articulation points and bridges to report."""
        return int(self._articulation_points.size), int(self._bridges.size)

    # --- kinds ---

    @property
    def named(self) -> dict[Kind, int]:
        """Number of ids of each kind."""
        counts = np.bincount(self.kinds, minlength=_NO_KIND + 1).tolist()
        return dict(zip(KINDS, counts[:_NO_KIND], strict=True))

    @cached_property
    def kinds(self) -> NDArray[np.int8]:
        """Per node, the index of its kind in `KINDS`, or the index after the last; see the module docstring."""
        account, device, chain = range(_NO_KIND)
        part, kinds = self.part, np.full(self.part.graph.nodes, _NO_KIND, dtype=np.int8)
        own = self._independent_parts(np.ones(part.graph.nodes, dtype=np.bool_))
        is_account = self._person & (own >= ACCOUNT_PARTS)
        if is_account.any():
            own = self._independent_parts(~is_account)
        is_device = ~self._person & (own >= DEVICE_PARTS)
        people = np.bincount(part.profile[self._person], minlength=part.profiles.size)
        links = np.bincount(part.profile[is_device], minlength=part.profiles.size)
        is_crowd = (people > self._most_people) & (links > 1)
        kinds[is_account] = account
        kinds[is_device] = device
        kinds[is_device & is_crowd[part.profile] & (self._to_people <= self._most_people)] = chain
        return kinds

    def _independent_parts(self, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Per node, the number of independent parts after its removal; 0 if it is no articulation point."""
        graph = self.part.graph
        if kept.all():
            found = self._nodes
        else:
            graph = thinned(graph, kept)
            found = find_articulation_points(search(graph), self._weights[:1])
        bare = self._person & (np.diff(graph.start) == 1)
        bare_neighbours = np.bincount(graph.left[bare[graph.right]], minlength=graph.nodes)
        bare_neighbours += np.bincount(graph.right[bare[graph.left]], minlength=graph.nodes)
        own = np.zeros(graph.nodes, dtype=np.int64)
        own[found.node] = found.heavy_parts[0] - bare_neighbours[found.node]
        return own


def first_places(
    keys: Sequence[NDArray[Any]], most: int, texts: Callable[[NDArray[np.int64]], Sequence[Any]]
) -> NDArray[np.int64]:
    """The positions of the first rows, ordered by keys and then by texts.

    Args:
        keys: Columns, one value per row.
        most: The most positions to return.
        texts: Returns the tie-breaking texts of rows, given their positions. Called only for rows that may be among
            the first.
    """
    order = order_by(*keys)
    if order.size > most > 0:
        last, following = order[most - 1], order[most:]
        is_beside = np.logical_and.reduce([key[following] == key[last] for key in keys])
        order = np.concatenate([order[:most], following[is_beside]])
    columns = [key[order].tolist() for key in keys]
    placed = sorted(zip(*columns, texts(order), order.tolist(), strict=True))
    return np.array([row[-1] for row in placed[:most]], dtype=np.int64)


def _damages(found: ArticulationNodes | BridgeEdges, rows: NDArray[np.int64]) -> list[Damage]:
    columns = (found.disconnected[rows], found.disconnected_weight[0][rows], found.disconnected_weight[1][rows])
    return [Damage(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]

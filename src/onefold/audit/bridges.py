"""Ids and edges that hold people together who would be apart without them.

In: an open graph. Out: `Bridges`. Two ways to look: by degree (an id with several people, a person with many ids), and
by what would fall apart, which finds chains in which no id looks bad. Only profiles that could hold such a thing are
read: those with several people, or with more ids of a type than is ordinary.

How a cut id gets its kind: without it its profile falls into parts, and a part has a *life of its own* if it holds a
person and any other id.

    shared account   a person id with at least four parts that have a life of their own
    shared device    another id with at least two such parts, once shared accounts are taken out
    chain            the same, in a profile with too many people where the id itself has few

Two addresses of one person also meet in a device; but then one of the parts is a bare address.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from sqlglot import exp

from onefold.audit import edits
from onefold.audit.parts import Part, among, load, weights
from onefold.audit.records import Id, Step
from onefold.identity.cut import cut_edges, cut_nodes
from onefold.identity.graph import adjacency, search
from onefold.identity.health import ids_bounds
from onefold.plan.names import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from onefold.audit.published import Published
    from onefold.audit.records import Verdict
    from onefold.identity.cut import CutEdges, CutNodes

Kind = Literal["shared account", "shared device", "chain"]

ACCOUNT_PARTS, DEVICE_PARTS = 4, 2
"""Parts with a life of their own from which an id is named: three meet in one person by chance."""

CROWDED = 20
"""A person with more ids of another type than this is listed."""

MOST = 1000
"""How many of each are given at most."""

KINDS = {
    "shared account": "an account that several people use",
    "shared device": "a device that several people use",
    "chain": "a link in a chain of small bridges",
}


@dataclass(frozen=True)
class Damage:
    """What falls off without an id or an edge.

    Attributes:
        ids: Ids.
        persons: Those of a person among them.
        weight: Rows of the source ``audit.weigh`` that they have; 0 without one.
    """

    ids: int
    persons: int
    weight: int


@dataclass(frozen=True)
class CutId:
    """An id without which its profile falls apart.

    Attributes:
        parts: How many parts it falls into.
        persons: How many ids of a person stand in one row with it.
        kind: What it looks like; None for what ordinary people have.
    """

    id: Id
    main_id: str
    kind: Kind | None
    persons: int
    parts: int
    damage: Damage


@dataclass(frozen=True)
class CutEdge:
    """A pair of ids that is all that holds two parts of a profile together."""

    one: Id
    other: Id
    main_id: str
    damage: Damage


@dataclass(frozen=True)
class Connector:
    """An id that stands in rows with many ids of another type."""

    id: Id
    main_id: str
    counts: str
    neighbours: int


@dataclass(frozen=True)
class Bridges:
    """What holds people together.

    Attributes:
        verdict: ``look`` if any id has a kind.
        person: The id type that stands for a person.
        weigh: What the weight of a damage counts; None for nothing.
        cut_ids: Those with a kind first, then the worst damage first.
        cut_edges: The worst first.
        connectors: Ids that connect several people, the most first.
        crowded: People with many ids of another type.
        named: How many ids have each kind.
        totals: How many cut ids, cut edges, connectors and crowded people there are in all; at most `MOST` are given.
        steps: What to do next.
    """

    verdict: Verdict
    person: str
    weigh: str | None
    cut_ids: tuple[CutId, ...]
    cut_edges: tuple[CutEdge, ...]
    connectors: tuple[Connector, ...]
    crowded: tuple[Connector, ...]
    named: dict[str, int]
    totals: dict[str, int]
    steps: tuple[Step, ...] = ()


def bridges(published: Published) -> Bridges:
    """The bridges of a graph; ordinary cut ids only where a person falls off.

    Raises:
        ProjectError: If a setting of the audit names nothing.
    """
    part = load(published, among(published.step.main_id, _suspects(published)))
    cuts = Cuts(published, part)
    ids = cuts.ids()
    person = published.person
    is_person = part.of_type(person)
    to_people = part.neighbours_of_type(person)
    connectors = _connectors(part, person, np.where(is_person, 0, to_people), 1)
    crowded, many = [], 0
    for other in part.types:
        found = _connectors(part, other, np.where(is_person, part.neighbours_of_type(other), 0), CROWDED)
        crowded += found[0]
        many += found[1]
    named = {kind: sum(k == kind for k in cuts.kinds.values()) for kind in KINDS}
    totals = (*cuts.totals, connectors[1], many)
    return Bridges(
        verdict="look" if any(named.values()) else "ok",
        person=person,
        weigh=published.project.settings.audit.weigh,
        cut_ids=ids,
        cut_edges=cuts.edges(),
        connectors=tuple(connectors[0]),
        crowded=tuple(crowded),
        named=named,
        totals=dict(zip(("cut_ids", "cut_edges", "connectors", "crowded"), totals, strict=True)),
        steps=tuple(_steps(published, ids)),
    )


def _connectors(part: Part, counts: str, neighbours: NDArray[np.int64], most: int) -> tuple[list[Connector], int]:
    """The nodes with more neighbours than so many, the most first; and how many there are in all."""
    found = np.flatnonzero(neighbours > most)
    order = found[np.lexsort((found, -neighbours[found]))][:MOST].tolist()
    rows = [Connector(part.id(n), part.main_id(n), counts, int(neighbours[n])) for n in order]
    return rows, int(found.size)


def _suspects(published: Published) -> exp.Select:
    """Profiles with several people, or with more ids of another type than is ordinary."""
    checks, person = published.project.settings.checks, published.person
    conditions = []
    for n, name in enumerate(published.id_types):
        most = 1 if name == person else ids_bounds(checks, name, person).warn
        if most is not None:
            conditions.append(exp.column(f"ids_{n}") > exp.convert(min(most, CROWDED)))
    return exp.select("main_id").from_(published.named_sizes(exp.or_(*conditions)).subquery())


class Cuts:
    """The cuts of a part, named and weighed."""

    def __init__(self, published: Published, part: Part) -> None:
        self.part = part
        self._person = part.of_type(published.person)
        source = published.project.settings.audit.weigh
        ref = names_of(published.project).ref(source) if source else None
        nothing = np.zeros(part.graph.nodes, dtype=np.int64)
        weight = weights(published, part, ref) if ref and ref in published.plan.steps else nothing
        most = ids_bounds(published.project.settings.checks, published.person, published.person).warn
        self._most_people = most if most is not None else np.inf
        self._to_people = part.neighbours_of_type(published.person)
        found = search(part.graph)
        self._nodes = cut_nodes(found, (self._person.astype(np.int64), weight))
        self._edges = cut_edges(found, (self._person.astype(np.int64), weight))
        self.kinds = self._kinds()

    @cached_property
    def _ids_in_order(self) -> NDArray[np.int64]:
        """Rows of cut ids: those with a kind first, then by what falls off; others only if they part people."""
        found = self._nodes
        has_kind = np.isin(found.node, list(self.kinds))
        off = found.weight_off
        order = np.lexsort((found.node, -off[1], -found.falls_off, -off[0], ~has_kind))
        return order[(has_kind | (off[0] > 0))[order]]

    @cached_property
    def _edges_in_order(self) -> NDArray[np.int64]:
        """Rows of cut edges that part people, by what falls off."""
        found = self._edges
        ends = (np.maximum(found.left, found.right), np.minimum(found.left, found.right))
        order = np.lexsort((*ends, -found.weight_off[1], -found.falls_off, -found.weight_off[0]))
        return order[((found.weight_off[0] > 0) & (found.weight_kept[0] > 0))[order]]

    @property
    def totals(self) -> tuple[int, int]:
        """How many cut ids and cut edges there are in those orders."""
        return int(self._ids_in_order.size), int(self._edges_in_order.size)

    def ids(self, most: int = MOST) -> tuple[CutId, ...]:
        """The first cut ids: those with a kind, then the worst."""
        part, found = self.part, self._nodes
        return tuple(
            CutId(
                id=part.id(int(found.node[row])),
                main_id=part.main_id(int(found.node[row])),
                kind=self.kinds.get(int(found.node[row])),
                persons=int(self._to_people[found.node[row]]),
                parts=int(found.parts[row]),
                damage=_damage(found, row),
            )
            for row in self._ids_in_order[:most].tolist()
        )

    def edges(self, most: int = MOST) -> tuple[CutEdge, ...]:
        """The first cut edges: the worst."""
        return tuple(self._edge(row) for row in self._edges_in_order[:most].tolist())

    def between(self, one: int, other: int) -> tuple[bool, CutEdge | None]:
        """Whether an edge is a cut edge; and what falls off without it, if it parts people."""
        found = self._edges
        same = ((found.left == one) & (found.right == other)) | ((found.left == other) & (found.right == one))
        rows = np.flatnonzero(same)
        if not rows.size:
            return False, None
        row = int(rows[0])
        return True, self._edge(row) if found.weight_off[0][row] and found.weight_kept[0][row] else None

    def _edge(self, row: int) -> CutEdge:
        left, right = int(self._edges.left[row]), int(self._edges.right[row])
        one, other = sorted((self.part.id(left), self.part.id(right)))
        return CutEdge(one, other, self.part.main_id(left), _damage(self._edges, row))

    # --- kinds ---

    def _kinds(self) -> dict[int, Kind]:
        """The kind of each node that has one; see the module's first paragraphs."""
        own = self._lives_of_their_own(np.ones(self.part.graph.nodes, dtype=np.bool_))
        accounts = np.flatnonzero(self._person & (own >= ACCOUNT_PARTS))
        kept = np.ones(self.part.graph.nodes, dtype=np.bool_)
        kept[accounts] = False
        own = self._lives_of_their_own(kept)
        devices = np.flatnonzero(~self._person & (own >= DEVICE_PARTS))
        kinds: dict[int, Kind] = {int(n): "shared account" for n in accounts}
        people = np.bincount(self.part.profile, weights=self._person)
        links = np.bincount(self.part.profile[devices], minlength=people.size)
        for node in devices.tolist():
            profile = self.part.profile[node]
            is_link = people[profile] > self._most_people >= self._to_people[node] and links[profile] > 1
            kinds[node] = "chain" if is_link else "shared device"
        return kinds

    def _lives_of_their_own(self, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Per node, in how many of the parts without it there are a person and another id; 0 if it is no cut node."""
        graph = self.part.graph
        is_kept = kept[graph.left] & kept[graph.right]
        left, right = graph.left[is_kept], graph.right[is_kept]
        thinned = adjacency(graph.nodes, left, right)
        found = cut_nodes(search(thinned), (self._person.astype(np.int64),))
        bare = self._person & (np.diff(thinned.start) == 1)
        bare_neighbours = np.bincount(left, weights=bare[right], minlength=graph.nodes)
        bare_neighbours += np.bincount(right, weights=bare[left], minlength=graph.nodes)
        own = np.zeros(graph.nodes, dtype=np.int64)
        own[found.node] = found.heavy_parts[0] - bare_neighbours[found.node].astype(np.int64)
        return own


def _damage(found: CutNodes | CutEdges, row: int) -> Damage:
    return Damage(int(found.falls_off[row]), int(found.weight_off[0][row]), int(found.weight_off[1][row]))


def _steps(published: Published, ids: tuple[CutId, ...]) -> Iterator[Step]:
    worst = next((c for c in ids if c.kind is not None), None)
    if worst is None:
        yield Step("features that cannot be, which are often the sign of a merge", command="pb audit features")
        return
    yield Step("see what the worst one holds together", command=f"pb audit explain {worst.id.value}")
    yield edits.exclude(published, worst.id)
    other = published.person if worst.id.type != published.person else None
    if other is not None:
        yield from edits.lower(published, worst.id.type, other)
    yield edits.validation(published)

"""Pictures of the worst profiles. In: an open graph, its largest clusters and its bridges. Out: `Picture` records.

Which are the worst: those that raise a flag, the largest first; then those of which an id looks like a shared account,
a shared device or a link in a chain, by the people that it holds. Only these are read. Of a profile with more ids than
fit on a picture, those nearest to its worst cut id are drawn.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from onefold.audit.bridges import KINDS, Cuts
from onefold.audit.parts import load
from onefold.audit.records import Step
from onefold.report.conclude import kinds_in_words
from onefold.report.layout import places
from onefold.report.model import Drawing, Line, Node, Picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onefold.audit.bridges import Bridges, CutEdge, CutId
    from onefold.audit.clusters import ClusterLine, Clusters, Flag
    from onefold.audit.parts import Part
    from onefold.audit.published import Published
    from onefold.audit.records import Id

SHOWN = 6
"""How many pictures there are at most."""

MOST_DRAWN = 110
"""Ids that fit on a picture."""

MOST_READ = 200_000
"""Ids of a profile that is still read for a picture."""

AROUND_FIRST, AROUND = 24, 5
"""How many neighbours of the worst id, and of each other, are drawn where not all ids are: all are to have room."""

ROW = 40.0
"""Nodes of one line of reading differ by less than this in height."""

CANVASES = ((14, 330.0, 280.0), (45, 640.0, 440.0), (MOST_DRAWN, 960.0, 640.0))
"""Up to how many nodes a picture has which size."""


def pictures(published: Published, clusters: Clusters, bridges: Bridges) -> tuple[Picture, ...]:
    """The worst profiles, the worst first.

    Args:
        published: The open graph.
        clusters: Its largest profiles.
        bridges: Its bridges.
    """
    worst = _worst(clusters, bridges)
    small = [main_id for main_id, line in worst.items() if line is None or line.ids <= MOST_READ]
    if not small:
        return tuple(_undrawn(line) for line in worst.values() if line is not None)
    values = [exp.Literal.string(main_id) for main_id in small]
    part = load(published, exp.In(this=exp.column(published.step.main_id), expressions=values))
    cuts = Cuts(published, part)
    ids, edges, profiles = cuts.ids(), cuts.edges(), part.main_ids.to_pylist()
    found = []
    for main_id, line in worst.items():
        if line is not None and line.ids > MOST_READ:
            found.append(_undrawn(line))
        elif main_id in profiles:
            of_it = _Profile.of(part, profiles.index(main_id))
            own_ids = [c for c in ids if c.main_id == main_id]
            own_edges = [c for c in edges if c.main_id == main_id]
            found.append(of_it.picture(main_id, own_ids, own_edges, line.flags if line is not None else ()))
    return tuple(found)


def _worst(clusters: Clusters, bridges: Bridges) -> dict[str, ClusterLine | None]:
    """The main ids of the worst profiles, with their line where they are among the largest."""
    lines = {line.main_id: line for line in clusters.lines}
    found: dict[str, ClusterLine | None] = {line.main_id: line for line in clusters.lines if line.flags}
    for cut in sorted((c for c in bridges.cut_ids if c.kind), key=lambda c: (-c.parts, -c.damage.persons, c.main_id)):
        found.setdefault(cut.main_id, lines.get(cut.main_id))
    return dict(list(found.items())[:SHOWN])


def _undrawn(line: ClusterLine) -> Picture:
    why = (*_flags(line.flags), f"it has more than {MOST_READ:,} ids, too many to look for what holds it together")
    return Picture(line.main_id, line.counts, 0, 0, 0, why, None, _steps(line.main_id))


def _flags(flags: Sequence[Flag]) -> Iterator[str]:
    for flag in flags:
        yield f"{flag.name}: {flag.found:,} {flag.id_type}, up to {flag.allowed:,} are ordinary"


def _steps(main_id: str) -> tuple[Step, ...]:
    return (Step("all its ids and edges", command=f"pb audit cluster {main_id}"),)


@dataclass(frozen=True)
class _Profile:
    """The nodes of one profile of a part.

    Attributes:
        nodes: Their numbers in the part, ascending.
        edges: Pairs of them.
    """

    part: Part
    nodes: list[int]
    edges: list[tuple[int, int]]

    @classmethod
    def of(cls, part: Part, profile: int) -> _Profile:
        """The profile with a number."""
        graph = part.graph
        is_own = part.profile[graph.left] == profile
        pairs = zip(graph.left[is_own].tolist(), graph.right[is_own].tolist(), strict=True)
        return cls(part, np.flatnonzero(part.profile == profile).tolist(), list(pairs))

    def picture(self, main_id: str, ids: list[CutId], edges: list[CutEdge], flags: Sequence[Flag]) -> Picture:
        """The picture, with the reasons why it is shown."""
        named = {kind: sum(c.kind == kind for c in ids) for kind in KINDS}
        why = (*_flags(flags), *(kinds_in_words(kind, count) for kind, count in named.items() if count))
        counts = {name: int(self.part.of_type(name)[self.nodes].sum()) for name in self.part.types}
        worst = next((str(c.id.value) for c in ids if c.kind), None)
        steps = _steps(main_id)
        if worst is not None:
            steps = (Step("what its worst id holds together", command=f"pb audit explain {worst}"), *steps)
        drawing = self._drawing(ids, edges)
        return Picture(main_id, counts, len(self.edges), len(ids), len(edges), why, drawing, steps)

    def _drawing(self, ids: list[CutId], edges: list[CutEdge]) -> Drawing:
        number_of = {self.part.id(node): node for node in self.nodes} if len(self.nodes) <= MOST_READ else {}
        cuts = {number_of[c.id]: c for c in ids}
        chosen = self._chosen([number_of[c.id] for c in ids])
        width, height = next((w, h) for most, w, h in CANVASES if len(chosen) <= most)
        row_of = {node: row for row, node in enumerate(chosen)}
        drawn = [(row_of[one], row_of[other]) for one, other in self.edges if one in row_of and other in row_of]
        at = places(len(chosen), drawn, width, height)
        # Cut ids are numbered from the worst on, all others as one reads: from the top, then from the left.
        cut_order = {node: n for n, node in enumerate(cuts)}
        last = len(cut_order)
        reading = sorted(
            range(len(chosen)),
            key=lambda r: (cut_order.get(chosen[r], last), round(at[r][1] / ROW), at[r][0]),
        )
        numbers = {row: n for n, row in enumerate(reading, start=1)}
        neighbours = np.diff(self.part.graph.start)
        degree = np.bincount(np.array(drawn, dtype=np.int64).ravel(), minlength=len(chosen))
        nodes = tuple(
            _node(self.part.id(chosen[row]), numbers[row], at[row], cuts.get(chosen[row]),
                  int(neighbours[chosen[row]] - degree[row]))
            for row in reading
        )  # fmt: skip
        bridges = {(c.one, c.other) for c in edges}
        lines = (
            Line(
                min(numbers[one], numbers[other]),
                max(numbers[one], numbers[other]),
                _pair(self.part, chosen[one], chosen[other]) in bridges,
            )
            for one, other in drawn
        )
        return Drawing(width, height, nodes, tuple(sorted(lines, key=lambda n: (n.one, n.other))))

    def _chosen(self, cuts: list[int]) -> list[int]:
        """The nodes to draw: all, or those nearest to the worst cut id, or to the one with the most neighbours."""
        if len(self.nodes) <= MOST_DRAWN:
            return self.nodes
        graph, is_cut = self.part.graph, set(cuts)
        neighbours = np.diff(graph.start)
        first = cuts[0] if cuts else max(self.nodes, key=lambda n: (neighbours[n], -n))
        found, waiting = {first}, deque([first])
        while waiting and len(found) < MOST_DRAWN:
            node = waiting.popleft()
            near = [int(n) for n in graph.neighbour[graph.start[node] : graph.start[node + 1]] if int(n) not in found]
            near.sort(key=lambda n: (n not in is_cut, -neighbours[n], n))
            most = AROUND_FIRST if node == first else AROUND
            for other in near[: min(most, MOST_DRAWN - len(found))]:
                found.add(other)
                waiting.append(other)
        return sorted(found)


def _pair(part: Part, one: int, other: int) -> tuple[Id, Id]:
    ends = (part.id(one), part.id(other))
    return min(ends), max(ends)


def _node(found: Id, number: int, at: Sequence[float], cut: CutId | None, hidden: int) -> Node:
    return Node(
        number,
        found,
        round(float(at[0]), 1),
        round(float(at[1]), 1),
        kind=cut.kind if cut is not None else None,
        is_cut=cut is not None,
        persons_off=cut.damage.persons if cut is not None else 0,
        hidden=hidden,
    )

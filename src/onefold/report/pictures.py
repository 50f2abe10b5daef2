"""Draws the worst profiles. Takes an open session, its largest clusters and its bridges; returns `Picture` records.

The worst profiles are the flagged ones, largest first. Then come those with an id that looks like a shared account, a
shared device or a link in a chain, by the number of linked people. Only these profiles are read. If a profile has too
many ids for a drawing, those nearest to its worst cut point are drawn.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onefold.audit.articulation import KINDS, Articulation
from onefold.audit.records import NextStep
from onefold.audit.resolve_ids import profile_of_main_id
from onefold.audit.subgraph import load_profile
from onefold.report.layout import places
from onefold.report.model import Drawing, DrawnEdge, Picture, PlacedId
from onefold.report.verdict import kinds_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onefold.audit.articulation import ArticulationPoint
    from onefold.audit.bridges import Bridges
    from onefold.audit.clusters import ClusterLine, Clusters, Flag
    from onefold.audit.records import Id
    from onefold.audit.session import Session
    from onefold.audit.subgraph import Subgraph

SHOWN = 6
"""The most drawings of a report."""

MOST_DRAWN = 110
"""The most ids of a drawing."""

MOST_READ = 200_000
"""The most ids of a profile that is read for a drawing."""

AROUND_FIRST, AROUND = 24, 5
"""The most neighbours of the worst id, and of each other id, in a drawing of part of a profile."""

ROW = 40.0
"""Nodes whose heights differ by less than this are numbered as one row."""

CANVASES = ((14, 330.0, 280.0), (45, 640.0, 440.0), (MOST_DRAWN, 960.0, 640.0))
"""The size of a drawing by its largest number of nodes."""


def pictures(session: Session, clusters: Clusters, bridges: Bridges) -> tuple[Picture, ...]:
    """Draw the worst profiles, worst first.

    Args:
        session: The open graph.
        clusters: Its largest profiles.
        bridges: Its bridges.
    """
    return _drawn(session, _worst(clusters, bridges))


def pictures_of(session: Session, clusters: Clusters, main_ids: Sequence[str]) -> tuple[Picture, ...]:
    """Draw some profiles, in the given order.

    Args:
        session: The open graph.
        clusters: Its largest profiles.
        main_ids: Their main ids.
    """
    lines = {line.main_id: line for line in clusters.lines}
    return _drawn(session, {main_id: lines.get(main_id) for main_id in main_ids})


def _drawn(session: Session, lines: Mapping[str, ClusterLine | None]) -> tuple[Picture, ...]:
    return tuple(
        _undrawn(line) if line is not None and line.ids > MOST_READ else _picture(session, main_id, line)
        for main_id, line in lines.items()
    )


def _worst(clusters: Clusters, bridges: Bridges) -> dict[str, ClusterLine | None]:
    """The main ids of the worst profiles, each with its line if it is among the largest."""
    lines = {line.main_id: line for line in clusters.lines}
    found: dict[str, ClusterLine | None] = {line.main_id: line for line in clusters.lines if line.flags}
    for cut in sorted(
        (c for c in bridges.articulation_points if c.kind), key=lambda c: (-c.parts, -c.damage.persons, c.main_id)
    ):
        found.setdefault(cut.main_id, lines.get(cut.main_id))
    return dict(list(found.items())[:SHOWN])


def _undrawn(line: ClusterLine) -> Picture:
    why = (*_flags(line.flags), f"more than {MOST_READ:,} ids, too many to analyze and draw")
    return Picture(line.main_id, line.counts, 0, 0, 0, why, None, _steps(line.main_id))


def _flags(flags: Sequence[Flag]) -> Iterator[str]:
    for flag in flags:
        yield f"{flag.name}: {flag.found:,} {flag.id_type}, expected at most {flag.allowed:,}"


def _steps(main_id: str) -> tuple[NextStep, ...]:
    return (NextStep("show all its ids and edges", command=f"pb audit cluster {main_id}"),)


def _picture(session: Session, main_id: str, line: ClusterLine | None) -> Picture:
    """Draw one profile, with the reasons why it is shown."""
    profile = profile_of_main_id(session, main_id)
    assert profile is not None  # noqa: S101 - the same graph named it
    part = load_profile(session, profile.number)
    cuts = Articulation(session, part)
    drawn = _Drawn(part, cuts, cuts.ids(part.graph.nodes))
    counts = {kind: sum(c.kind == kind for c in drawn.articulation_points) for kind in KINDS}
    flags = _flags(line.flags) if line is not None else ()
    why = (*flags, *(kinds_in_words(kind, count) for kind, count in counts.items() if count))
    worst = [c.id.value for c in drawn.articulation_points[:1] if c.kind is not None]
    explain = (NextStep("see what its worst id links", command=f"pb audit explain {value}") for value in worst)
    return Picture(
        main_id,
        counts={name: int(part.of_type(name).sum()) for name in part.types},
        edges=int(part.graph.left.size),
        articulation_points=cuts.totals[0],
        bridges=cuts.totals[1],
        why=why,
        drawing=drawn.drawing(),
        steps=(*explain, *_steps(main_id)),
    )


@dataclass(frozen=True)
class _Drawn:
    """A profile to draw.

    Attributes:
        part: The profile.
        cuts: Its cuts.
        articulation_points: Those of them that are ids, the worst first.
    """

    part: Subgraph
    cuts: Articulation
    articulation_points: tuple[ArticulationPoint, ...]

    def drawing(self) -> Drawing:
        """The layout of its ids and edges."""
        number_of = {found: node for node, found in enumerate(self.part.ids(np.arange(self.part.graph.nodes)))}
        cuts = {number_of[c.id]: c for c in self.articulation_points}
        chosen = self._chosen(list(cuts))
        width, height = next((w, h) for most, w, h in CANVASES if len(chosen) <= most)
        lines = self._lines(chosen)
        at = places(len(chosen), lines, width, height)
        # Cut points are numbered from the worst on, all others as one reads: from the top, then from the left.
        rank = {node: n for n, node in enumerate(cuts)}
        reading = sorted(
            range(len(chosen)), key=lambda r: (rank.get(chosen[r], len(rank)), round(at[r][1] / ROW), at[r][0])
        )
        numbers = {row: n for n, row in enumerate(reading, start=1)}
        hidden = np.diff(self.part.graph.start)[chosen]
        hidden -= np.bincount(np.array(lines, dtype=np.int64).ravel(), minlength=len(chosen))
        nodes = (
            _node(self.part.id(chosen[row]), numbers[row], at[row], cuts.get(chosen[row]), int(hidden[row]))
            for row in reading
        )
        found = (
            DrawnEdge(
                min(numbers[one], numbers[other]),
                max(numbers[one], numbers[other]),
                self.cuts.between(chosen[one], chosen[other])[1] is not None,
            )
            for one, other in lines
        )
        return Drawing(width, height, tuple(nodes), tuple(sorted(found, key=lambda n: (n.one, n.other))))

    def _lines(self, chosen: list[int]) -> list[tuple[int, int]]:
        """The edges between the drawn nodes, as pairs of row numbers."""
        graph = self.part.graph
        row_of = {node: row for row, node in enumerate(chosen)}
        is_drawn = np.isin(graph.left, chosen) & np.isin(graph.right, chosen)
        pairs = zip(graph.left[is_drawn].tolist(), graph.right[is_drawn].tolist(), strict=True)
        return [(row_of[one], row_of[other]) for one, other in pairs]

    def _chosen(self, cuts: list[int]) -> list[int]:
        """The nodes to draw: all, or those nearest to the worst cut point or to the node with the most neighbours."""
        graph, is_cut = self.part.graph, set(cuts)
        if graph.nodes <= MOST_DRAWN:
            return list(range(graph.nodes))
        neighbours = np.diff(graph.start)
        first = cuts[0] if cuts else int(neighbours.argmax())
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


def _node(found: Id, number: int, at: Sequence[float], cut: ArticulationPoint | None, hidden: int) -> PlacedId:
    return PlacedId(
        number,
        found,
        round(float(at[0]), 1),
        round(float(at[1]), 1),
        kind=cut.kind if cut is not None else None,
        is_cut=cut is not None,
        persons_off=cut.damage.persons if cut is not None else 0,
        hidden=hidden,
    )

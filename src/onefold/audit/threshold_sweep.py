"""Sweeps thresholds from 2 to 50 in one pass.

Takes an open session and pairs of id types; returns a `Sweep` per pair: today's setting, one point per threshold, and a
suggested threshold with its reason. There are two kinds of thresholds. Those in the project's SQL exclude whole rows.
The engine's ``maximum_edges`` excludes all edges of an over-limit id to ids of the other type. A sweep changes one
threshold and keeps all others as they are today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sqlglot import exp

from onefold.audit.articulation import first_places
from onefold.audit.declared_thresholds import declared_thresholds
from onefold.audit.edge_limits import degrees, least_limit
from onefold.audit.recommendations import VALIDATION, limits_at, validation
from onefold.audit.records import GraphSize, Id, NextStep, SimulatedChange, SweepPoint
from onefold.audit.session import require_id_type
from onefold.audit.suggest_threshold import suggest_threshold
from onefold.audit.unfiltered_graph import unfiltered_graph
from onefold.audit.unfiltered_rows import DEGREES, OUT_OF_REACH, TODAY
from onefold.identity.columns import to_numpy
from onefold.identity.components.threshold_sweep import NEVER, SweepGraph, sweep_thresholds
from onefold.identity.metrics import ids_bounds
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from onefold.audit.declared_thresholds import DeclaredThreshold
    from onefold.audit.session import Session
    from onefold.audit.unfiltered_graph import UnfilteredGraph
    from onefold.plan.model import EdgeLimit

    Levels = NDArray[np.int64]

TRIED = tuple(range(2, 51))
"""The thresholds of a sweep."""

SHOWN = 20
"""The most excluded ids that are listed."""


@dataclass(frozen=True)
class OverLimit:
    """An id that today's setting excludes.

    Attributes:
        neighbours: Number of linked ids of the counted type.
    """

    id: Id
    neighbours: int


@dataclass(frozen=True)
class Sweep:
    """The sweep of one threshold.

    Attributes:
        kind: ``project`` for a threshold in the project's SQL, ``maximum_edges`` for an edge limit.
        of: The limited id type.
        counts: The counted id type.
        variable: Its name in the project's SQL; None for an edge limit.
        model: The model of that SQL; None for an edge limit.
        today: Today's setting; None if not set.
        where: File and line of the setting, or where to add it.
        lines: One point per threshold, strictest first.
        unlimited: The graph without this threshold.
        over_limit: The ids that today's setting excludes, most neighbours first; at most `SHOWN` of them.
        suggested: The suggested threshold; None if none stands out.
        reason: The reason for the suggestion.
    """

    kind: Literal["project", "maximum_edges"]
    of: str
    counts: str
    variable: str | None
    model: str | None
    today: int | None
    where: str
    lines: tuple[SweepPoint, ...]
    unlimited: SweepPoint
    over_limit: tuple[OverLimit, ...] = ()
    suggested: int | None = None
    reason: str = ""


@dataclass(frozen=True, repr=False)
class Thresholds(Short):
    """All sweeps, and what to do next."""

    person: str
    sweeps: tuple[Sweep, ...]
    steps: tuple[NextStep, ...]


def threshold_sweep(
    session: Session, pairs: Sequence[tuple[str, str]] | None = None, tried: Sequence[int] = TRIED
) -> Thresholds:
    """Sweep thresholds.

    Args:
        session: The open graph.
        pairs: Pairs of limited and counted id type; None sweeps the thresholds that the project declares or sets, or
            if there are none, every ordered pair of id types.
        tried: The thresholds, in ascending order.

    Raises:
        ProjectError: If a threshold that ``onefold.yaml`` declares is not there.
        UsageError: If a pair names no id type.
    """
    declared = declared_thresholds(session)
    for name in {name for pair in pairs or () for name in pair}:
        require_id_type(session, name)
    found = sweeps_of(session, declared, unfiltered_graph(session, declared), pairs, tried)
    return Thresholds(session.person, tuple(found), tuple(_steps(session, found)))


def sweeps_of(
    session: Session,
    declared: tuple[DeclaredThreshold, ...],
    given: UnfilteredGraph,
    pairs: Sequence[tuple[str, str]] | None,
    tried: Sequence[int],
) -> list[Sweep]:
    """The sweeps over a graph: of the project's thresholds, then of the engine's."""
    graph = _SweptGraph(session, declared, given)
    return [*_of_project(graph, pairs, tried), *_of_engine(graph, pairs, tried)]


class _SweptGraph:
    """The unfiltered nodes and edges, with the effect of limits and thresholds."""

    def __init__(self, session: Session, declared: tuple[DeclaredThreshold, ...], given: UnfilteredGraph) -> None:
        self.session, self.declared, self._given = session, declared, given
        self.left, self.right, self.types = given.left, given.right, given.types

    def levels(self, name: str) -> tuple[Levels, Levels]:
        """The lowest threshold that includes each node and each edge."""
        return self._given.node_levels[name], self._given.edge_levels[name]

    def degrees(self, of: str, counts: str, takes_part: NDArray[np.bool_]) -> Levels:
        """Per node of one type, the number of neighbours of another type; 0 for other nodes."""
        return degrees((self.left[takes_part], self.right[takes_part]), self.types, of, counts)

    def least_limits(self, degree: Levels, counts: str) -> Levels:
        """Per edge, the lowest ``maximum_edges`` that keeps it; 0 for edges of other types."""
        return least_limit((self.left, self.right), self.types, degree, counts)

    def within_limits(self, edges: Levels, threshold: int, *, but: EdgeLimit | None = None) -> Levels:
        """The levels of edges up to a threshold, with `NEVER` for those that today's ``maximum_edges`` excludes."""
        takes_part = edges <= threshold
        kept = np.where(takes_part, edges, NEVER)
        for limit in self.session.step.limits:
            if limit != but:
                degree = self.degrees(limit.id_type, limit.other_type, takes_part)
                kept[self.least_limits(degree, limit.other_type) > limit.maximum] = NEVER
        return kept

    def over_limit(self, of: str, degree: Levels, today: int) -> tuple[OverLimit, ...]:
        """The nodes that today's setting excludes, most neighbours first."""
        over = np.flatnonzero(degree > today)
        worst = over[first_places((-degree[over],), SHOWN, lambda places: self._given.texts(over[places]))]
        ids = (Id(of, text) for text in self._given.texts(worst))
        return tuple(OverLimit(*pair) for pair in zip(ids, degree[worst].tolist(), strict=True))

    def over_limit_in_source(self, number: int) -> tuple[OverLimit, ...]:
        """The ids that a threshold in the project's SQL excludes, most neighbours first."""
        threshold = self.declared[number]
        query = exp.select("id", "degree").from_(f"{DEGREES}_{number}")
        query = query.where(exp.column("degree") > exp.Literal.number(threshold.value))
        rows = self.session.rows(query.order_by(exp.column("degree").desc(), "id").limit(SHOWN))
        return _in_order(OverLimit(Id(threshold.of, row["id"]), int(row["degree"])) for row in rows)

    def lines(self, nodes: Levels, edges: Levels, tried: Sequence[int]) -> list[SweepPoint]:
        """The graph at each threshold, without the numbers of excluded ids."""
        scores: dict[int, tuple[float, float]] = {}
        truth, seen = self._given.truth, np.empty(0, dtype=np.int64)

        def look(threshold: int, component: Levels) -> None:
            nonlocal seen
            state = np.where(nodes <= threshold, component, -1)
            if truth is not None and not np.array_equal(state, seen):
                score, seen = truth.score(component, nodes <= threshold), state
            elif truth is not None:
                score = scores[max(scores)]
            scores[threshold] = score

        graph = SweepGraph(nodes, self.left, self.right, edges, self.types[self.session.person])
        levels = sweep_thresholds(graph, tried, look=look if truth is not None else None)
        return [
            SweepPoint(
                threshold=v.threshold,
                is_today=False,
                excluded=0,
                edges_prevented=v.edges,
                ids=v.nodes,
                profiles=v.components,
                largest=v.largest,
                several=v.several,
                precision=scores[v.threshold][0] if scores else None,
                recall=scores[v.threshold][1] if scores else None,
            )
            for v in levels
        ]


def _in_order(found: Iterable[OverLimit]) -> tuple[OverLimit, ...]:
    return tuple(sorted(found, key=lambda c: (-c.neighbours, c.id)))


# --- one sweep ---


def _of_project(graph: _SweptGraph, pairs: Sequence[tuple[str, str]] | None, tried: Sequence[int]) -> Iterator[Sweep]:
    for number, declared in enumerate(graph.declared):
        if pairs is not None and (declared.of, declared.counts) not in pairs:
            continue
        nodes, edges = graph.levels(f"level_{number}")
        every = sorted({*tried, declared.value, OUT_OF_REACH})
        if graph.session.step.limits:
            # The effect of edge limits depends on this threshold, so each threshold has a graph of its own.
            lines = [line for t in every for line in graph.lines(nodes, graph.within_limits(edges, t), (t,))]
        else:
            lines = graph.lines(nodes, edges, every)
        degrees = exp.select("degree").from_(f"{DEGREES}_{number}")
        degree = to_numpy(graph.session.fetch(degrees)["degree"])
        yield _sweep(
            lines,
            degree,
            None,
            of=declared.of,
            counts=declared.counts,
            today=declared.value,
            kind="project",
            variable=declared.variable,
            model=declared.source,
            where=str(declared.at),
            over_limit=graph.over_limit_in_source(number),
        )


def _of_engine(graph: _SweptGraph, pairs: Sequence[tuple[str, str]] | None, tried: Sequence[int]) -> Iterator[Sweep]:
    session = graph.session
    limits = {(v.id_type, v.other_type): v for v in session.step.limits}
    chosen: list[tuple[str, str]] = list(pairs if pairs is not None else limits)
    if pairs is None and not graph.declared and not limits:
        chosen = [(of, counts) for of, counts in product(session.id_types, repeat=2)]
    for of, counts in chosen:
        nodes, edges = graph.levels(TODAY)
        takes_part = edges <= 0
        degree = graph.degrees(of, counts, takes_part)
        if not degree.any():
            continue
        limit = limits.get((of, counts))
        kept = graph.within_limits(edges, 0, but=limit)
        edges = np.where(kept == NEVER, NEVER, graph.least_limits(degree, counts))
        today = limit.maximum if limit is not None else None
        every = sorted({*tried, OUT_OF_REACH} | ({today} if today is not None else set()))
        where = str(limits_at(session.project, of))
        lines = graph.lines(nodes, edges, every)
        about: dict[str, Any] = {"kind": "maximum_edges", "variable": None, "model": None, "where": where}
        about["over_limit"] = graph.over_limit(of, degree, today) if today is not None else ()
        expected = ids_bounds(session.project.settings.checks, counts, session.person).warn
        usual = int(expected) if expected is not None and today is None else None
        yield _sweep(lines, degree, usual, of=of, counts=counts, today=today, **about)


def _sweep(
    lines: list[SweepPoint],
    degree: Levels,
    expected: int | None,
    *,
    of: str,
    counts: str,
    today: int | None,
    **about: Any,
) -> Sweep:
    """Build a sweep: add the excluded ids and edges to each point, and suggest a threshold."""
    *tried, unlimited = lines
    prevented = unlimited.edges_prevented
    over_limit = degree[degree > min(line.threshold for line in tried)]
    made = tuple(
        replace(
            line,
            is_today=line.threshold == today,
            excluded=int(np.count_nonzero(over_limit > line.threshold)),
            edges_prevented=prevented - line.edges_prevented,
        )
        for line in tried
    )
    best, reason = suggest_threshold(of, counts, made, expected)
    unfiltered_graph = replace(unlimited, edges_prevented=0)
    now = next((line for line in made if line.is_today), unfiltered_graph)
    if (
        best is not None
        and best != today
        and figures_of(now) == next(figures_of(v) for v in made if v.threshold == best)
    ):
        best, reason = None, f"{best} would change no figure of the graph"
    return Sweep(
        of=of,
        counts=counts,
        today=today,
        lines=made,
        unlimited=unfiltered_graph,
        suggested=best,
        reason=reason,
        **about,
    )


def figures_of(line: SweepPoint) -> GraphSize:
    """The graph at a threshold, in four numbers."""
    return GraphSize(line.ids, line.profiles, line.largest, line.several)


def outcome_of(sweep: Sweep, person: str) -> SimulatedChange | None:
    """The effect of the suggested threshold; None without a suggestion, or if it is today's setting."""
    if sweep.suggested is None or sweep.suggested == sweep.today:
        return None
    now = next((line for line in sweep.lines if line.is_today), sweep.unlimited)
    then = next(line for line in sweep.lines if line.threshold == sweep.suggested)
    return SimulatedChange(figures_of(now), figures_of(then), person)


def _is_worth_it(sweep: Sweep, outcome: SimulatedChange) -> bool:
    """Whether to recommend a change: a stricter threshold must separate people, a looser one must include more ids."""
    is_scored = sweep.lines[0].precision is not None
    is_looser = sweep.today is not None and sweep.suggested is not None and sweep.suggested > sweep.today
    return outcome.changes_anything and (is_scored or is_looser or outcome.parts_people)


def _steps(session: Session, sweeps: Sequence[Sweep]) -> Iterator[NextStep]:
    for sweep in sweeps:
        outcome = outcome_of(sweep, session.person)
        if outcome is None or not _is_worth_it(sweep, outcome):
            continue
        plan = f"{VALIDATION} -m {session.step.ref} --set "
        if sweep.variable is not None:
            what = f"set {sweep.variable} to {sweep.suggested} (today {sweep.today})"
            yield NextStep(what, sweep.where, f"{plan}{sweep.model}:{sweep.variable}={sweep.suggested}", outcome)
        else:
            what = f"set `maximum_edges: [{sweep.counts}: {sweep.suggested}]` of {sweep.of}"
            tried = f"{plan}{sweep.of}.maximum_edges.{sweep.counts}={sweep.suggested}"
            yield NextStep(what, sweep.where, tried, outcome)
    worst = [sweep.over_limit[0] for sweep in sweeps if sweep.over_limit]
    if worst:
        yield NextStep(
            "see what the most linked of the excluded ids would join", command=f"pb audit explain {worst[0].id.value}"
        )
    yield validation(session)

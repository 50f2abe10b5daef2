"""What every threshold from 2 to 50 would do, in one pass.

In: an open graph, and which pairs of id types to try. Out: a `Sweep` for each: today's setting, a line per threshold,
and a suggested one with its reason. Two kinds: thresholds in the project's own SQL, which leave rows out whole, and
the engine's ``maximum_edges``, which takes all edges of a crowded id to the other type. A sweep changes one threshold
and leaves all others as they are set today.
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
"""The thresholds that are tried."""

SHOWN = 20
"""How many ids left out are named."""


@dataclass(frozen=True)
class OverLimit:
    """An id that today's setting leaves out.

    Attributes:
        neighbours: How many ids of the counted type it has.
    """

    id: Id
    neighbours: int


@dataclass(frozen=True)
class Sweep:
    """One threshold, and what others would do.

    Attributes:
        kind: ``project`` for SQL of the project, ``maximum_edges`` for the engine's.
        of: Id type that is limited.
        counts: Id type of which it may have so many.
        variable: Its name in the project's SQL; None for the engine's.
        model: The model whose SQL that is; None likewise.
        today: Today's setting; None where there is none.
        where: File and line of it, or where it would be set.
        lines: One per threshold, from the strictest.
        unlimited: The graph without this threshold.
        over_limit: The ids that today's setting excludes, most neighbours first; at most `SHOWN` of them.
        suggested: The threshold that is suggested; None where none stands out.
        reason: Why, in words.
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
    """Try thresholds.

    Args:
        session: The open graph.
        pairs: Of which id type to limit which; None tries those that the project declares or sets, and if there are
            none, every ordered pair of types.
        tried: The thresholds, ascending.

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
    """The nodes and edges before any threshold, and what limits and thresholds make of them."""

    def __init__(self, session: Session, declared: tuple[DeclaredThreshold, ...], given: UnfilteredGraph) -> None:
        self.session, self.declared, self._given = session, declared, given
        self.left, self.right, self.types = given.left, given.right, given.types

    def levels(self, name: str) -> tuple[Levels, Levels]:
        """The levels of nodes and of edges."""
        return self._given.node_levels[name], self._given.edge_levels[name]

    def degrees(self, of: str, counts: str, takes_part: NDArray[np.bool_]) -> Levels:
        """Per node of one type, how many neighbours of another it has; 0 for other nodes."""
        return degrees((self.left[takes_part], self.right[takes_part]), self.types, of, counts)

    def least_limits(self, degree: Levels, counts: str) -> Levels:
        """Per edge, the least ``maximum_edges`` of one type to the other that keeps it; 0 for edges of other types."""
        return least_limit((self.left, self.right), self.types, degree, counts)

    def within_limits(self, edges: Levels, threshold: int, *, but: EdgeLimit | None = None) -> Levels:
        """The levels of edges up to a threshold, `NEVER` for those that ``maximum_edges`` of today takes."""
        takes_part = edges <= threshold
        kept = np.where(takes_part, edges, NEVER)
        for limit in self.session.step.limits:
            if limit != but:
                degree = self.degrees(limit.id_type, limit.other_type, takes_part)
                kept[self.least_limits(degree, limit.other_type) > limit.maximum] = NEVER
        return kept

    def over_limit(self, of: str, degree: Levels, today: int) -> tuple[OverLimit, ...]:
        """The nodes with more neighbours than today's setting allows."""
        over = np.flatnonzero(degree > today)
        worst = over[first_places((-degree[over],), SHOWN, lambda places: self._given.texts(over[places]))]
        ids = (Id(of, text) for text in self._given.texts(worst))
        return tuple(OverLimit(*pair) for pair in zip(ids, degree[worst].tolist(), strict=True))

    def over_limit_in_source(self, number: int) -> tuple[OverLimit, ...]:
        """The ids with more than a threshold of the project allows, in the rows as they are before it."""
        threshold = self.declared[number]
        query = exp.select("id", "degree").from_(f"{DEGREES}_{number}")
        query = query.where(exp.column("degree") > exp.Literal.number(threshold.value))
        rows = self.session.rows(query.order_by(exp.column("degree").desc(), "id").limit(SHOWN))
        return _in_order(OverLimit(Id(threshold.of, row["id"]), int(row["degree"])) for row in rows)

    def lines(self, nodes: Levels, edges: Levels, tried: Sequence[int]) -> list[SweepPoint]:
        """The graph at each threshold; what is counted of ids left out is added by others."""
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
            # What the engine takes depends on what this threshold leaves: each is a graph of its own.
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
    """The sweep: its lines, each with what it leaves out, and the suggested threshold."""
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
        best, reason = None, f"{best} would change nothing: no figure of the graph would be another one"
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
    """What the suggested threshold would change; None where none is suggested, or it is today's."""
    if sweep.suggested is None or sweep.suggested == sweep.today:
        return None
    now = next((line for line in sweep.lines if line.is_today), sweep.unlimited)
    then = next(line for line in sweep.lines if line.threshold == sweep.suggested)
    return SimulatedChange(figures_of(now), figures_of(then), person)


def _is_worth_it(sweep: Sweep, outcome: SimulatedChange) -> bool:
    """Whether to advise it: a stricter threshold must part people, a looser one must free some ids."""
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
            what = f"set {sweep.variable} to {sweep.suggested}; it is {sweep.today}"
            yield NextStep(what, sweep.where, f"{plan}{sweep.model}:{sweep.variable}={sweep.suggested}", outcome)
        else:
            what = f"set `maximum_edges: [{sweep.counts}: {sweep.suggested}]` of {sweep.of}"
            tried = f"{plan}{sweep.of}.maximum_edges.{sweep.counts}={sweep.suggested}"
            yield NextStep(what, sweep.where, tried, outcome)
    worst = [sweep.over_limit[0] for sweep in sweeps if sweep.over_limit]
    if worst:
        yield NextStep("what the most crowded one would join", command=f"pb audit explain {worst[0].id.value}")
    yield validation(session)

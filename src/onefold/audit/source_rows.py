"""Fetches the source rows that join two ids, as they are today.

Takes an open graph and pairs of ids. Returns the earliest such row by pair and source, if it still exists: the source
may have lost it, or the project may read the source differently now. Runs one query per source, and reads only rows
within the time span of the evidence.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.audit.records import Id
from onefold.errors import AccessError
from onefold.identity.read.queries import moment_of
from onefold.sql.compile import relations
from onefold.sql.input import event_time, timestamp
from onefold.sql.node_marks import as_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from onefold.audit.records import SourceEvidence
    from onefold.audit.session import Session
    from onefold.plan.model import EdgeSource

Pair = tuple[Id, Id]

_FIRST, _SECOND, _PLACE = "audit_first_id", "audit_second_id", "audit_place"


def source_rows(
    session: Session, wanted: Collection[tuple[Pair, SourceEvidence]]
) -> dict[tuple[Pair, str], dict[str, Any]]:
    """Fetch the earliest row with both ids, by pair of ids and source.

    Args:
        session: The open graph.
        wanted: Pairs, the smaller id first, each with what a source says of it.
    """
    found: dict[tuple[Pair, str], dict[str, Any]] = {}
    for source in session.step.sources:
        pairs = {pair: says for pair, says in wanted if says.source == source.source}
        for i, j in permutations(range(len(source.ids)), 2):
            types = (source.ids[i].id_type, source.ids[j].id_type)
            fitting = sorted(pair for pair in pairs if (pair[0].type, pair[1].type) == types)
            if fitting:
                says = [pairs[pair] for pair in fitting]
                for pair, row in _rows(session, source, (i, j), fitting, says).items():
                    found.setdefault((pair, source.source), row)
    return found


def _within(rows: exp.Select, time: exp.Expr, says: list[SourceEvidence]) -> exp.Select:
    """A filter on the time range of the edges, so that time-ordered files are read only in part."""
    first, last = ([getattr(e, name) for e in says] for name in ("first_seen_at", "last_seen_at"))
    if not all(isinstance(moment, datetime) for moment in (*first, *last)):  # none, or beyond the year 9999
        return rows
    ends = (timestamp(moment.replace(tzinfo=UTC)) for moment in (min(first), max(last)))
    seen_at = exp.cast(time.copy(), "TIMESTAMP")  # as the stitcher reads it
    return rows.where(exp.Between(this=seen_at, low=next(ends), high=next(ends)))


def _rows(
    session: Session, source: EdgeSource, columns: tuple[int, int], pairs: list[Pair], says: list[SourceEvidence]
) -> dict[Pair, dict[str, Any]]:
    used = relations(session.compiler())
    first, second = (as_id(used.expression(source.ids[i].select)) for i in columns)
    time = event_time(session.plan.steps[source.source], used)
    same = [
        exp.and_(first.copy().eq(exp.Literal.string(a.value)), second.copy().eq(exp.Literal.string(b.value)))
        for a, b in pairs
    ]
    key = [exp.Ordered(this=moment_of(time), nulls_first=False)] if time is not None else []
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[first.copy(), second.copy()],
        order=exp.Order(expressions=key) if key else None,
    )
    rows = exp.select("*", first.as_(_FIRST), second.as_(_SECOND), place.as_(_PLACE)).from_(used.table(source.source))
    rows = rows.where(exp.or_(*same))
    if time is not None:
        rows = _within(rows, time, says)
    query = exp.select("*").from_(rows.subquery("placed")).where(exp.column(_PLACE).eq(exp.Literal.number(1)))
    try:
        given = session.rows(used.complete(query))
    except AccessError:  # the project or its tables have changed since the run
        return {}
    by_values = {(a.value, b.value): (a, b) for a, b in pairs}
    found = {}
    for row in given:
        pair = by_values[row.pop(_FIRST), row.pop(_SECOND)]
        del row[_PLACE]
        found[pair] = row
    return found

"""Fetches the input rows behind the rows of a SQL model that join two ids.

Takes an open graph and pairs of ids. Returns, by pair and model, the current input rows from which the two ids are
derived. If one input provides both ids, these are its rows with both; otherwise the rows with the id that it
provides. Returns nothing if the SQL of the model cannot be traced (``column_lineage``).
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.audit.column_lineage import TracedExpression, traced
from onefold.audit.records import Id, InputRow, OriginRows
from onefold.errors import AccessError, ProjectError
from onefold.identity.read.queries import moment_of
from onefold.plan.model import InputStep, SqlTemplate
from onefold.sql.compile import relations
from onefold.sql.input import event_time
from onefold.sql.node_marks import as_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from onefold.audit.records import SourceEvidence
    from onefold.audit.session import Session
    from onefold.audit.source_rows import Pair
    from onefold.plan.model import EdgeSource

_MOST = 3
"""The most rows of an input per pair."""

_TIME, _COUNT, _PLACE = "audit_time", "audit_count", "audit_place"


def input_rows(
    session: Session, wanted: Collection[tuple[Pair, SourceEvidence]]
) -> dict[tuple[Pair, str], list[OriginRows]]:
    """Fetch the input rows, by pair of ids and SQL model.

    Args:
        session: The open graph.
        wanted: Pairs, the smaller id first, each with what an edge source says of it.
    """
    found: dict[tuple[Pair, str], list[OriginRows]] = {}
    for source in session.step.sources:
        if not isinstance(session.plan.steps.get(source.source), SqlTemplate):
            continue
        pairs = sorted({pair for pair, says in wanted if says.source == source.source})
        for i, j in permutations(range(len(source.ids)), 2):
            types = (source.ids[i].id_type, source.ids[j].id_type)
            fitting = [pair for pair in pairs if (pair[0].type, pair[1].type) == types]
            for pair, rows in _of_columns(session, source, (i, j), fitting) if fitting else ():
                found.setdefault((pair, source.source), []).append(rows)
    return found


def _of_columns(
    session: Session, source: EdgeSource, columns: tuple[int, int], pairs: list[Pair]
) -> Iterator[tuple[Pair, OriginRows]]:
    both = _origins(session, source, columns)
    for origin in both:
        yield from _rows(session, origin, {pair: pair for pair in pairs})
    inputs = {origin.ref for origin in both}
    for place, column in enumerate(columns):
        for origin in _origins(session, source, (column,)):
            # A constant is in every row, so it identifies none.
            if origin.ref not in inputs and origin.expression.find(exp.Column):
                yield from _rows(session, origin, {pair: (pair[place],) for pair in pairs})


def _origins(session: Session, source: EdgeSource, columns: tuple[int, ...]) -> list[TracedExpression]:
    """The id columns of a model, as expressions over each input that provides all of them."""
    try:
        used = relations(session.compiler())
        asked = exp.Tuple(expressions=[used.expression(source.ids[i].select) for i in columns])
        return list(dict.fromkeys(traced(session, TracedExpression(source.source, asked))))
    except ProjectError:  # the project has changed since the run
        return []


def _rows(
    session: Session, origin: TracedExpression, wanted: Mapping[Pair, tuple[Id, ...]]
) -> Iterator[tuple[Pair, OriginRows]]:
    """The input rows from which the ids of each pair are computed."""
    step = session.plan.steps[origin.ref]
    assert isinstance(step, InputStep)  # noqa: S101 - lineage ends at an input
    try:
        given = session.rows(_query(session, origin, step, set(wanted.values())))
    except (AccessError, ProjectError):  # the project or its tables have changed since the run
        return
    names = _id_names(origin)
    by_ids: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in given:
        by_ids.setdefault(tuple(row.pop(name) for name in names), []).append(row)
    for pair, ids in wanted.items():
        rows = by_ids.get(tuple(found.value for found in ids), [])
        if rows:
            count = rows[0][_COUNT]
            yield pair, OriginRows(origin.ref, step.table, ids, count, tuple(_shown(row, origin, ids) for row in rows))


def _shown(row: dict[str, Any], origin: TracedExpression, ids: tuple[Id, ...]) -> InputRow:
    values = {name: value for name, value in row.items() if name not in {_TIME, _COUNT, _PLACE}}
    folded = {name.lower(): value for name, value in values.items()}
    made_from: dict[Id, None] = {}
    for found, expression in zip(ids, origin.expression.expressions, strict=True):
        for column in expression.find_all(exp.Column):
            made_from |= {Id(found.type, text): None for text in _texts(folded.get(column.name.lower()))}
    return InputRow(row[_TIME], values, tuple(made_from))


def _texts(value: Any) -> Iterator[str]:
    """The scalar values in a value, as texts."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)


def _id_names(origin: TracedExpression) -> list[str]:
    return [f"audit_id_{number}" for number in range(len(origin.expression.expressions))]


def _query(session: Session, origin: TracedExpression, step: InputStep, wanted: set[tuple[Id, ...]]) -> exp.Query:
    """The earliest rows for each id, with their time and total number."""
    used = relations(session.compiler())
    names = _id_names(origin)
    made = zip(origin.expression.expressions, names, strict=True)
    ids = [as_id(expression.copy()).as_(name) for expression, name in made]
    time = event_time(step, used)
    at = moment_of(time) if time is not None else exp.cast(exp.null(), "TIMESTAMP")
    rows = exp.select("*", *ids, at.as_(_TIME)).from_(used.table(origin.ref)).where(*origin.filters)
    same = [
        exp.and_(*(exp.column(n).eq(exp.Literal.string(i.value)) for n, i in zip(names, each, strict=True)))
        for each in sorted(wanted)
    ]
    by_ids: list[exp.Expr] = [exp.column(name) for name in names]
    in_time = exp.Order(expressions=[exp.Ordered(this=exp.column(_TIME), nulls_first=False)])
    place = exp.Window(this=exp.RowNumber(), partition_by=by_ids, order=in_time)
    count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[name.copy() for name in by_ids])
    placed = exp.select("*", count.as_(_COUNT), place.as_(_PLACE)).from_(rows.subquery("made"))
    placed = placed.where(exp.or_(*same))
    first = exp.select("*").from_(placed.subquery("placed")).where(exp.column(_PLACE) <= _MOST)
    return used.complete(first.order_by(*names, _PLACE))

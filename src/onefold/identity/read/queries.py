"""The queries that read edge sources: their rows with ids, and the row counts and digests of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.schema import DAY
from onefold.sql.input import event_time
from onefold.sql.node_marks import AS_IS, MOMENT, as_id
from onefold.sql.statements import digest_total, row_digest

if TYPE_CHECKING:
    from onefold.plan.model import EdgeSource, IdStitcher
    from onefold.sql.relations import Relations


def source_query(step: IdStitcher, number: int, used: Relations) -> exp.Select:
    """The rows of an edge source that have an id: ``id_<i>``, ``seen_at``, ``sample_key`` and ``row_digest``.

    ``sample_key`` exists if the source has a row identifier, ``row_digest`` if the engine can hash.
    """
    read = _read_ids(step.sources[number], used)
    names = _names(step.sources[number])
    query = exp.select(*(exp.column(name) for name in names), "seen_at").from_("read_ids")
    if _row_key(step.sources[number], used) is not None:
        query = query.select("sample_key")
    if used.compiler.engine.row_hash is not None:
        query = query.select(_row_digest(step.sources[number], used).as_("row_digest"))
    return query.where(_has_id(names)).with_("read_ids", as_=read)


def digests_query(rows: exp.Query) -> exp.Select:
    """Per day of an edge source (`source_query`): the number of rows, and the sum of their digests (`digest_total`)."""
    total = digest_total(exp.column("row_digest"))
    day = exp.cast(exp.column("seen_at"), "DATE")
    return (
        exp.select(day.as_(DAY), exp.Count(this=exp.Star()).as_("row_count"), total.as_("digest"))
        .from_(rows.subquery("every_row"))
        .group_by(day.copy())
    )


def _read_ids(source: EdgeSource, used: Relations) -> exp.Select:
    """The ids of all rows. Filters apply later, once per distinct id, because there are far fewer ids than rows."""
    read = exp.select(_seen_at(source, used).as_("seen_at"))
    for i, id_column in enumerate(source.ids, start=1):
        read = read.select(as_id(used.expression(id_column.select)).as_(f"id_{i}"))
    key = _row_key(source, used)
    if key is not None:
        read = read.select(key.as_("sample_key"))
    return read.from_(used.table(source.source))


def _names(source: EdgeSource) -> list[str]:
    return [f"id_{i}" for i in range(1, len(source.ids) + 1)]


def _has_id(names: list[str]) -> exp.Expr:
    return exp.or_(*(exp.not_(exp.column(name).is_(exp.null())) for name in names))


def _seen_at(source: EdgeSource, used: Relations) -> exp.Expr:
    time = event_time(used.compiler.plan.steps[source.source], used)
    return moment_of(time) if time is not None else exp.cast(exp.null(), "TIMESTAMP")


def moment_of(time: exp.Expr) -> exp.Cast:
    """A time column as a timestamp in UTC, also from text."""
    moment = exp.cast(time.copy(), "TIMESTAMP")
    moment.meta[MOMENT] = True
    return moment


def _row_key(source: EdgeSource, used: Relations) -> exp.Expr | None:
    """The row identifier as one text; None if the source has none."""
    names = getattr(used.compiler.plan.steps[source.source], "row_identifier", ())
    if not names:
        return None
    texts = [exp.cast(exp.column(name), "TEXT") for name in names]
    for text in texts:
        text.meta[AS_IS] = True
    return texts[0] if len(texts) == 1 else exp.ConcatWs(expressions=[exp.Literal.string(", "), *texts])


def _row_digest(source: EdgeSource, used: Relations) -> exp.Expr:
    names = [*_names(source), "seen_at", *(["sample_key"] if _row_key(source, used) is not None else [])]
    return row_digest(used.compiler.engine, [exp.column(name) for name in names])

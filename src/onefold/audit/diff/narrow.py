"""Narrows a comparison of two graphs to the profiles that can differ, so that its cost depends on the change.

Takes two versions of the same tables, from a run and the incremental run after it. Returns both, each with a table of
the ids of profiles that can differ, and the number of profiles and ids that cannot. A row that belongs to both
versions is equal in both. A profile can differ only if one of its ids or names belongs to one version alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.schema import in_version, part
from onefold.identity.view_queries import edges_query
from onefold.sql.id_graph import DROPPED, EVIDENCE, PROFILE
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from onefold.audit.diff.queries import ComparedGraph
    from onefold.audit.session import Session
    from onefold.identity.metrics import GraphTables

TOUCHED = "diff_touched"
"""Temporary table: the numbers of profiles that can differ."""


@dataclass(frozen=True)
class Unchanged:
    """The profiles that cannot differ: the same ids with the same main ids.

    Attributes:
        profiles: How many profiles.
        ids: How many ids they have.
    """

    profiles: int = 0
    ids: int = 0


def narrowed(
    session: Session, before: ComparedGraph, after: ComparedGraph
) -> tuple[ComparedGraph, ComparedGraph, Unchanged]:
    """Narrow both sides to profiles that can differ, if both are versions of the same tables.

    Args:
        session: A connection to both.
        before: The one graph.
        after: The other.
    """
    was, now = before.tables, after.tables
    if was is None or now is None or was.base != now.base or before.is_empty or after.is_empty:
        return before, after, Unchanged()
    session.temp_table(TOUCHED, _touched_query(was, now))
    profiles, ids = (int(session.rows(_count(table, was, now))[0]["n"]) for table in (was.names, was.members))
    sides = (_side(session, graph, name) for graph, name in ((before, "before"), (after, "after")))
    return next(sides), next(sides), Unchanged(profiles, ids)


def _touched_query(was: GraphTables, now: GraphTables) -> exp.Query:
    counts = (in_version(was.version), in_version(now.version))
    of_one = exp.not_(exp.paren(exp.and_(*(condition.copy() for condition in counts))))
    parts = [
        exp.select(PROFILE).from_(table).where(exp.or_(*(exp.paren(c.copy()) for c in counts)), of_one.copy())
        for table in (was.members, was.names)
    ]
    return exp.union(*parts, distinct=True)


def _count(table: exp.Table, was: GraphTables, now: GraphTables) -> exp.Select:
    """The number of profiles that cannot differ, and of their ids."""
    touched = exp.select(PROFILE).from_(TOUCHED)
    can_differ = exp.In(this=exp.column(PROFILE), query=touched.subquery())
    query = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(table)
    return query.where(in_version(was.version), in_version(now.version), exp.not_(can_differ))


def _side(session: Session, graph: ComparedGraph, name: str) -> ComparedGraph:
    tables = graph.tables
    assert tables is not None  # noqa: S101 - the caller made sure
    touched = exp.select(PROFILE).from_(TOUCHED)
    can_differ = exp.In(this=exp.column(PROFILE, table="members"), query=touched.subquery())
    return _with_rows(session, graph, tables, name, can_differ)


def of_changed(session: Session, graph: ComparedGraph, name: str, changed: exp.Select) -> ComparedGraph:
    """Narrow a side to the profiles whose main ids a query returns, if its tables are known.

    Args:
        session: A connection to both sides.
        graph: The side.
        name: For its temporary table.
        changed: A query of main ids.
    """
    if graph.tables is None or graph.rows_in is not None:
        return graph
    main_id = exp.column("main_id", table="names")
    return _with_rows(session, graph, graph.tables, name, exp.In(this=main_id, query=changed.subquery()))


def _with_rows(
    session: Session, graph: ComparedGraph, tables: GraphTables, name: str, condition: exp.Expr
) -> ComparedGraph:
    """The side with a temporary table of some of its ids, like the views of the graph."""
    on = exp.and_(
        exp.column(PROFILE, table="names").eq(exp.column(PROFILE, table="members")), in_version(tables.version, "names")
    )
    rows = exp.select(exp.column("main_id", table="names").as_(graph.main_id), "members.*")
    rows = rows.from_(exp.alias_(tables.members, "members", table=True))
    rows = rows.join(exp.alias_(tables.names, "names", table=True), on=on)
    table = session.temp_table(f"diff_ids_{name}", rows.where(in_version(tables.version, "members"), condition))
    if not graph.sources:
        return replace(graph, rows_in=table)
    some = session.step.sources[0]
    sources = tuple(replace(some, source=ref) for ref in graph.sources)
    step = replace(session.step, main_id=graph.main_id, sources=sources)
    evidence, dropped = part(tables.base, EVIDENCE), part(tables.base, DROPPED)
    # Independent of the current edge limits. Graphs built by earlier versions have no such table.
    has_dropped = dropped.name in Registry(session.engine, session.target.dialect).tables()
    edges = edges_query(step, table, table, evidence, tables.version, dropped if has_dropped else None)
    return replace(graph, rows_in=table, edges=edges)

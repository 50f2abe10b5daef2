"""The SQL that tells what happened to main ids in a run (ADR 15).

In: what ``onefold.identity.main_ids.inherit`` has found: the main id of each component, and what each main id ever
published resolves to. Out: queries in running order, the last of which gives the events: event, main_id,
previous_main_id, ids_moved, cause.

    born         main_id is new
    split        main_id is new and came out of previous_main_id, as most of its ids did
    revived      main_id was retired and is living again; previous_main_id is where most of its ids were, if anywhere
    merged       previous_main_id resolves to main_id from now on, with all that resolved to it if it was living
    retired      none of the ids of main_id is left, nor of what resolved to it and has no event of its own
    moved        other ids went from previous_main_id to main_id
    reanchored   the anchor of main_id is gone, another of its ids is its anchor now

``ids_moved`` counts the ids that were in previous_main_id before and are in main_id now; 0 where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids.created import MINTED, column, is_null, joined, lacking
from onefold.identity.main_ids.inherit import RESOLVED, is_node

if TYPE_CHECKING:
    from onefold.identity.main_ids.created import Graph
    from onefold.identity.main_ids.inherit import State

EVENT_COLUMNS = ("event", "main_id", "previous_main_id", "ids_moved", "cause")

EVENTS_KEPT = {name: "BIGINT" if name == "ids_moved" else "TEXT" for name in EVENT_COLUMNS}
EVENT_IDS = ("main_id", "previous_main_id")
"""How events are kept, and which of their columns hold ids."""

MOVES, CAME, SOURCES = "main_ids_moves", "main_ids_came", "main_ids_sources"
"""Temporary tables; what each holds is said at its query."""

MIGRATED, FRESH = "taken over from an existing id graph", "fresh ids"
NEW_IDS, NEW_LINKS, LOST_LINKS = "new ids", "new links", "links are gone: their rows, or a guard left them out"
ALONG, BACK = "its anchor id lies there now", "its anchor id is back"
NO_IDS, NO_ANCHOR, OTHER_LINKS = "none of its ids is left", "its anchor id is gone", "links have changed"
"""The causes of events."""


# --- the ids that changed their profile ---


def moves_query(graph: Graph, state: State, assigned: exp.Table) -> exp.Select:
    """MOVES: from_main_id, to_main_id, ids: how many ids of a profile are in another one now."""
    ids = exp.Sum(this=column("ids", "members")) if state.is_counted else exp.Count(this=exp.Star())
    return (
        exp.select(
            column("main_id", "members").as_("from_main_id"),
            column("main_id", "assigned").as_("to_main_id"),
            exp.cast(ids, "BIGINT").as_("ids"),
        )
        .from_(exp.alias_(state.members.copy(), "members", table=True))
        .join(exp.alias_(graph.nodes.copy(), "nodes", table=True), on=is_node("members", "other_id", state, "node"))
        .join(exp.alias_(graph.components.copy(), "components", table=True), on=joined("node", "nodes", "components"))
        .join(exp.alias_(assigned.copy(), "assigned", table=True), on=joined("component", "components", "assigned"))
        .where(column("main_id", "members").neq(column("main_id", "assigned")))
        .group_by(column("main_id", "members"), column("main_id", "assigned"))
    )


def came_query() -> exp.Query:
    """CAME: main_id, was_published: those that live now and did not before."""
    minted = exp.select(column("main_id", "minted"), exp.false().as_("was_published"))
    minted = minted.from_(exp.alias_(exp.to_table(MINTED), "minted", table=True))
    revived = (
        exp.select(column("main_id"), exp.true().as_("was_published"))
        .from_(RESOLVED)
        .where(
            column("now_main_id").eq(column("main_id")),
            exp.NullSafeNEQ(this=column("was_main_id"), expression=column("main_id")),
        )
    )
    return exp.union(lacking(minted, "minted", RESOLVED, "main_id"), revived, distinct=False)


def sources_query() -> exp.Select:
    """SOURCES: main_id, from_main_id, ids: the profile that most ids of a new one came out of.

    A profile that went into the new one whole is no source of it: it is merged.
    """
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column("main_id", "came")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=column("ids", "moves"), desc=True),
                exp.Ordered(this=column("from_main_id", "moves")),
            ]
        ),
    )
    ranked = (
        _moves_of("went")
        .select(column("main_id", "came"), column("from_main_id", "moves"), column("ids", "moves"))
        .select(rank.as_("rank_no"))
        .join(
            exp.alias_(exp.to_table(CAME), "came", table=True),
            on=column("main_id", "came").eq(column("to_main_id", "moves")),
        )
        .where(_is_not_merged("went"))
    )
    first = column("rank_no").eq(exp.Literal.number(1))
    return exp.select("main_id", "from_main_id", "ids").from_(ranked.subquery("ranked")).where(first)


def _moves_of(alias: str) -> exp.Select:
    """MOVES with what has become of the profile that the ids were in."""
    return (
        exp.Select()
        .from_(exp.alias_(exp.to_table(MOVES), "moves", table=True))
        .join(
            exp.alias_(exp.to_table(RESOLVED), alias, table=True),
            on=column("main_id", alias).eq(column("from_main_id", "moves")),
        )
    )


def _is_not_merged(alias: str) -> exp.Expr:
    return exp.NullSafeNEQ(this=column("now_main_id", alias), expression=column("to_main_id", "moves"))


# --- events ---


def births_query(main_ids: exp.Table) -> exp.Select:
    """The events of a first run: every main id of ``main_ids`` is born."""
    return _event("born", column("main_id"), NEW_IDS).from_(main_ids.copy())


def events_query(*, is_fresh: bool) -> exp.Query:
    """The events of a run; none if nothing changed.

    Args:
        is_fresh: Whether main ids were minted anew on purpose.
    """
    parts = (_taken_over(), _came(is_fresh), _merged(is_fresh), _retired(), _moved(), _reanchored())
    return exp.union(*parts, distinct=False)


def _event(
    event: str | exp.Expr,
    main_id: exp.Expr,
    cause: str | exp.Expr,
    previous: exp.Expr | None = None,
    ids: exp.Expr | None = None,
) -> exp.Select:
    """One row of events per row of what is selected from."""
    moved = exp.func("COALESCE", ids, exp.Literal.number(0)) if ids is not None else exp.Literal.number(0)
    values = (
        _text(event),
        main_id,
        previous if previous is not None else exp.cast(exp.null(), "TEXT"),
        exp.cast(moved, "BIGINT"),
        _text(cause),
    )
    return exp.select(*(value.as_(name) for value, name in zip(values, EVENT_COLUMNS, strict=True)))


def _text(value: str | exp.Expr) -> exp.Expr:
    return exp.Literal.string(value) if isinstance(value, str) else value


def _taken_over() -> exp.Select:
    return _event("born", column("main_id"), MIGRATED).from_(RESOLVED).where(column("since_seq_no").is_(exp.null()))


def _came(is_fresh: bool) -> exp.Select:  # noqa: FBT001
    """Born, split off, or revived."""
    was, has_source = column("was_published", "came"), exp.not_(is_null("from_main_id", "sources"))
    event = exp.Case().when(was, _text("revived")).when(has_source, _text("split")).else_(_text("born"))
    cause = exp.Case().when(has_source.copy(), _text(LOST_LINKS)).when(was.copy(), _text(BACK)).else_(_text(NEW_IDS))
    return (
        _event(
            event,
            column("main_id", "came"),
            FRESH if is_fresh else cause,
            column("from_main_id", "sources"),
            column("ids", "sources"),
        )
        .from_(exp.alias_(exp.to_table(CAME), "came", table=True))
        .join(
            exp.alias_(exp.to_table(SOURCES), "sources", table=True),
            on=joined("main_id", "came", "sources"),
            join_type="left",
        )
    )


def _merged(is_fresh: bool) -> exp.Select:  # noqa: FBT001
    """A main id resolves to another one from now on, and not because the profile that it was in went there."""
    was_living = column("was_main_id", "was").eq(column("main_id", "was"))
    goes_its_own_way = exp.NullSafeNEQ(this=column("follows", "was"), expression=column("now_main_id", "was"))
    cause = exp.Case().when(was_living, _text(NEW_LINKS)).else_(_text(ALONG))
    return (
        _event(
            "merged",
            column("now_main_id", "was"),
            FRESH if is_fresh else cause,
            column("main_id", "was"),
            column("ids", "moves"),
        )
        .from_(exp.alias_(exp.to_table(RESOLVED), "was", table=True))
        .join(
            exp.alias_(exp.to_table(MOVES), "moves", table=True),
            on=exp.and_(
                column("from_main_id", "moves").eq(column("main_id", "was")),
                column("to_main_id", "moves").eq(column("now_main_id", "was")),
            ),
            join_type="left",
        )
        .where(column("now_main_id", "was").neq(column("main_id", "was")), exp.or_(was_living.copy(), goes_its_own_way))
    )


def _retired() -> exp.Select:
    gone = (column("was_main_id").eq(column("main_id")), column("now_main_id").is_(exp.null()))
    return _event("retired", column("main_id"), NO_IDS).from_(RESOLVED).where(*gone)


def _moved() -> exp.Select:
    """Ids in another profile now that neither a merge nor the making of that profile tells of."""
    to, origin = column("to_main_id", "moves"), column("from_main_id", "moves")
    told = exp.and_(column("main_id", "sources").eq(to.copy()), column("from_main_id", "sources").eq(origin.copy()))
    told_of = exp.alias_(exp.to_table(SOURCES), "sources", table=True)
    moved = _event("moved", to, OTHER_LINKS, origin, column("ids", "moves"))
    rest = _moves_of("went").join(told_of, on=told, join_type="left")
    return rest.select(*moved.expressions).where(_is_not_merged("went"), is_null("main_id", "sources"))


def _reanchored() -> exp.Select:
    return _event("reanchored", column("main_id"), NO_ANCHOR).from_(RESOLVED).where(column("is_reanchored"))

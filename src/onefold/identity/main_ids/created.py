"""The SQL that mints main ids: of a component's earliest node the generated id, or the next one where that was used.

In: numbered ids, their components, the main ids ever published. Out: queries over temporary tables, in running order.

    minted_query      MINTED at once, where no main id has been published
    proposed_query    PROPOSED: a first id for each component without one
    free_query        into MINTED those that were never published
    clashing_query    CLASHING: components that are still without one; proposed_again_query tries the next id, and so on

No main id is handed out twice. Where the generated id of a node was published before (it was the anchor of a profile
that has another anchor now), the ids generated from ``<value>#2``, ``<value>#3`` and so on are tried in turn, with the
same id type. Within a run each component is at the same number at the same time, so that two of them propose one id
only if they propose it for one node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

    Generated = Callable[[exp.Expr, exp.Expr], exp.Expr]
    """The generated id of a node, of expressions for its value and the name of its id type."""

MINTED, PROPOSED, CLASHING = "main_ids_minted", "main_ids_proposed", "main_ids_clashing"
"""Temporary tables of component, node, id, id_type, main_id; the last two with ``attempt``."""

_COLUMNS = ("component", "node", "id", "id_type", "main_id")


@dataclass(frozen=True)
class Graph:
    """The ids of this run, or of the components that a change touched.

    Attributes:
        nodes: node, id, id_type, first_seen_at.
        components: node, component.
        earliest: node, component, id, id_type, generated_id: of each component the node that names it if nothing else
            does, where that is known; None to find it among the nodes seen first in their component.
    """

    nodes: exp.Table
    components: exp.Table
    earliest: exp.Table | None = None


def column(name: str, table: str | None = None) -> exp.Column:
    """A column of a table's alias."""
    return exp.column(name, table=table)


def joined(key: str, left: str, right: str) -> exp.Expr:
    """``left.key = right.key``."""
    return column(key, left).eq(column(key, right))


def is_null(name: str, alias: str) -> exp.Expr:
    """``alias.name IS NULL``."""
    return column(name, alias).is_(exp.null())


def lacking(query: exp.Select, alias: str, table: str, key: str) -> exp.Select:
    """The rows of a query over ``alias`` whose key is not in ``table``."""
    other = exp.alias_(exp.to_table(table), "lacked", table=True)
    return query.join(other, on=joined(key, alias, "lacked"), join_type="left").where(
        column(key, "lacked").is_(exp.null())
    )


def earliest_of(rows: exp.Select, key: str, generated: Generated) -> exp.Select:
    """Per key of ``rows`` the node that was seen first, of several the one of the smallest generated id.

    Args:
        rows: key, node, id, id_type, first_seen_at.
        key: The column to have one row per.
        generated: Makes the generated id.
    """
    columns = (column(key), *(column(name) for name in ("node", "id", "id_type", "first_seen_at")))
    earliest = _seen_first(exp.to_table("seen"), key, ("node", "id", "id_type", "first_seen_at"))
    named = exp.select(*columns, generated(column("id"), column("id_type")).as_("generated_id"))
    first = _first_named(named.from_(earliest.subquery("earliest")), key)
    return exp.select(*columns).from_(first.subquery("named")).where(_is_first()).with_("seen", as_=rows)


def _seen_first(rows: exp.Table, key: str, columns: tuple[str, ...]) -> exp.Select:
    """The rows with the earliest time of their key; null is the latest."""
    firsts = exp.select(column(key), exp.Min(this=column("first_seen_at")).as_("first_at")).from_(rows.copy())
    first_at = column("first_at", "firsts")
    return (
        exp.select(column(key, "every_row"), *(column(name, "every_row") for name in columns))
        .from_(exp.alias_(rows.copy(), "every_row", table=True))
        .join(firsts.group_by(column(key)).subquery("firsts"), on=joined(key, "every_row", "firsts"))
        .where(exp.or_(first_at.is_(exp.null()), column("first_seen_at", "every_row").eq(first_at.copy())))
    )


def _first_named(named: exp.Select, key: str) -> exp.Select:
    """Rows with ``generated_id``, numbered by it within their key."""
    order = exp.Order(expressions=[exp.Ordered(this=column("generated_id"))])
    rank = exp.Window(this=exp.RowNumber(), partition_by=[column(key)], order=order)
    return exp.select("*", rank.as_("rank_no")).from_(named.subquery("generated"))


def _is_first() -> exp.Expr:
    return column("rank_no").eq(exp.Literal.number(1))


def minted_query(graph: Graph, generated: Generated, *, winners: str | None = None) -> exp.Select:
    """A generated id for each component: that of its earliest node, of several the smallest.

    Args:
        graph: The ids and components.
        generated: Makes the generated id.
        winners: The table of components that have a main id; None if none has.
    """
    if graph.earliest is not None:
        return _known_query(graph.earliest, winners)
    named = (
        exp.select(
            column("component", "earliest"),
            *(column(name, "nodes") for name in ("node", "id", "id_type")),
            generated(column("id", "nodes"), column("id_type", "nodes")).as_("generated_id"),
        )
        .from_(_earliest_nodes(graph, winners).subquery("earliest"))
        .join(exp.alias_(graph.nodes.copy(), "nodes", table=True), on=joined("node", "earliest", "nodes"))
    )
    columns = (*_COLUMNS[:-1], column("generated_id").as_("main_id"))
    return exp.select(*columns).from_(_first_named(named, "component").subquery("named")).where(_is_first())


def _known_query(earliest: exp.Table, winners: str | None) -> exp.Select:
    columns = (*(column(name, "known") for name in _COLUMNS[:-1]), column("generated_id", "known").as_("main_id"))
    known = exp.select(*columns).from_(exp.alias_(earliest.copy(), "known", table=True))
    return lacking(known, "known", winners, "component") if winners else known


def _earliest_nodes(graph: Graph, winners: str | None) -> exp.Select:
    """component, node: those seen first, of the components without a main id."""
    seen = exp.select(column("component", "components"), column("node", "nodes"), column("first_seen_at", "nodes"))
    seen = seen.from_(exp.alias_(graph.components.copy(), "components", table=True)).join(
        exp.alias_(graph.nodes.copy(), "nodes", table=True), on=joined("node", "components", "nodes")
    )
    seen = lacking(seen, "components", winners, "component") if winners else seen
    return _seen_first(exp.to_table("seen"), "component", ("node",)).with_("seen", as_=seen)


def proposed_query(graph: Graph, generated: Generated, winners: str) -> exp.Select:
    """PROPOSED, at the first attempt."""
    first = exp.Literal.number(1).as_("attempt")
    return exp.select(*_COLUMNS, first).from_(minted_query(graph, generated, winners=winners).subquery("minted"))


def free_query(published: exp.Table) -> exp.Select:
    """What of PROPOSED was never published, and was not minted in this run.

    Args:
        published: Has ``main_id`` of every main id ever published.
    """
    proposed = exp.select(*(column(name, "proposed") for name in _COLUMNS))
    proposed = proposed.from_(exp.alias_(exp.to_table(PROPOSED), "proposed", table=True))
    return proposed.join(
        exp.alias_(published.copy(), "published", table=True),
        on=joined("main_id", "proposed", "published"),
        join_type="left",
    ).where(column("main_id", "published").is_(exp.null()))


def free_again_query(published: exp.Table) -> exp.Select:
    """As `free_query`, once MINTED is there."""
    return lacking(free_query(published), "proposed", MINTED, "main_id")


def clashing_query() -> exp.Select:
    """CLASHING: what of PROPOSED got no main id."""
    proposed = exp.select(*(column(name, "proposed") for name in (*_COLUMNS, "attempt")))
    proposed = proposed.from_(exp.alias_(exp.to_table(PROPOSED), "proposed", table=True))
    return lacking(proposed, "proposed", MINTED, "component")


def proposed_again_query(generated: Generated) -> exp.Select:
    """PROPOSED, at the next attempt for what clashed."""
    attempt = column("attempt") + exp.Literal.number(1)
    suffix = exp.DPipe(this=exp.Literal.string("#"), expression=exp.cast(attempt, "TEXT"))
    value = exp.DPipe(this=column("id"), expression=exp.paren(suffix))
    return exp.select(
        *_COLUMNS[:-1], generated(value, column("id_type")).as_("main_id"), attempt.copy().as_("attempt")
    ).from_(CLASHING)

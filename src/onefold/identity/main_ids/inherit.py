"""The SQL of main ids that live: minted once, then inherited (ADR 15).

In: the ids of a run with their components, and what the last published run left. Out: queries in the order in which
``onefold.identity.main_ids.assign`` runs them. Joins, aggregates and row numbers only, so that any engine runs them;
which nodes are connected is not decided here.

    nodes        node, id, id_type, first_seen_at            every id of this run, numbered
    components   node, component                             the smallest node of its component
    anchors      main_id, current_main_id, anchor_id, anchor_id_type, since_seq_no
                                                             every main id ever published; current_main_id is itself for
                                                             a living one, another for one that went into it, null for
                                                             one of which nothing is left; since_seq_no is null for one
                                                             taken over from elsewhere, until a run has published it
    members      main_id, other_id, other_id_type            the published mapping
    assigned     component, main_id, anchor                  the main id of each component, and its anchor's node

A main id stands where its anchor lies. Of several in one component living ones come first, then the anchor that was
seen first, then the smallest main id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.main_ids.created import MINTED, column, earliest_of, is_null, joined, lacking

if TYPE_CHECKING:
    from onefold.identity.main_ids.created import Generated, Graph

ANCHOR_COLUMNS = ("main_id", "current_main_id", "anchor_id", "anchor_id_type", "since_seq_no")
ANCHORS_KEPT = {name: "BIGINT" if name == "since_seq_no" else "TEXT" for name in ANCHOR_COLUMNS}
ANCHOR_IDS = ("main_id", "current_main_id", "anchor_id")
"""How anchors are kept, and which of their columns hold ids."""

MEMBER_COLUMNS = ("main_id", "other_id", "other_id_type")

FOUND, REANCHORED, ANCHORED = "main_ids_found", "main_ids_reanchored", "main_ids_anchored"
WINNERS, NOW, RESOLVED = "main_ids_winners", "main_ids_now", "main_ids_resolved"
"""Temporary tables; what each holds is said at its query."""


@dataclass(frozen=True)
class State:
    """What was published before.

    Attributes:
        anchors: Every main id ever published; with ``whole``, those that a change touched, all that
            resolve to them, and all whose anchor is among the ids that are looked at.
        members: The published mapping; with ``whole``, that of the living ones among them.
        whole: All anchors, where ``anchors`` is a part of them.
        is_numbered: Whether ``anchors`` has ``anchor_node`` and ``members`` has ``node``, numbered as the graph's nodes
            are and null where the id is gone: they are then joined by number instead of by id.
        is_counted: Whether ``members`` has ``ids``, how many ids a row stands for: a profile whose ids stay together
            may be one row.
    """

    anchors: exp.Table
    members: exp.Table
    whole: exp.Table | None = None
    is_numbered: bool = False
    is_counted: bool = False


# --- where the anchors of the last run lie now ---


def found_query(graph: Graph, state: State) -> exp.Select:
    """FOUND: every main id ever published, with its anchor's node if that is in the data."""
    return (
        exp.select(
            column("main_id", "before"),
            column("current_main_id", "before").as_("was_main_id"),
            *(column(name, "before") for name in ANCHOR_COLUMNS[2:]),
            column("node", "nodes"),
            column("first_seen_at", "nodes"),
        )
        .from_(exp.alias_(state.anchors.copy(), "before", table=True))
        .join(
            exp.alias_(graph.nodes.copy(), "nodes", table=True),
            on=is_node("before", "anchor_id", state, "anchor_node"),
            join_type="left",
        )
    )


def reanchored_query(graph: Graph, state: State, generated: Generated) -> exp.Select:
    """REANCHORED: the new anchor of each living main id that lost its own, of those of its ids that are left.

    One that was taken over from elsewhere gets its first anchor here.
    """
    left = (
        exp.select(
            column("main_id", "found"),
            *(column(name, "nodes") for name in ("node", "id", "id_type", "first_seen_at")),
        )
        .from_(exp.alias_(exp.to_table(FOUND), "found", table=True))
        .join(exp.alias_(state.members.copy(), "members", table=True), on=joined("main_id", "found", "members"))
        .join(exp.alias_(graph.nodes.copy(), "nodes", table=True), on=is_node("members", "other_id", state, "node"))
        .where(
            column("was_main_id", "found").eq(column("main_id", "found")),
            exp.or_(is_null("node", "found"), is_null("since_seq_no", "found")),
        )
    )
    return earliest_of(left, "main_id", generated)


def anchored_query(graph: Graph) -> exp.Select:
    """ANCHORED: FOUND after re-anchoring, with the component that the anchor lies in."""
    is_new = exp.not_(is_null("main_id", "moved"))

    def new(name: str, old: str) -> exp.Expr:
        return exp.Case().when(is_new.copy(), column(name, "moved")).else_(column(old, "found"))

    return (
        exp.select(
            *(column(name, "found") for name in ("main_id", "was_main_id", "since_seq_no")),
            new("id", "anchor_id").as_("anchor_id"),
            new("id_type", "anchor_id_type").as_("anchor_id_type"),
            new("node", "node").as_("node"),
            new("first_seen_at", "first_seen_at").as_("first_seen_at"),
            exp.and_(is_new.copy(), exp.not_(is_null("since_seq_no", "found"))).as_("is_reanchored"),
            column("component", "components"),
        )
        .from_(exp.alias_(exp.to_table(FOUND), "found", table=True))
        .join(
            exp.alias_(exp.to_table(REANCHORED), "moved", table=True),
            on=joined("main_id", "found", "moved"),
            join_type="left",
        )
        .join(
            exp.alias_(graph.components.copy(), "components", table=True),
            on=column("node", "components").eq(new("node", "node")),
            join_type="left",
        )
    )


def is_node(alias: str, name: str, state: State, number: str) -> exp.Expr:
    """Whether the id in columns ``name`` and ``name_type`` of ``alias`` is that of ``nodes``."""
    if state.is_numbered:
        return column(number, alias).eq(column("node", "nodes"))
    same_type = column(f"{name}_type", alias).eq(column("id_type", "nodes"))
    return exp.and_(column(name, alias).eq(column("id", "nodes")), same_type)


# --- who names a component ---


def winners_query() -> exp.Select:
    """WINNERS: component, main_id, node: of the main ids that stand in a component the one that keeps it."""
    is_retired = exp.Case().when(column("was_main_id").eq(column("main_id")), exp.Literal.number(0))
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column("component")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=is_retired.else_(exp.Literal.number(1))),
                exp.Ordered(this=column("first_seen_at"), nulls_first=False),
                exp.Ordered(this=column("main_id")),
            ]
        ),
    )
    ranked = (
        exp.select("component", "main_id", "node", rank.as_("rank_no"))
        .from_(ANCHORED)
        .where(exp.not_(column("component").is_(exp.null())))
    )
    first = column("rank_no").eq(exp.Literal.number(1))
    return exp.select("component", "main_id", "node").from_(ranked.subquery("ranked")).where(first)


def assigned_query(*, with_winners: bool) -> exp.Query:
    """The main id of each component, and its anchor's node.

    Args:
        with_winners: Whether main ids are inherited; else all are minted.
    """
    columns = (column("component"), column("main_id"), column("node").as_("anchor"))
    minted = exp.select(*columns).from_(MINTED)
    return exp.union(exp.select(*columns).from_(WINNERS), minted, distinct=False) if with_winners else minted


# --- what became of every main id ---


def now_query(assigned: exp.Table) -> exp.Select:
    """NOW: main_id, now_main_id: the main id that is current where a main id stands, null where it stands nowhere.

    One that was minted again, which only fresh ids can be, is current itself wherever its old anchor lies.
    """
    now = exp.func("COALESCE", column("main_id", "minted"), column("main_id", "assigned"))
    return (
        exp.select(column("main_id", "anchored"), now.as_("now_main_id"))
        .from_(exp.alias_(exp.to_table(ANCHORED), "anchored", table=True))
        .join(
            exp.alias_(exp.to_table(MINTED), "minted", table=True),
            on=joined("main_id", "anchored", "minted"),
            join_type="left",
        )
        .join(
            exp.alias_(assigned.copy(), "assigned", table=True),
            on=joined("component", "anchored", "assigned"),
            join_type="left",
        )
    )


def resolved_query() -> exp.Select:
    """RESOLVED: every main id ever published before this run, with the current one.

    ``follows`` is what has become of the profile that it was in; one whose anchor is not in the data goes there.
    """
    anchor = exp.func("COALESCE", column("id", "minted"), column("anchor_id", "anchored"))
    anchor_type = exp.func("COALESCE", column("id_type", "minted"), column("anchor_id_type", "anchored"))
    now = exp.func("COALESCE", column("now_main_id", "own"), column("now_main_id", "followed"))
    return (
        exp.select(
            *(column(name, "anchored") for name in ("main_id", "was_main_id", "since_seq_no", "is_reanchored")),
            anchor.as_("anchor_id"),
            anchor_type.as_("anchor_id_type"),
            now.as_("now_main_id"),
            column("now_main_id", "followed").as_("follows"),
        )
        .from_(exp.alias_(exp.to_table(ANCHORED), "anchored", table=True))
        .join(exp.alias_(exp.to_table(NOW), "own", table=True), on=joined("main_id", "anchored", "own"))
        .join(
            exp.alias_(exp.to_table(NOW), "followed", table=True),
            on=column("main_id", "followed").eq(column("was_main_id", "anchored")),
            join_type="left",
        )
        .join(
            exp.alias_(exp.to_table(MINTED), "minted", table=True),
            on=joined("main_id", "anchored", "minted"),
            join_type="left",
        )
    )


def anchors_query(seq_no: int, state: State | None, *, whole: bool) -> exp.Query:
    """The anchors after this run: those of before, as they stand now, and those of minted ids.

    Args:
        seq_no: The run's sequence number.
        state: What was published before; None if nothing was.
        whole: Whether to add those that no change touched.
    """
    number = exp.cast(exp.Literal.number(seq_no), "BIGINT").as_("since_seq_no")
    main_id = column("main_id", "minted")
    minted = exp.select(
        main_id,
        main_id.copy().as_("current_main_id"),
        column("id", "minted").as_("anchor_id"),
        column("id_type", "minted").as_("anchor_id_type"),
        number,
    ).from_(exp.alias_(exp.to_table(MINTED), "minted", table=True))
    if state is None:
        return minted
    stays = exp.and_(
        exp.NullSafeEQ(this=column("now_main_id"), expression=column("was_main_id")),
        exp.not_(column("since_seq_no").is_(exp.null())),
    )
    resolved = exp.select(
        column("main_id"),
        column("now_main_id").as_("current_main_id"),
        column("anchor_id"),
        column("anchor_id_type"),
        exp.Case().when(stays, column("since_seq_no")).else_(number.this.copy()).as_("since_seq_no"),
    ).from_(RESOLVED)
    parts: list[exp.Query] = [resolved, lacking(minted, "minted", RESOLVED, "main_id")]
    if whole and state.whole is not None:
        untouched = exp.select(*(column(name, "whole") for name in ANCHOR_COLUMNS))
        untouched = untouched.from_(exp.alias_(state.whole.copy(), "whole", table=True))
        parts.append(lacking(untouched, "whole", RESOLVED, "main_id"))
    return exp.union(*parts, distinct=False)

"""The SQL by which guards decide again when a run builds on the graph of the last one.

In: the step, the tables of a graph, the temporary tables of ``identity.incremental.queries``. Out: queries, in the
order in which ``onefold.identity.incremental.run`` runs them:

    lists_query         what filters and rules go by, in LISTS
    listed_days_query   the days that have an id of which a list says something else than before
    counted_query       ids of which other pairs are known than before, in COUNTED
    found_query         all pairs of these, in the shape in which ``identity.rules.constraint_queries`` counts them
    nodes_query         the ids at their ends
    crowded_query       ids that have too many neighbours, counted ones by what was found, others as before
    ...                 and by ``identity.rules.constraint_queries`` what goes for that, in DROPPED_NOW
    reached_query       ids of which other links count than before, in REACHED
    links_query         all links of these that count, before and now, in LINKS_WAS and LINKS_NOW

Where guards decide over edges, evidence is kept as it was read, and beside it which pairs are dropped. What counts of
the evidence follows from the two: a dropped pair says of each of its ids that it was seen. Whether a pair is dropped
depends on its two ids alone, and how many neighbours an id has on its own pairs. So nothing else need be looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.incremental.queries import CAME, EVIDENCE_COLUMNS, SCOPE, WENT, columns, named_as
from onefold.identity.rules import constraint_queries as id_guards
from onefold.identity.rules.id_filter_queries import listed_query
from onefold.identity.schema import DAY, FOUND, LEFT, LEFT_OUT_COLUMNS, LISTS, NODE, RIGHT, SOURCE, in_version
from onefold.sql.statements import digest_total, row_digest

if TYPE_CHECKING:
    from onefold.plan.model import IdStitcher
    from onefold.sql.relations import Relations

NUMBERED_LOCAL = "stitch_numbered_local"
"""A relation lent by memory: the ids of the rows that were read, with their numbers in the graph."""

COUNTED, DROPPED_NOW, REACHED = "stitch_counted", "stitch_dropped_now", "stitch_reached"
DROPPED_CAME, DROPPED_WENT = "stitch_dropped_came", "stitch_dropped_went"
LINKS_WAS, LINKS_NOW = "stitch_links_was", "stitch_links_now"
LINKS_CAME, LINKS_WENT = "stitch_links_came", "stitch_links_went"
CROWDED_CAME, CROWDED_WENT = "stitch_crowded_came", "stitch_crowded_went"
OUT_NOW, OUT_CAME, OUT_WENT = "stitch_out_now", "stitch_out_came", "stitch_out_went"
COUNTED_IDS, FOUND_NOW, NODES_NOW = "stitch_counted_ids", "stitch_found_now", "stitch_nodes_now"
"""Temporary tables; what each holds is said at its query."""

PAIR, CROWD = ("left_node", "right_node"), ("limit_number", "node", "neighbours")
LIST_COLUMNS = ("list_number", "id_type", "id")
LINK = (LEFT, RIGHT, SOURCE, DAY, "first_seen_at")

RULES_LIST = -1
"""Stands for the table of id rules among the lists; its one row says what the table came to."""


# --- lists ---


def has_lists(step: IdStitcher) -> bool:
    """Whether anything decides over ids that is not the id alone."""
    return step.id_rules is not None or any(r.condition == "sql" for rules in step.rules.values() for r in rules)


def lists_query(step: IdStitcher, used: Relations) -> exp.Query:
    """LISTS: the ids that SQL of filters lists, by the number of the filter, and what the table of rules came to."""
    parts: list[exp.Query] = []
    number = 0
    for id_type, rules in step.rules.items():
        for rule in rules:
            if rule.condition == "sql":
                ids = listed_query(rule, used).subquery("listed")
                named = (exp.cast(exp.Literal.number(number), "INT"), exp.Literal.string(id_type))
                values = zip((*named, exp.column("id")), LIST_COLUMNS, strict=True)
                parts.append(exp.select(*(value.as_(name) for value, name in values)).distinct().from_(ids))
            number += 1
    if step.id_rules is not None:
        parts.append(_rules_in_one(used))
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


def _rules_in_one(used: Relations) -> exp.Select:
    """The rules that count, as one text."""
    names = ("type_a", "id_a", "type_b", "id_b", "action", "reason")
    hashed = row_digest(used.compiler.engine, columns(names))
    total = exp.func("COALESCE", digest_total(hashed), exp.Literal.number(0))
    said = exp.ConcatWs(
        expressions=[
            exp.Literal.string(" "), exp.cast(exp.Count(this=exp.Star()), "TEXT"), exp.cast(total, "TEXT"),
        ]
    )  # fmt: skip
    values = (exp.cast(exp.Literal.number(RULES_LIST), "INT"), exp.Literal.string(""), said)
    return exp.select(*(v.as_(name) for v, name in zip(values, LIST_COLUMNS, strict=True))).from_(id_guards.RULES)


def no_lists_query() -> exp.Select:
    """The shape of LISTS, without a row."""
    kinds = ("INT", "TEXT", "TEXT")
    empty = exp.select(*(exp.cast(exp.null(), k).as_(n) for k, n in zip(kinds, LIST_COLUMNS, strict=True)))
    return exp.select("*").from_(empty.subquery("none")).where(exp.false())


def rules_changed_query(kept: exp.Table) -> exp.Select:
    """How many texts of the table of rules are kept, or are now, and not both."""
    rules = exp.column("list_number").eq(exp.Literal.number(RULES_LIST))
    changed = _lists_changed(kept).subquery("changed")
    return exp.select(exp.Count(this=exp.Star()).as_("changed")).from_(changed).where(rules)


def listed_days_query(
    kept: exp.Table, members: exp.Table, evidence: exp.Table, left_out: exp.Table, version: int
) -> exp.Query:
    """The edge sources and days that have an id of which a list says something else than before."""
    ids = exp.select(*LIST_COLUMNS[1:]).distinct().from_(_lists_changed(kept).subquery("lists"))
    same = [
        exp.column(f"other_{name}", table="members").eq(exp.column(name, table="changed")) for name in ("id", "id_type")
    ]
    nodes = (
        exp.select(exp.column(NODE, table="members").as_("node"))
        .from_(named_as(members, "members"))
        .join(ids.subquery("changed"), on=exp.and_(*same))
        .where(in_version(version, "members"))
    )
    alive = exp.select(SOURCE, DAY).from_(evidence.copy())
    alive = alive.where(in_version(version), _not_of_rules(), _near(nodes))
    was_out = [
        exp.column(f"{name}", table="left_out").eq(exp.column(other, table="changed"))
        for name, other in (("id1", "id"), ("id1_type", "id_type"))
    ]
    out = (
        exp.select(*columns((SOURCE, DAY), "left_out"))
        .from_(named_as(left_out, "left_out"))
        .join(ids.copy().subquery("changed"), on=exp.and_(*was_out))
        .where(in_version(version, "left_out"), exp.column("id2", table="left_out").is_(exp.null()))
    )
    return exp.union(alive, out, distinct=True)


def _lists_changed(kept: exp.Table) -> exp.Query:
    was, now = (exp.select(*LIST_COLUMNS).from_(table) for table in (kept.copy(), exp.to_table(LISTS)))
    return exp.union(_less(was, now), _less(now, was), distinct=True)


def _not_of_rules() -> exp.Expr:
    return exp.column(SOURCE) >= exp.Literal.number(0)


def _end_in(end: str, nodes: exp.Query) -> exp.In:
    return exp.column(end).isin(query=nodes.copy())


def _less(one: exp.Query, other: exp.Query) -> exp.Select:
    """The rows of one that are not in the other."""
    both = [exp.select("*").from_(query.copy().subquery(name)) for name, query in (("one", one), ("other", other))]
    return exp.select("*").from_(exp.except_(*both, distinct=True).subquery("less"))


# --- edges ---


def counted_query() -> exp.Query:
    """COUNTED: the ids of which a pair came, went, or has other rows than before."""
    pairs = exp.column(LEFT).neq(exp.column(RIGHT))
    ends = [
        exp.select(exp.column(end).as_("node")).from_(table).where(pairs.copy())
        for table in (CAME, WENT)
        for end in (LEFT, RIGHT)
    ]
    return exp.union(*ends, distinct=True)


def found_query(evidence: exp.Table, version: int) -> exp.Select:
    """FOUND_NOW, shown as what ``id_guards`` counts: every pair of a counted id that sources have now."""
    near = _near(exp.select("node").from_(COUNTED))
    names = {LEFT: "left_node", RIGHT: "right_node", "first_seen_at": "seen_at"}
    own = (LEFT, RIGHT, SOURCE, "row_count", "first_seen_at", "sample_key")
    query = exp.select(*(exp.column(name).as_(names.get(name, name)) for name in own))
    pairs = exp.column(LEFT).neq(exp.column(RIGHT))
    return query.from_(_raw_now(evidence, version, near).subquery("now")).where(pairs, _not_of_rules())


def nodes_query(members: exp.Table, version: int) -> exp.Query:
    """NODES_NOW, shown likewise: the ids at the ends of these: ``node, id_type, id``."""
    ends = [exp.select(exp.column(end).as_("node")).from_(FOUND) for end in PAIR]
    return _texts(members, version, exp.union(*ends, distinct=True))


def counted_ids_query(members: exp.Table, version: int) -> exp.Query:
    """COUNTED_IDS: the texts of the counted ids."""
    return _texts(members, version, exp.select("node").from_(COUNTED))


def _texts(members: exp.Table, version: int, nodes: exp.Query) -> exp.Query:
    own = (exp.cast(exp.column(NODE), "BIGINT").as_("node"), exp.column("other_id_type").as_("id_type"))
    was = exp.select(*own, exp.column("other_id").as_("id")).from_(members.copy())
    kinds = (("node", "BIGINT"), ("id_type", "TEXT"), ("id", "TEXT"))
    now = exp.select(*(exp.cast(exp.column(name), kind).as_(name) for name, kind in kinds)).from_(NUMBERED_LOCAL)
    return exp.union(
        was.where(in_version(version), _end_in(NODE, nodes)), now.where(_end_in("node", nodes)), distinct=True
    )


def crowded_query(step: IdStitcher, kept: exp.Table, version: int) -> exp.Query:
    """``id_guards.CROWDED``: counted ids by what was found, others as they were."""
    is_counted = _end_in("node", exp.select("node").from_(COUNTED))
    kinds = ("INT", "BIGINT", "BIGINT")
    own = [exp.cast(exp.column(name), kind).as_(name) for name, kind in zip(CROWD, kinds, strict=True)]
    now = exp.select(*own).from_(id_guards.crowded_query(step).subquery("crowded")).where(is_counted)
    was = exp.select(*CROWD).from_(kept.copy()).where(in_version(version), exp.not_(is_counted.copy()))
    return exp.union(now, was, distinct=False)


def crowded_changes(kept: exp.Table, version: int) -> tuple[exp.Query, exp.Query]:
    """CROWDED_CAME and CROWDED_WENT."""
    was = exp.select(*CROWD).from_(kept.copy()).where(in_version(version))
    now = exp.select(*CROWD).from_(id_guards.CROWDED)
    return _less(now, was), _less(was, now)


def dropped_changes(kept: exp.Table, version: int) -> tuple[exp.Query, exp.Query]:
    """DROPPED_CAME and DROPPED_WENT: pairs of counted ids that are dropped now, or not any more."""
    is_counted = exp.or_(*(_end_in(end, exp.select("node").from_(COUNTED)) for end in PAIR))
    was = exp.select(*PAIR).from_(kept.copy()).where(in_version(version), is_counted)
    now = exp.select(*(exp.cast(exp.column(end), "BIGINT").as_(end) for end in PAIR)).from_(DROPPED_NOW)
    return _less(now, was), _less(was, now)


def reached_query() -> exp.Query:
    """REACHED: the ids of which evidence came or went, or of which a pair is dropped now or not any more."""
    raw = [exp.select(exp.column(end).as_("node")).from_(t) for t in (CAME, WENT) for end in (LEFT, RIGHT)]
    dropped = [exp.select(exp.column(end).as_("node")).from_(t) for t in (DROPPED_CAME, DROPPED_WENT) for end in PAIR]
    return exp.union(*raw, *dropped, distinct=True)


def links_query(evidence: exp.Table, dropped: exp.Table, version: int) -> tuple[exp.Query, exp.Query]:
    """LINKS_WAS and LINKS_NOW: what counts of all evidence of the ids reached, before and now."""
    near = _near(exp.select("node").from_(REACHED))
    was = exp.select(*LINK).from_(evidence.copy()).where(in_version(version), near)
    now = exp.select(*LINK).from_(_raw_now(evidence, version, near).subquery("raw"))
    was_dropped = exp.select(*PAIR).from_(dropped.copy()).where(in_version(version))
    still = _less(was_dropped, exp.select(*PAIR).from_(DROPPED_WENT))
    now_dropped = exp.union(still, exp.select(*PAIR).from_(DROPPED_CAME), distinct=True)
    return _that_count(was, was_dropped), _that_count(now, now_dropped)


def links_changes() -> tuple[exp.Query, exp.Query]:
    """LINKS_CAME and LINKS_WENT: what counts now and did not, and the other way."""
    was, now = (exp.select(*LINK).from_(table) for table in (LINKS_WAS, LINKS_NOW))
    return _less(now, was), _less(was, now)


def link_changes() -> tuple[exp.Query, exp.Query]:
    """``graph_version.link_changes``, where guards decide."""
    pairs = exp.column(LEFT).neq(exp.column(RIGHT))
    was, now = (exp.select(LEFT, RIGHT, SOURCE).from_(table).where(pairs.copy()) for table in (LINKS_WAS, LINKS_NOW))
    return _less(now, was), _less(was, now)


def touched_query() -> exp.Query:
    """``graph_growth.TOUCHED``, where guards decide: the ids at the ends of links that came or went."""
    ends = [
        exp.select(exp.column(end).as_(NODE)).from_(table)
        for table in (LINKS_CAME, LINKS_WENT)
        for end in (LEFT, RIGHT)
    ]
    return exp.union(*ends, distinct=True)


def ends_query(table: str) -> exp.Select:
    """LINKS_CAME or LINKS_WENT: ``left_node, right_node, seen_at``."""
    return _as_links(exp.to_table(table))


def scope_edges_query(evidence: exp.Table, dropped: exp.Table, version: int) -> exp.Select:
    """``graph_growth.scope_edges_query``, where guards decide."""
    scope = exp.select(NODE).from_(SCOPE)
    rows = exp.select(*LINK).from_(evidence.copy()).where(in_version(version), _near(scope))
    count = _that_count(rows, exp.select(*PAIR).from_(dropped.copy()).where(in_version(version)))
    there = exp.select("*").from_(count.subquery("count")).where(_end_in(LEFT, scope))
    return _as_links(_less(there, exp.select(*LINK).from_(LINKS_WENT)).subquery("kept"))


def _as_links(rows: exp.Expr) -> exp.Select:
    ends = (exp.column(LEFT).as_("left_node"), exp.column(RIGHT).as_("right_node"))
    return exp.select(*ends, exp.column("first_seen_at").as_("seen_at")).from_(rows)


def _near(nodes: exp.Query) -> exp.Expr:
    """Whether an end of evidence is among some ids."""
    return exp.or_(*(_end_in(end, nodes) for end in (LEFT, RIGHT)))


def _raw_now(evidence: exp.Table, version: int, near: exp.Expr) -> exp.Query:
    """The evidence of some ids as it is now: what was there and did not go, and what came."""
    was = exp.select(*EVIDENCE_COLUMNS).from_(evidence.copy()).where(in_version(version), near)
    left = _less(was, exp.select(*EVIDENCE_COLUMNS).from_(WENT))
    return exp.union(left, exp.select(*EVIDENCE_COLUMNS).from_(CAME).where(near.copy()), distinct=False)


def _that_count(rows: exp.Query, dropped: exp.Query) -> exp.Query:
    """What evidence says of who belongs together: of a dropped pair, that each of its ids was seen."""
    ends = (exp.column(LEFT, table="links"), exp.column(RIGHT, table="links"))
    same = exp.and_(
        exp.column(PAIR[0], table="dropped").eq(exp.Least(this=ends[0], expressions=[ends[1]])),
        exp.column(PAIR[1], table="dropped").eq(exp.Greatest(this=ends[0].copy(), expressions=[ends[1].copy()])),
        ends[0].copy().neq(ends[1].copy()),
    )
    parts = []
    for out, kept_end in ((False, None), (True, LEFT), (True, RIGHT)):
        own = [exp.column(kept_end if kept_end and n in {LEFT, RIGHT} else n, table="links").as_(n) for n in LINK]
        query = exp.select(*own).from_(rows.copy().subquery("links"))
        query = query.join(dropped.copy().subquery("dropped"), on=same.copy(), join_type="left")
        is_free = exp.column(PAIR[0], table="dropped").is_(exp.null())
        parts.append(query.where(exp.not_(is_free) if out else is_free))
    return exp.union(*parts, distinct=True)


# --- what was left out ---


def out_now_query(step: IdStitcher) -> exp.Select:
    """OUT_NOW: what guards leave out of the pairs of counted ids."""
    return exp.select(*LEFT_OUT_COLUMNS).from_(id_guards.quarantine_query(step).subquery("now"))


def out_changes(left_out: exp.Table, version: int) -> tuple[exp.Query, exp.Query]:
    """OUT_CAME and OUT_WENT."""
    ids = []
    for end in ("id1", "id2"):
        same = [
            exp.column(f"{end}{part}", table="kept").eq(exp.column(name, table="counted"))
            for name, part in (("id", ""), ("id_type", "_type"))
        ]
        counted = exp.select(exp.Literal.number(1)).from_(named_as(COUNTED_IDS, "counted")).where(*same)
        ids.append(exp.Exists(this=counted))
    pairs = exp.not_(exp.column("id2", table="kept").is_(exp.null()))
    was = exp.select(*columns(LEFT_OUT_COLUMNS, "kept")).from_(named_as(left_out, "kept"))
    was = was.where(in_version(version, "kept"), pairs, exp.or_(*ids))
    now = exp.select(*LEFT_OUT_COLUMNS).from_(OUT_NOW)
    return _less(now, was), _less(was, now)

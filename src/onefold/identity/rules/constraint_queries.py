"""The queries of a stitcher's edge constraints: ``maximum_edges`` and the table of id rules.

Takes the step; returns queries over the temporary tables of ``identity.schema``. Id filters come first, then
``maximum_edges``, then id rules, which take precedence over everything (format B6.1, B6.6).

    rules_query         the effective rules of the entity, one per id or pair of ids
    node_rules          the same, one row per id: must be included, or must be excluded
    found_edges         the edges of the evidence
    over_limit_query    ids with more neighbours of a type than allowed
    cut_query           the edges that are dropped for that
    dropped_query       all dropped edges
    included_edges      the edges that rules add
    quarantine_query    the excluded edges, for the quarantine

Queries that are the same for every project are SQL files next to this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.schema import CUT, DAY, FOUND, FOUND_EDGES, NODES, OVER_LIMIT_NOW, RULES, SOURCE
from onefold.identity.sql_files import on_relations, sql
from onefold.sql.author import read_table

if TYPE_CHECKING:
    from onefold.plan.model import EdgeLimit, IdRulesTable, IdStitcher

RULE_COLUMNS = ("entity", "id1", "id1_type", "id2", "id2_type", "action", "reason", "created_at")
"""The columns of a table of id rules."""


_INCLUDE, _EXCLUDE = exp.Literal.string("INCLUDE"), exp.Literal.string("EXCLUDE")


def has_edge_constraints(step: IdStitcher) -> bool:
    """Whether the stitcher has edge constraints: ``maximum_edges`` or id rules."""
    return bool(step.limits) or step.id_rules is not None


# --- the table of id rules ---


def rules_table(rules: IdRulesTable, author: str) -> exp.Table:
    """The table of id rules, in the output schema unless its name has a schema."""
    table = read_table(rules.table, author, rules.at)
    if not table.db:
        table.set("db", exp.to_identifier(rules.schema, quoted=True))
    return table


def rules_query(step: IdStitcher, author: str, table: exp.Table | None = None) -> exp.Select:
    """The effective rules of the entity: the latest for each id or pair, without overruled ones.

    Pairs have no direction. Of two equally late rules, the exclusion applies.

    Args:
        step: The stitcher.
        author: The dialect of the project.
        table: A replacement for the table of rules; None for the table itself.
    """
    assert step.id_rules is not None  # noqa: S101 - asked for only then
    entity = exp.func("LOWER", exp.column("entity")).eq(exp.Literal.string(step.entity.lower()))
    given = _directed().from_(table if table is not None else rules_table(step.id_rules, author)).where(entity)
    key = ("type_a", "id_a", "type_b", "id_b")
    latest = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column(name) for name in key],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=exp.column("created_at"), desc=True, nulls_first=False),
                exp.Ordered(this=exp.column("action"), desc=False, nulls_first=False),
            ]
        ),
    )
    numbered = exp.select("*", latest.as_("place")).from_(given.subquery("given"))
    query = (
        exp.select("*")
        .from_("latest")
        .with_(
            "latest",
            as_=exp.select(*key, "action", "reason")
            .from_(numbered.subquery("numbered"))
            .where(exp.column("place").eq(exp.Literal.number(1))),
        )
    )
    return query.where(exp.not_(_overruled(step.id_rules.priority == "exclude")))


def _directed() -> exp.Select:
    """The rules with the ends of a pair in a fixed order; a rule for one id has no second end."""
    first, second = ("id1_type", "id1"), ("id2_type", "id2")
    has_pair = exp.and_(_known("id2"), exp.column("id2").neq(exp.Literal.string("")))
    swap = exp.and_(
        has_pair,
        exp.or_(
            exp.column(second[0]) < exp.column(first[0]),
            exp.and_(exp.column(second[0]).eq(exp.column(first[0])), exp.column(second[1]) < exp.column(first[1])),
        ),
    )

    def pick(swapped: str, straight: str) -> exp.Expr:
        return exp.Case().when(swap.copy(), exp.column(swapped)).else_(exp.column(straight))

    def pick_second(swapped: str, straight: str) -> exp.Expr:
        return exp.Case().when(has_pair.copy(), pick(swapped, straight))

    return exp.select(
        pick("id2_type", "id1_type").as_("type_a"),
        pick("id2", "id1").as_("id_a"),
        pick_second("id1_type", "id2_type").as_("type_b"),
        pick_second("id1", "id2").as_("id_b"),
        exp.func("UPPER", exp.column("action")).as_("action"),
        "reason",
        "created_at",
    )


def _overruled(excluding: bool) -> exp.Expr:  # noqa: FBT001 - the format's two priorities
    """The condition that another rule overrules a rule.

    With ``excluding``, an excluded id overrules inclusions of its pairs; otherwise such an inclusion overrules it.
    """
    is_pair = _known("id_b", "latest")
    other_is_pair = _known("id_b", "other")
    shares = exp.or_(_same_id("latest", "a", "other", "a"), _same_id("latest", "b", "other", "a"))
    shared = exp.or_(_same_id("latest", "a", "other", "a"), _same_id("latest", "a", "other", "b"))
    if excluding:
        mine = exp.and_(is_pair, exp.column("action", table="latest").eq(_INCLUDE.copy()))
        theirs = exp.and_(exp.not_(other_is_pair), exp.column("action", table="other").eq(_EXCLUDE.copy()), shares)
    else:
        mine = exp.and_(exp.not_(is_pair), exp.column("action", table="latest").eq(_EXCLUDE.copy()))
        theirs = exp.and_(other_is_pair, exp.column("action", table="other").eq(_INCLUDE.copy()), shared)
    there = (
        exp.select(exp.Literal.number(1)).from_(exp.alias_(exp.to_table("latest"), "other", table=True)).where(theirs)
    )
    return exp.paren(exp.and_(mine, exp.Exists(this=there)))


def node_rules_query() -> exp.Query:
    """One row per id with a rule of its own, or in an included pair."""
    return on_relations(sql("rules/node_rules").tree)


def included_query() -> exp.Query:
    """The ids that rules include, whether a source has them or not."""
    return on_relations(sql("rules/included_ids").tree)


# --- edges ---


def over_limit_query(step: IdStitcher) -> exp.Query:
    """Ids with more neighbours of a type than ``maximum_edges`` allows: limit, node and number of neighbours."""
    parts = [
        exp.select(
            exp.Literal.number(number).as_("limit_number"),
            exp.column("node"),
            _neighbours().as_("neighbours"),
        )
        .from_(_neighbourhood(limit).subquery("neighbourhood"))
        .group_by("node")
        .having(_neighbours() > exp.Literal.number(limit.maximum))
        for number, limit in enumerate(step.limits)
    ]
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


def _neighbours() -> exp.Count:
    return exp.Count(this=exp.Distinct(expressions=[exp.column("neighbour")]))


def _neighbourhood(limit: EdgeLimit) -> exp.Query:
    """Both directions of the edges between the two types of a limit, starting at the limited end."""
    ways = [
        exp.select(
            exp.column(f"{near}_node", table="edges").as_("node"),
            exp.column(f"{far}_node", table="edges").as_("neighbour"),
        )
        .from_(exp.alias_(exp.to_table(FOUND_EDGES), "edges", table=True))
        .join(_of_type("near_nodes", limit.id_type), on=_is_node("near_nodes", f"{near}_node"))
        .join(_of_type("far_nodes", limit.other_type), on=_is_node("far_nodes", f"{far}_node"))
        .where(exp.column("left_node", table="edges").neq(exp.column("right_node", table="edges")))
        for near, far in (("left", "right"), ("right", "left"))
    ]
    return exp.union(*ways, distinct=False)


def cut_query(step: IdStitcher) -> exp.Query:
    """The edges that limits drop: all edges of an id over the limit to ids of the limited type."""
    parts = [
        exp.select(
            exp.column("limit_number", table="over_limit"),
            exp.column("neighbours", table="over_limit"),
            exp.column("node", table="over_limit"),
            exp.column("neighbour", table="neighbourhood"),
        )
        .from_(exp.alias_(exp.to_table(OVER_LIMIT_NOW), "over_limit", table=True))
        .join(
            _neighbourhood(limit).subquery("neighbourhood"),
            on=exp.and_(
                exp.column("limit_number", table="over_limit").eq(exp.Literal.number(number)),
                exp.column("node", table="neighbourhood").eq(exp.column("node", table="over_limit")),
            ),
        )
        for number, limit in enumerate(step.limits)
    ]
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


def dropped_query(step: IdStitcher) -> exp.Select:
    """The dropped edges: cut or excluded, and not included by a rule. The smaller node is on the left."""
    parts: list[exp.Query] = []
    if step.limits:
        parts.append(_ordered("node", "neighbour").from_(CUT))
    if step.id_rules is not None:
        excluded = _named_edges(_EXCLUDE).subquery("excluded")
        parts.append(_ordered("left_node", "right_node").from_(excluded))
    every = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=True)
    query = exp.select("left_node", "right_node").distinct().from_(every.subquery("dropped"))
    if step.id_rules is None:
        return query
    included = _ordered("left_node", "right_node").from_(_named_edges(_INCLUDE).subquery("named"))
    same = [exp.column(end, table="kept").eq(exp.column(end, table="dropped")) for end in ("left_node", "right_node")]
    kept = exp.select(exp.Literal.number(1)).from_(included.subquery("kept")).where(exp.and_(*same))
    return query.where(exp.not_(exp.Exists(this=kept)))


def _ordered(one: str, other: str) -> exp.Select:
    ends = (exp.column(one), exp.column(other))
    return exp.select(
        exp.Least(this=ends[0], expressions=[ends[1]]).as_("left_node"),
        exp.Greatest(this=ends[0].copy(), expressions=[ends[1].copy()]).as_("right_node"),
    )


def _named_edges(action: exp.Literal) -> exp.Query:
    """The pairs that rules name, as numbered nodes."""
    ends = (("a", "left_node"), ("b", "right_node"))
    query = exp.select(*(exp.column("node", table=alias).as_(name) for alias, name in ends))
    query = _with_ends(query.from_(exp.alias_(exp.to_table(RULES), "rules", table=True)))
    return query.where(exp.column("action", table="rules").eq(action.copy()))


# --- the quarantine ---


def quarantine_query(step: IdStitcher) -> exp.Query:
    """One row per dropped edge and edge source, with the columns of ``identity.rules.id_filters.EXCLUDED``.

    For a limit, ``id1`` is the id over the limit, ``found`` its number of neighbours of the type of ``id2``, and
    ``allowed`` the limit.
    """
    parts: list[exp.Query] = [_over_limit_edges(step)] if step.limits else []
    if step.id_rules is not None:
        parts.append(_excluded_edges())
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


def audit_query(quarantine: exp.Table, seq_no: int, model_hash: str) -> exp.Select:
    """The rows of ``maximum_edges`` in the form of the format's audit table (format B6.5)."""
    details = exp.Concat(
        expressions=[
            exp.Literal.string('{"max_edges": '),
            exp.cast(exp.column("allowed"), "TEXT"),
            exp.Literal.string(', "current_count": '),
            exp.cast(exp.column("found"), "TEXT"),
            exp.Literal.string("}"),
        ]
    )
    return (
        exp.select(
            exp.Literal.number(seq_no).as_("run_id"),
            exp.Literal.string(model_hash).as_("model_hash"),
            *("id1", "id1_type", "id2", "id2_type"),
            exp.Literal.string("CARDINALITY_VIOLATION").as_("reason"),
            details.as_("rule_details"),
        )
        .distinct()
        .from_(quarantine.copy())
        .where(exp.column("rule").eq(exp.Literal.string("maximum_edges")))
    )


def _over_limit_edges(step: IdStitcher) -> exp.Select:
    allowed = exp.Case(this=exp.column("limit_number", table="cut"))
    for number, limit in enumerate(step.limits):
        allowed = allowed.when(exp.Literal.number(number), exp.Literal.number(limit.maximum))
    query = _excluded_edge("maximum_edges", exp.column("neighbours", table="cut"), allowed, exp.null())
    query = query.from_(exp.alias_(exp.to_table(CUT), "cut", table=True))
    for alias, end in (("a", "node"), ("b", "neighbour")):
        on = exp.column("node", table=alias).eq(exp.column(end, table="cut"))
        query = query.join(exp.alias_(exp.to_table(NODES), alias, table=True), on=on)
    return query.join(_sources(), on=_between("a", "b"))


def _excluded_edges() -> exp.Query:
    """Pairs of the sources that a rule excludes."""
    query = _excluded_edge("id_rule", exp.null(), exp.null(), exp.column("reason", table="rules"))
    query = _with_ends(query.from_(exp.alias_(exp.to_table(RULES), "rules", table=True)))
    query = query.join(_sources(), on=_between("a", "b"))
    return query.where(exp.column("action", table="rules").eq(_EXCLUDE.copy()))


def _sources() -> exp.Subquery:
    """The evidence for each pair from each edge source, over all days."""
    key = exp.ArgMin(this=exp.column("sample_key"), expression=exp.column("seen_at"))
    return (
        _ordered("left_node", "right_node")
        .select(
            SOURCE,
            exp.cast(exp.Sum(this=exp.column("row_count")), "BIGINT").as_("row_count"),
            exp.Min(this=exp.column("seen_at")).as_("first_seen_at"),
            exp.func("COALESCE", key, exp.Min(this=exp.column("sample_key"))).as_("sample_key"),
        )
        .from_(FOUND)
        .group_by("left_node", "right_node", SOURCE)
        .subquery("found")
    )


def _between(one: str, other: str) -> exp.Expr:
    """The condition that the evidence is about the nodes ``one`` and ``other``."""
    ends = [exp.column("node", table=alias) for alias in (one, other)]
    return exp.and_(
        exp.column("left_node", table="found").eq(exp.Least(this=ends[0], expressions=[ends[1]])),
        exp.column("right_node", table="found").eq(exp.Greatest(this=ends[0].copy(), expressions=[ends[1].copy()])),
    )


def _excluded_edge(rule: str, found: exp.Expr, allowed: exp.Expr, reason: exp.Expr) -> exp.Select:
    """The columns of a quarantine row for an edge between the nodes ``a`` and ``b``."""
    ends = [
        exp.cast(exp.column(column, table=alias), "TEXT").as_(name)
        for alias, column, name in (
            ("a", "id", "id1"),
            ("a", "id_type", "id1_type"),
            ("b", "id", "id2"),
            ("b", "id_type", "id2_type"),
        )
    ]
    return exp.select(
        exp.Literal.string(rule).as_("rule"),
        *ends,
        exp.cast(exp.column(SOURCE, table="found"), "SMALLINT").as_(SOURCE),
        exp.cast(exp.null(), "DATE").as_(DAY),
        *(exp.column(name, table="found") for name in ("row_count", "first_seen_at", "sample_key")),
        exp.cast(found, "BIGINT").as_("found"),
        exp.cast(allowed, "BIGINT").as_("allowed"),
        exp.cast(reason, "TEXT").as_("reason"),
    )


# --- small parts ---


def _with_ends(query: exp.Select) -> exp.Select:
    """Join the two nodes of a rule for a pair, as ``a`` and ``b``."""
    for alias in "ab":
        on = exp.and_(
            exp.column("id_type", table=alias).eq(exp.column(f"type_{alias}", table="rules")),
            exp.column("id", table=alias).eq(exp.column(f"id_{alias}", table="rules")),
        )
        query = query.join(exp.alias_(exp.to_table(NODES), alias, table=True), on=on)
    return query


def _known(column: str, table: str | None = None) -> exp.Expr:
    return exp.not_(exp.column(column, table=table).is_(exp.null()))


def _same_id(one: str, one_end: str, other: str, other_end: str) -> exp.Expr:
    return exp.and_(
        *(
            exp.column(f"{part}_{one_end}", table=one).eq(exp.column(f"{part}_{other_end}", table=other))
            for part in ("type", "id")
        )
    )


def _of_type(alias: str, id_type: str) -> exp.Subquery:
    return exp.select("node").from_(NODES).where(exp.column("id_type").eq(exp.Literal.string(id_type))).subquery(alias)


def _is_node(alias: str, end: str) -> exp.Expr:
    return exp.column("node", table=alias).eq(exp.column(end, table="edges"))

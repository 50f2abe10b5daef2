"""The query that excludes ids: by filters, as placeholders, by the table of id rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.identity.schema import LISTS_NOW, NODE_RULES, NODES, RULES
from onefold.sql.node_marks import as_id
from onefold.sql.statements import digest_total, row_digest

if TYPE_CHECKING:
    from onefold.plan.model import IdFilterCondition, IdStitcher
    from onefold.sql.relations import Relations

PLACEHOLDERS = (
    "", "null", "none", "undefined", "nan", "n/a", "na", "nil", "unknown", "0", "-1", "[object object]",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
"""Texts that programs write instead of an id, in lower case and without surrounding blanks (format C10)."""

BLANKS = r"[\p{Z}\p{Cc}\p{Cf}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{2800}\x{3164}\x{FFA0}]"
"""Invisible characters as a regex class: separators, control and format characters, fillers."""

_TEMPLATES = ("#{", "{{", "${")
"""The start of an unfilled template."""


@dataclass(frozen=True)
class ExclusionRule:
    """A rule that excludes ids.

    Attributes:
        rule: ``id_filter``, ``placeholder_id``, ``blank_id`` or ``id_rule``.
        reason: The reason to display; None if each row has its own.
    """

    rule: str
    reason: str | None


def exclusion_rules(step: IdStitcher) -> tuple[ExclusionRule, ...]:
    """All exclusion rules of a stitcher, in the order of ``place`` in `excluded_query`."""
    found = [
        ExclusionRule("id_rule", None),
        ExclusionRule("placeholder_id", "looks like a placeholder"),
        ExclusionRule("blank_id", "has only blanks"),
    ]
    return (*found, *(ExclusionRule("id_filter", _words(rule)) for rules in step.rules.values() for rule in rules))


def _words(rule: IdFilterCondition) -> str:
    if rule.query is not None:
        return f"{rule.action} sql: {rule.query.sql} from {rule.source}"
    return f"{rule.action} {rule.condition}: {rule.value}"


def excluded_query(step: IdStitcher, used: Relations, *, has_lists: bool = False) -> exp.Select:
    """The excluded ids and the placeholder ids: ``node``, ``place`` of the rule, ``reason``, ``is_placeholder``.

    ``place`` is null for a placeholder that is kept. Filters of a type are combined with AND, in order (format A1). Id
    rules take precedence over filters (format B6.6), but a blank text is never an id. With ``has_lists``, the lists of
    SQL filters are read from `LISTS_NOW`.
    """
    place = exp.Case().when(_is_blank(), exp.Literal.number(2))
    if step.id_rules is not None:
        place = place.when(_ruled("INCLUDE"), exp.null()).when(_ruled("EXCLUDE"), exp.Literal.number(0))
    if step.placeholder_ids == "drop":
        place = place.when(_is_placeholder(), exp.Literal.number(1))
    number = 3
    for id_type, rules in step.rules.items():
        for rule in rules:
            of_list = _in_list(number - 3) if has_lists and rule.condition == "sql" else None
            matches = of_list or exp.paren(_matches(exp.column("id", table="nodes"), rule, used))
            fails = exp.not_(matches) if rule.action == "include" else matches
            of_type = exp.column("id_type", table="nodes").eq(exp.Literal.string(id_type))
            place = place.when(exp.and_(of_type, fails), exp.Literal.number(number))
            number += 1
    reason: exp.Expr = exp.cast(exp.null(), "TEXT")
    query = exp.Select().from_(exp.alias_(exp.to_table(NODES), "nodes", table=True))
    if step.id_rules is not None:
        query = query.join(exp.alias_(exp.to_table(NODE_RULES), "ruled", table=True), on=_same_id(), join_type="left")
        reason = exp.column("reason", table="ruled")
    placed = exp.cast(place, "INT")
    is_placeholder = _is_placeholder() if step.placeholder_ids != "keep" else exp.false()
    query = query.select(
        exp.column("node", table="nodes"),
        placed.as_("place"),
        reason.as_("reason"),
        is_placeholder.as_("is_placeholder"),
    )
    said = exp.or_(exp.not_(exp.column("place").is_(exp.null())), exp.column("is_placeholder"))
    return exp.select("*").from_(query.subquery("checked")).where(said)


def _same_id() -> exp.Expr:
    return exp.and_(
        *(exp.column(name, table="ruled").eq(exp.column(name, table="nodes")) for name in ("id_type", "id"))
    )


def _ruled(action: str) -> exp.Expr:
    return exp.column("action", table="ruled").eq(exp.Literal.string(action))


def _is_blank() -> exp.Expr:
    return exp.and_(_begins_or_ends_blank(), _bare().eq(exp.Literal.string("")))


def _is_placeholder() -> exp.Expr:
    starts = [exp.StartsWith(this=_bare(), expression=exp.Literal.string(text)) for text in _TEMPLATES]
    words = exp.Lower(this=_bare()).isin(*(exp.Literal.string(text) for text in PLACEHOLDERS))
    return exp.paren(exp.and_(exp.not_(_is_blank()), exp.paren(exp.or_(words, *starts))))


def _bare() -> exp.Expr:
    """The id without surrounding blanks: Unicode white space, zero-width characters, control characters.

    The pattern is slow, so it only runs on ids that can have such characters.
    """
    pattern = exp.Literal.string(f"^{BLANKS}+|{BLANKS}+$")
    bare = exp.RegexpReplace(
        this=exp.column("id", table="nodes"),
        expression=pattern,
        replacement=exp.Literal.string(""),
        modifiers=exp.Literal.string("g"),
    )
    return exp.Case().when(_begins_or_ends_blank(), bare).else_(exp.column("id", table="nodes"))


def _begins_or_ends_blank() -> exp.Expr:
    """Whether the first or last character may be a blank, because it is not a visible ASCII character."""
    text = exp.column("id", table="nodes")
    visible = (exp.Literal.string("!"), exp.Literal.string("~"))
    ends = (exp.Left(this=text.copy(), expression=exp.Literal.number(1)),
            exp.Right(this=text.copy(), expression=exp.Literal.number(1)))  # fmt: skip
    low, high = visible
    return exp.paren(exp.or_(*(exp.not_(exp.Between(this=end, low=low.copy(), high=high.copy())) for end in ends)))


def _matches(value: exp.Expr, rule: IdFilterCondition, used: Relations) -> exp.Expr:
    if rule.condition == "value":
        return value.eq(exp.Literal.string(rule.value))
    if rule.condition == "regex":
        return exp.RegexpLike(this=value, expression=exp.Literal.string(rule.value), full_match=True)
    return exp.In(this=value, query=listed_query(rule, used).subquery())


def _in_list(number: int) -> exp.Paren:
    same = exp.column("list_number").eq(exp.Literal.number(number))
    query = exp.select("id").from_(LISTS_NOW).where(same)
    return exp.paren(exp.In(this=exp.column("id", table="nodes"), query=query.subquery()))


def listed_query(rule: IdFilterCondition, used: Relations) -> exp.Select:
    """The ids that a SQL filter lists: ``id``."""
    assert rule.query is not None and rule.source is not None  # noqa: S101, PT018 - the plan ensures it
    listed = used.expression(rule.query)
    query = exp.select(as_id(listed.copy()).as_("id")).from_(used.table(rule.source))
    return query.where(exp.not_(listed.copy().is_(exp.null())))


# --- lists ---

LIST_COLUMNS = ("list_number", "id_type", "id")

RULES_LIST = -1
"""The list number of the table of id rules; its one row is a digest of the table."""


def has_lists(step: IdStitcher) -> bool:
    """Whether SQL filters or id rules decide which ids are excluded."""
    return step.id_rules is not None or any(r.condition == "sql" for rules in step.rules.values() for r in rules)


def lists_query(step: IdStitcher, used: Relations) -> exp.Query:
    """``lists_now``: the ids that SQL filters list, by number of the filter, and a digest of the id rules."""
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
        parts.append(_rules_digest(used))
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


def _rules_digest(used: Relations) -> exp.Select:
    """A digest of the effective id rules, as one text."""
    names = ("type_a", "id_a", "type_b", "id_b", "action", "reason")
    hashed = row_digest(used.compiler.engine, [exp.column(name) for name in names])
    total = exp.func("COALESCE", digest_total(hashed), exp.Literal.number(0))
    said = exp.ConcatWs(
        expressions=[
            exp.Literal.string(" "), exp.cast(exp.Count(this=exp.Star()), "TEXT"), exp.cast(total, "TEXT"),
        ]
    )  # fmt: skip
    values = (exp.cast(exp.Literal.number(RULES_LIST), "INT"), exp.Literal.string(""), said)
    return exp.select(*(v.as_(name) for v, name in zip(values, LIST_COLUMNS, strict=True))).from_(RULES)


def no_lists_query() -> exp.Select:
    """The columns of ``lists_now`` without rows."""
    kinds = ("INT", "TEXT", "TEXT")
    empty = exp.select(*(exp.cast(exp.null(), k).as_(n) for k, n in zip(kinds, LIST_COLUMNS, strict=True)))
    return exp.select("*").from_(empty.subquery("none")).where(exp.false())

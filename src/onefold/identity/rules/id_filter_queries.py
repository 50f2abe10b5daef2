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
"""What programs write for no id, in lower case and without the blanks around it (format C10)."""

BLANKS = r"[\p{Z}\p{Cc}\p{Cf}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{2800}\x{3164}\x{FFA0}]"
"""Characters that show nothing: separators, control and format characters, fillers; a class of a regular expression."""

_PLACEHOLDER = ("#{", "{{", "${")
"""How a template begins that nobody filled in."""


@dataclass(frozen=True)
class ExclusionRule:
    """Why an id is none.

    Attributes:
        rule: ``id_filter``, ``placeholder_id``, ``blank_id`` or ``id_rule``.
        reason: In words, for people; None where the rule brings its own.
    """

    rule: str
    reason: str | None


def exclusion_rules(step: IdStitcher) -> tuple[ExclusionRule, ...]:
    """All reasons for which ids of this stitcher can be refused, in the order of their places in `excluded_query`."""
    found = [
        ExclusionRule("id_rule", None),
        ExclusionRule("placeholder_id", "looks like a value for nothing"),
        ExclusionRule("blank_id", "has nothing but blanks"),
    ]
    return (*found, *(ExclusionRule("id_filter", _words(rule)) for rules in step.rules.values() for rule in rules))


def _words(rule: IdFilterCondition) -> str:
    if rule.query is not None:
        return f"{rule.action} sql: {rule.query.sql} from {rule.source}"
    return f"{rule.action} {rule.condition}: {rule.value}"


def excluded_query(step: IdStitcher, used: Relations, *, has_lists: bool = False) -> exp.Select:
    """Blank ids and placeholder ids: ``node``, ``place`` of the refusal, ``reason``, ``is_placeholder``.

    ``place`` is null for junk that is kept. Filters of a type are ANDed in their order (format A1). What a rule of the
    table says of an id comes before everything else (format B6.6), except that a text of nothing but blanks is never
    one. With ``has_lists``, the lists of filters are read from `LISTS_NOW`.
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
    return exp.select("*").from_(query.subquery("judged")).where(said)


def _same_id() -> exp.Expr:
    return exp.and_(
        *(exp.column(name, table="ruled").eq(exp.column(name, table="nodes")) for name in ("id_type", "id"))
    )


def _ruled(action: str) -> exp.Expr:
    return exp.column("action", table="ruled").eq(exp.Literal.string(action))


def _is_blank() -> exp.Expr:
    return exp.and_(_begins_or_ends_blank(), _bare().eq(exp.Literal.string("")))


def _is_placeholder() -> exp.Expr:
    starts = [exp.StartsWith(this=_bare(), expression=exp.Literal.string(text)) for text in _PLACEHOLDER]
    words = exp.Lower(this=_bare()).isin(*(exp.Literal.string(text) for text in PLACEHOLDERS))
    return exp.paren(exp.and_(exp.not_(_is_blank()), exp.paren(exp.or_(words, *starts))))


def _bare() -> exp.Expr:
    """The id without the blanks around it: white space of Unicode, characters without width, control characters.

    A pattern takes long, so only ids that may have some are searched for them.
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
    """Whether the first or last character may be a blank: it is none of the visible ones of ASCII."""
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
    """The ids that the SQL of a filter lists: ``id``."""
    assert rule.query is not None and rule.source is not None  # noqa: S101, PT018 - the plan made it so
    listed = used.expression(rule.query)
    query = exp.select(as_id(listed.copy()).as_("id")).from_(used.table(rule.source))
    return query.where(exp.not_(listed.copy().is_(exp.null())))


# --- lists ---

LIST_COLUMNS = ("list_number", "id_type", "id")

RULES_LIST = -1
"""Stands for the table of id rules among the lists; its one row says what the table came to."""


def has_lists(step: IdStitcher) -> bool:
    """Whether anything decides over ids that is not the id alone."""
    return step.id_rules is not None or any(r.condition == "sql" for rules in step.rules.values() for r in rules)


def lists_query(step: IdStitcher, used: Relations) -> exp.Query:
    """``lists_now``: the ids that SQL of filters lists, by the filter's number, and what the table of rules came to."""
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
    """The shape of ``lists_now``, without a row."""
    kinds = ("INT", "TEXT", "TEXT")
    empty = exp.select(*(exp.cast(exp.null(), k).as_(n) for k, n in zip(kinds, LIST_COLUMNS, strict=True)))
    return exp.select("*").from_(empty.subquery("none")).where(exp.false())

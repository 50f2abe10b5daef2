"""The SQL around a stitch: reading ids, judging them, and writing the id graph.

In: the step. Out: queries and statements, in the order in which ``onefold.identity`` runs them:

    source_query(i)    the rows of edge source i, as they are streamed into memory
    digests_query      what those rows come to, day by day: tells whether they changed
    refused_query      of the ids that were found, those that are none, each with the rule that says so
    members_query      the id graph, one row per id

Ids are numbered and joined in memory (``onefold.identity``); which of them belong together is not decided here.
Members and evidence are kept in versions: a row counts for the versions from its first to before its last one. A
later run that changes little adds a version to the tables of an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.input import event_time
from onefold.sql.main_id_history import ANCHOR_COLUMNS
from onefold.sql.marks import AS_IS, MOMENT, as_id
from onefold.sql.statements import beside, row_digest

if TYPE_CHECKING:
    from onefold.plan.model import EdgeSource, IdRule, IdStitcher
    from onefold.sql.relations import GraphViews, Relations

NODES, FOUND = "stitch_nodes", "stitch_found"
"""Relations lent by memory: the numbered ids, and the evidence before guards."""

FOUND_EDGES, NODE_RULES = "stitch_found_edges", "stitch_node_rules"
"""Temporary tables of guards."""

SOLVED, EARLIEST, READ, LEFT_OUT = "stitch_solved", "stitch_earliest", "stitch_evidence", "stitch_left_out"
"""Relations lent by memory: each node's profile and times, the node that names each profile if nothing else does, the
evidence to keep, the ids that are none."""

DAYS, FILES = "stitch_days", "stitch_files"
"""Relations lent by memory: what each day's rows of each edge source came to, and what files they were read from."""

GRAPH = "stitch_graph"
"""A relation lent by memory: the ids that live, each with its component and its first sight."""

LISTS = "stitch_lists"
"""A temporary table: the ids that SQL of filters lists (``sql.graph_guards``)."""

DROPPED_PAIRS, CROWDED_IDS = "stitch_dropped_pairs", "stitch_crowded_ids"
"""Relations lent by memory: what guards decided."""

NAMED = "stitch_named"
"""A temporary table: the main id of each component, and its anchor."""

PROFILE = "__profile"
"""The number of a profile within one run; joining and grouping by it is faster than by the main id."""

NODE, LEFT, RIGHT, SOURCE, DAY = "__node", "__left", "__right", "__source", "__day"
FIRST, LAST = "__from_version", "__to_version"

OPEN = 2_147_483_647
"""The last version of a row that still counts."""

MEMBERS, NAMES, EVIDENCE, DIGESTS = "members", "names", "evidence", "digests"
KEPT_OUT, KEPT_FILES, ANCHORS, EVENTS = "left_out", "files", "anchors", "events"
"""Suffixes of the tables that a stitcher's material consists of."""

DROPPED, CROWDED, KEPT_LISTS = "dropped", "crowded", "lists"
"""Likewise, of guards: the pairs that go, the ids with too many neighbours, what filters and rules went by."""

PARTS = (MEMBERS, NAMES, EVIDENCE, DIGESTS, KEPT_OUT, KEPT_FILES, ANCHORS, DROPPED, CROWDED, KEPT_LISTS)
"""Those of them that hold the graph, in versions; `EVENTS` are of one run that was not the first."""

EDGES, ALIASES = "edges", "aliases"
"""Suffixes of the views of who joined whom, and of what every main id ever published is now."""

ANCHORS_BEFORE, MEMBERS_BEFORE = "stitch_anchors_before", "stitch_members_before"
"""Temporary views of what the last published run left."""

VERSIONS = {FIRST: "INT", LAST: "INT"}

MEMBERS_KEPT = {
    "other_id": "TEXT", "other_id_type": "TEXT", "valid_at": "TIMESTAMP", "first_seen_at": "TIMESTAMP",
    PROFILE: "UINT", NODE: "UINT", **VERSIONS,
}  # fmt: skip
NAMES_KEPT = {PROFILE: "UINT", "main_id": "TEXT", **VERSIONS}
EVIDENCE_KEPT = {
    LEFT: "UINT", RIGHT: "UINT", SOURCE: "SMALLINT", DAY: "DATE", "row_count": "BIGINT", "first_seen_at": "TIMESTAMP",
    "last_seen_at": "TIMESTAMP", "sample_key": "TEXT", **VERSIONS,
}  # fmt: skip
"""Columns and types of the tables that hold a graph."""

MEMBERS_PLAIN, EVIDENCE_PLAIN = (
    ("other_id", "valid_at", "first_seen_at"), ("sample_key", "first_seen_at", "last_seen_at"),
)  # fmt: skip
"""Those of them that are stored as they are."""

ID_RULES_SOURCE = -1
"""The source of a pair that only the table of id rules joins."""


def columns_of(step: IdStitcher) -> tuple[str, ...]:
    """The columns of a stitcher's result (format A1)."""
    return (step.main_id, "other_id", "other_id_type", "valid_at", "first_seen_at")


def column(name: str) -> exp.Column:
    """A column."""
    return exp.column(name)


# --- reading ---


def source_query(step: IdStitcher, number: int, used: Relations) -> exp.Select:
    """The rows of an edge source that have an id: ``id_<i>``, ``seen_at``, ``sample_key`` and ``row_digest``.

    ``sample_key`` is there where the source names what identifies its rows, ``row_digest`` where the engine can hash.
    """
    read = _read_ids(step.sources[number], used)
    names = _names(step.sources[number])
    query = exp.select(*(exp.column(name) for name in names), "seen_at").from_("read_ids")
    if _row_key(step.sources[number], used) is not None:
        query = query.select("sample_key")
    if used.compiler.engine.row_hash is not None:
        query = query.select(_row_digest(step.sources[number], used).as_("row_digest"))
    return query.where(_has_id(names)).with_("read_ids", as_=read)


def digests_query(rows: exp.Select) -> exp.Select:
    """Per day of an edge source's rows (`source_query`): how many, and the sum of their digests modulo 2 to the 64."""
    total = exp.Sum(this=exp.cast(exp.column("row_digest"), exp.DType.INT128))
    rest = exp.Mod(this=total, expression=exp.Literal.number(1 << 64))
    day = exp.cast(exp.column("seen_at"), "DATE")
    return (
        exp.select(
            day.as_(DAY), exp.Count(this=exp.Star()).as_("row_count"), exp.cast(rest, exp.DType.UBIGINT).as_("digest")
        )
        .from_(rows.subquery("every_row"))
        .group_by(day.copy())
    )


def _read_ids(source: EdgeSource, used: Relations) -> exp.Select:
    """Filters come later, when each id is looked at once: there are far fewer ids than rows."""
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
    """A time of rows as a timestamp in UTC, be it a text."""
    moment = exp.cast(time.copy(), "TIMESTAMP")
    moment.meta[MOMENT] = True
    return moment


def _row_key(source: EdgeSource, used: Relations) -> exp.Expr | None:
    """What identifies a row, as one text; None where the source does not say."""
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


# --- judging ---

JUNK = (
    "", "null", "none", "undefined", "nan", "n/a", "na", "nil", "unknown", "0", "-1", "[object object]",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
"""What programs write for no id, in lower case and without the blanks around it (format C10)."""

BLANKS = r"[\p{Z}\p{Cc}\p{Cf}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{2800}\x{3164}\x{FFA0}]"
"""Characters that show nothing: separators, control and format characters, fillers; a class of a regular expression."""

_PLACEHOLDER = ("#{", "{{", "${")
"""How a template begins that nobody filled in."""


@dataclass(frozen=True)
class Refusal:
    """Why an id is none.

    Attributes:
        rule: ``id_filter``, ``junk_id``, ``blank_id`` or ``id_rule``.
        reason: In words, for people; None where the rule brings its own.
    """

    rule: str
    reason: str | None


def refusals(step: IdStitcher) -> tuple[Refusal, ...]:
    """All reasons for which ids of this stitcher can be refused, in the order of their places in `refused_query`."""
    found = [
        Refusal("id_rule", None),
        Refusal("junk_id", "looks like a value for nothing"),
        Refusal("blank_id", "has nothing but blanks"),
    ]
    return (*found, *(Refusal("id_filter", _words(rule)) for rules in step.rules.values() for rule in rules))


def _words(rule: IdRule) -> str:
    if rule.query is not None:
        return f"{rule.action} sql: {rule.query.sql} from {rule.source}"
    return f"{rule.action} {rule.condition}: {rule.value}"


def refused_query(step: IdStitcher, used: Relations, *, has_lists: bool = False) -> exp.Select:
    """Ids that are none, and ids that look like junk: ``node``, ``place`` of the refusal, ``reason``, ``is_junk``.

    ``place`` is null for junk that is kept. Filters of a type are ANDed in their order (format A1). What a rule of the
    table says of an id comes before everything else (format B6.6), except that a text of nothing but blanks is never
    one. With ``has_lists``, the lists of filters are read from `LISTS`.
    """
    place = exp.Case().when(_is_blank(), exp.Literal.number(2))
    if step.id_rules is not None:
        place = place.when(_ruled("INCLUDE"), exp.null()).when(_ruled("EXCLUDE"), exp.Literal.number(0))
    if step.junk_ids == "drop":
        place = place.when(_is_junk(), exp.Literal.number(1))
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
    is_junk = _is_junk() if step.junk_ids != "keep" else exp.false()
    query = query.select(
        exp.column("node", table="nodes"), placed.as_("place"), reason.as_("reason"), is_junk.as_("is_junk")
    )
    said = exp.or_(exp.not_(exp.column("place").is_(exp.null())), exp.column("is_junk"))
    return exp.select("*").from_(query.subquery("judged")).where(said)


def _same_id() -> exp.Expr:
    return exp.and_(
        *(exp.column(name, table="ruled").eq(exp.column(name, table="nodes")) for name in ("id_type", "id"))
    )


def _ruled(action: str) -> exp.Expr:
    return exp.column("action", table="ruled").eq(exp.Literal.string(action))


def _is_blank() -> exp.Expr:
    return exp.and_(_begins_or_ends_blank(), _bare().eq(exp.Literal.string("")))


def _is_junk() -> exp.Expr:
    starts = [exp.StartsWith(this=_bare(), expression=exp.Literal.string(text)) for text in _PLACEHOLDER]
    words = exp.Lower(this=_bare()).isin(*(exp.Literal.string(text) for text in JUNK))
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


def _matches(value: exp.Expr, rule: IdRule, used: Relations) -> exp.Expr:
    if rule.condition == "value":
        return value.eq(exp.Literal.string(rule.value))
    if rule.condition == "regex":
        return exp.RegexpLike(this=value, expression=exp.Literal.string(rule.value), full_match=True)
    return exp.In(this=value, query=listed_query(rule, used).subquery())


def _in_list(number: int) -> exp.Paren:
    same = exp.column("list_number").eq(exp.Literal.number(number))
    query = exp.select("id").from_(LISTS).where(same)
    return exp.paren(exp.In(this=exp.column("id", table="nodes"), query=query.subquery()))


def listed_query(rule: IdRule, used: Relations) -> exp.Select:
    """The ids that the SQL of a filter lists: ``id``."""
    assert rule.query is not None and rule.source is not None  # noqa: S101, PT018 - the plan made it so
    listed = used.expression(rule.query)
    query = exp.select(exp.cast(listed.copy(), "TEXT").as_("id")).from_(used.table(rule.source))
    return query.where(exp.not_(listed.copy().is_(exp.null())))


# --- writing ---


def members_query(version: int) -> exp.Select:
    """One row per id: since when it belongs to its profile, when it was first seen, and its numbers."""
    return exp.select(
        exp.column("id").as_("other_id"),
        exp.column("id_type").as_("other_id_type"),
        exp.column("valid_at"),
        exp.column("first_seen_at"),
        exp.column("component").as_(PROFILE),
        exp.column("node").as_(NODE),
        *_in_force(version),
    ).from_(SOLVED)


def names_query(version: int) -> exp.Select:
    """The main id of each profile. Kept apart from the ids: a third of the room, and a new name touches one row."""
    return exp.select(exp.column("component").as_(PROFILE), "main_id", *_in_force(version)).from_(NAMED)


def in_force_query(lent: str, version: int) -> exp.Select:
    """What memory lends, as it is kept."""
    return exp.select("*", *_in_force(version)).from_(lent)


def _in_force(version: int) -> tuple[exp.Expr, exp.Expr]:
    return tuple(
        exp.cast(exp.Literal.number(number), "INT").as_(name) for number, name in ((version, FIRST), (OPEN, LAST))
    )  # type: ignore[return-value]


def in_version(version: int, table: str | None = None) -> exp.Expr:
    """Whether a row counts for a version."""
    number = exp.Literal.number(version)
    return exp.and_(exp.column(FIRST, table=table) <= number, exp.column(LAST, table=table) > number.copy())


LEFT_OUT_COLUMNS = (
    "rule", "id1", "id1_type", "id2", "id2_type", SOURCE, DAY, "row_count", "first_seen_at", "sample_key", "found",
    "allowed", "reason",
)  # fmt: skip
"""Columns of what was left out, by edge source and day: ids, and pairs of ids that guards cut."""


def current_members_query(step: IdStitcher, members: exp.Table, version: int) -> exp.Select:
    """The ids of a version, with their numbers and those of their profiles."""
    own = (exp.column(name) for name in (*columns_of(step)[1:], PROFILE, NODE))
    return exp.select(*own).from_(members.copy()).where(in_version(version))


def profiles_query(step: IdStitcher, names: exp.Table, version: int) -> exp.Select:
    """The profiles of a version: number and main id."""
    columns = (exp.column(PROFILE), exp.column("main_id").as_(step.main_id))
    return exp.select(*columns).from_(names.copy()).where(in_version(version))


def numbered_query(step: IdStitcher, graph: GraphViews) -> exp.Select:
    """The id graph with the numbers of profiles and ids."""
    own = (exp.column(name, table="members") for name in (*columns_of(step)[1:], PROFILE, NODE))
    on = exp.column(PROFILE, table="profiles").eq(exp.column(PROFILE, table="members"))
    return (
        exp.select(exp.column(step.main_id, table="profiles"), *own)
        .from_(exp.alias_(graph.members.copy(), "members", table=True))
        .join(exp.alias_(graph.profiles.copy(), "profiles", table=True), on=on)
    )


def published_query(step: IdStitcher, numbered: exp.Table) -> exp.Select:
    """The result without what is only of use within the run."""
    return exp.select(*(exp.column(name) for name in columns_of(step))).from_(numbered.copy())


def part(material: exp.Table, suffix: str) -> exp.Table:
    """A table that a stitcher's material consists of."""
    return beside(material, suffix)


# --- naming ---


def anchors_query(anchors: exp.Table, version: int) -> exp.Select:
    """Every main id ever published, with its anchor, as of a version."""
    columns = (exp.column(name) for name in ANCHOR_COLUMNS)
    return exp.select(*columns).from_(anchors.copy()).where(in_version(version))


def members_before_query(numbered: exp.Table, main_id: str) -> exp.Select:
    """Which ids the published main ids have."""
    names = (exp.column(main_id).as_("main_id"), exp.column("other_id"), exp.column("other_id_type"))
    return exp.select(*names).from_(numbered.copy())


def named_count_query() -> exp.Select:
    """How many profiles were named, and how many different names they have."""
    distinct = exp.Count(this=exp.Distinct(expressions=[exp.column("main_id")]))
    return exp.select(exp.Count(this=exp.Star()).as_("profiles"), distinct.as_("main_ids")).from_(NAMED)


def members_count_query(members: exp.Table, version: int) -> exp.Select:
    """How many ids were written, and in how many profiles."""
    distinct = exp.Count(this=exp.Distinct(expressions=[exp.column(PROFILE)]))
    query = exp.select(exp.Count(this=exp.Star()).as_("ids"), distinct.as_("profiles")).from_(members.copy())
    return query.where(in_version(version))

"""Explains why two ids do not match, or why an id is not in the graph.

Takes an open session and resolved ids; returns a `NoMatch` or a `NotInGraph`. The reason is a filter, a threshold, an
edge limit, or that no source row joins the ids. Reads the sources without thresholds (``unfiltered_rows``) and finds
the shortest chain of excluded edges between the two profiles. Each edge of the chain has its reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from onefold.audit.declared_thresholds import declared_thresholds
from onefold.audit.recommendations import limits_at, validation
from onefold.audit.records import Id, NextStep
from onefold.audit.resolve_ids import found_as
from onefold.audit.unfiltered_rows import DEGREES, PAIRS, ROWS, count_columns, read_rows
from onefold.identity.columns import to_arrow, to_numpy
from onefold.identity.components.adjacency import adjacency
from onefold.identity.components.shortest_paths import shortest_path
from onefold.identity.rules.id_filter_queries import excluded_query, exclusion_rules
from onefold.identity.schema import NODES, in_version
from onefold.short_repr import Short
from onefold.sql.compile import relations
from onefold.sql.id_graph import PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onefold.audit.declared_thresholds import DeclaredThreshold
    from onefold.audit.resolve_ids import ResolvedId
    from onefold.audit.session import Session
    from onefold.plan.model import IdFilterCondition


@dataclass(frozen=True)
class Reason:
    """Why an id or an edge is excluded.

    Attributes:
        rule: ``threshold``, ``maximum_edges``, ``id_filter``, ``placeholder_id``, ``id_rule``, or ``newer`` for
            rows that the run did not see.
        of: The excluded id; None for an edge.
        text: In words.
        where: File and line of the rule; None if it is not in a file.
    """

    rule: str
    of: Id | None
    text: str
    where: str | None


@dataclass(frozen=True)
class NoLink:
    """An excluded edge: two ids of one source row that are not joined.

    Attributes:
        source: Ref of the source.
        rows: Number of rows with both ids.
        reasons: Why the edge is excluded.
    """

    one: Id
    other: Id
    source: str
    rows: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, repr=False)
class NoMatch(Short):
    """Two ids that do not share a profile.

    Attributes:
        main_ids: Their profiles; None for an id without one.
        links: The shortest chain of excluded edges between the two profiles; empty if no source rows join them.
        reasons: Why either id is not in the graph.
        found_as: How the given texts were resolved, if the project transforms them into ids.
        steps: What to do next.
    """

    one: Id
    other: Id
    main_ids: tuple[str | None, str | None]
    links: tuple[NoLink, ...]
    reasons: tuple[Reason, ...]
    found_as: tuple[str, ...]
    steps: tuple[NextStep, ...]


@dataclass(frozen=True, repr=False)
class NotInGraph(Short):
    """An id that is not in the graph.

    Attributes:
        id: The id; its type is empty if unknown.
        rows: Number of distinct id combinations in the edge sources that contain it.
        reasons: Why it is not in the graph; none if no source has it.
        found_as: How the given text was resolved, if the project transforms it into an id.
        steps: What to do next.
    """

    id: Id
    rows: int
    reasons: tuple[Reason, ...]
    found_as: tuple[str, ...]
    steps: tuple[NextStep, ...]


def explain_not_in_graph(session: Session, found: ResolvedId) -> NotInGraph:
    """Explain why an id is not in the graph.

    Raises:
        ProjectError: If a threshold that ``onefold.yaml`` declares is not there.
    """
    thresholds = declared_thresholds(session)
    _read_around(session, thresholds, (found,))
    reasons: list[Reason] = []
    rows = 0
    for wanted in _possible(session, found.id):
        reasons += _why_absent(session, thresholds, wanted)
        rows += _rows_with(session, wanted)
    return NotInGraph(found.id, rows, _each_once(reasons), found_as(found), tuple(_steps(session, reasons)))


def explain_no_match(session: Session, one: ResolvedId, other: ResolvedId) -> NoMatch:
    """Explain why two ids do not share a profile.

    Raises:
        ProjectError: If a threshold that ``onefold.yaml`` declares is not there.
    """
    thresholds = declared_thresholds(session)
    # Usually one excluded id lies between the two. All rows are read only if there is none.
    is_all = _read_around(session, thresholds, (one, other))
    links = _links(session, thresholds, one, other)
    if not links and not is_all:
        read_rows(session, thresholds)
        links = _links(session, thresholds, one, other)
    reasons = [
        reason
        for found in (one, other)
        if found.main_id is None
        for wanted in _possible(session, found.id)
        for reason in _why_absent(session, thresholds, wanted)
    ]
    every = [*reasons, *(reason for link in links for reason in link.reasons)]
    main_ids = (one.main_id, other.main_id)
    steps = tuple(_steps(session, every))
    return NoMatch(one.id, other.id, main_ids, tuple(links), _each_once(reasons), found_as(one, other), steps)


def _read_around(session: Session, thresholds: tuple[DeclaredThreshold, ...], ends: Sequence[ResolvedId]) -> bool:
    """Read the rows with an id of one of the profiles, or with an id of such a row.

    Returns:
        Whether the rows contain only ids of the profiles, so that no other rows can join them.
    """
    alone = [exp.select(exp.Literal.string(found.id.value).as_("id")) for found in ends]
    profiles = [exp.Literal.number(found.profile.number) for found in ends if found.profile is not None]
    tables = session.tables
    members = exp.select(exp.column("other_id").as_("id")).from_(tables.members)
    members = members.where(exp.In(this=exp.column(PROFILE), expressions=profiles), in_version(tables.version))
    near = session.temp_table(_NEAR, exp.union(*alone, members, distinct=True) if profiles else _all_of(alone))
    unfiltered = read_rows(session, thresholds, exp.select("id").from_(near))
    around = [
        exp.select(exp.column(f"id_{i}").as_("id")).from_(f"{ROWS}_{number}")
        for number, source in enumerate(unfiltered.step.sources)
        for i in range(1, len(source.ids) + 1)
    ]
    every = exp.union(exp.select("id").from_(near), *around, distinct=True)
    wider = session.temp_table(_AROUND, exp.select("id").from_(every.subquery("every")).where(_is_there("id")))
    if session.rows(_count(wider)) == session.rows(_count(near)):
        return True
    read_rows(session, thresholds, exp.select("id").from_(wider))
    return False


def _is_there(column: str) -> exp.Expr:
    return exp.not_(exp.column(column).is_(exp.null()))


def _count(table: exp.Table) -> exp.Select:
    return exp.select(exp.Count(this=exp.Star()).as_("n")).from_(table)


def _all_of(queries: Sequence[exp.Select]) -> exp.Query:
    return queries[0] if len(queries) == 1 else exp.union(*queries, distinct=True)


_NEAR, _AROUND, _KNOWN = "audit_near", "audit_around", "audit_known"
"""Temporary tables of ids; the last one also has their profiles."""


def _links(
    session: Session, thresholds: tuple[DeclaredThreshold, ...], one: ResolvedId, other: ResolvedId
) -> list[NoLink]:
    """The shortest chain of excluded edges among the rows that were read."""
    pairs = session.fetch(_excluded_edges(session, thresholds))
    for start in _vertices(session, one):
        for end in _vertices(session, other):
            links = [_no_link(session, thresholds, row) for row in _chain(pairs, start, end)]
            if links:
                return links
    return []


def _possible(session: Session, found: Id) -> tuple[Id, ...]:
    """The id with each possible type."""
    return (found,) if found.type else tuple(Id(name, found.value) for name in session.id_types)


def _each_once(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


# --- the chain of excluded edges ---


def _excluded_edges(session: Session, thresholds: tuple[DeclaredThreshold, ...]) -> exp.Select:
    """Pairs of ids of one row in different profiles. Each end is a profile number, or an id without a profile."""
    ids = [exp.select(exp.column(f"id{n}").as_("id")).from_(PAIRS) for n in (1, 2)]
    tables = session.tables
    known = exp.select("other_id", "other_id_type", PROFILE).from_(tables.members)
    known = known.where(
        in_version(tables.version), exp.In(this=exp.column("other_id"), query=exp.union(*ids, distinct=True).subquery())
    )
    known_ids = session.temp_table(_KNOWN, known)
    pairs = exp.column
    query = exp.select(*(pairs(name, table="pairs") for name in _PAIR_COLUMNS))
    query = query.select(*(pairs(name, table="pairs") for name in count_columns(thresholds)))
    query = query.from_(exp.alias_(exp.to_table(PAIRS), "pairs", table=True))
    ends = []
    for n, alias in ((1, "a"), (2, "b")):
        value, id_type = pairs(f"id{n}", table="pairs"), pairs(f"id{n}_type", table="pairs")
        on = exp.and_(
            exp.column("other_id", table=alias).eq(value), exp.column("other_id_type", table=alias).eq(id_type)
        )
        query = query.join(exp.alias_(known_ids, alias, table=True), on=on, join_type="left")
        alone = exp.DPipe(this=exp.DPipe(this=id_type.copy(), expression=_COLON.copy()), expression=value.copy())
        ends.append(exp.func("COALESCE", exp.cast(exp.column(PROFILE, table=alias), "TEXT"), alone))
    query = query.select(ends[0].as_("vertex1"), ends[1].as_("vertex2"))
    return query.where(ends[0].copy().neq(ends[1].copy()))


_PAIR_COLUMNS = ("id1", "id1_type", "id2", "id2_type", "source", "row_count")
_COLON = exp.Literal.string(":")


def _vertices(session: Session, found: ResolvedId) -> list[str]:
    if found.profile is not None:
        return [str(found.profile.number)]
    return [f"{wanted.type}:{wanted.value}" for wanted in _possible(session, found.id)]


def _chain(pairs: pa.Table, start: str, end: str) -> list[dict[str, Any]]:
    """One pair per edge of the shortest chain between two vertices: of several, the one with the most rows."""
    if not pairs.num_rows:
        return []
    ends = pa.chunked_array([*pairs["vertex1"].cast(pa.string()).chunks, *pairs["vertex2"].cast(pa.string()).chunks])
    encoded = ends.dictionary_encode().unify_dictionaries().combine_chunks()
    numbers = {name: n for n, name in enumerate(encoded.dictionary.to_pylist())}
    if start not in numbers or end not in numbers:
        return []
    codes = to_numpy(pa.chunked_array([encoded.indices]))
    left, right = codes[: pairs.num_rows], codes[pairs.num_rows :]
    path = shortest_path(adjacency(len(numbers), left, right), numbers[start], numbers[end])
    links = []
    for near, far in pairwise(path or ()):
        mine = ((left == near) & (right == far)) | ((left == far) & (right == near))
        rows = pairs.take(to_arrow(mine.nonzero()[0], pa.int64())).to_pylist()
        row = max(rows, key=lambda row: (row["row_count"], row["source"], row["id1"], row["id2"]))
        links.append({**row, "is_reversed": numbers[row["vertex1"]] != near})
    return links


def _no_link(session: Session, thresholds: tuple[DeclaredThreshold, ...], row: dict[str, Any]) -> NoLink:
    one, other = Id(row["id1_type"], row["id1"]), Id(row["id2_type"], row["id2"])
    reasons = [*_by_thresholds(session, thresholds, [row])]
    reasons += [r for found in (one, other) for r in _by_filters(session, found)]
    reasons += _in_quarantine(session, one, other)
    if not reasons:
        text = "the sources changed after the graph was built; `pb run` reads them again"
        reasons.append(Reason("newer", None, text, None))
    ends = (other, one) if row["is_reversed"] else (one, other)
    return NoLink(*ends, row["source"], int(row["row_count"]), _each_once(reasons))


# --- reasons ---


def _why_absent(session: Session, thresholds: tuple[DeclaredThreshold, ...], found: Id) -> Iterator[Reason]:
    yield from _by_filters(session, found)
    columns = (*_PAIR_COLUMNS, *count_columns(thresholds))
    ends = [
        exp.and_(
            exp.column(f"id{n}").eq(exp.Literal.string(found.value)),
            exp.column(f"id{n}_type").eq(exp.Literal.string(found.type)),
        )
        for n in (1, 2)
    ]
    rows = session.rows(exp.select(*columns).from_(PAIRS).where(exp.or_(*ends)).order_by("id1", "id2"))
    yield from _by_thresholds(session, thresholds, rows)


def _by_thresholds(
    session: Session, thresholds: tuple[DeclaredThreshold, ...], rows: Sequence[dict[str, Any]]
) -> Iterator[Reason]:
    """The distinct ids of some pairs that a threshold excludes."""
    over_limit = {
        (n, Id(row[f"id{i}_type"], row[f"id{i}"])): None
        for row in rows
        for n, threshold in enumerate(thresholds)
        for i in (1, 2)
        if row[f"count_{n}"] > threshold.value and row[f"id{i}_type"] == threshold.of
    }
    for n, found in over_limit:
        threshold, degree = thresholds[n], _degree(session, n, found)
        if degree > threshold.value:
            text = f"{found} has {degree:,} {threshold.counts} (at most {threshold.value:,} by {threshold.variable})"
            yield Reason("threshold", found, text, str(threshold.at))


def _degree(session: Session, number: int, found: Id) -> int:
    query = exp.select("degree").from_(f"{DEGREES}_{number}")
    rows = session.rows(query.where(exp.column("id").eq(exp.Literal.string(found.value))))
    return int(rows[0]["degree"]) if rows else 0


def _by_filters(session: Session, found: Id) -> Iterator[Reason]:
    """The id filters and id rules that exclude an id, evaluated as by the stitcher."""
    if not found.value:
        yield Reason("id_filter", found, "blank texts are not ids", None)
        return
    step = session.step
    value, id_type = exp.Literal.string(found.value), exp.Literal.string(found.type)
    node = exp.Literal.number(0)
    session.temp_table(NODES, exp.select(node.as_("node"), value.as_("id"), id_type.as_("id_type")))
    used = relations(session.compiler())
    rules = [rule for rules in step.rules.values() for rule in rules]
    for row in session.rows(used.complete(excluded_query(step, used))):
        if row["place"] is None:
            continue
        refusal = exclusion_rules(step)[row["place"]]
        words = row["reason"] or refusal.reason
        text = f"{found} is excluded by {_BY[refusal.rule]}" + (f": {words}" if words else "")
        yield Reason(refusal.rule, found, text, _place(session, refusal.rule, rules, int(row["place"])))


_BY = {
    "id_filter": "a filter of its id type",
    "placeholder_id": "placeholder_ids",
    "blank_id": "the stitcher",
    "id_rule": "an id rule",
}
_BEFORE_FILTERS = 3
"""Refusals that come before those by filters in ``exclusion_rules``."""


def _place(session: Session, rule: str, rules: Sequence[IdFilterCondition], place: int) -> str | None:
    """The location of the rule that excluded an id; None for a rule in a table."""
    if rule == "id_filter":
        return str(rules[place - _BEFORE_FILTERS].at)
    return (
        str(session.project.settings.at.values.get("placeholder_ids", "onefold.yaml"))
        if rule == "placeholder_id"
        else None
    )


def _in_quarantine(session: Session, one: Id, other: Id) -> Iterator[Reason]:
    """Why the stitcher quarantined an edge."""

    def is_id(n: int, found: Id) -> exp.Expr:
        value, id_type = exp.Literal.string(found.value), exp.Literal.string(found.type)
        return exp.and_(exp.column(f"id{n}").eq(value), exp.column(f"id{n}_type").eq(id_type))

    fits = exp.or_(exp.and_(is_id(1, one), is_id(2, other)), exp.and_(is_id(1, other), is_id(2, one)))
    query = exp.select("rule", "id1", "id1_type", "id2_type", "found", "allowed", "reason")
    rows = session.rows(query.from_(session.beside("QUARANTINE")).where(fits).order_by("rule", "id1"))
    for row in rows:
        of = Id(row["id1_type"], row["id1"])
        if row["rule"] == "maximum_edges":
            text = f"{of} has {row['found']:,} {row['id2_type']} (at most {row['allowed']:,} by maximum_edges)"
            yield Reason("maximum_edges", of, text, str(limits_at(session.project, of.type)))
        else:
            text = f"the edge {one}, {other} is excluded by {row['rule']}"
            yield Reason(row["rule"], None, text + (f": {row['reason']}" if row["reason"] else ""), None)


def _rows_with(session: Session, found: Id) -> int:
    """The number of distinct id combinations with an id."""
    total = 0
    for number, source in enumerate(session.step.sources):
        columns = [exp.column(f"id_{i}") for i, c in enumerate(source.ids, start=1) if c.id_type == found.type]
        if columns:
            is_it = exp.or_(*(column.eq(exp.Literal.string(found.value)) for column in columns))
            count = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(f"{ROWS}_{number}").where(is_it)
            total += int(session.rows(count)[0]["n"])
    return total


def _steps(session: Session, reasons: Sequence[Reason]) -> Iterator[NextStep]:
    """Where to change the rules that exclude the ids or edges."""
    if not reasons:
        what = "no rule excludes them: check the ids of the edge source that should join them"
        yield NextStep(what, str(session.step.at))
        return
    words = {"threshold": "raise this threshold", "maximum_edges": "raise this edge limit"}
    for where, rule in dict.fromkeys((r.where, r.rule) for r in reasons if r.where is not None):
        yield NextStep(f"to include it, {words.get(rule, 'change this filter')}", where)
    if any(r.rule == "id_rule" for r in reasons):
        yield NextStep("to include it, add a later rule with INCLUDE", command="pb idstitch rules update --interactive")
    yield validation(session)

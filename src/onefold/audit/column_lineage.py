"""Traces columns of edge sources to inputs, and computes the ids that the project derives from raw values.

Takes an open graph and a raw value, such as an email or a phone number. Returns the ids that the project derives from
it, for example ``sha1(lower(trim(email)))``. Follows expressions through the SQL of models, their CTEs and
subqueries, down to a column of an input. Stops at aggregates, windows and expressions over several tables. The raw
value is only used in the query and never stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.records import Id
from onefold.errors import AccessError, ProjectError
from onefold.plan.model import InputStep, SqlTemplate
from onefold.sql.compile import relations
from onefold.sql.node_marks import as_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onefold.audit.session import Session

_DEEPEST = 20
"""The most models, CTEs and subqueries that are traced."""


@dataclass(frozen=True)
class Origin:
    """An id column as an expression over the columns of an input.

    Attributes:
        source: The edge source that gives the id.
        id_type: Its type.
        input: Ref of the input.
        expression: What is made of its columns.
        words: The same for people: as the project has it, where the input is the edge source.
    """

    source: str
    id_type: str
    input: str
    expression: exp.Expr
    words: str


@dataclass(frozen=True)
class TracedExpression:
    """An expression over the columns of one relation.

    Attributes:
        ref: The step that has the columns.
        expression: The expression.
        filters: Conditions on the same columns that every row taken by the queries above meets. Not all of them: those
            on aggregates, and those on columns of other relations, are missing.
    """

    ref: str
    expression: exp.Expr
    filters: tuple[exp.Expr, ...] = ()


def ids_made_of(session: Session, raw: str) -> dict[Id, str]:
    """The ids that the project derives from a raw value, each with its derivation in words.

    Args:
        session: The open graph.
        raw: The value, as it stands in an input.
    """
    found: dict[Id, str] = {}
    for origin in origins(session):
        names = {column.name for column in origin.expression.find_all(exp.Column)}
        if len(names) != 1 or isinstance(origin.expression, exp.Column):
            continue
        value = _evaluated(session, origin.expression, names.pop(), raw)
        if value is not None and value != raw:
            found.setdefault(Id(origin.id_type, value), f"{origin.words} of {origin.input}")
    return found


def origins(session: Session) -> Iterator[Origin]:
    """The origins of all id columns of the edge sources that can be traced."""
    for source in session.step.sources:
        for column in source.ids:
            try:
                expression = relations(session.compiler()).expression(column.select)
                for found in traced(session, TracedExpression(source.source, expression)):
                    is_own = found.ref == source.source
                    made = found.expression
                    words = column.select.sql if is_own else made.sql(dialect=session.target.dialect.sqlglot)
                    yield Origin(source.source, column.id_type, found.ref, made, words)
            except ProjectError:
                continue


def _evaluated(session: Session, expression: exp.Expr, name: str, raw: str) -> str | None:
    """The value of an expression over one column, or None."""
    given = exp.select(exp.Literal.string(raw).as_(name)).subquery("given")
    query = exp.select(as_id(expression.copy()).as_("value")).from_(given)
    try:
        rows = session.rows(relations(session.compiler()).complete(query))
    except AccessError:  # a text that this column could not hold
        return None
    value = rows[0]["value"]
    return value if isinstance(value, str) and value else None


def traced(session: Session, asked: TracedExpression, depth: int = 0) -> Iterator[TracedExpression]:
    """Rewrite an expression over the columns of a step as expressions over input columns; none if it cannot be traced.

    Args:
        session: The open graph.
        asked: The expression. A tuple is followed as a whole: all of its parts come from the same row.
        depth: How many queries the way has gone through.

    Raises:
        ProjectError: If SQL of the author's does not parse.
    """
    step = session.plan.steps.get(asked.ref)
    if isinstance(step, InputStep):
        yield asked
    if not isinstance(step, SqlTemplate) or step.is_script or depth > _DEEPEST:
        return
    used = relations(session.compiler())
    query = used.query(step.body)
    refs = {**used.read, **{name.lower(): below for below, (name, _) in used.ctes.items()}}
    for below in _through(asked, query, {}, None, depth + 1):
        if below.ref in refs:
            yield from traced(session, replace(below, ref=refs[below.ref]), depth + 1)


def _through(
    asked: TracedExpression, query: exp.Expr, ctes: Mapping[str, exp.CTE], names: Sequence[str] | None, depth: int
) -> Iterator[TracedExpression]:
    """Rewrite an expression over the columns of a query as expressions over the columns of its tables, by table name.

    Args:
        asked: The expression.
        query: The query.
        ctes: The CTEs that it can read, by lower-case name.
        names: What the columns of the query are called from outside, by position; None for their own names.
        depth: How many queries the way has gone through.
    """
    if depth > _DEEPEST or query.args.get("pivots"):
        return
    if isinstance(query, exp.Subquery):
        yield from _through(asked, query.this, ctes, query.alias_column_names or names, depth + 1)
        return
    known = {**ctes, **{cte.alias.lower(): cte for cte in query.ctes}} if isinstance(query, exp.Query) else {}
    if isinstance(query, exp.SetOperation):
        yield from _through(asked, query.left, known, names, depth + 1)
        if isinstance(query, exp.Union):  # of others, the rows are those of the first
            yield from _through(asked, query.right, known, names or _names_of(query), depth + 1)
    if not isinstance(query, exp.Select):
        return
    source, below = _over_source(asked, query, names)
    if not isinstance(source, exp.Table):
        if source is not None:
            yield from _through(below, source, known, None, depth + 1)
        return
    cte = known.get(source.name.lower()) if not source.db else None
    if cte is None:
        yield replace(below, ref=source.name.lower())
        return
    inner = {name: body for name, body in known.items() if body is not cte}
    yield from _through(below, cte.this, inner, cte.alias_column_names or None, depth + 1)


def _names_of(query: exp.SetOperation) -> list[str] | None:
    """The column names of a union, from its first query; None if it matches columns by name."""
    names = query.named_selects
    return None if "*" in names or query.args.get("by_name") else names


def _over_source(
    asked: TracedExpression, query: exp.Select, names: Sequence[str] | None
) -> tuple[exp.Expr | None, TracedExpression]:
    """The source of the columns of an expression, and the expression over it; None if it cannot be traced."""
    below = _selected(asked.expression, query, names)
    source = _source_of(below, query) if below is not None else None
    if below is None or source is None:
        return None, asked
    where = query.args.get("where")
    own = [] if where is None else where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
    filters = [*(_selected(condition, query, names) for condition in asked.filters), *own]
    kept = [f for f in filters if f is not None and _is_of_a_row(f) and _source_of(f, query) is source]
    return source, TracedExpression(asked.ref, _bare(below), tuple(map(_bare, kept)))


def _bare(expression: exp.Expr) -> exp.Expr:
    """The expression with unqualified columns."""
    return expression.copy().transform(lambda n: exp.Column(this=n.this) if isinstance(n, exp.Column) else n)


def _is_of_a_row(expression: exp.Expr) -> bool:
    return expression.find(exp.AggFunc, exp.Window, exp.Query) is None


def _selected(expression: exp.Expr, query: exp.Select, names: Sequence[str] | None) -> exp.Expr | None:
    """The expression with its columns replaced by the query's select items; None if they span several rows."""
    stars = [item.find(exp.Star) for item in query.selects if item.is_star]
    if any(star is None or star.args.get("replace") or star.args.get("rename") for star in stars) or (stars and names):
        return None
    called = names or [item.alias_or_name for item in query.selects]
    selected = {
        name.lower(): item.unalias() for name, item in zip(called, query.selects, strict=False) if not item.is_star
    }
    if not stars and any(column.name.lower() not in selected for column in expression.find_all(exp.Column)):
        return None

    def put(node: exp.Expr) -> exp.Expr:
        found = selected.get(node.name.lower()) if isinstance(node, exp.Column) else None
        return found.copy() if found is not None else node

    below = expression.copy().transform(put)
    return below if _is_of_a_row(below) else None


def _source_of(expression: exp.Expr, query: exp.Select) -> exp.Expr | None:
    """The single source of the columns of an expression; None if there are several, or it is ambiguous."""
    first = query.args.get("from_")
    parts = [first.this] if first is not None else []
    parts += [join.this for join in query.args.get("joins") or ()]
    parts += query.args.get("laterals") or ()
    named = {part.alias_or_name.lower(): part for part in parts}
    tables = {column.table.lower() for column in expression.find_all(exp.Column)}
    if len(parts) == 1:
        source = parts[0] if tables <= {"", *named} else None
    else:
        source = named.get(tables.pop()) if len(tables) == 1 else None
    is_changed = isinstance(source, exp.Table) and (source.alias_column_names or source.args.get("pivots"))
    return None if is_changed else source

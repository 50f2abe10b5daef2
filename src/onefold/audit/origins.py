"""Where a column of an edge source comes from, and what the project makes of a raw value on the way.

In: an open graph and a value as a person knows it, an email or a phone number. Out: the ids that the project makes of
it, such as ``sha1(lower(trim(email)))``. Expressions are followed through the SQL of models, their CTEs and
subqueries, down to the column of an input; where a way goes through an aggregate, a window or a join of several
columns, it is not followed. A raw value is put into a query, and kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.records import Id
from onefold.errors import AccessError, ProjectError
from onefold.plan.model import Input, SqlTemplate
from onefold.sql.compile import relations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from onefold.audit.published import Published

_DEEPEST = 20
"""Models, CTEs and subqueries that a way goes through at most."""


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


def made_of(published: Published, raw: str) -> dict[Id, str]:
    """The ids that the project makes of a raw value, each with how, in words.

    Args:
        published: The open graph.
        raw: The value, as it stands in an input.
    """
    found: dict[Id, str] = {}
    for origin in origins(published):
        names = {column.name for column in origin.expression.find_all(exp.Column)}
        if len(names) != 1 or isinstance(origin.expression, exp.Column):
            continue
        value = _evaluated(published, origin.expression, names.pop(), raw)
        if value is not None and value != raw:
            found.setdefault(Id(origin.id_type, value), f"{origin.words} of {origin.input}")
    return found


def origins(published: Published) -> Iterator[Origin]:
    """The origins of all id columns of the stitcher's edge sources, as far as they can be followed."""
    for source in published.step.sources:
        for column in source.ids:
            try:
                expression = relations(published.compiler()).expression(column.select)
                for ref, found in _of_step(published, source.source, expression, 0):
                    is_own = ref == source.source
                    words = column.select.sql if is_own else found.sql(dialect=published.target.dialect.sqlglot)
                    yield Origin(source.source, column.id_type, ref, found, words)
            except ProjectError:
                continue


def _evaluated(published: Published, expression: exp.Expr, name: str, raw: str) -> str | None:
    """The value of an expression over one column; None where it has none."""
    given = exp.select(exp.Literal.string(raw).as_(name)).subquery("given")
    query = exp.select(exp.cast(expression.copy(), "TEXT").as_("value")).from_(given)
    try:
        rows = published.rows(relations(published.compiler()).complete(query))
    except AccessError:  # a text that this column could not hold
        return None
    value = rows[0]["value"]
    return value if isinstance(value, str) and value else None


def _of_step(published: Published, ref: str, expression: exp.Expr, depth: int) -> Iterator[tuple[str, exp.Expr]]:
    """An expression over the columns of a step, as expressions over those of inputs."""
    step = published.plan.steps.get(ref)
    if isinstance(step, Input):
        yield ref, expression
    if not isinstance(step, SqlTemplate) or step.is_script or depth > _DEEPEST:
        return
    used = relations(published.compiler())
    query = used.query(step.body)
    refs = {**used.read, **{name.lower(): below for below, (name, _) in used.ctes.items()}}
    for table, below in _through(expression, query, {}, depth + 1):
        if table.name.lower() in refs:
            yield from _of_step(published, refs[table.name.lower()], below, depth + 1)


def _through(
    expression: exp.Expr, query: exp.Expr, ctes: Mapping[str, exp.Expr], depth: int
) -> Iterator[tuple[exp.Table, exp.Expr]]:
    """An expression over the columns of a query, as expressions over those of the tables that it reads."""
    if depth > _DEEPEST:
        return
    if isinstance(query, exp.Subquery):
        yield from _through(expression, query.this, ctes, depth + 1)
        return
    if not isinstance(query, exp.Query):
        return
    known = {**ctes, **{cte.alias.lower(): cte.this for cte in query.ctes}}
    if isinstance(query, exp.SetOperation):
        for side in (query.left, query.right):
            yield from _through(expression, side, known, depth + 1)
        return
    below = _over_sources(expression, query)
    source = _source_of(below, query) if below is not None else None
    if below is None or source is None:
        return
    bare = below.transform(lambda node: exp.column(node.name) if isinstance(node, exp.Column) else node)
    if isinstance(source, exp.Table) and not source.db and source.name.lower() in known:
        inner = {name: body for name, body in known.items() if name != source.name.lower()}
        yield from _through(bare, known[source.name.lower()], inner, depth + 1)
    elif isinstance(source, exp.Table):
        yield source, bare
    else:
        yield from _through(bare, source, known, depth + 1)


def _over_sources(expression: exp.Expr, query: exp.Query) -> exp.Expr | None:
    """The expression with what a query selects in place of its columns; None where that is no single row's."""
    selected = {item.alias_or_name.lower(): item.unalias() for item in query.selects if not item.is_star}

    def put(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        found = selected.get(node.name.lower())
        return found.copy() if found is not None else node

    below = expression.copy().transform(put)
    return None if below.find(exp.AggFunc, exp.Window, exp.Subquery) else below


def _source_of(expression: exp.Expr, query: exp.Query) -> exp.Expr | None:
    """What a query reads the columns of an expression from; None where that is more than one, or not clear."""
    first = query.args.get("from_")
    parts = [first.this] if first is not None else []
    parts += [join.this for join in query.args.get("joins") or ()]
    named = {part.alias_or_name.lower(): part for part in parts}
    tables = {column.table.lower() for column in expression.find_all(exp.Column)}
    if len(parts) == 1:
        return parts[0]  # type: ignore[no-any-return]
    return named.get(tables.pop()) if len(tables) == 1 else None

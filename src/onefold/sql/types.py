"""Infers the types of a query's columns from the query and from the known types of its tables.

Takes a query for the engine, the shape of each table that it reads, and a function that returns the type of an
expression without columns. Returns a ``Shape``: each column with its type, or with the source columns that its type
depends on. A type is inferred or unknown, never guessed: SUM(amount) depends on amount, COUNT(amount) is always BIGINT.
Reads no table.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.sql.fixed_types import fixed_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

NONE: frozenset[str] = frozenset()

OF_NULL = '"NULL"'
"""The engine's name for the type of NULL, which adopts the type of the values around it."""


@dataclass(frozen=True)
class Typed:
    """The type of a column.

    Attributes:
        type: Its name in the engine; None if it does not follow from the project.
        because: The reasons for an unknown type: columns of sources, ``inputs/orders.amount``, or a description.
    """

    type: str | None
    because: frozenset[str] = NONE


@dataclass(frozen=True)
class Shape:
    """The columns of a relation.

    Attributes:
        columns: The columns by lower-case name, in order.
        rest: Relations that may add further columns, by name: ``SELECT *`` of a source whose columns are unknown.
    """

    columns: Mapping[str, Typed] = field(default_factory=dict)
    rest: frozenset[str] = NONE

    def column(self, name: str) -> Typed | None:
        """A column; None if there is none of that name."""
        found = self.columns.get(name.lower())
        if found is None and self.rest:
            return Typed(None, frozenset(f"{source}.{name.lower()}" for source in self.rest))
        return found


class UnknownTypeError(Exception):
    """The engine cannot infer the type of an expression; its message."""


@dataclass(frozen=True)
class Inference:
    """The inputs of type inference for a query.

    Attributes:
        table: The shape of a table that a query reads; None if it is unknown.
        engine: Name of the engine's dialect in sqlglot.
        type_of: The type of an expression without columns, ``SUM(CAST(NULL AS BIGINT))``; raises `UnknownTypeError`.
        seen: Cache of inferred types by the identity of the node; nodes must not change afterwards.
    """

    table: Callable[[exp.Table], Shape | None]
    engine: str
    type_of: Callable[[exp.Expr], str]
    seen: dict[int, tuple[exp.Expr, Shape | Typed]] = field(default_factory=dict, repr=False)

    def shape(self, query: exp.Expr) -> Shape:
        """The columns of a query."""
        return QueryScope(self, {}, ()).shape(query)


def by_name(shapes: Mapping[str, Shape]) -> Callable[[exp.Table], Shape | None]:
    """Tables that are known by their lower-case name, in any schema of the default catalog."""
    return lambda table: None if table.catalog else shapes.get(table.name.lower())


def named(name: str, type_of: Callable[[exp.Expr], str]) -> Typed:
    """A type in the engine's spelling: ``numeric(4)`` is DECIMAL(4,0)."""
    try:
        return Typed(type_of(_null(name)))
    except UnknownTypeError:
        return Typed(None, frozenset({f"the type {name}"}))


_AS_FIRST = (exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead, exp.ArgMax, exp.ArgMin, exp.AnyValue)
"""Functions whose type is that of their first argument."""

_AS_THIS = (
    exp.Alias, exp.Paren, exp.Collate, exp.Window, exp.Filter, exp.IgnoreNulls, exp.RespectNulls, exp.Order,
    exp.Ordered,
)  # fmt: skip
"""Nodes whose type is that of their operand."""


@dataclass(frozen=True)
class QueryScope:
    """The names that a query can see.

    Attributes:
        ctes: Shapes of common table expressions, by lower-case name.
        sources: The sources in FROM and JOIN, by lower-case alias.
        outer: The scope around a subquery.
        given: Columns of the same SELECT with names of their own, which later columns may use.
        hidden: Parameters of the lambdas around the current expression; they hide columns of the same name.
        parameters: Those parameters whose type is known, with the type.
    """

    inference: Inference
    ctes: Mapping[str, Shape]
    sources: Sequence[tuple[str, Shape]]
    outer: QueryScope | None = None
    given: Mapping[str, Typed] = field(default_factory=dict)
    hidden: frozenset[str] = NONE
    parameters: Mapping[str, Typed] = field(default_factory=dict)

    # --- queries ---

    def shape(self, query: exp.Expr) -> Shape:
        """The columns of a query in this scope."""
        known = self.inference.seen.get(id(query))
        if known is not None and known[0] is query and isinstance(known[1], Shape):
            return known[1]
        shape = self._shape(query)
        self.inference.seen[id(query)] = (query, shape)
        return shape

    def _shape(self, query: exp.Expr) -> Shape:
        with_, ctes = query.args.get("with_"), dict(self.ctes)
        for cte in with_.expressions if with_ is not None else ():
            name, inside = cte.alias.lower(), ctes
            if with_ is not None and with_.args.get("recursive"):
                inside = {**ctes, name: Shape(rest=frozenset({f"the recursive query {name}"}))}
            ctes[name] = renamed(QueryScope(self.inference, inside, (), self.outer).shape(cte.this), cte)
        scope = QueryScope(self.inference, ctes, (), self.outer)
        if isinstance(query, exp.Subquery):
            return renamed(scope.shape(query.this), query)
        if isinstance(query, exp.SetOperation):
            return scope.either(scope.shape(query.this), scope.shape(query.expression))
        if isinstance(query, exp.Select):
            return replace(scope, sources=tuple(scope.read(query))).selected(query)
        return Shape(rest=frozenset({query.key.upper()}))

    def read(self, query: exp.Select) -> Iterator[tuple[str, Shape]]:
        """The sources of a SELECT, by alias."""
        from_ = query.args.get("from_")
        read = [from_.this] if from_ is not None else []
        for source in list(read):
            read += [join.this for join in source.args.get("joins") or ()]
        read += [join.this for join in query.args.get("joins") or ()]
        for source in (*read, *(query.args.get("laterals") or ())):
            yield self.source(source)

    def source(self, source: exp.Expr) -> tuple[str, Shape]:
        """One source of a SELECT: its alias and its columns."""
        shape = self._source(source)
        if source.args.get("pivots"):
            shape = Shape(shape.columns, shape.rest | {"a PIVOT"})
        return source.alias_or_name.lower(), renamed(shape, source)

    def _source(self, source: exp.Expr) -> Shape:
        if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
            if not source.db and source.name.lower() in self.ctes:
                return self.ctes[source.name.lower()]
            known = self.inference.table(source)
            name = ".".join(part.name for part in source.parts)
            return known if known is not None else Shape(rest=frozenset({f"table {name}"}))
        if isinstance(source, exp.Subquery):
            return self.shape(source.this)
        if isinstance(source, exp.Values):
            return self._values(source)
        if isinstance(source, exp.Lateral) and isinstance(source.this, exp.Subquery):
            return self.shape(source.this.this)
        return Shape(rest=frozenset({source.key.upper()}))

    def _values(self, source: exp.Values) -> Shape:
        """The columns of VALUES; DuckDB names them col0, col1, ... unless an alias does."""
        rows = [row.expressions for row in source.expressions if isinstance(row, exp.Tuple)]
        if len({len(row) for row in rows}) != 1:
            return Shape(rest=frozenset({"VALUES"}))
        columns = [[self.typed(value) for value in column] for column in zip(*rows, strict=True)]
        return Shape({f"col{number}": self._one(typed) for number, typed in enumerate(columns)})

    def _one(self, typed: Sequence[Typed]) -> Typed:
        found = typed[0]
        for other in typed[1:]:
            found = self._common(found, other)
        return found

    def selected(self, query: exp.Select) -> Shape:
        """The columns of a SELECT whose sources are in the scope."""
        columns: dict[str, Typed] = {}
        rest: frozenset[str] = NONE
        scope = self
        for expression in query.expressions:
            if _is_star(expression):
                found = self._star(expression)
                columns, rest = (
                    {**columns, **{n: t for n, t in found.columns.items() if n not in columns}},
                    rest | found.rest,
                )
                continue
            name = (expression.alias_or_name or expression.sql(self.inference.engine)).lower()
            columns[name] = scope.typed(expression)
            scope = replace(self, given=columns)
        return Shape(columns, rest)

    def _star(self, expression: exp.Expr) -> Shape:
        """All columns, or those of one source."""
        star, table = expression, ""
        if isinstance(expression, exp.Column):
            star, table = expression.this, expression.table.lower()
        columns: dict[str, Typed] = {}
        rest: frozenset[str] = NONE
        without = {c.name.lower() for key in ("except_", "except") for c in star.args.get(key) or ()}
        for alias, shape in self.sources:
            if not table or alias == table:
                columns |= {n: t for n, t in shape.columns.items() if n not in without and n not in columns}
                rest |= shape.rest
        for put in star.args.get("replace") or ():
            columns[put.alias.lower()] = self.typed(put)
        return Shape(columns, rest)

    def either(self, left: Shape, right: Shape) -> Shape:
        """The columns of a set operation: by position, with the names of the left query."""
        if left.rest or right.rest or len(left.columns) != len(right.columns):
            rest = left.rest | right.rest or frozenset({"set operation over queries of different width"})
            both = [(n, t, right.column(n)) for n, t in left.columns.items()]
            return Shape({n: self._common(t, o) if o else t for n, t, o in both}, rest)
        pairs = zip(left.columns.items(), right.columns.values(), strict=True)
        return Shape({name: self._common(one, other) for (name, one), other in pairs})

    def _common(self, one: Typed, other: Typed) -> Typed:
        if one.type is None or other.type is None:
            return Typed(None, one.because | other.because)
        if one.type == other.type:
            return one
        nulls = [exp.select(_null(str(t.type)).as_("x")) for t in (one, other)]
        return self._asked(exp.union(*nulls, distinct=False).subquery())

    # --- expressions ---

    def typed(self, expression: exp.Expr) -> Typed:
        """The type of an expression."""
        known = self.inference.seen.get(id(expression))
        if known is not None and known[0] is expression and isinstance(known[1], Typed):
            return known[1]
        typed = self._own_type(expression) or self._plain(expression) or self._typed(expression)
        self.inference.seen[id(expression)] = (expression, typed)
        return typed

    def _plain(self, expression: exp.Expr) -> Typed | None:
        """The type of an expression that can be inferred without asking the engine."""
        if isinstance(expression, exp.Alias | exp.Paren):
            return self.typed(expression.this)
        if isinstance(expression, exp.Literal):
            if expression.is_string:
                return Typed("VARCHAR")
            return Typed("INTEGER") if expression.is_int and len(expression.name) < len(str(1 << 31)) else None
        return None

    def _typed(self, expression: exp.Expr) -> Typed:
        because: set[str] = set()
        reduced = self._reduced(expression, because)
        if because:
            return Typed(None, frozenset(because))
        return self._asked(reduced)

    def _asked(self, expression: exp.Expr) -> Typed:
        try:
            return Typed(self.inference.type_of(expression))
        except UnknownTypeError as error:
            return Typed(None, frozenset({f"the engine: {error}"}))

    def _reduced(self, node: exp.Expr, because: set[str]) -> exp.Expr:
        """The expression with typed nulls in place of its typed parts; parts without a type go to ``because``."""
        own = self._own_type(node) or self._known_call(node)
        if own is not None:
            return _null_of(own, because)
        if isinstance(node, (*_AS_THIS, *_AS_FIRST)) and isinstance(node.this, exp.Expr):
            return self._reduced(node.this, because)
        if isinstance(node, exp.Cast):
            return exp.Cast(this=exp.null(), to=node.args["to"].copy())
        if isinstance(node, exp.If | exp.Case):
            return self._branches(node, because)
        made = type(node)()
        for key, child in node.args.items():
            if isinstance(child, list):
                made.set(key, [self._reduced(c, because) if isinstance(c, exp.Expr) else c for c in child])
            else:
                made.set(key, self._reduced(child, because) if isinstance(child, exp.Expr) else child)
        return made

    def _known_call(self, node: exp.Expr) -> Typed | None:
        """The type of a function or concatenation that the engine was asked for before.

        Literals are never replaced, because they determine the type of ``DATE_TRUNC('day', x)`` and others.
        """
        known = self.inference.seen.get(id(node)) if isinstance(node, exp.Func | exp.DPipe) else None
        if known is None or known[0] is not node or not isinstance(known[1], Typed):
            return None
        if isinstance(node, exp.DPipe):  # the type of a list depends on its items
            return known[1] if known[1].type == "VARCHAR" else None
        return known[1] if known[1].type not in {None, OF_NULL} else None

    def _own_type(self, node: exp.Expr) -> Typed | None:
        """The type of a column, a query, or an expression with a fixed type."""
        kind = fixed_type(node)
        if kind is not None:
            return Typed(kind)
        if isinstance(node, exp.Column):
            return self._column(node)
        return self._scalar(node) if isinstance(node, exp.Subquery | exp.Query) else None

    def _branches(self, node: exp.Expr, because: set[str]) -> exp.Expr:
        """The type of a CASE or IF: that of its results, independent of its conditions."""
        chosen = node.args.get("ifs") or [node]
        values = [branch.args["true"] for branch in chosen]
        other = node.args.get("default") or node.args.get("false")
        made = exp.Case()
        for value in values:
            made = made.when(exp.null(), self._reduced(value, because))
        return made.else_(self._reduced(other, because)) if other is not None else made

    def _scalar(self, query: exp.Expr) -> Typed:
        """The type of a scalar subquery."""
        inner = QueryScope(self.inference, self.ctes, (), self)
        shape = inner.shape(query)
        if len(shape.columns) == 1 and not shape.rest:
            return next(iter(shape.columns.values()))
        return Typed(None, shape.rest or frozenset({"a subquery"}))

    def _column(self, column: exp.Column) -> Typed:
        scope: QueryScope | None = self
        if not column.table and column.name.lower() in self.parameters:
            return self.parameters[column.name.lower()]
        if not column.table and column.name.lower() in self.hidden:
            return Typed(None, frozenset({f"the parameter {column.name}"}))
        while scope is not None:
            found = scope.own_column(column.name, column.table.lower())
            if found is not None:
                return found
            scope = scope.outer
        return Typed(None, frozenset({f"column {column.sql(self.inference.engine)}"}))

    def own_column(self, name: str, table: str) -> Typed | None:
        """A column of the sources of the SELECT; None if there is none."""
        of_table = [shape for alias, shape in self.sources if alias == table]
        if table and not of_table and any(table in shape.columns for _, shape in self.sources):
            return Typed(None, frozenset({f"a part of {table}"}))
        # A qualifier that is not an alias here is the name of a model, or of an unknown struct column.
        shapes = of_table or [shape for _, shape in self.sources]
        # A known column takes precedence over one that may exist.
        known = [shape.columns[name.lower()] for shape in shapes if name.lower() in shape.columns]
        if known:
            return known[0] if len({t.type for t in known}) == 1 else Typed(None, frozenset({f"the columns {name}"}))
        may = [found for shape in shapes if (found := shape.column(name)) is not None]
        if may:
            return Typed(None, frozenset[str]().union(*(t.because for t in may)))
        return None if table else self.given.get(name.lower())


def _null_of(typed: Typed, because: set[str]) -> exp.Expr:
    if typed.type is None:
        because.update(typed.because)
        return exp.null()
    return _null(typed.type)


def _null(kind: str) -> exp.Cast:
    """A null of a type, in the engine's spelling."""
    return exp.Cast(this=exp.null(), to=_built(kind).copy())


@cache
def _built(kind: str) -> exp.DataType:
    return exp.DataType.build(kind, dialect="duckdb", udt=True)


def _is_star(expression: exp.Expr) -> bool:
    return isinstance(expression, exp.Star) or (
        isinstance(expression, exp.Column) and isinstance(expression.this, exp.Star)
    )


def renamed(shape: Shape, source: exp.Expr) -> Shape:
    """The shape with the column names of an alias: ``AS t(a, b)``."""
    alias = source.args.get("alias")
    names: Iterable[exp.Expr] = alias.args.get("columns") or () if isinstance(alias, exp.TableAlias) else ()
    given = [name.name.lower() for name in names]
    if not given or shape.rest:
        return shape if not given else Shape({n: Typed(None, shape.rest) for n in given})
    columns = list(shape.columns.items())
    return Shape({given[i] if i < len(given) else name: typed for i, (name, typed) in enumerate(columns)})

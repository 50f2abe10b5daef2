"""Visits every expression of a query with the types in its scope, inner expressions first.

Takes a query of the engine's dialect and rules; returns the query with the replacements of the rules. The order follows
name resolution: common table expressions, then the sources in FROM and JOIN, then the columns, then the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from sqlglot import exp

from onefold.sql.coercion.typing import Types
from onefold.sql.node_marks import CALL, WANTED
from onefold.sql.transpile.times import called_with
from onefold.sql.types import QueryScope, Shape, Typed, renamed

if TYPE_CHECKING:
    from onefold.sql.types import Inference


class Rules(Protocol):
    """The rules that are applied to each node."""

    def rule(self, node: exp.Expr, types: Types) -> exp.Expr:
        """Takes a node whose parts have been visited, and the types there; returns the node or its replacement."""

    def finished(self, node: exp.Expr, types: Types) -> exp.Expr:
        """Convert a visited node to the type that the author's function around it requires."""

    def call(self, name: str, value: exp.Expr, types: Types) -> exp.Expr | None:
        """The meaning of an author's function for a typed argument; None for the meaning without types."""

    def united(self, node: exp.SetOperation, scope: QueryScope) -> None:
        """Takes a set operation whose queries have been visited; changes them in place."""


_READ = ("with_", "from_", "joins", "laterals")
_ENDS = ("limit", "offset", "order")


@dataclass(frozen=True)
class Walk:
    """One walk over one statement.

    Attributes:
        rules: Applied to every expression.
    """

    inference: Inference
    rules: Rules

    def statement(self, query: exp.Query) -> None:
        """Visit a whole query, in place."""
        self._query(query, QueryScope(self.inference, {}, ()))

    # --- queries ---

    def _query(self, query: exp.Expr, scope: QueryScope) -> None:
        """Visit a query; its scope has the CTEs around it and, for a subquery, the query around it."""
        scope = self._with_ctes(query, scope)
        if isinstance(query, exp.Subquery):
            self._query(query.this, scope)
        elif isinstance(query, exp.SetOperation):
            self._query(query.this, scope)
            self._query(query.expression, scope)
            self.rules.united(query, scope)
            inside = replace(scope, given=scope.shape(query).columns)
            self._parts(query, Types(inside), only=_ENDS)
        elif isinstance(query, exp.Select):
            self._select(query, scope)

    def _with_ctes(self, query: exp.Expr, scope: QueryScope) -> QueryScope:
        with_, ctes = query.args.get("with_"), dict(scope.ctes)
        for cte in with_.expressions if with_ is not None else ():
            name, inside = cte.alias.lower(), ctes
            if with_ is not None and with_.args.get("recursive"):
                inside = {**ctes, name: Shape(rest=frozenset({f"the recursive query {name}"}))}
            around = QueryScope(self.inference, dict(inside), (), scope.outer)
            self._query(cte.this, around)
            ctes[name] = renamed(around.shape(cte.this), cte)
        return QueryScope(self.inference, ctes, (), scope.outer)

    def _select(self, query: exp.Select, scope: QueryScope) -> None:
        sources = _sources(query)
        for number, source in enumerate(sources):
            if isinstance(source, exp.Subquery):
                self._query(source.this, scope)
            elif isinstance(source, exp.Lateral) and isinstance(source.this, exp.Subquery):
                before = replace(scope, sources=tuple(scope.source(s) for s in sources[:number]))
                self._query(source.this.this, replace(scope, outer=before))
        scope = replace(scope, sources=tuple(scope.read(query)))
        given = scope
        for expression in list(query.expressions):
            visited = self._node(expression, Types(given))
            if visited is not expression:
                expression.replace(visited)
            if visited.alias:
                given = replace(scope, given={**given.given, visited.alias.lower(): given.typed(visited)})
        types = Types(given)
        for join in query.args.get("joins") or ():
            self._parts(join, types, only=("on", "match_condition"))
        for source in sources:
            if isinstance(source, exp.Unnest) or (
                isinstance(source, exp.Lateral) and not isinstance(source.this, exp.Subquery)
            ):
                self._parts(source, types)
        self._parts(query, types, without=("expressions", *_READ))

    # --- expressions ---

    def _parts(
        self, node: exp.Expr, types: Types, *, only: tuple[str, ...] | None = None, without: tuple[str, ...] = ()
    ) -> None:
        """Visit the parts of a node."""
        for key, child in list(node.args.items()):
            if key in without or (only is not None and key not in only):
                continue
            if isinstance(child, exp.Expr):
                visited = self._node(child, types)
                if visited is not child:
                    node.set(key, visited)
            elif isinstance(child, list):
                found = [self._node(c, types) if isinstance(c, exp.Expr) else c for c in child]
                if any(one is not other for one, other in zip(found, child, strict=True)):
                    node.set(key, found)

    def _node(self, node: exp.Expr, types: Types) -> exp.Expr:
        """The visited node, or its replacement."""
        if isinstance(node, exp.Query):
            scope = types.scope
            self._query(node, QueryScope(self.inference, scope.ctes, (), scope))
            return node
        if isinstance(node, exp.Identifier | exp.DataType | exp.Literal):
            return node
        if isinstance(node, exp.Lambda):
            hidden = types.scope.hidden | {e.name.lower() for e in node.expressions}
            known = {**types.scope.parameters, **_documents_of(node, types)}
            self._parts(node, Types(replace(types.scope, hidden=hidden, parameters=known)), only=("this",))
            return node
        name = node.meta.get(CALL)
        if name is not None:
            # The meaning without types repeats its argument; visiting the first occurrence is enough.
            argument = self._node(called_with(node).copy(), types)
            made = self.rules.call(name, argument, types)
            if made is not None:
                return made
        wanted = node.meta.get(WANTED)
        self._parts(node, types)
        made = self.rules.rule(node, types)
        if wanted is None:
            return made
        made.meta[WANTED] = wanted
        return self.rules.finished(made, types)


def _documents_of(function: exp.Lambda, types: Types) -> dict[str, Typed]:
    """The parameter of a lambda over the items of a document, as a column, so that it has a type."""
    around = function.parent
    if not isinstance(around, exp.ArrayFilter | exp.Transform) or types.of(around.this) not in {"JSON", "JSON[]"}:
        return {}
    name = function.expressions[0].name
    for part in list(function.this.find_all(exp.Identifier)):
        if part.name == name and not isinstance(part.parent, exp.Column | exp.Dot):
            part.replace(exp.column(name))
    return {name.lower(): Typed("JSON")}


def _sources(query: exp.Select) -> list[exp.Expr]:
    """The sources of a SELECT, as written."""
    from_ = query.args.get("from_")
    found = [from_.this] if from_ is not None else []
    for source in list(found):
        found += [join.this for join in source.args.get("joins") or ()]
    found += [join.this for join in query.args.get("joins") or ()]
    return [*found, *(query.args.get("laterals") or ())]

"""Names the steps that a query reads, and replaces the author's references with columns and tables.

Takes a plan, and a function that names the material of a step; returns sqlglot trees. An ``inline`` step becomes a
common table expression of the query that reads it. Any other step is read from its material. Runs nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sqlglot import exp

from onefold.errors import Finding, ProjectError
from onefold.plan.names import column_of
from onefold.sql.author import parse_expression, parse_query
from onefold.sql.coercion import coerced
from onefold.sql.statements import beside
from onefold.sql.types import Inference
from onefold.template.references import (
    ColumnReference,
    ModelReference,
    ObjectReference,
    ThisReference,
    VarReference,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onefold.plan.model import Plan, SqlText
    from onefold.plan.names import Names
    from onefold.sql.dialects import EngineDialect
    from onefold.sql.types import Shape
    from onefold.template.references import Reference

Q = TypeVar("Q", bound=exp.Expr)


@dataclass(frozen=True)
class KnownTypes:
    """The known types of tables and expressions in queries.

    Attributes:
        step: The columns of a step, by ref; None if they are unknown.
        table: The columns of any other table.
        type_of: See ``Inference``.
    """

    step: Callable[[str], Shape | None]
    table: Callable[[exp.Table], Shape | None]
    type_of: Callable[[exp.Expr], str]


@dataclass(frozen=True)
class GraphViews:
    """The parts of a stitcher's graph that queries read. The variants avoid a join if main ids or ids are not needed.

    Attributes:
        numbered: One row per id: main id, id, id type, times, number of the profile, number of the id.
        members: The same without the main id.
        profiles: One row per profile: its number and its main id.
    """

    numbered: exp.Table
    members: exp.Table
    profiles: exp.Table


def one_view(table: exp.Table) -> GraphViews:
    """A graph for finding column names only: a single table has the columns of all views."""
    return GraphViews(numbered=table, members=table, profiles=table)


def graph_views_of(material: exp.Table) -> GraphViews:
    """The views next to a stitcher's material."""
    return GraphViews(*(beside(material, suffix) for suffix in ("numbered", "ids", "profiles")))


@dataclass(frozen=True)
class Compiler:
    """The context for compiling steps to SQL.

    Attributes:
        plan: The plan, for the steps that a step reads.
        names: Resolves the path of a ``DeRef`` to a ref.
        engine: The engine that will run the SQL.
        material: Returns the table or view with the rows of a step, by ref.
        graph: Returns the views of a stitcher's graph, for the steps that read it.
        known: The types of tables in a query; None if types are not needed.
    """

    plan: Plan
    names: Names
    engine: EngineDialect
    material: Callable[[str], exp.Table]
    graph: Callable[[str], GraphViews]
    known: KnownTypes | None = None


@dataclass
class Relations:
    """The relations of one query: tables, and the inline steps that become its CTEs, in dependency order.

    Attributes:
        row_values: The meaning of ``{{orders.x}}`` for the current rows, by lower-case name, if it is not the column of
            that name.
        grain: Time grain of the current step: what it reads is read at that grain.
        read: Refs of the steps whose materials the query reads, by lower-case name of the table.
        made: The columns of tables that earlier statements of a script created, by lower-case name.
        this: Ref of the step whose material the author may name; None if there is none.
    """

    compiler: Compiler
    inline: Callable[[str, Relations], exp.Query]
    ctes: dict[str, tuple[str, exp.Query]] = field(default_factory=dict)
    row_values: Mapping[str, exp.Expr] = field(default_factory=dict)
    this: str | None = None
    grain: str | None = None
    read: dict[str, str] = field(default_factory=dict)
    made: dict[str, Shape] = field(default_factory=dict)

    def table(self, ref: str) -> exp.Table:
        """The relation with the rows of ``ref`` in this query."""
        at_grain = f"{ref}@{self.grain}"
        ref = at_grain if at_grain in self.compiler.plan.steps else ref
        step = self.compiler.plan.steps[ref]
        if step.output != "inline":
            material = self.compiler.material(ref)
            self.read[material.name.lower()] = ref
            return material
        if ref not in self.ctes:
            query = self.inline(ref, self)
            name = ref.replace("inputs/", "input_").replace("models/", "model_").replace("@", "_at_")
            self.ctes[ref] = (name, query)
        return exp.to_table(self.ctes[ref][0], quoted=None)

    def complete(self, query: Q) -> Q:
        """The query or statement, with the CTEs of inline steps before its own.

        If types are known, the implicit conversions of the author's dialect are added.
        """
        own = list(query.ctes) if isinstance(query, exp.Query) else []
        made = [
            exp.CTE(this=body, alias=exp.TableAlias(this=exp.to_identifier(name))) for name, body in self.ctes.values()
        ]
        if made or own:
            query.set("with_", exp.With(expressions=[*made, *own]))
        if self.compiler.engine.materializes_ctes:
            _compute_once(query)
        inference = self.inference()
        if inference is not None:
            coerced(query, self.compiler.plan.author, inference)
        return query

    def inference(self) -> Inference | None:
        """The type inference for a query over these relations; None if types are not known."""
        known = self.compiler.known
        if known is None:
            return None
        return Inference(self._known_table, self.compiler.engine.sqlglot, known.type_of)

    def graph(self, ref: str) -> GraphViews:
        """The views of a stitcher's graph."""
        views = self.compiler.graph(ref)
        self.read |= {table.name.lower(): ref for table in (views.numbered, views.members, views.profiles)}
        return views

    def _known_table(self, table: exp.Table) -> Shape | None:
        known, ref = self.compiler.known, self.read.get(table.name.lower())
        if known is None:
            return None
        if not table.db and table.name.lower() in self.made:
            return self.made[table.name.lower()]
        return known.table(table) if ref is None else known.step(ref) or known.table(table)

    # --- the author's SQL ---

    def expression(self, text: SqlText, columns: Mapping[str, exp.Expr] | None = None) -> exp.Expr:
        """Parse an expression by the author.

        Args:
            text: Rendered text.
            columns: The column of each var, by the var's lower-case name.

        Raises:
            ProjectError: If it does not parse, or has a reference that is not valid here.
        """
        tree = parse_expression(text.sql, self.compiler.plan.author, self.compiler.engine, text.at)
        return self.resolve(tree, text, columns or {})

    def query(self, text: SqlText) -> exp.Query:
        """Parse a query by the author.

        Raises:
            ProjectError: As ``expression``.
        """
        tree = parse_query(text.sql, self.compiler.plan.author, self.compiler.engine, text.at)
        resolved = self.resolve(tree, text, {})
        assert isinstance(resolved, exp.Query)  # noqa: S101 - resolving keeps the kind
        return resolved

    def resolve(self, tree: exp.Expr, text: SqlText, columns: Mapping[str, exp.Expr]) -> exp.Expr:
        """The tree of ``text`` with columns and tables in place of its references.

        Raises:
            ProjectError: If it has a reference that is not valid here.
        """
        if not text.references:
            return tree
        named = {node.name for node in tree.find_all(exp.Identifier)}
        put: dict[str, exp.Expr] = {}
        for token, reference in text.references.items():
            if isinstance(reference, VarReference):
                put[token] = self._column_of(reference, text, columns)
            elif isinstance(reference, ColumnReference):
                put[token] = self.row_values.get(reference.name.lower()) or exp.column(reference.name)
            elif token in named:
                put[token] = self._own_column(reference) or self._table_of(reference, text)
        return tree.transform(lambda node: _in_place(node, put), copy=False)

    def _own_column(self, reference: Reference) -> exp.Column | None:
        """The column in a table of vars that a path names (``entity/user/x``)."""
        ref = self.compiler.names.ref(reference.path) if isinstance(reference, ModelReference) else None
        name = column_of(ref) if ref is not None else None
        return exp.column(name) if name is not None else None

    def _table_of(self, reference: Reference, text: SqlText) -> exp.Table:
        if isinstance(reference, ModelReference):
            ref = self.compiler.names.ref(reference.path)
            # A path to a stage of an entity's vars is itself the ref.
            ref = reference.path if reference.path in self.compiler.plan.steps else ref
            if ref is not None:
                return self.table(ref)
        if isinstance(reference, ThisReference) and self.this is not None:
            return self.compiler.material(self.this)
        if isinstance(reference, ObjectReference):
            return exp.table_(reference.name, db=reference.schema, quoted=True)
        raise ProjectError(Finding("error", "no-meaning", "this reference is not allowed in a query", text.at))

    def _column_of(self, reference: VarReference, text: SqlText, columns: Mapping[str, exp.Expr]) -> exp.Expr:
        found = columns.get(reference.name.lower())
        if found is None:
            raise ProjectError(
                Finding(
                    "error",
                    "no-meaning",
                    f"{reference.entity}.{reference.name} is not available here",
                    text.at,
                    "a var can be used in the select and where of vars of the same entity",
                )
            )
        return found


def _compute_once(query: exp.Expr) -> None:
    """Compute a CTE once if it is read more than once. A CTE that only filters rows is just as fast to read again."""
    for with_ in query.find_all(exp.With):
        scope = with_.parent
        reads = Counter(t.name for t in scope.find_all(exp.Table) if not t.db) if scope is not None else Counter[str]()
        for cte in with_.expressions:
            if reads[cte.alias] > 1 and not _only_picks(cte.this):
                cte.set("materialized", True)


def _only_picks(query: exp.Expr) -> bool:
    """Whether a query returns unchanged rows of one table."""
    kept = {"expressions", "from_", "where", "kind", "operation_modifiers"}
    if not isinstance(query, exp.Select) or any(v for k, v in query.args.items() if k not in kept):
        return False
    return all(isinstance(e, exp.Star | exp.Column) for e in query.expressions)


def _marked_as(old: exp.Expr, new: exp.Expr) -> exp.Expr:
    new.meta.update(old.meta)
    return new


def _in_place(node: exp.Expr, put: Mapping[str, exp.Expr]) -> exp.Expr:
    """The node, or the column or table of its token."""
    if isinstance(node, exp.Column):
        if not node.table and node.name in put:
            return _marked_as(node, put[node.name].copy())
        if isinstance(put.get(node.name), exp.Column):
            node.set("this", put[node.name].this.copy())
        table = put.get(node.table)
        if isinstance(table, exp.Table):
            node.set("table", exp.to_identifier(table.name))
    elif isinstance(node, exp.Table) and isinstance(put.get(node.name), exp.Table):
        new = put[node.name].copy()
        for key in ("alias", "joins", "laterals", "pivots", "sample"):
            if node.args.get(key) is not None:
                new.set(key, node.args[key])
        if not new.alias and new.args.get("db") and isinstance(node.parent, exp.From | exp.Join):
            # Columns may be qualified by the token; an alias keeps them short and correct.
            new.set("alias", exp.TableAlias(this=exp.to_identifier(new.name)))
        return new
    return node

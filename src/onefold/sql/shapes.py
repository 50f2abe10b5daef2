"""The columns of a step, inferred from its SQL and from the steps that it reads. See ``sql.types``.

Takes a plan's steps, and the shapes of the steps before; returns a ``Shape``. Reads no table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.plan.model import InputStep, Plan, PluginStep, SqlTemplate
from onefold.plugins import model_types
from onefold.sql.compile import relations, step_query
from onefold.sql.relations import Compiler, KnownTypes, one_view
from onefold.sql.script import material_script
from onefold.sql.types import Inference, Shape, Typed, UnknownTypeError, by_name, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.plan.model import Step
    from onefold.plan.names import Names
    from onefold.sql.dialects import EngineDialect


@dataclass
class Shapes:
    """Shapes of a plan's steps; each is computed once and stored under a name for its readers.

    Attributes:
        plan: The plan, including everything that a step reads.
        type_of: See ``Inference``.
        source: The columns of a source, for names that are not steps of the plan; None if only names are needed, and
            queries keep the types that they were written with.
    """

    plan: Plan
    names: Names
    engine: EngineDialect
    type_of: Callable[[exp.Expr], str]
    source: Callable[[exp.Table], Shape | None] | None = None

    def __post_init__(self) -> None:
        """Number the steps, so that none is inlined into the query of another."""
        self._numbers = {ref: number for number, ref in enumerate(self.plan.steps)}
        steps = {ref: replace(step, output="table") for ref, step in self.plan.steps.items()}
        plan = replace(self.plan, steps=steps)
        self._known: dict[str, Shape] = {}
        self._compiler = Compiler(
            plan, self.names, self.engine, self.table, lambda ref: one_view(self.table(ref)), self.known()
        )
        self._inference = Inference(by_name(self._known), self.engine.sqlglot, self.type_of)

    def table(self, ref: str) -> exp.Table:
        """The name of a step in the queries of others."""
        return exp.to_table(f"step_{self._numbers[ref]}")

    def known(self) -> KnownTypes | None:
        """The known types for queries; None if only names are needed."""
        if self.source is None:
            return None
        return KnownTypes(lambda ref: self._known.get(self.table(ref).name), self.source, self.type_of)

    def keep(self, ref: str, shape: Shape) -> None:
        """Store the shape of a step for its readers."""
        self._known[self.table(ref).name] = shape

    def of(self, step: Step) -> Shape:
        """The columns of a query step, or of statements that create a table; its needs must be stored before."""
        if isinstance(step, SqlTemplate) and step.is_script:
            return self._script(step)
        return self._inference.shape(step_query(self._compiler, step.ref))

    def _script(self, step: SqlTemplate) -> Shape:
        """The columns of the table that statements create; statements that change rows do not change types."""
        tables = dict(self._known)
        for statement in material_script(step, lambda: relations(self._compiler)).statements:
            target = statement.find(exp.Table)
            if target is None or not isinstance(statement, exp.Create):
                continue
            query = statement.args.get("expression")
            if isinstance(query, exp.Query):
                tables[target.name.lower()] = replace(self._inference, table=by_name(tables)).shape(query)
            else:
                kinds = ((c.name, c.args.get("kind")) for c in statement.find_all(exp.ColumnDef))
                made = {n.lower(): k.sql(self.engine.sqlglot) for n, k in kinds if k is not None}
                tables[target.name.lower()] = Shape({n: named(k, self.type_of) for n, k in made.items()})
        return tables.get(self.table(step.ref).name, Shape(rest=frozenset({step.ref})))


@dataclass(frozen=True)
class KnownColumns:
    """The columns of inputs and models during planning.

    Attributes:
        names: Resolves paths to refs.
        author: Dialect of the project's SQL.
        of_input: Lower-case column names of an input, by ref; None if they are unknown.
    """

    names: Names
    author: str
    engine: EngineDialect
    of_input: Callable[[str], frozenset[str] | None] | None = None

    def __call__(self, ref: str, plan: Plan) -> frozenset[str] | None:
        """Lower-case column names of a step; None if it may have others.

        Args:
            ref: The step.
            plan: The inputs and models that exist so far.

        Raises:
            ProjectError: If the author's SQL does not parse.
        """
        step = plan.steps.get(ref)
        if isinstance(step, InputStep):
            return self.of_input(ref) if self.of_input is not None else None
        if isinstance(step, PluginStep):
            return frozenset(name.lower() for name in model_types()[step.plugin].columns(step.spec).names)
        if step is None:
            return None
        shape = self._shape(ref, Shapes(_with_others(plan), self.names, self.engine, _no_type), {})
        return None if shape.rest else frozenset(shape.columns)

    def _shape(self, ref: str, shapes: Shapes, seen: dict[str, Shape]) -> Shape:
        if ref not in seen:
            step = shapes.plan.steps[ref]
            seen[ref] = Shape(rest=frozenset({ref}))  # also ends cycles, which are reported elsewhere
            if isinstance(step, SqlTemplate):
                for need in step.needs:
                    shapes.keep(need, self._shape(need, shapes, seen))
                seen[ref] = shapes.of(step)
            elif (names := self(ref, shapes.plan)) is not None:
                seen[ref] = Shape({name: Typed(None, frozenset({ref})) for name in sorted(names)})
        return seen[ref]


def _with_others(plan: Plan) -> Plan:
    """The plan with substitutes for steps that models read and that do not exist yet."""
    missing = {need for step in plan.steps.values() for need in step.needs} - plan.steps.keys()
    return replace(plan, steps={**plan.steps, **{ref: InputStep(ref=ref, name=ref, table="") for ref in missing}})


def _no_type(expression: exp.Expr) -> str:
    raise UnknownTypeError(expression.key)

"""Open what a run published, for questions.

In: a project, its target, the name of an entity. Out: a `Published`: the entity's stitcher, the plan as of the run
that made it, and a connection that can change nothing but temporary tables of its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.engines.values import records
from onefold.errors import AccessError, Finding, UsageError, suggest
from onefold.identity.metrics import GraphTables, named_query, sizes_query
from onefold.plan.model import FeatureView, IdStitcher
from onefold.plan.names import names_of
from onefold.run.compiled import Output, view_name
from onefold.run.figures import Figures
from onefold.run.known_types import EngineTypes
from onefold.run.optional_inputs import absent_inputs
from onefold.run.plan_project import plan_project
from onefold.run.target import connect
from onefold.sql.dialects import render
from onefold.sql.statements import beside, create_table, create_view
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan, RunTimes, Step
    from onefold.project.spec import Project
    from onefold.run.figures import Earlier
    from onefold.run.target import Target
    from onefold.sql.relations import Compiler

SIZES = "audit_sizes"
"""Temporary table: one row per profile, with its number and how many ids of each type it has."""

_AGAIN = "build it with `pb run`"


@dataclass(frozen=True)
class Published:
    """What one stitcher published, open for reading.

    Attributes:
        project: The project.
        target: Where it lies.
        plan: The project's plan, with the time window of the run that made the graph.
        step: The stitcher.
        engine: Reads it.
        seq_no: The run that made the graph.
        id_types: The entity's id types, in its order.
        materials: Name of the material of each model that is asked, by ref: what is published, or what one run made.
        is_published: Whether it is what the views show.
    """

    project: Project
    target: Target
    plan: Plan
    step: IdStitcher
    engine: Engine
    seq_no: int
    id_types: tuple[str, ...]
    materials: Mapping[str, str]
    is_published: bool = True

    @property
    def person(self) -> str:
        """The id type that stands for a person.

        Raises:
            UsageError: If ``audit.person`` is no id type of the entity.
        """
        audit, entity = self.project.settings.audit, self.step.entity
        given = audit.person.get(entity) if isinstance(audit.person, dict) else audit.person
        # One type for all entities need not be one of each; where no entity has it, it is a mistake.
        types = [name for e in self.project.file.entities for name in e.id_types]
        if given is not None and (isinstance(audit.person, dict) or given not in types):
            self.check_type(given, audit.at.value("person"))
        return audit.person_of(entity, self.id_types)

    def check_type(self, name: str, at: Any = None) -> None:
        """Refuse what is no id type of the entity.

        Raises:
            UsageError: With the types there are.
        """
        if name not in self.id_types:
            hint = suggest(name, self.id_types) or f"there are: {', '.join(self.id_types)}"
            message = f'{self.step.entity} has no id type "{name}"'
            raise UsageError(Finding("error", "unknown-id-type", message, at, hint))

    # --- tables ---

    @cached_property
    def types(self) -> EngineTypes:
        """What the engine knows of the tables."""
        return EngineTypes(self.engine, self.target.dialect)

    @property
    def graph(self) -> exp.Table:
        """The ids: the view of the stitcher, or what one run made for it."""
        return self._shown(self.step)

    @cached_property
    def figures(self) -> Figures:
        """Counts the graph, and knows the one that was published before it."""
        registry = Registry(self.engine, self.target.dialect)
        person = self.project.settings.audit.person_of(self.step.entity, self.id_types)
        return Figures(registry, self.engine, self.target.dialect, self.id_types, person)

    @cached_property
    def kept(self) -> GraphTables:
        """The tables in which the graph lies, with the numbers of ids and profiles.

        Raises:
            AccessError: If an earlier version built it.
        """
        found = self.figures.tables(self.materials[self.step.ref])
        if found is None:
            message = f"the graph of run {self.seq_no} was built by an earlier version"
            raise AccessError(Finding("error", "other-version", message, hint="build it again with `pb run`"))
        return found

    @cached_property
    def earlier(self) -> Earlier | None:
        """The graph that was published before this one; None if there was none, or it is gone."""
        try:
            return self.figures.before(self.materials[self.step.ref])
        except EngineError as error:
            raise _unfit(error, self) from error

    def beside(self, suffix: str) -> exp.Table:
        """What stands next to it, such as ``EDGES``."""
        return beside(self.graph, suffix if self.is_published else suffix.lower())

    @property
    def features(self) -> exp.Table | None:
        """The features by main id; None if the entity has none."""
        for step in self.plan.steps.values():
            if isinstance(step, FeatureView) and step.population == self.step.entity and step.id_type is None:
                return self._shown(step)
        return None

    def _shown(self, step: Step) -> exp.Table:
        name = view_name(step, self.plan.author) if self.is_published else self.materials.get(step.ref, step.ref)
        return exp.table_(name, db=self.target.schema, quoted=True)

    def compiler(self) -> Compiler:
        """A compiler that reads what is published of each model; of others, what the run made."""
        output = Output(self.plan, names_of(self.project), self.target.schema, self.seq_no, self.target.dialect)
        output = replace(output, known=self.types.known())

        def material(ref: str) -> exp.Table:
            return output.table(self.materials.get(ref) or output.material(ref))

        return replace(output.compiler(), material=material)

    # --- questions ---

    def fetch(self, query: exp.Query) -> pa.Table:
        """The rows of a query.

        Raises:
            AccessError: If a view is not there, or has other columns: an earlier version built it.
        """
        try:
            return self.engine.fetch(render(query, self.target.dialect, pretty=False))
        except EngineError as error:
            raise _unfit(error, self) from error

    def rows(self, query: exp.Query) -> list[dict[str, Any]]:
        """The rows of a query, as mappings."""
        return records(self.fetch(query))

    def keep(self, name: str, query: exp.Query) -> exp.Table:
        """Make a temporary table of a query; gone when the connection closes."""
        return self._made(create_table(exp.to_table(name), query, temporary=True))

    def show(self, name: str, query: exp.Query) -> exp.Table:
        """Make a temporary view of a query; gone when the connection closes."""
        return self._made(create_view(exp.to_table(name), query, temporary=True))

    def _made(self, statement: exp.Create) -> exp.Table:
        try:
            self.engine.execute(render(statement, self.target.dialect))
        except EngineError as error:
            raise _unfit(error, self) from error
        made: exp.Table = statement.this
        return made

    @cached_property
    def sizes(self) -> exp.Table:
        """A temporary table with the size of each profile. Counted once: that is most of the work of many questions."""
        return self.keep(SIZES, sizes_query(self.kept, self.id_types))

    def named_sizes(self, condition: exp.Expr | None = None) -> exp.Select:
        """Rows of the table of sizes that fit a condition, each with its ``main_id``."""
        chosen = exp.select("*").from_(self.sizes)
        chosen = chosen if condition is None else chosen.where(condition)
        return named_query(self.kept, chosen.subquery())


def _unfit(error: EngineError, published: Published) -> AccessError:
    if error.kind in {"missing", "column"}:
        name = view_name(published.step, published.plan.author)
        message = f"{name} in {published.target.output} does not fit this version: {error}"
        return AccessError(Finding("error", "other-version", message, hint="build it again with `pb run`"))
    return AccessError(Finding("error", "cannot-read", f"{published.target.output}: {error}"))


@contextmanager
def opened(
    project: Project, target: Target, entity: str | None = None, seq_no: int | None = None
) -> Iterator[Published]:
    """Open the graph of an entity; closed with the block.

    Args:
        project: The project.
        target: Where it lies.
        entity: Whose; None for the first of the project.
        seq_no: What this run made, published or not; None for what is published.

    Raises:
        UsageError: If there is no such entity or run.
        AccessError: If the graph has not been built yet.
    """
    name = entity or project.file.entities[0].name
    with connect(target, project, read_only=True) as engine:
        runs, made = _registered(engine, target, seq_no)

        def planned(number: int) -> tuple[Plan, IdStitcher]:
            plan = plan_project(project, target, runs[number], absent_inputs(project, engine, target.dialect))
            return plan, stitcher_of(plan, project, name)

        # Which stitcher is the entity's does not depend on the run; its time window does.
        latest = max(runs)
        plan, step = planned(latest)
        if step.ref not in made:
            which = f"run {seq_no} has not built the id graph of {name}"
            message = f"the id graph of {name} has not been built yet" if seq_no is None else which
            raise AccessError(Finding("error", "nothing-built", message, hint=_AGAIN))
        number = made[step.ref][1]
        if number != latest:
            plan, step = planned(number)
        materials = {ref: material for ref, (material, _) in made.items()}
        types = plan.id_types_of(name)
        yield Published(project, target, plan, step, engine, number, types, materials, seq_no is None)


_Made = dict[str, tuple[str, int]]
"""The material of each model and the run that made it, by ref."""


def _registered(engine: Engine, target: Target, seq_no: int | None) -> tuple[dict[int, RunTimes], _Made]:
    """The time windows of all runs by number, and the materials to ask."""
    registry = Registry(engine, target.dialect)
    try:
        runs = {run.seq_no: run.times for run in registry.runs()}
        if seq_no is None:
            made = {ref: (found.material, found.seq_no) for ref, found in registry.published().items()}
        else:
            made = {m.ref: (m.name, m.seq_no) for m in registry.materials() if m.seq_no == seq_no}
    except EngineError as error:
        raise AccessError(Finding("error", "nothing-built", "nothing has been built yet", hint=_AGAIN)) from error
    if seq_no is not None and seq_no not in runs:
        message = f"there is no run with sequence number {seq_no}"
        raise UsageError(
            Finding("error", "unknown-seq-no", message, hint="`pb discover materials` lists what there is")
        )
    if not made:
        raise AccessError(Finding("error", "nothing-built", "nothing has been published yet", hint=_AGAIN))
    return runs, made


def stitcher_of(plan: Plan, project: Project, entity: str) -> IdStitcher:
    """The stitcher of an entity.

    Raises:
        UsageError: If there is no such entity.
    """
    for step in plan.steps.values():
        if isinstance(step, IdStitcher) and step.entity == entity:
            return step
    names = [e.name for e in project.file.entities]
    hint = suggest(entity, names) or f"there are: {', '.join(names)}"
    raise UsageError(Finding("error", "unknown-entity", f'there is no entity "{entity}"', hint=hint))

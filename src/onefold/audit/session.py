"""Opens a run for queries: the published run, an earlier one or a preview.

Takes a project, its target and the name of an entity; gives a `Session`: the entity's stitcher, the plan as of the run
that made the graph, and a connection that can change nothing but temporary tables of its own. What the run made is a
`RunSnapshot`; two of them can be compared in one session.
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
from onefold.identity.metrics import GraphTables, sizes_query
from onefold.plan.model import IdStitcher
from onefold.plan.names import names_of, view_name
from onefold.run.compiled import Output
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
    from datetime import datetime

    import pyarrow as pa

    from onefold.engines.base import Engine
    from onefold.plan.model import Plan, RunTimes, Step
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target
    from onefold.sql.relations import Compiler

SIZES = "audit_sizes"
"""Temporary table: one row per profile, with its number and its number of ids per type."""

_AGAIN = "build it with `pb run`"


@dataclass(frozen=True)
class RunSnapshot:
    """The output of one run, or the published output.

    Attributes:
        seq_no: The run that made the graph.
        end: The end time of its rows.
        materials: Name of the material of each model that can be asked, by ref.
        is_published: Whether the views show its graph.
        is_kept: Whether it can still be asked when this session is over.
    """

    seq_no: int
    end: datetime
    materials: Mapping[str, str]
    is_published: bool
    is_kept: bool = True


@dataclass(frozen=True)
class Session:
    """An open run of one entity's stitcher.

    Attributes:
        project: The project.
        target: Where its output is.
        plan: The project's plan, with the time window of the run that made the graph.
        step: The stitcher.
        engine: Reads the output.
        snapshot: The run that is asked.
        reads_views: Whether it reads the published views, rather than the tables of one run.
    """

    project: ProjectSpec
    target: Target
    plan: Plan
    step: IdStitcher
    engine: Engine
    snapshot: RunSnapshot
    reads_views: bool = False

    @property
    def id_types(self) -> tuple[str, ...]:
        """The entity's id types, in its order."""
        return self.plan.id_types_of(self.step.entity)

    @property
    def person(self) -> str:
        """The id type that stands for a person.

        Raises:
            UsageError: If ``audit.person`` is no id type of the entity.
        """
        audit, entity = self.project.settings.audit, self.step.entity
        given = audit.person.get(entity) if isinstance(audit.person, dict) else audit.person
        # A type given for all entities may be missing in one, but some entity must have it.
        types = [name for e in self.project.file.entities for name in e.id_types]
        if given is not None and (isinstance(audit.person, dict) or given not in types):
            require_id_type(self, given, audit.at.value("person"))
        return audit.person_of(entity, self.id_types)

    # --- the output of the run ---

    @cached_property
    def types(self) -> EngineTypes:
        """The engine's schema information."""
        return EngineTypes(self.engine, self.target.dialect)

    @cached_property
    def figures(self) -> Figures:
        """The figures of the graph and of the previously published one."""
        registry = Registry(self.engine, self.target.dialect)
        person = self.project.settings.audit.person_of(self.step.entity, self.id_types)
        return Figures(registry, self.engine, self.target.dialect, self.id_types, person)

    @cached_property
    def tables(self) -> GraphTables:
        """The tables that store the graph, with the numbers of ids and profiles.

        Raises:
            AccessError: If an earlier version built it.
        """
        found = self.figures.tables(self.snapshot.materials[self.step.ref])
        if found is None:
            raise other_version(self.snapshot.seq_no)
        return found

    def shown(self, step: Step) -> exp.Table:
        """The view of a step, or its material of one run."""
        if self.reads_views:
            return self.in_output(view_name(step, self.plan.author))
        return self.in_output(self.snapshot.materials.get(step.ref, step.ref))

    def beside(self, suffix: str) -> exp.Table:
        """A companion table of the id table, such as ``EDGES``."""
        return beside(self.shown(self.step), suffix if self.reads_views else suffix.lower())

    def in_output(self, name: str) -> exp.Table:
        """An object of the output schema."""
        return exp.table_(name, db=self.target.schema, quoted=True)

    def compiler(self) -> Compiler:
        """A compiler that reads published views, and otherwise the materials of the run."""
        seq_no, names = self.snapshot.seq_no, names_of(self.project)
        output = Output(self.plan, names, self.target.schema, seq_no, self.target.dialect, known=self.types.known())

        def material(ref: str) -> exp.Table:
            return output.table(self.snapshot.materials.get(ref) or output.material(ref))

        return replace(output.compiler(), material=material)

    # --- queries ---

    def fetch(self, query: exp.Query) -> pa.Table:
        """The rows of a query.

        Raises:
            AccessError: If a view is not there, or has other columns: an earlier version built it.
        """
        try:
            return self.engine.fetch(render(query, self.target.dialect, pretty=False))
        except EngineError as error:
            raise unreadable(error, self) from error

    def rows(self, query: exp.Query) -> list[dict[str, Any]]:
        """The rows of a query, as mappings."""
        return records(self.fetch(query))

    def temp_table(self, name: str, query: exp.Query) -> exp.Table:
        """Create a temporary table from a query; it is dropped when the connection closes."""
        return self._created(create_table(exp.to_table(name), query, temporary=True))

    def temp_view(self, name: str, query: exp.Query) -> exp.Table:
        """Create a temporary view of a query; it is dropped when the connection closes."""
        return self._created(create_view(exp.to_table(name), query, temporary=True))

    def _created(self, statement: exp.Create) -> exp.Table:
        try:
            self.engine.execute(render(statement, self.target.dialect))
        except EngineError as error:
            raise unreadable(error, self) from error
        made: exp.Table = statement.this
        return made

    @cached_property
    def sizes(self) -> exp.Table:
        """A temporary table with the size of each profile. Cached, because it dominates the time of many answers."""
        return self.temp_table(SIZES, sizes_query(self.tables, self.id_types))


def require_id_type(session: Session, name: str, at: Any = None) -> None:
    """Refuse an id type that the entity does not have.

    Raises:
        UsageError: With the types there are.
    """
    if name not in session.id_types:
        hint = suggest(name, session.id_types) or f"available: {', '.join(session.id_types)}"
        message = f'{session.step.entity} has no id type "{name}"'
        raise UsageError(Finding("error", "unknown-id-type", message, at, hint))


def other_version(seq_no: int) -> AccessError:
    """The error for a graph built by an earlier version of onefold."""
    message = f"the graph of run {seq_no} was built by an earlier version"
    return AccessError(Finding("error", "other-version", message, hint="build it again with `pb run`"))


def unreadable(error: EngineError, session: Session) -> AccessError:
    """The error for tables that cannot be read."""
    if error.kind in {"missing", "column"}:
        name = view_name(session.step, session.plan.author)
        message = f"{name} in {session.target.output} does not fit this version: {error}"
        return AccessError(Finding("error", "other-version", message, hint="build it again with `pb run`"))
    return AccessError(Finding("error", "cannot-read", f"{session.target.output}: {error}"))


@contextmanager
def open_session(
    project: ProjectSpec, target: Target, entity: str | None = None, seq_no: int | None = None
) -> Iterator[Session]:
    """Open the graph of an entity for a ``with`` block.

    Args:
        project: The project.
        target: Where its output is.
        entity: Whose graph; None for the first of the project.
        seq_no: What this run made, published or not; None for what is published.

    Raises:
        UsageError: If there is no such entity or run.
        AccessError: If the graph has not been built yet.
    """
    name = entity or project.file.entities[0].name
    with connect(target, project, read_only=True) as engine:
        found = _registered(engine, target, seq_no)

        def planned(number: int) -> tuple[Plan, IdStitcher]:
            plan = plan_project(project, target, found.times[number], absent_inputs(project, engine, target.dialect))
            return plan, stitcher_of(plan, project, name)

        # The stitcher of the entity is the same in all runs, but the time window is not.
        latest = max(found.times)
        plan, step = planned(latest)
        if step.ref not in found.materials:
            which = f"run {seq_no} has not built the id graph of {name}"
            message = f"the id graph of {name} has not been built yet" if seq_no is None else which
            raise AccessError(Finding("error", "nothing-built", message, hint=_AGAIN))
        material, number = found.materials[step.ref]
        if number != latest:
            plan, step = planned(number)
        materials = {ref: made for ref, (made, _) in found.materials.items()}
        snapshot = RunSnapshot(number, plan.times.end, materials, is_published=found.shown.get(step.ref) == material)
        yield Session(project, target, plan, step, engine, snapshot, reads_views=seq_no is None)


@dataclass(frozen=True)
class _Registered:
    """The runs in the registry.

    Attributes:
        times: The time windows of all runs, by number.
        materials: Of each model that can be asked its material and the run that made it, by ref.
        shown: The material that each model's view shows, by ref.
    """

    times: Mapping[int, RunTimes]
    materials: Mapping[str, tuple[str, int]]
    shown: Mapping[str, str]


def _registered(engine: Engine, target: Target, seq_no: int | None) -> _Registered:
    registry = Registry(engine, target.dialect)
    try:
        times = {run.seq_no: run.times for run in registry.runs()}
        published = {ref: (found.material, found.seq_no) for ref, found in registry.published().items()}
        of_run = {m.ref: (m.name, m.seq_no) for m in registry.materials() if m.seq_no == seq_no}
    except EngineError as error:
        raise AccessError(Finding("error", "nothing-built", "nothing has been built yet", hint=_AGAIN)) from error
    if seq_no is not None and seq_no not in times:
        message = f"there is no run with sequence number {seq_no}"
        raise UsageError(
            Finding("error", "unknown-seq-no", message, hint="`pb discover materials` lists what there is")
        )
    materials = published if seq_no is None else of_run
    if not materials:
        raise AccessError(Finding("error", "nothing-built", "nothing has been published yet", hint=_AGAIN))
    return _Registered(times, materials, {ref: name for ref, (name, _) in published.items()})


def stitcher_of(plan: Plan, project: ProjectSpec, entity: str) -> IdStitcher:
    """The stitcher of an entity.

    Raises:
        UsageError: If there is no such entity.
    """
    for step in plan.steps.values():
        if isinstance(step, IdStitcher) and step.entity == entity:
            return step
    names = [e.name for e in project.file.entities]
    hint = suggest(entity, names) or f"available: {', '.join(names)}"
    raise UsageError(Finding("error", "unknown-entity", f'there is no entity "{entity}"', hint=hint))

"""Compile a plan into the statements of each model. Uses no database.

Takes a plan, a schema, a sequence number and the engine's dialect. Returns the material name and the statements of each
step that creates an object. Inline steps have none, because they are part of the queries that read them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.errors import Finding, ProjectError
from onefold.identity.project_queries import ProjectQueries, project_queries
from onefold.plan.feature_steps import Cohort, FeatureView
from onefold.plan.model import IdStitcher, InputStep, PluginStep, SqlTemplate
from onefold.plan.names import view_name
from onefold.sql.cohort import member_count_query
from onefold.sql.compile import relations, step_query
from onefold.sql.dialects import render
from onefold.sql.feature_view import row_count_query
from onefold.sql.id_graph import ALIASES, AUDIT, EDGES, QUARANTINE
from onefold.sql.input import csv_view
from onefold.sql.relations import Compiler, KnownTypes, graph_views_of
from onefold.sql.script import Script, material_script, script
from onefold.sql.statements import beside, create_pointer, create_table, create_view, drop

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from onefold.identity.main_ids.inherited import InheritedMainIds
    from onefold.plan.model import Plan, SqlText, Step
    from onefold.plan.names import Names
    from onefold.sql.dialects import EngineDialect


@dataclass(frozen=True)
class PluginSql:
    """The statements around a plugin.

    Attributes:
        reads: The query of each source that it reads, by path.
        uploaded: Name of the relation with its uploaded rows.
        create: The statement that creates the material from it.
    """

    reads: Mapping[str, str]
    uploaded: str
    create: str

    def statements(self) -> tuple[tuple[str, str], ...]:
        """(purpose, statement) pairs, for display."""
        read = tuple((f"rows that the plugin reads as {path}", text) for path, text in self.reads.items())
        return (*read, ("store the result of the plugin", self.create))


@dataclass(frozen=True)
class CompiledStep:
    """One model, ready to run.

    Attributes:
        material: Name of the table or view that it creates.
        query: Its rows as a query; None for an id stitcher, which has no single query.
        create: The statements that create the material; for a stitcher, its queries that depend on the project.
        before: The author's statements to run before.
        after: The author's statements to run after.
        notes: Notes about the author's statements that have no effect here.
        row_count: A query that counts the rows of a view; None if creating the material counts them, or if no query is
            cheap.
    """

    step: Step
    material: str
    query: str | None
    create: tuple[str, ...] | ProjectQueries | PluginSql
    row_count: str | None = None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()

    def statements(self) -> tuple[tuple[str, str], ...]:
        """(purpose, statement) pairs, for display."""
        if isinstance(self.create, ProjectQueries | PluginSql):
            made = self.create.statements()
        else:
            made = tuple(("create the material", text) for text in self.create)
        before = tuple(("pre_run", text) for text in self.before)
        return (*before, *made, *(("post_run", text) for text in self.after))


@dataclass(frozen=True)
class Output:
    """The location and the names of a run's objects.

    Attributes:
        schema: The output schema.
        seq_no: The sequence number of the run.
        dialect: The dialect of the engine.
        graphs: The inherited main ids of each stitcher that has some, by ref.
        known: The types of the sources of queries; None if they are not needed.
    """

    plan: Plan
    names: Names
    schema: str
    seq_no: int
    dialect: EngineDialect
    graphs: Mapping[str, InheritedMainIds] = field(default_factory=dict)
    known: KnownTypes | None = None

    def material(self, ref: str) -> str:
        """Name of a step's material (format A3)."""
        return f"Material_{self.plan.steps[ref].name}_{self.plan.fingerprints[ref]}_{self.seq_no}"

    def table(self, name: str) -> exp.Table:
        """An object of the output schema."""
        return exp.table_(name, db=self.schema, quoted=True)

    def compiler(self) -> Compiler:
        """A compiler that reads steps from this run's materials."""
        return Compiler(
            self.plan,
            self.names,
            self.dialect,
            material=lambda ref: self.table(self.material(ref)),
            graph=lambda ref: graph_views_of(self.table(self.material(ref))),
            known=self.known,
        )

    def sql(self, statement: exp.Expr) -> str:
        """The SQL text of a statement in the engine's dialect."""
        return render(statement, self.dialect)

    def drop(self, name: str, kind: str) -> str:
        """``DROP ... IF EXISTS`` for an object of the output schema."""
        return self.sql(drop(self.table(name), "VIEW" if kind == "VIEW" else "TABLE"))

    def pointers(self, step: Step) -> tuple[str, ...]:
        """The statements that point the views of a step, and of its companions, to this run."""
        view, material = self.table(view_name(step, self.plan.author)), self.table(self.material(step.ref))
        own = create_pointer(view, material)
        made = companions(step)
        others = [create_pointer(beside(view, name), beside(material, suffix)) for suffix, name in made.items()]
        # A companion view of an earlier run that this run does not have would be stale.
        stale = [drop(beside(view, name), "VIEW") for suffix, name in _COMPANIONS.items() if suffix not in made]
        return tuple(self.sql(s) for s in (own, *others, *(stale if isinstance(step, IdStitcher) else ())))


_COMPANIONS = {EDGES: "EDGES", ALIASES: "ALIASES", QUARANTINE: "QUARANTINE", AUDIT: "CARDINALITY_AUDIT"}
"""The companions of an id graph: the suffix of the view by the suffix of the material."""


def companions(step: Step) -> dict[str, str]:
    """The companions of a step."""
    if not isinstance(step, IdStitcher):
        return {}
    return {k: v for k, v in _COMPANIONS.items() if k != AUDIT or step.limits}


def compile_steps(output: Output, refs: Collection[str]) -> tuple[CompiledStep, ...]:
    """Compile the steps among ``refs`` that create an object, in running order.

    Raises:
        ProjectError: With every mistake in the author's SQL.
    """
    compiled: list[CompiledStep] = []
    findings: list[Finding] = []
    # A step that is inlined into another query is checked there.
    read = {need for ref in refs for need in output.plan.steps[ref].needs}
    for ref, step in output.plan.steps.items():
        if ref not in refs:
            continue
        try:
            if step.output != "inline":
                compiled.append(_compile(output, step))
            elif ref not in read:
                step_query(output.compiler(), ref)
        except ProjectError as error:
            findings.extend(f for f in error.findings if f not in findings)
    if findings:
        raise ProjectError(findings)
    return tuple(compiled)


def _compile(output: Output, step: Step) -> CompiledStep:
    """One step with its pre_run and post_run statements."""
    compiled = _made(output, step)
    hooks = [_script(output, step, hook) for hook in (step.pre_run, step.post_run)]
    before, after = ([output.sql(s) for s in hook.statements] for hook in hooks)
    if not hooks[0].statements and not hooks[1].statements and not any(h.skipped for h in hooks):
        return compiled
    notes = (*compiled.notes, *hooks[0].skipped, *hooks[1].skipped)
    count = compiled.row_count if isinstance(step, FeatureView | Cohort) else _count(output, step)
    return replace(compiled, before=tuple(before), after=tuple(after), notes=notes, row_count=count)


def _made(output: Output, step: Step) -> CompiledStep:
    material = output.material(step.ref)
    target = output.table(material)
    if isinstance(step, IdStitcher):
        return CompiledStep(step, material, None, project_queries(step, output.compiler()))
    if isinstance(step, SqlTemplate) and step.is_script:
        found = material_script(step, lambda: relations(output.compiler()))
        statements = tuple(output.sql(s) for s in found.statements)
        return CompiledStep(step, material, None, statements, _count(output, step), notes=found.skipped)
    if isinstance(step, PluginStep):
        return CompiledStep(step, material, None, _plugin_sql(output, step, target))
    query = step_query(output.compiler(), step.ref)
    is_view = step.output == "view" and not (isinstance(step, SqlTemplate) and _reads_sources(query, output))
    create = create_view(target, query) if is_view else create_table(target, query)
    count = None
    if isinstance(step, FeatureView):
        count = output.sql(row_count_query(step, relations(output.compiler())))
    elif isinstance(step, Cohort):
        count = output.sql(member_count_query(step, relations(output.compiler())))
    return CompiledStep(step, material, output.sql(query), (output.sql(create),), count)


def _reads_sources(query: exp.Query, output: Output) -> bool:
    """Whether a query reads an attached catalog or a CSV file, which are visible only during a run.

    Other clients could not read a view of them, so a model that is declared as a view is created as a table.
    """
    files = {csv_view(s.name) for s in output.plan.steps.values() if isinstance(s, InputStep) and s.csv}
    return any(table.catalog or table.name in files for table in query.find_all(exp.Table))


def _plugin_sql(output: Output, step: PluginStep, target: exp.Table) -> PluginSql:
    reads = {}
    for path, ref in step.reads.items():
        used = relations(output.compiler())
        reads[path] = output.sql(used.complete(exp.select("*").from_(used.table(ref))))
    uploaded = f"plugin_{step.name}"
    return PluginSql(
        reads, uploaded, output.sql(create_table(target, exp.select("*").from_(exp.to_table(uploaded, quoted=True))))
    )


def _script(output: Output, step: Step, text: SqlText | None) -> Script:
    if text is None:
        return Script(())
    return script(text, step, lambda: relations(output.compiler()))


def _count(output: Output, step: Step) -> str:
    """A query that counts the rows of a material."""
    rows = exp.select(exp.Count(this=exp.Star()).as_("row_count"))
    return output.sql(rows.from_(output.table(output.material(step.ref))))

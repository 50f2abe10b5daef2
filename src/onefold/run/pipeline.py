"""Run a plan: check it, build under new names, then move all views together.

Takes a plan, an open engine and options. Writes materials, views and SQL files; returns a `RunResult`. The published
output changes only after all requested models were built: then all views move in one transaction.

    order   check the plan against the warehouse -> create or resume a sequence number -> check the rows of the sources
            -> build each model -> check graphs and features against their bounds -> move the views
"""

from __future__ import annotations

import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from onefold.engines.base import EngineError
from onefold.environment import out_of_memory
from onefold.errors import Finding, RunError
from onefold.identity.main_ids.inherited import InheritedMainIds
from onefold.identity.project_queries import ProjectQueries
from onefold.identity.stitch import stitch
from onefold.identity.store import GraphStore
from onefold.plan.model import IdStitcher, PluginStep
from onefold.plan.select import select
from onefold.run.artifacts import SqlFolder
from onefold.run.begin import begin_run
from onefold.run.compiled import Output, PluginSql, compile_steps
from onefold.run.data_checks import duplicates, empty_inputs, inputs_of, kept_placeholders, sources_without_ids
from onefold.run.events import OutputPlace, RunResult, RunStarted, StepResult
from onefold.run.failures import author_of, failure
from onefold.run.graphs import forget_unpublished, graph_record, graphs_before, later_end, tables_of_generation
from onefold.run.known_types import EngineTypes
from onefold.run.nondeterminism import clock_warnings
from onefold.run.one_var import has_vars, var_at_fault
from onefold.run.plugin import run_plugin
from onefold.run.preflight import Preflight
from onefold.run.publish import publish
from onefold.run.rule_file import make_table
from onefold.run.rule_ids import ids_of_no_source
from onefold.state.records import MaterialRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from onefold.engines.base import Engine
    from onefold.identity.built_graph import Stitched
    from onefold.identity.store import Snapshot
    from onefold.plan.model import Plan, Step
    from onefold.plan.names import Names
    from onefold.run.begin import BegunRun
    from onefold.run.checks import HealthChecks
    from onefold.run.compiled import CompiledStep
    from onefold.run.events import Observer
    from onefold.run.options import RunOptions
    from onefold.run.target import Target
    from onefold.sql.relations import Compiler


@dataclass
class Run:
    """One run in progress.

    Attributes:
        options: The options; the sequence number is ``new`` or that of the run to resume.
        checks: The checks before publishing; None for no checks.
        is_preview: Build only and publish nothing. The caller keeps the output or rolls it back
            (`onefold.run.preview`).
        notes: Warnings and notes so far.
        is_checked: Whether the plan was checked against the warehouse.
        types: The known types of warehouse tables.
    """

    plan: Plan
    names: Names
    target: Target
    engine: Engine
    options: RunOptions
    observer: Observer
    log_file: Path
    checks: HealthChecks | None = None
    is_preview: bool = False
    notes: list[Finding] = field(default_factory=list)
    seq_no: int | None = None
    is_checked: bool = False
    types: EngineTypes = field(init=False)

    def __post_init__(self) -> None:
        """No types of the warehouse are known yet."""
        self.types = EngineTypes(self.engine, self.target.dialect)

    def check(self) -> None:
        """Check the plan against the warehouse. Call it outside a transaction, which a failed statement would abort.

        Raises:
            UsageError: If a model reference names nothing.
            ProjectError: If SQL of the project does not parse.
            AccessError: If tables or columns are not there.
        """
        with self._told():
            refs, _ = select(self.plan, self.options.models)
            preflight = Preflight(self.plan, self.names, self.engine, self.target.dialect, self.types)
            preflight.check(refs)
            for note in preflight.notes:
                self._note(note)
        self.is_checked = True

    def execute(self) -> RunResult:
        """Run the plan, after checking it if that was not done yet.

        Raises:
            UsageError: If a model reference names nothing.
            ProjectError: If SQL of the project does not parse.
            AccessError: If tables or columns are not there.
            RunError: If a statement or a check fails; the published output stays.
        """
        if not self.is_checked:
            self.check()
        with self._told(), self._located(None):
            return self._execute()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Report a failure to the observer."""
        try:
            yield
        except BaseException as error:
            self.observer.run_failed(error, None if self.is_preview else self.seq_no)
            raise

    def _execute(self) -> RunResult:
        refs, chosen = select(self.plan, self.options.models)
        begun = begin_run(self.plan, self.options, self.engine, self.target.dialect)
        self.seq_no = begun.seq_no
        output = self._output(begun)
        compiled = compile_steps(output, refs)
        folder = self._write_sql(compiled)
        if begun.is_resumed and not self.options.force:
            begun.refuse_to_repeat(compiled, output)
        later = later_end(chosen, begun.published, begun.recorded.runs, self.plan.times)
        is_as_of = later is not None and not self.options.publish_as_of
        self._start(begun, compiled, refs, later if is_as_of and not self.is_preview else None)
        shown = [c for c in compiled if c.step.ref in chosen and c.step.view is not None]
        moves = not is_as_of and not self.is_preview
        with self._swap_at_end(begun, compiled):
            self._make_id_rules(compiled)
            results = self._build_all(begun, compiled, output, folder, refs)
            if moves:
                self._check_health(begun, shown, output)
            is_forced = self.options.force
            published = publish(begun, shown, output, self.engine, is_forced=is_forced) if moves else {}
        result = RunResult(
            seq_no=begun.seq_no,
            times=self.plan.times,
            output=self._place,
            started_at=begun.started_at,
            finished_at=datetime.now(UTC),
            steps=results,
            published=published,
            notes=tuple(self.notes),
            sql_folder=folder.path,
            log_file=self.log_file,
            published_end_time=later if is_as_of else None,
        )
        self.observer.run_finished(result)
        return result

    @property
    def _place(self) -> OutputPlace:
        return OutputPlace(self.target.name, self.target.schema, self.target.output)

    def _output(self, begun: BegunRun) -> Output:
        """The names of the run's objects, with the published graphs and the known types."""
        output = Output(self.plan, self.names, self.target.schema, begun.seq_no, self.target.dialect)
        graphs = graphs_before(
            output,
            begun.published,
            begun.recorded.there,
            reset_main_ids=self.options.reset_main_ids,
            rebuild=self.options.rebase_incremental or self.options.force,
        )
        return replace(output, graphs=graphs, known=self.types.known())

    def _write_sql(self, compiled: Sequence[CompiledStep]) -> SqlFolder:
        """Write the compiled SQL; returns the folder for the SQL that runs."""
        output, number = self.target.root / "output" / self.target.name, self.seq_no or 0
        path = output / "plan" if self.is_preview else output / "seq_no" / str(number)
        folder = SqlFolder(path, self.plan, number)
        folder.clear("compile")
        if self.is_preview:
            folder.clear("run")
        for step in compiled:
            folder.write("compile", step.step, readable(step))
        return folder

    def _start(
        self, begun: BegunRun, compiled: Sequence[CompiledStep], refs: frozenset[str], later: datetime | None
    ) -> None:
        """Report the start of the run, and its warnings so far."""
        self.observer.run_started(
            RunStarted(
                begun.seq_no, self.plan.times, tuple(c.step for c in compiled), self._place,
                begun.is_resumed, self.is_preview,
            )
        )  # fmt: skip
        for note in (
            *self.plan.notes,
            *clock_warnings(self.plan, refs, self.target.dialect),
            *begun.notes_of_times(self.plan.times.end, later),
        ):
            self._note(note)

    def _swap_at_end(self, begun: BegunRun, compiled: Sequence[CompiledStep]) -> AbstractContextManager[None]:
        """A transaction around the build if it replaces materials that views show: they change at its end."""
        materials = {record.material for record in begun.published.values()}
        is_shown = self.options.force and any(c.material in materials for c in compiled)
        return self.engine.transaction() if is_shown else nullcontext()

    # --- models ---

    def _make_id_rules(self, compiled: Sequence[CompiledStep]) -> None:
        """Create the table of id rules from the project's rules file, if a stitcher reads it."""
        steps = [c.step for c in compiled]
        given = [s.id_rules for s in steps if isinstance(s, IdStitcher) and s.id_rules is not None]
        if given and given[0].rules is not None:
            with self._located(None):
                make_table(self.engine, given[0], self.target.dialect, self.plan.author)

    def _build_all(
        self,
        begun: BegunRun,
        compiled: Sequence[CompiledStep],
        output: Output,
        folder: SqlFolder,
        refs: frozenset[str],
    ) -> tuple[StepResult, ...]:
        finished = {} if self.options.force else begun.usable(self.plan, output)
        empty: frozenset[str] = frozenset()
        if any(c.material not in finished for c in compiled):
            empty = self._check_rows(output, refs)
        results = []
        for number, step in enumerate(compiled, start=1):
            self.observer.step_started(step.step, number, len(compiled))
            if step.material in finished:
                result = StepResult(step.step, step.material, finished[step.material], 0.0, is_reused=True)
            else:
                if not isinstance(step.create, ProjectQueries):
                    folder.write("run", step.step, step.statements())
                result = self._build(begun, step, output, folder, empty)
                begun.store.registry.finish_material(
                    self._record(result, output), result.certificate, result.graph, is_new=not begun.is_resumed
                )
            results.append(result)
            self.observer.step_finished(result)
        return tuple(results)

    def _record(self, made: StepResult, output: Output) -> MaterialRecord:
        step = made.step
        fingerprint, seconds = self.plan.fingerprints[step.ref], round(made.seconds, 3)
        return MaterialRecord(
            made.material, output.seq_no, step.ref, step.name, step.kind, fingerprint, made.rows, seconds,
            datetime.now(UTC),
        )  # fmt: skip

    def _check_rows(self, output: Output, refs: frozenset[str]) -> frozenset[str]:
        """Raise an error for duplicate rows, and warn of empty inputs; returns the refs of the empty inputs."""
        inputs, compiler = inputs_of(self.plan, refs), output.compiler()
        warnings: list[Finding] = []
        doubled: list[Finding] = []
        for step in inputs:
            with self._located(step):
                warnings += empty_inputs((step,), compiler, self.engine)
                doubled += duplicates(step, compiler, self.engine)
        for warning in warnings:
            self._note(warning)
        if doubled:
            raise RunError(doubled)
        places = {w.where for w in warnings}
        return frozenset(step.ref for step in inputs if step.at in places)

    def _check_health(self, begun: BegunRun, shown: Sequence[CompiledStep], output: Output) -> None:
        """Run the checks: raise an error for failures, and record the warnings."""
        if self.checks is not None:
            with self._located(None):
                for warning in self.checks.hold([c.step for c in shown], output, self.engine, begun.store.registry):
                    self._note(warning)

    def _build(
        self, begun: BegunRun, compiled: CompiledStep, output: Output, folder: SqlFolder, empty: frozenset[str]
    ) -> StepResult:
        step, began = compiled.step, time.perf_counter()
        rows: int | None
        more: dict[str, Any] = {}
        for note in compiled.notes:
            self._note(note)
        with self._located(step, output.compiler()):
            for statement in compiled.before:
                self.engine.execute(statement)
            if isinstance(step, IdStitcher) and isinstance(compiled.create, ProjectQueries):
                stitched = self._stitch(begun, step, compiled.create, output, folder)
                rows, graph = stitched.rows, graph_record(step, output, stitched)
                more = {"certificate": stitched.certificate, "graph": graph, "id_events": stitched.events}
                of_rules = ids_of_no_source(step, graph, output, self.engine)
                for warning in (
                    *sources_without_ids(step, stitched, empty),
                    *kept_placeholders(step, stitched),
                    *of_rules,
                ):
                    self._note(warning)
            elif isinstance(step, PluginStep) and isinstance(compiled.create, PluginSql):
                rows = run_plugin(step, compiled.create, self.plan.times, self.engine)
            else:
                assert isinstance(compiled.create, tuple)  # noqa: S101 - the two other types are handled above
                rows = [self.engine.execute(statement) for statement in compiled.create][-1]
            for statement in compiled.after:
                self.engine.execute(statement)
            if compiled.row_count is not None:
                rows = int(self.engine.fetch(compiled.row_count)["row_count"][0].as_py())
            elif step.output == "view":
                rows = None
        return StepResult(step, compiled.material, rows, time.perf_counter() - began, **more)

    def _stitch(
        self, begun: BegunRun, step: IdStitcher, queries: ProjectQueries, output: Output, folder: SqlFolder
    ) -> Stitched:
        inherited, registry = output.graphs.get(step.ref, InheritedMainIds()), begun.store.registry
        material = output.table(output.material(step.ref))
        store = GraphStore(
            self.engine,
            output.dialect,
            material,
            output.seq_no,
            inherited.base,
            folder.journal(step),
            generation=tables_of_generation(step.ref, registry, output) if begun.is_resumed else material,
        )

        def forget(snapshot: Snapshot) -> None:
            forget_unpublished(step.ref, snapshot, registry, self.engine, output)

        return stitch(step, queries, inherited, store, forget, self.observer.step_phase)

    @contextmanager
    def _located(self, step: Step | None, compiler: Compiler | None = None) -> Iterator[None]:
        """Turn a failed statement into an error with a location in the project.

        Args:
            step: The step of the statement.
            compiler: Compiles the step again, to find the failing var of a step with vars.
        """
        at = step.at if step is not None else None
        where = f"model {step.ref}: " if step is not None else ""
        try:
            yield
        except EngineError as error:
            cause = error
            if step is not None and compiler is not None and error.kind == "value" and has_vars(step):
                blamed = var_at_fault(step, compiler, self.engine)
                if blamed is not None:
                    var, cause = blamed
                    at, where = var.select.at, f'var "{var.name}": '
            found = failure(cause, at, author=author_of(self.plan, self.target.schema))
            raise RunError(
                Finding("error", found.code, where + found.message, at, found.hint), sql=cause.sql
            ) from error
        except MemoryError as error:  # from Arrow or numpy, which hold ids and edges outside the database
            found = out_of_memory(str(error))
            raise RunError(Finding("error", found.code, where + found.message, at, found.hint)) from error

    def _note(self, finding: Finding) -> None:
        self.notes.append(finding)
        self.observer.noted(finding)


def readable(step: CompiledStep) -> tuple[tuple[str, str], ...]:
    """The content of ``compile`` files: the query of a model, or the statements of a stitcher."""
    if step.query is None:
        return step.statements()
    return (("the rows of this model", step.query),)

"""The Python API: load a project, inspect its plan and SQL, run it and read its output. The CLI is a layer over it.

Takes a folder. Returns frozen records and Arrow tables. Holds no connection open between two calls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onefold.errors import ProjectError
from onefold.project.load import by_place, read_project
from onefold.project.settings import connection_to_compile, load_siteconfig, resolve_connection
from onefold.run.options import RunOptions
from onefold.run.target import Target, target_of
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import timedelta
    from typing import Unpack

    import pyarrow as pa

    from onefold.audit.mask import Mask
    from onefold.audit.preview import Preview
    from onefold.audit.questions import Audit
    from onefold.plan.model import Plan, Step
    from onefold.project import spec
    from onefold.report.html_report import MadeReport
    from onefold.rows import Rows
    from onefold.rules import Rules
    from onefold.run.cleanup import CleanedUp
    from onefold.run.compile_project import Compiled
    from onefold.run.events import Observer, RunResult
    from onefold.run.options import CompileArguments, RunArguments, Time
    from onefold.run.schema_catalog import SchemaContent
    from onefold.state.records import MaterialRecord, RunRecord
    from onefold.state.repair import Repaired

# Each call imports what it needs: reading a project and planning it load neither an engine nor Arrow.
# ruff: noqa: PLC0415


def load(
    folder: str | Path = ".",
    *,
    siteconfig: str | Path | None = None,
    target: str | None = None,
    compile_only: bool = False,
) -> Project:
    """Load a project.

    Args:
        folder: The folder of ``pb_project.yaml``.
        siteconfig: The connections file; None for ``~/.pb/siteconfig.yaml``.
        target: Target of the project's connection; None for the connection's own default.
        compile_only: The connection need not be there, nor be one that this version runs on: SQL is written for the
            embedded engine then, and a note of the project says so.

    Raises:
        ProjectError: If a file has a mistake: with every one of them, and those of references and templates.
        UsageError: If the connection or the target does not exist.

    >>> load(".").name
    'ecommerce_profiles'
    """
    spec_project, mistakes = read_project(Path(folder))
    if mistakes:
        from onefold.plan.plan_problems import problems_beside
        from onefold.project.files import reader_of

        files = reader_of(Path(spec_project.root), spec_project.package_roots)
        raise ProjectError(by_place([*mistakes, *problems_beside(spec_project, mistakes, files)]))
    if compile_only:
        spec_project, connection = connection_to_compile(spec_project, siteconfig, target)
    else:
        connection = resolve_connection(spec_project, load_siteconfig(siteconfig), target)
    return Project(spec_project, target_of(spec_project, connection))


@dataclass(frozen=True, repr=False)
class Project(Short):
    """A loaded project. Methods that read the output of runs raise `AccessError` if nothing has been built yet.

    Attributes:
        spec: What its files say, typed.
        target: Where it reads and writes.
    """

    spec: spec.ProjectSpec
    target: Target

    @property
    def name(self) -> str:
        """Name of the project."""
        return self.spec.file.name

    def _facts(self) -> dict[str, object]:
        """See `Short`."""
        given = self.spec
        entities = ", ".join(entity.name for entity in given.file.entities)
        counts = {"inputs": len(given.inputs), "models": len(given.models), "id_rules": len(self.rules.in_file) or None}
        return {"name": self.name, "entities": entities, **counts, "output": self.target.output}

    @property
    def folder(self) -> Path:
        """The absolute path of its folder."""
        return self.target.root

    def waiting(self, longest: timedelta, *, tell: Callable[[str], None] | None = None) -> Project:
        """The same project, but it waits while another process uses its database.

        Args:
            longest: How long; then the error is raised that is raised at once otherwise.
            tell: Told once what it waits for.

        >>> from datetime import timedelta
        >>> project.waiting(timedelta(minutes=10)).target.wait
        datetime.timedelta(seconds=600)
        """
        return replace(self, target=replace(self.target, wait=longest, tell=tell))

    def plan(self, *, end_time: Time | None = None, begin_time: Time | None = None) -> Plan:
        """The models in execution order, with their dependencies.

        Raises:
            ProjectError: With every mistake in references and templates.

        >>> list(project.plan().steps)[:2]
        ['inputs/designs', 'inputs/identifies_js']
        """
        from onefold.run.plan_project import plan_project

        times = RunOptions().changed(begin_time=begin_time, end_time=end_time).time_window()
        return plan_project(self.spec, self.target, times)

    def view_name(self, step: Step) -> str | None:
        """Name of the view of a model; None if it has none.

        >>> project.view_name(project.plan().steps["models/user_id_stitcher"])
        'USER_ID_STITCHER'
        """
        from onefold.plan.names import view_name

        return view_name(step, self.spec.settings.sql_dialect) if step.view else None

    def sql(self, model: str, *, end_time: Time | None = None) -> str:
        """The SQL that builds one model, such as ``models/user_id_stitcher``, in the engine's dialect.

        Raises:
            ProjectError: If SQL of the project does not parse.
            UsageError: If there is no such model.

        >>> "GROUP BY" in project.sql("models/filtered_identifies", end_time="2026-10-31")
        True
        """
        from onefold.run.compile_project import sql_of

        return sql_of(self.spec, self.target, RunOptions().changed(end_time=end_time, models=(model,)))

    def compile(self, options: RunOptions | None = None, **given: Unpack[CompileArguments]) -> Compiled:
        """Write the SQL of the models to files, without reading or writing tables.

        Args:
            options: What to compile; None means all.
            **given: ``models``, ``seq_no``, ``end_time``, ``begin_time`` and ``clean_output`` of `RunOptions`; they go
                before ``options``.

        Raises:
            ProjectError: If SQL of the project does not parse.

        >>> project.compile(models=["models/user_id_stitcher"]).types_file.name
        'types.json'
        """
        from onefold.run.compile_project import compile_project

        return compile_project(self.spec, self.target, (options or RunOptions()).changed(**given))

    def run(
        self, options: RunOptions | None = None, *, observer: Observer | None = None, **given: Unpack[RunArguments]
    ) -> RunResult:
        """Build the models and publish their views, all or nothing.

        Args:
            options: What to run, and how; None means all, up to now.
            observer: Told what happens.
            **given: Fields of `RunOptions` by name, such as ``models`` and ``end_time``; they go before ``options``.

        Raises:
            OnefoldError: If anything fails; what was published before is unchanged.

        >>> project.run(end_time="2026-10-31", models=["models/user_id_stitcher"]).published
        {'models/user_id_stitcher': 'USER_ID_STITCHER'}
        """
        from onefold.run.run_project import run_project

        observers = (observer,) if observer is not None else ()
        return run_project(self.spec, self.target, (options or RunOptions()).changed(**given), observers)

    def preview(
        self,
        *,
        models: Sequence[str] = (),
        end_time: Time | None = None,
        begin_time: Time | None = None,
        settings: Sequence[str] = (),
        against: Project | None = None,
        keep: bool = False,
        top: int = 20,
        observer: Observer | None = None,
    ) -> Preview:
        """Preview what the next run would change, without publishing.

        Args:
            models: Only these and what they need; empty means all.
            end_time: Leave out later rows; None means now.
            begin_time: Leave out earlier rows.
            settings: Values to try, such as ``models/filtered_identifies:max_users_per_anonymous_id=3``.
            against: Compare with what this project has published; None for the project itself.
            keep: Keep what was built, as a run that is not published.
            top: How many profiles of each kind of change to show.
            observer: Told what happens.

        Raises:
            AccessError: If nothing is published yet.
            OnefoldError: If it cannot be built.

        >>> preview = project.preview(end_time="2026-10-31", models=["models/user_id_stitcher"])
        >>> preview.changes[0].kinds[0]
        KindLine(kind='unchanged', profiles=4925, ids=13230)
        """
        from onefold.audit.preview import preview
        from onefold.audit.questions import check_count

        check_count("top", top)
        target = self.target
        if against is not None:
            # The other's database and data, this project's files.
            catalogs = {**self.target.catalogs, **against.target.catalogs}
            target = replace(against.target, root=self.target.root, catalogs=catalogs)
        options = RunOptions().changed(models=models, end_time=end_time, begin_time=begin_time)
        observers = (observer,) if observer is not None else ()
        return preview(self.spec, target, options, settings, observers, top, keep=keep)

    def validate_access(self) -> tuple[str, ...]:
        """Check that the database opens, every source is readable and the output schema is writable.

        Raises:
            AccessError: With everything that does not work.

        >>> project.validate_access()[0]
        'opened output/warehouse.duckdb'
        """
        from onefold.run.access import validate_access

        return validate_access(self.spec, self.target)

    def clean_up(self, age: timedelta | None = None, *, shown_too: bool = False, dry_run: bool = False) -> CleanedUp:
        """Drop materials of earlier runs that no view uses.

        Args:
            age: How old they must be; None goes by ``retention_period``, or 30 days.
            shown_too: Also what views show, and these views with it; never an id graph that is published.
            dry_run: Only say which.

        >>> project.clean_up(dry_run=True)
        CleanedUp(objects=0, kept=0)
        """
        from onefold.run.cleanup import clean_up

        return clean_up(self.spec, self.target, age, shown_too=shown_too, dry_run=dry_run)

    def repair_registry(self, *, dry_run: bool = False) -> Repaired:
        """Restore lost or changed registry records; see `onefold.state.repair`.

        Args:
            dry_run: Only say what would be put back.

        Raises:
            AccessError: If the database cannot be opened.

        >>> project.repair_registry(dry_run=True)
        Repaired()
        """
        from onefold.run.repair_registry import repair_registry

        return repair_registry(self.spec, self.target, dry_run=dry_run)

    def runs(self) -> tuple[RunRecord, ...]:
        """The runs so far, by sequence number.

        >>> [run.seq_no for run in project.runs()]
        [1]
        """
        from onefold.run.query import read_registry

        return read_registry(self.spec, self.target)[0]

    def materials(self) -> tuple[MaterialRecord, ...]:
        """The existing materials of all runs, in order.

        >>> project.materials()[0].model
        'user_id_stitcher'
        """
        from onefold.run.query import read_registry

        return read_registry(self.spec, self.target)[1]

    def schemas(self) -> tuple[str, ...]:
        """The schemas of the database that contain output of runs.

        >>> project.schemas()
        ('profiles',)
        """
        from onefold.run.schema_catalog import schemas_with_runs

        return schemas_with_runs(self.spec, self.target)

    def content_of(self, schema: str) -> SchemaContent:
        """The output of runs, of this project or others, in a schema of the database.

        Raises:
            UsageError: If no run has left anything there.

        >>> project.content_of("profiles").published["models/user_id_stitcher"].seq_no
        1
        """
        from onefold.run.schema_catalog import content_of

        return content_of(self.spec, self.target, schema)

    @property
    def rules(self) -> Rules:
        """The manual id rules, in the project's rule file or in the database."""
        from onefold.rules import Rules

        return Rules(self.spec, self.target)

    def read(self, view: str) -> Rows:
        """All rows of a published view, such as ``WITH_USER_ID``.

        Raises:
            RunError: If there is no such view.

        >>> project.read("USER_ID_STITCHER").arrow.column_names[:3]
        ['user_main_id', 'other_id', 'other_id_type']
        """
        from onefold.rows import Rows
        from onefold.run.query import read_view

        return Rows(read_view(self.spec, self.target, view))

    def lookup(self, entity: str, value: str) -> list[dict[str, Any]]:
        """Look up profiles by an id of any type, or by main id: ``main_id``, ``ids``, ``features``.

        Raises:
            UsageError: If there is no such entity.
            RunError: If the entity's views are not there.

        >>> main_id = project.read("USER_ALL").arrow["user_main_id"][0].as_py()
        >>> [profile["main_id"] == main_id for profile in project.lookup("user", main_id)]
        [True]
        """
        from onefold.run.lookup import look_up

        return look_up(self.spec, self.target, self.plan(), entity, value)

    def audit(self, entity: str | None = None, *, seq_no: int | None = None) -> Audit:
        """Audit the id graph of an entity.

        Args:
            entity: Whose; None for the first of the project.
            seq_no: Ask what this run made, published or not; None for what is published.

        >>> project.audit().health().verdict
        'warn'
        """
        from onefold.audit.questions import Audit

        return Audit(self.spec, self.target, entity, seq_no)

    def report(
        self,
        *,
        entity: str | None = None,
        mask: Mask = "emails",
        thresholds: bool | None = None,
        also: Sequence[str] = (),
    ) -> MadeReport:
        """Create the report on an entity's published id graph; ``content`` is its data, ``write`` writes the HTML file.

        Args:
            entity: Whose graph; None for the first entity's.
            mask: Which ids to hide: ``emails``, ``all`` or ``none``.
            thresholds: Whether to try thresholds; None lets the size of the graph decide.
            also: Ids whose profiles are drawn before the worst ones.

        Raises:
            UsageError: If there is no such entity, id or mask.

        >>> project.report(thresholds=False).write(Path("report.html")) > 10_000
        True
        """
        from onefold.audit.mask import check_mask, masked
        from onefold.report.collect import collect
        from onefold.report.html_report import MadeReport

        check_mask(mask)
        content = collect(self.spec, self.target, entity, with_thresholds=thresholds, also=also)
        return MadeReport(masked(content, mask), mask)

    def query(self, sql: str) -> Rows:
        """Run one read-only query in the project's SQL dialect, and return its rows.

        Of two columns of one name, ``a``, the second is called ``a_2``.

        Raises:
            ProjectError: If it does not parse.
            UsageError: If there are several statements; `queries` runs them.
            RunError: If it fails.

        >>> project.query("SELECT COUNT(*) AS ids FROM USER_ID_STITCHER").arrow.to_pylist()
        [{'ids': 13230}]
        """
        from onefold.rows import Rows
        from onefold.run.query import ask

        return Rows(next(ask(self.spec, self.target, sql, only_one=True)))

    def queries(self, sql: str, *, seq_no: int | None = None) -> Iterator[pa.Table]:
        """Run several queries, separated by semicolons, and return the rows of each.

        Args:
            sql: The questions. ``{{this.DeRef('models/x')}}`` in them names what a model has made.
            seq_no: The run that made it; None means the latest that did.

        >>> [rows.num_rows for rows in project.queries("SELECT 1; SELECT 2")]
        [1, 1]
        """
        from onefold.run.query import ask

        return ask(self.spec, self.target, sql, seq_no)

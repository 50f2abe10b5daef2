"""The Python API: load a project, see its plan and SQL, run it, read what it made. The command line is a layer over it.

In: a folder. Out: frozen records and Arrow tables. Holds no connection open between two calls.
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
    from onefold.project.spec import IdRule
    from onefold.report.html_report import MadeReport
    from onefold.rows import Rows
    from onefold.run.cleanup import CleanedUp
    from onefold.run.compile_project import Compiled
    from onefold.run.events import Observer, RunResult
    from onefold.run.id_rules import GivenRule
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
    """A loaded project.

    Attributes:
        spec: What its files say, typed.
        target: Where it reads and writes.

    >>> project = load("examples/shop")  # doctest: +SKIP
    >>> project.run(end_time="2026-10-31").published  # doctest: +SKIP
    >>> project.read("WITH_USER_ID").polars()  # doctest: +SKIP
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
        counts = {"inputs": len(given.inputs), "models": len(given.models), "id_rules": len(self.id_rules) or None}
        return {"name": self.name, "entities": entities, **counts, "output": self.target.output}

    @property
    def folder(self) -> Path:
        """Its folder, absolute."""
        return self.target.root

    def waiting(self, longest: timedelta, *, tell: Callable[[str], None] | None = None) -> Project:
        """The same project, which waits while another process uses its database.

        Args:
            longest: How long; then the error is raised that is raised at once otherwise.
            tell: Told once what it waits for.

        >>> load("examples/shop").waiting(timedelta(minutes=10)).run()  # doctest: +SKIP
        """
        return replace(self, target=replace(self.target, wait=longest, tell=tell))

    def plan(self, *, end_time: Time | None = None, begin_time: Time | None = None) -> Plan:
        """The models in running order, and how they depend on each other.

        Raises:
            ProjectError: With every mistake in references and templates.
        """
        from onefold.run.plan_project import plan_project

        times = RunOptions().changed(begin_time=begin_time, end_time=end_time).time_window()
        return plan_project(self.spec, self.target, times)

    def view_name(self, step: Step) -> str | None:
        """Name of the view that shows a model's rows; None if it has none."""
        from onefold.plan.names import view_name

        return view_name(step, self.spec.settings.sql_dialect) if step.view else None

    def sql(self, model: str, *, end_time: Time | None = None) -> str:
        """The SQL that builds one model, such as ``models/user_id_stitcher``, in the engine's dialect.

        Raises:
            ProjectError: If SQL of the project does not parse.
            UsageError: If there is no such model.
        """
        from onefold.run.compile_project import sql_of

        return sql_of(self.spec, self.target, RunOptions().changed(end_time=end_time, models=(model,)))

    def compile(self, options: RunOptions | None = None, **given: Unpack[CompileArguments]) -> Compiled:
        """Write the SQL of the models as files, without touching a table.

        Args:
            options: What to compile; None means all.
            **given: ``models``, ``seq_no``, ``end_time``, ``begin_time`` and ``clean_output`` of `RunOptions`; they go
                before ``options``.

        Raises:
            ProjectError: If SQL of the project does not parse.
        """
        from onefold.run.compile_project import compile_project

        return compile_project(self.spec, self.target, (options or RunOptions()).changed(**given))

    def run(
        self, options: RunOptions | None = None, *, observer: Observer | None = None, **given: Unpack[RunArguments]
    ) -> RunResult:
        """Build the models and publish their views, all or none.

        Args:
            options: What to run, and how; None means all, up to now.
            observer: Told what happens.
            **given: Fields of `RunOptions` by name, such as ``models`` and ``end_time``; they go before ``options``.

        Raises:
            OnefoldError: If anything fails; what was published before is unchanged.
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
        """What the next run would change; built beside what is published, and undone.

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
        """Try to open the database, read every source and write the output schema; says what works.

        Raises:
            AccessError: With everything that does not work.
        """
        from onefold.run.access import validate_access

        return validate_access(self.spec, self.target)

    def clean_up(self, age: timedelta | None = None, *, shown_too: bool = False, dry_run: bool = False) -> CleanedUp:
        """Drop materials of earlier runs that nothing shows any more.

        Args:
            age: How old they must be; None goes by ``retention_period``, or 30 days.
            shown_too: Also what views show, and these views with it; never an id graph that is published.
            dry_run: Only say which.
        """
        from onefold.run.cleanup import clean_up

        return clean_up(self.spec, self.target, age, shown_too=shown_too, dry_run=dry_run)

    def repair_registry(self, *, dry_run: bool = False) -> Repaired:
        """Put back what the registry lost of what is published; see `onefold.state.repair`.

        Args:
            dry_run: Only say what would be put back.

        Raises:
            AccessError: If the database cannot be opened.
        """
        from onefold.run.repair_registry import repair_registry

        return repair_registry(self.spec, self.target, dry_run=dry_run)

    def runs(self) -> tuple[RunRecord, ...]:
        """The runs so far, by sequence number.

        Raises:
            AccessError: If nothing has been built yet.
        """
        from onefold.run.query import read_registry

        return read_registry(self.spec, self.target)[0]

    def materials(self) -> tuple[MaterialRecord, ...]:
        """The materials that runs have made and that are kept, in order.

        Raises:
            AccessError: If nothing has been built yet.
        """
        from onefold.run.query import read_registry

        return read_registry(self.spec, self.target)[1]

    def schemas(self) -> tuple[str, ...]:
        """The schemas of the database that runs have left something in.

        Raises:
            AccessError: If nothing has been built yet.
        """
        from onefold.run.schema_catalog import schemas_with_runs

        return schemas_with_runs(self.spec, self.target)

    def content_of(self, schema: str) -> SchemaContent:
        """What runs, of this project or others, have left in a schema of the database.

        Raises:
            AccessError: If nothing has been built yet.
            UsageError: If no run has left anything there.
        """
        from onefold.run.schema_catalog import content_of

        return content_of(self.spec, self.target, schema)

    @property
    def id_rules(self) -> tuple[IdRule, ...]:
        """The rules of the project's file of rules, as it was loaded; none where there is no file."""
        return self.spec.id_rules.rules if self.spec.id_rules is not None else ()

    def create_id_rules(self, name: str | None = None) -> str:
        """Make the table of id rules, where there is none; returns its name.

        Raises:
            AccessError: If it cannot be made.
        """
        from onefold.run.id_rules import create_table

        return create_table(self.spec, self.target, name)

    def add_id_rules(self, rules: Sequence[GivenRule]) -> int:
        """Add rules that include or exclude ids and pairs of ids; the next run follows them. Returns how many.

        They go to the project's file of rules if it has one, else to the table in the database.

        Raises:
            UsageError: With everything that is wrong with any of them; none is added.
            AccessError: If the file or the table cannot be written.
        """
        from onefold.run.id_rules import add_rules

        return add_rules(self.spec, self.target, rules)

    def add_rules(self, rules: Sequence[IdRule]) -> tuple[IdRule, ...]:
        """Add rules to the project's file of rules, which is made if there is none; the next run follows them.

        Returns:
            What was added, dated.

        Raises:
            UsageError: With everything that is wrong with any of them; none is added.
            AccessError: If the file cannot be written.
        """
        from onefold.run.rule_file import add_to_file

        return add_to_file(self.spec, rules)

    def remove_rule(self, about: IdRule) -> tuple[IdRule, ...]:
        """Take the rule about an id, or about a pair of ids, out of the file of rules; returns what was taken out.

        Raises:
            UsageError: If there is no such rule.
            AccessError: If the file cannot be written.
        """
        from onefold.run.rule_file import remove_from_file

        return remove_from_file(self.spec, about)

    def rules_in_table(self) -> tuple[IdRule, ...]:
        """The rules of the table in the database: of those about one id or one pair, the latest.

        Raises:
            AccessError: If there is no such table.
        """
        from onefold.run.rule_file import rules_in_table

        return rules_in_table(self.spec, self.target)

    def import_rules(self) -> tuple[IdRule, ...]:
        """Put the rules of the table into the file of rules; returns those that the file did not have.

        Raises:
            UsageError: If one contradicts a rule of the file.
            AccessError: If the table cannot be read, or the file not written.
        """
        from onefold.run.rule_file import import_rules

        return import_rules(self.spec, self.target)

    def export_rules(self) -> tuple[str, int]:
        """Make the table from the file of rules now, as the next run does; returns its name and its number of rules.

        Raises:
            UsageError: If there is no file, or the table has rules that the file does not have.
            AccessError: If the table cannot be written.
        """
        from onefold.run.rule_file import export_rules

        return export_rules(self.spec, self.target)

    def read(self, view: str) -> Rows:
        """All rows of a published view, such as ``WITH_USER_ID``.

        Raises:
            AccessError: If nothing has been built yet.
            RunError: If there is no such view.
        """
        from onefold.rows import Rows
        from onefold.run.query import read_view

        return Rows(read_view(self.spec, self.target, view))

    def lookup(self, entity: str, value: str) -> list[dict[str, Any]]:
        """The profiles that have an id, of any type, or a main id: ``main_id``, ``ids``, ``features``.

        Raises:
            UsageError: If there is no such entity.
            AccessError: If nothing has been built yet.
            RunError: If the entity's views are not there.
        """
        from onefold.run.lookup import look_up

        return look_up(self.spec, self.target, self.plan(), entity, value)

    def audit(self, entity: str | None = None, *, seq_no: int | None = None) -> Audit:
        """Questions to the id graph of an entity.

        Args:
            entity: Whose; None for the first of the project.
            seq_no: Ask what this run made, published or not; None for what is published.

        >>> load("examples/shop").audit().explain("ada", "bob")  # doctest: +SKIP
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
        """The published id graph of an entity on one page; ``content`` is what it shows, ``write`` makes the file.

        Args:
            entity: Whose graph; None for the first entity's.
            mask: Which ids to hide: ``emails``, ``all`` or ``none``.
            thresholds: Whether to try thresholds; None lets the size of the graph decide.
            also: Ids whose profiles are drawn before the worst ones.

        Raises:
            AccessError: If nothing has been built yet.
            UsageError: If there is no such entity, id or mask.

        >>> load("examples/shop").report().write(Path("report.html"))  # doctest: +SKIP
        """
        from onefold.audit.mask import check_mask, masked
        from onefold.report.collect import collect
        from onefold.report.html_report import MadeReport

        check_mask(mask)
        content = collect(self.spec, self.target, entity, with_thresholds=thresholds, also=also)
        return MadeReport(masked(content, mask), mask)

    def query(self, sql: str) -> Rows:
        """The rows of one question in the project's SQL dialect; nothing can be changed.

        Of two columns of one name, ``a``, the second is called ``a_2``.

        Raises:
            ProjectError: If it does not parse.
            UsageError: If there are several statements; `queries` runs them.
            RunError: If it fails.
        """
        from onefold.rows import Rows
        from onefold.run.query import ask

        return Rows(next(ask(self.spec, self.target, sql, only_one=True)))

    def queries(self, sql: str, *, seq_no: int | None = None) -> Iterator[pa.Table]:
        """The rows of each of several questions, separated by semicolons.

        Args:
            sql: The questions. ``{{this.DeRef('models/x')}}`` in them names what a model has made.
            seq_no: The run that made it; None means the latest that did.
        """
        from onefold.run.query import ask

        return ask(self.spec, self.target, sql, seq_no)

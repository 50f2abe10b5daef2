"""Check a plan against the warehouse before the run: tables, columns, types and every statement.

Takes a plan, the refs of the steps to run, and an engine. Raises an `AccessError` with all mistakes. Each step is bound
to the columns of the steps before it, through empty temporary tables with those columns. No row is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sqlglot import exp

from onefold.engines.base import EngineError, FileReader
from onefold.errors import AccessError, Finding, suggest
from onefold.identity.read.queries import source_query
from onefold.identity.rules import constraint_queries as constraints
from onefold.identity.rules.id_filter_queries import excluded_query
from onefold.identity.schema import NODE, NODE_RULES, NODES, RULES
from onefold.plan.feature_steps import EntityVars
from onefold.plan.model import IdStitcher, InputStep, PluginStep, SqlTemplate
from onefold.plugins import model_types
from onefold.run.failures import Author, author_of, failure
from onefold.run.known_types import shape_of
from onefold.run.one_var import has_vars, one_by_one, query_of
from onefold.run.rule_file import only_in_table, unimported
from onefold.sql.compile import relations, step_query
from onefold.sql.dialects import render
from onefold.sql.id_graph import PROFILE
from onefold.sql.input import event_time, source_table
from onefold.sql.relations import Compiler, one_view
from onefold.sql.script import material_script
from onefold.sql.statements import create_table, drop

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from onefold.engines.base import ColumnType, Engine
    from onefold.errors import Location
    from onefold.plan.model import IdColumn, IdRulesTable, Plan, Step
    from onefold.plan.names import Names
    from onefold.run.known_types import EngineTypes
    from onefold.sql.dialects import EngineDialect

_RULES_SHAPE = "check_id_rules"
"""A temporary table with the columns of the table of id rules, which the run creates later."""

_TIMES = ("timestamp", "timestamp_tz", "date", "text")


@dataclass
class Preflight:
    """One check of one plan.

    Attributes:
        types: The engine's types of tables and expressions; also stores the columns of each step.
        findings: Errors so far.
        notes: Warnings so far.
        broken: Refs of steps that do not bind; steps that depend on them are not checked.
    """

    plan: Plan
    names: Names
    engine: Engine
    dialect: EngineDialect
    types: EngineTypes
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def check(self, refs: Collection[str]) -> None:
        """Check the steps among ``refs``.

        Raises:
            AccessError: With every finding.
        """
        for ref, step in self.plan.steps.items():
            if ref not in refs:
                continue
            if any(need in self.broken for need in step.needs):
                self.broken.add(ref)
                continue
            before = len(self.findings)
            self._check_step(step)
            if len(self.findings) > before:
                self.broken.add(ref)
        if self.findings:
            raise AccessError(self.findings)

    def _check_step(self, step: Step) -> None:
        if isinstance(step, InputStep):
            self._check_input(step)
        elif isinstance(step, IdStitcher):
            self._check_stitcher(step)
        elif isinstance(step, PluginStep):
            self._check_plugin(step)
        elif isinstance(step, SqlTemplate) and step.is_script:
            self._check_script(step)
        else:
            query = step_query(self._compiler(), step.ref)
            columns = self._describe(query, step.at, quiet=has_vars(step))
            if columns is None and has_vars(step):
                self._check_vars(step)
            if columns is None:
                return
            if step.output != "inline":
                self.types.keep(step.ref, columns)
            if step.output != "inline" or isinstance(step, SqlTemplate):
                self._stand_in(step.ref, query)
            if isinstance(step, SqlTemplate):
                self._check_promises(step, columns, step.name)

    # --- inputs ---

    def _check_input(self, step: InputStep) -> None:
        table = source_table(step, self.plan.author)
        try:
            columns = self.engine.describe(self._sql(exp.select("*").from_(table)))
        except EngineError as error:
            self.findings.append(self._no_table(step, table, error))
            return
        before = len(self.findings)
        self._check_promises(step, columns, step.table)
        for name in step.row_identifier:
            self._column(name, columns, step.row_identifier_at, step.table, "row_identifier")
        used = relations(self._compiler())
        texts = [i.select for i in step.ids] + ([step.where] if step.where else [])
        for text in texts:
            query = exp.select(used.expression(text)).from_(table)
            self._describe(used.complete(query), text.at, columns=columns)
        if len(self.findings) == before:
            self._describe(step_query(self._compiler(), step.ref), step.at, columns=columns)

    def _check_promises(self, step: InputStep | SqlTemplate, columns: Mapping[str, ColumnType], of: str) -> None:
        """The time column, the ids and the contract of a source."""
        time = event_time(step, relations(self._compiler()))
        if time is not None:
            kind = self._time_type(step, time, columns, of)
            if kind is not None and kind.kind not in _TIMES:
                self.findings.append(
                    Finding(
                        "error",
                        "wrong-type",
                        f'occurred_at_col "{step.occurred_at}" of {of} is {kind}, not a time',
                        step.occurred_at_at,
                        "use a timestamp column, or create one in a SQL model",
                    )
                )
        for name in step.columns:
            self._column(name, columns, step.at, of, "contract", "warning")
        if isinstance(step, SqlTemplate):
            self._check_ids(step, step.ids, columns)

    def _check_ids(self, step: SqlTemplate, ids: Iterable[IdColumn], columns: Mapping[str, ColumnType]) -> None:
        for column in ids:
            used, rows = relations(self._compiler()), self._name(step.ref)
            used.made[rows.name] = shape_of(columns)
            query = exp.select(used.expression(column.select)).from_(exp.alias_(rows, step.name, table=True))
            self._describe(used.complete(query), column.select.at, columns=columns)

    def _time_type(
        self, step: InputStep | SqlTemplate, time: exp.Expr, columns: Mapping[str, ColumnType], of: str
    ) -> ColumnType | None:
        """The type of a source's time column; adds a finding if it does not bind."""
        if isinstance(time, exp.Column) and not time.table:
            return self._column(time.name, columns, step.occurred_at_at, of, "occurred_at_col")
        rows = source_table(step, self.plan.author) if isinstance(step, InputStep) else self._name(step.ref)
        found = self._describe(exp.select(time.as_("time")).from_(rows), step.occurred_at_at, columns=columns)
        return None if found is None else next(iter(found.values()))

    def _column(  # noqa: PLR0917 - what a column is asked for
        self,
        name: str,
        columns: Mapping[str, ColumnType],
        at: Location,
        of: str,
        key: str,
        severity: Literal["error", "warning"] = "error",
    ) -> ColumnType | None:
        """The type of a column, ignoring case; adds a finding if the column does not exist."""
        folded = {c.lower(): kind for c, kind in columns.items()}
        kind = folded.get(name.strip('"').lower())
        if kind is None:
            hint = suggest(name, columns) or f"available: {', '.join(sorted(columns)[:12])}"
            message = f'{key}: {of} has no column "{name}"'
            told = self.findings if severity == "error" else self.notes
            told.append(Finding(severity, "unknown-column", message, at, hint))
        return kind

    def _no_table(self, step: InputStep, table: exp.Table, error: EngineError) -> Finding:
        what = "file" if step.csv else "table"
        name = f"{table.catalog}.{table.db}.{table.name}".strip(".").lower()
        reason = self.engine.unreadable.get(name) if isinstance(self.engine, FileReader) else None
        if reason is not None:
            return Finding(
                "error", "unreadable-file", f"the file of table {step.table} cannot be read: {reason}", step.at,
                "replace the file; recreate the sample shop with `pb insert`",
            )  # fmt: skip
        if error.kind != "missing":
            return failure(error, step.at, author=self._author())
        author = self._author()
        there = self.engine.objects(everywhere=True)
        names = (author.name(f"{each.catalog}.{each.schema}.{each.name}") for each in there)
        known = [name for name in names if name is not None]
        hint = suggest(step.table, known) or "correct the name, or add its location to `catalogs` in onefold.yaml"
        return Finding("error", "missing-table", f"{what} {step.table} does not exist", step.at, hint)

    # --- models ---

    def _check_plugin(self, step: PluginStep) -> None:
        """Create an empty table with the columns that the plugin declares."""
        promised = f"promised_{self._name(step.ref).name}"
        with self.engine.upload(promised, model_types()[step.plugin].columns(step.spec).empty_table()):
            self._stand_in(step.ref, exp.select("*").from_(exp.to_table(promised)))
        self._keep(step.ref)

    def _check_script(self, step: SqlTemplate) -> None:
        """Bind the tables that the statements create, in order. Statements that change rows are not checked."""
        columns = None
        for statement in material_script(step, lambda: relations(self._compiler())).statements:
            if not isinstance(statement, exp.Create) or statement.kind != "TABLE":
                continue
            target = statement.find(exp.Table)
            query = statement.args.get("expression")
            assert target is not None  # noqa: S101 - it creates a table
            if target.db:  # an object that the template names is in the output schema, and is not created here
                continue
            name = exp.to_table(target.name)
            if not isinstance(query, exp.Query):
                made = statement.copy()
                made.set("properties", exp.Properties(expressions=[exp.TemporaryProperty()]))
                self.engine.execute(self._sql(made))
                continue
            found = self._describe(query, step.body.at)
            if found is None:
                return
            columns = found if target.name == self._name(step.ref).name else columns
            empty = exp.select("*").from_(query.subquery("shape")).limit(0)
            self.engine.execute(self._sql(create_table(name, empty, temporary=True)))
        if columns is not None:
            self.types.keep(step.ref, columns)
            self._check_promises(step, columns, step.name)

    def _check_stitcher(self, step: IdStitcher) -> None:
        for number in range(len(step.sources)):
            used = relations(self._compiler())
            if self._describe(used.complete(source_query(step, number, used)), step.at) is None:
                return
        if step.id_rules is not None and not self._check_id_rules(step, step.id_rules):
            return
        numbered = exp.select(
            *(
                exp.cast(exp.null(), kind).as_(name)
                for name, kind in (("node", "BIGINT"), ("id_type", "TEXT"), ("id", "TEXT"))
            )
        )
        self.engine.execute(self._sql(create_table(exp.to_table(NODES), numbered.limit(0), temporary=True)))
        used = relations(self._compiler())
        is_whole = self._describe(used.complete(excluded_query(step, used)), step.at) is not None
        # A relation with this name is uploaded later.
        self.engine.execute(self._sql(drop(exp.to_table(NODES), "TABLE")))
        if not is_whole:
            return
        shape = exp.select(
            *(
                exp.cast(exp.null(), kind).as_(name)
                for name, kind in (
                    (step.main_id, "TEXT"),
                    ("other_id", "TEXT"),
                    ("other_id_type", "TEXT"),
                    ("valid_at", "TIMESTAMP"),
                    ("first_seen_at", "TIMESTAMP"),
                    (PROFILE, "BIGINT"),
                    (NODE, "BIGINT"),
                )
            )
        )
        self._stand_in(step.ref, shape)
        self._keep(step.ref)

    def _check_id_rules(self, step: IdStitcher, rules: IdRulesTable) -> bool:
        """Whether the table of id rules exists with its columns, or can be created from the rules file."""
        author = self.plan.author
        table = constraints.rules_table(rules, author)
        if rules.rules is not None:
            lost = only_in_table(self.engine, rules, self.dialect, author)
            if lost:
                self.findings.append(unimported(rules, lost))
                return False
            table = exp.to_table(_RULES_SHAPE)
            kinds = {name: "TIMESTAMP" if name == "created_at" else "TEXT" for name in constraints.RULE_COLUMNS}
            shape = exp.select(*(exp.cast(exp.null(), kind).as_(name) for name, kind in kinds.items())).limit(0)
            self.engine.execute(self._sql(create_table(table, shape, temporary=True)))
        elif not self._has_rule_columns(table, rules):
            return False
        for name, query in (
            (RULES, constraints.rules_query(step, author, table)),
            (NODE_RULES, constraints.node_rules_query()),
        ):
            empty = exp.select("*").from_(query.subquery("shape")).limit(0)
            self.engine.execute(self._sql(create_table(exp.to_table(name), empty, temporary=True)))
        return True

    def _has_rule_columns(self, table: exp.Table, rules: IdRulesTable) -> bool:
        try:
            columns = self.engine.describe(self._sql(exp.select("*").from_(table)))
        except EngineError as error:
            hint = "add rules with `pb idstitch rules add`, or create the table with `pb idstitch rules create`"
            message = f"the table of id rules, {rules.table}, cannot be read: {error}"
            self.findings.append(Finding("error", "missing-table", message, rules.at, hint))
            return False
        before = len(self.findings)
        for name in constraints.RULE_COLUMNS:
            self._column(name, columns, rules.at, rules.table, "id_stitcher_rules")
        return len(self.findings) == before

    def _check_vars(self, step: Step) -> None:
        """Bind each var of a step alone, so that each mistake is reported."""
        for var, alone in one_by_one(step):
            self._describe(query_of(alone, self._compiler()), var.select.at, columns=self._columns_of(step))
        if not self.findings:
            self._describe(step_query(self._compiler(), step.ref), step.at)

    def _columns_of(self, step: Step) -> tuple[str, ...]:
        if not isinstance(step, EntityVars):
            return ()
        source = self.plan.steps[step.source]
        if source.output != "inline":
            query: exp.Query = exp.select("*").from_(self._name(step.source))
        else:
            query = step_query(self._compiler(), step.source)
        try:
            return tuple(self.engine.describe(self._sql(query)))
        except EngineError:
            return ()

    # --- the database ---

    def _compiler(self) -> Compiler:
        return Compiler(
            self.plan, self.names, self.dialect, self._name, lambda ref: one_view(self._name(ref)), self.types.known()
        )

    def _author(self) -> Author:
        """The names that findings show instead of those of stand-ins."""
        return author_of(self.plan, self.engine.schema, {self._name(ref).name: ref for ref in self.plan.steps})

    def _name(self, ref: str) -> exp.Table:
        return exp.to_table(f"check_{tuple(self.plan.steps).index(ref)}")

    def _stand_in(self, ref: str, query: exp.Query) -> None:
        """An empty temporary table with the columns of a step."""
        empty = exp.select("*").from_(query.subquery("shape", copy=False)).limit(0, copy=False)
        self.engine.execute(self._sql(create_table(self._name(ref), empty, temporary=True)))

    def _keep(self, ref: str) -> None:
        """Store the columns of a step's stand-in."""
        self.types.keep(ref, self.engine.describe(self._sql(exp.select("*").from_(self._name(ref)))))

    def _describe(
        self, query: exp.Query, at: Location, *, columns: Iterable[str] = (), quiet: bool = False
    ) -> Mapping[str, ColumnType] | None:
        """The columns of a query. If it does not bind: None, and a finding unless ``quiet``."""
        try:
            return self.engine.describe(self._sql(query))
        except EngineError as error:
            if not quiet:
                self.findings.append(failure(error, at, columns=columns, author=self._author()))
            return None

    def _sql(self, query: exp.Expr) -> str:
        return render(query, self.dialect, pretty=False)

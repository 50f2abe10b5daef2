"""``pb migrate_ids``: migrate the main ids of an existing id graph (ADR 15).

Takes a project, its target, and a table or file with main ids, ids and id types. Writes two tables to the output
schema, next to the stitcher's view: ``<VIEW>_MIGRATED_ANCHORS`` and ``<VIEW>_MIGRATED_MEMBERS``. The next run inherits
main ids from them as if they had been published. Writes nothing if the graph has a mistake.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding, Location, ProjectError, UsageError, suggest
from onefold.identity.main_ids import migration as sql
from onefold.plan.model import IdStitcher
from onefold.plan.names import view_name
from onefold.run.failures import failure
from onefold.run.options import RunOptions
from onefold.run.plan_project import plan_project
from onefold.run.published_graphs import state_of
from onefold.run.target import connect
from onefold.sql.author import read_table
from onefold.sql.dialects import render
from onefold.sql.statements import beside, create_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from onefold.engines.base import Engine
    from onefold.project.spec import Entity, ProjectSpec
    from onefold.run.target import Target
    from onefold.state.publications import Recorded
    from onefold.state.store import StateStore

_EXAMPLES = 5
_FILE = "main_ids_file"
_SUFFIXES = (".csv", ".parquet")
_COLUMNS = ("other_id", "other_id_type")


@dataclass(frozen=True)
class GivenGraph:
    """An existing id graph.

    Attributes:
        source: A table, ``[catalog.]schema.table``, or a CSV or Parquet file. A relative path starts at the current
            folder, or else at the project folder.
        entity: The entity of the ids; None for the only entity.
        main_id: Name of the main id column; None for ``<entity>_main_id`` or ``main_id``.
        is_added: Whether to add its ids to an existing history.
    """

    source: str
    entity: str | None = None
    main_id: str | None = None
    is_added: bool = False


@dataclass(frozen=True)
class MigratedIds:
    """The result of a migration.

    Attributes:
        stitcher: Ref of the stitcher that will inherit the ids.
        main_ids: Number of main ids.
        ids: Number of their ids.
        skipped: Number of rows that are duplicates, or that lack a main id, an id or a type.
    """

    stitcher: str
    main_ids: int
    ids: int
    skipped: int


def migrate_ids(project: ProjectSpec, target: Target, given: GivenGraph) -> MigratedIds:
    """Migrate the main ids of a graph. Replaces an earlier migration that no run has published yet.

    Raises:
        UsageError: If there is no such entity, column or file; if the ids have mistakes, with examples; if ids were
            published before and the graph is not to be added.
        AccessError: If the table or the database cannot be read or written.
        RunError: If a run was published meanwhile. A run that is under way when this is done will not be published.
    """
    entity = _entity(project, given.entity)
    plan = plan_project(project, target, RunOptions().time_window())
    step = next((s for s in plan.steps.values() if isinstance(s, IdStitcher) and s.entity == entity.name), None)
    if step is None:
        message = f'entity "{entity.name}" has no id stitcher'
        raise UsageError(Finding("error", "no-stitcher", message, entity.at.start))
    view = exp.table_(view_name(step, plan.author), db=target.schema, quoted=True)
    try:
        with connect(target, project) as engine:
            return _Migration(project, target, given, engine, entity, step, view).carry_out()
    except EngineError as error:
        found = failure(error, None)
        message = f"{given.source} cannot be migrated: {found.message}"
        raise AccessError(Finding("error", found.code, message, hint=found.hint)) from error


def _entity(project: ProjectSpec, name: str | None) -> Entity:
    entities = {entity.name: entity for entity in project.file.entities}
    if name is None and len(entities) == 1:
        return next(iter(entities.values()))
    if name not in entities:
        message = f'there is no entity "{name}"' if name else "there are several entities; name that of the ids"
        hint = (suggest(name, entities) if name else None) or f"available: {', '.join(entities)}"
        raise UsageError(Finding("error", "unknown-entity", message, hint=hint))
    return entities[name]


@dataclass(frozen=True)
class _Migration:
    """The migration of one graph into the output schema."""

    project: ProjectSpec
    target: Target
    given: GivenGraph
    engine: Engine
    entity: Entity
    step: IdStitcher
    view: exp.Table

    def carry_out(self) -> MigratedIds:
        # Read before the history is looked for: a run that is published after that makes the lease fail.
        store = state_of(self.engine, self.target.dialect)
        recorded = store.read()
        if not self.given.is_added:
            self._refuse_history()
        with self._graph() as graph:
            return self._migrate(graph, store, recorded)

    def _migrate(self, graph: exp.Table, store: StateStore, recorded: Recorded) -> MigratedIds:
        distinct = sql.given_query(graph, self._columns(graph))
        self._run(create_table(exp.to_table(sql.GIVEN), distinct, temporary=True))
        if findings := [*self._unknown_types(), *self._doubled_ids(), *self._no_ids()]:
            raise UsageError(findings)
        with self.engine.transaction():
            store.take_lease(recorded, "a migration of main ids")
            self._run(create_table(beside(self.view, sql.MIGRATED_ANCHORS), sql.migrated_anchors_query()))
            self._run(create_table(beside(self.view, sql.MIGRATED_MEMBERS), sql.migrated_members_query()))
        rows = self._rows(exp.select(exp.Count(this=exp.Star()).as_("every_row")).from_(graph))[0]["every_row"]
        counts = self._rows(sql.count_query())[0]
        return MigratedIds(self.step.ref, int(counts["main_ids"]), int(counts["ids"]), int(rows) - int(counts["ids"]))

    def _run(self, tree: exp.Expr) -> None:
        self.engine.execute(render(tree, self.target.dialect))

    def _rows(self, query: exp.Select) -> list[dict[str, Any]]:
        return self.engine.fetch(render(query, self.target.dialect)).to_pylist()  # type: ignore[no-any-return]

    def _refuse_history(self) -> None:
        """Refuse to replace published main ids."""
        published = exp.select("*").from_(beside(self.view, "ALIASES"))
        try:
            self.engine.describe(render(published, self.target.dialect))
        except EngineError:
            return
        message = f"{self.view.name} already has published main ids"
        hint = "keep both with --add: a profile with several main ids keeps the one whose anchor was seen first"
        raise UsageError(Finding("error", "has-history", message, hint=hint))

    # --- reading the graph ---

    @contextmanager
    def _graph(self) -> Iterator[exp.Table]:
        """The graph as a table; a file is uploaded."""
        source = self.given.source
        if not source.lower().endswith(_SUFFIXES):
            try:
                graph = read_table(source, self.project.settings.sql_dialect, Location("--from", 1, 1))
            except ProjectError as error:
                hint = "give [catalog.]schema.table, or the path of a .csv or .parquet file"
                raise UsageError(Finding("error", "no-table", f'"{source}" is not a table', hint=hint)) from error
            yield graph
            return
        path = next((p for p in (Path(source), self.target.root / source) if p.is_file()), None)
        if path is None:
            raise UsageError(Finding("error", "cannot-read", f"there is no file {source}"))
        with self.engine.upload(_FILE, _read_file(path)):
            yield exp.to_table(_FILE)

    def _columns(self, graph: exp.Table) -> dict[str, str]:
        """The column of the graph for each required column, ignoring case."""
        described = self.engine.describe(render(exp.select("*").from_(graph.copy()), self.target.dialect))
        there = {name.lower(): name for name in described}
        main_ids = (self.given.main_id,) if self.given.main_id else (self.step.main_id, "main_id")
        wanted = {"main_id": main_ids, **{name: (name,) for name in _COLUMNS}}
        found = {ours: [there[n.lower()] for n in names if n.lower() in there] for ours, names in wanted.items()}
        missing = [" or ".join(wanted[ours]) for ours, columns in found.items() if not columns]
        if missing:
            message = f"{self.given.source} has no column {' and no column '.join(missing)}"
            hint = f"available: {', '.join(there.values())}; name the main id column with --main_id"
            raise UsageError(Finding("error", "unknown-column", message, hint=hint))
        return {ours: columns[0] for ours, columns in found.items()}

    # --- checking it ---

    def _unknown_types(self) -> Iterator[Finding]:
        known = self.entity.id_types
        for row in self._rows(sql.unknown_types_query(known)):
            id_type = row["id_type"]
            message = f'{self.given.source} has {row["ids"]} ids of the unknown type "{id_type}"'
            hint = suggest(id_type, known) or f"available: {', '.join(known)}"
            yield Finding("error", "unknown-id-type", message, hint=hint)

    def _doubled_ids(self) -> Iterator[Finding]:
        rows = self._rows(sql.examples_query(sql.doubled_query(), _EXAMPLES))
        if rows:
            examples = [
                f"{r['other_id_type']} {r['other_id']} ({r['one_main_id']}, {r['other_main_id']})" for r in rows
            ]
            number = rows[0]["doubled"]
            message = f"{self.given.source} has {number} ids with several main ids: {examples}"
            yield Finding("error", "doubled-id", message, hint="keep one main id for each id")

    def _no_ids(self) -> Iterator[Finding]:
        if not self._rows(sql.count_query())[0]["ids"]:
            yield Finding("error", "no-ids", f"{self.given.source} has no row with a main id, an id and an id type")


def _read_file(path: Path) -> pa.Table:
    """The rows of a file. All values of a CSV file are read as text, so that 007 stays 007."""
    import pyarrow as pa  # noqa: PLC0415 - its readers of files are of use here only
    import pyarrow.csv as pa_csv  # noqa: PLC0415
    import pyarrow.parquet as pa_parquet  # noqa: PLC0415

    try:
        if path.suffix.lower() == ".parquet":
            return pa_parquet.read_table(path)
        with pa_csv.open_csv(path) as head:
            texts = dict.fromkeys(head.schema.names, pa.string())
        return pa_csv.read_csv(path, convert_options=pa_csv.ConvertOptions(column_types=texts))
    except (OSError, pa.ArrowException) as error:
        raise UsageError(Finding("error", "cannot-read", f"{path} cannot be read: {error}")) from error

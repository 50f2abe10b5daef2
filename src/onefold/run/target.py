"""Open the engine of a project's connection.

Takes a project and its resolved connection. Returns a `Target`, the place of its results, and an `Engine`. Only this
module chooses the engine for a type of connection.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from onefold.engines.base import ConnectionSettings
from onefold.engines.registry import ENGINES, engine_module
from onefold.errors import AccessError, Finding, UsageError
from onefold.memory import VARIABLE, database_memory, machine_memory
from onefold.project.files import path_within
from onefold.project.settings import LOCAL_TARGET

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from onefold.engines.base import Engine
    from onefold.project.settings import ResolvedConnection
    from onefold.project.spec import ProjectSpec
    from onefold.sql.dialects import EngineDialect


_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
"""Seconds between two attempts to open a locked database; each pause is twice the previous one."""


@dataclass(frozen=True)
class Target:
    """Where a run reads and writes.

    Attributes:
        engine: The engine, by the type of the connection.
        name: The connection's target, which names the folder under ``output/``.
        root: The project's folder.
        database: The database file.
        schema: The output schema.
        catalogs: Folder or database file by catalog name.
        copy: The published copy, written after each run that publishes; None for none.
        memory: Bytes that the database can use before it spills to disk.
        wait: How long to wait for a locked database.
        tell: Called once with a message if the database is locked.
    """

    engine: str
    name: str
    root: Path
    database: Path
    schema: str
    catalogs: Mapping[str, Path]
    copy: Path | None = None
    memory: int | None = None
    wait: timedelta = timedelta(0)
    tell: Callable[[str], None] | None = field(default=None, compare=False)

    @property
    def dialect(self) -> EngineDialect:
        """The SQL dialect of the engine, with the names under which it attaches the catalogs."""
        from onefold.sql.dialects import dialect_of  # noqa: PLC0415 - keeps reading a project fast

        renamed = engine_module(self.engine).attached_names(self.catalogs, self.schema)
        return replace(dialect_of(self.engine), attached=tuple(renamed.items()))

    @property
    def copy_part(self) -> Path | None:
        """The temporary file that becomes the copy once it is complete."""
        return None if self.copy is None else self.copy.with_name(f".{self.copy.name}.{os.getpid()}.part")

    @property
    def output(self) -> str:
        """The database file and the schema, for display."""
        return f"{self.shown_database}, schema {self.schema}"

    @property
    def run_folders(self) -> Path:
        """The folder of the SQL files of runs, with a folder per sequence number."""
        return self.root / "output" / self.name / "seq_no"

    @property
    def shown_database(self) -> str:
        """The database file, relative to the project folder if it is inside."""
        inside = self.database.is_relative_to(self.root)
        return str(self.database.relative_to(self.root) if inside else self.database)


def target_of(project: ProjectSpec, connection: ResolvedConnection) -> Target:
    """The target of a project's runs.

    Raises:
        UsageError: If this version has no engine for the type of the connection.
    """
    root = Path(project.root)
    if connection.type not in ENGINES:
        served = " and ".join(ENGINES)
        message = f'connection "{connection.name}" has type {connection.type}; this version supports only {served}'
        hint = f"set `connection: local` in pb_project.yaml, or create a {served} connection with `pb init connection`"
        raise UsageError(Finding("error", "no-engine", message, hint=hint))
    database = (root / connection.options["path"]).resolve()
    catalogs = {name: (root / path).resolve() for name, path in project.settings.catalogs.items()}
    return Target(
        engine=connection.type,
        name=connection.target,
        root=root,
        database=database,
        schema=connection.options["schema"],
        catalogs=catalogs,
        copy=_copy(project, connection.target, root, {database, *catalogs.values()}),
        memory=_memory(project),
    )


def _copy(project: ProjectSpec, target: str, root: Path, taken: Collection[Path]) -> Path | None:
    """The path of the published copy: ``output/published.duckdb``, or ``output/published_<target>.duckdb``.

    Raises:
        UsageError: If the path is in use.
    """
    given = project.settings.published_copy
    if given is False:
        return None
    path = (root / ("output/published.duckdb" if given is True else given)).resolve()
    if target != LOCAL_TARGET:
        path = path.with_name(f"{path.stem}_{target}{path.suffix}")
    if path in taken or path.is_dir():
        message = f"the published copy cannot be written to {path.name}: it is a database, a catalog or a folder"
        at = project.settings.at.value("published_copy")
        raise UsageError(Finding("error", "bad-copy", message, at, "use another file name"))
    return path


def _memory(project: ProjectSpec) -> int:
    """Memory limit of the database in bytes: from the environment, onefold.yaml, or a share of the machine.

    Raises:
        UsageError: If the setting is not a size.
    """
    told = os.environ.get(VARIABLE)
    at = VARIABLE if told else project.settings.at.value("memory_limit")
    try:
        return database_memory(told or project.settings.memory_limit, machine_memory())
    except ValueError as error:
        raise UsageError(Finding("error", "bad-memory-limit", str(error), at)) from error


@contextmanager
def connect(
    target: Target,
    project: ProjectSpec | None = None,
    *,
    read_only: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Engine]:
    """Open the engine for the length of the block. A writer holds the database lock until then.

    Args:
        target: Where to open it.
        project: The project, whose CSV inputs become visible.
        read_only: Open it for queries only; many readers can be open at once.
        progress: Called with the progress of a running statement, 0 to 1.

    Raises:
        AccessError: If the database or a catalog cannot be opened, or stays locked for too long.
    """
    with ExitStack() as opened:
        yield _opened(target, project, opened, read_only=read_only, progress=progress)


def _opened(
    target: Target,
    project: ProjectSpec | None,
    opened: ExitStack,
    *,
    read_only: bool,
    progress: Callable[[float], None] | None,
) -> Engine:
    """The engine, once the database is not locked; an error after the time to wait."""
    deadline, pause, told = time.monotonic() + target.wait.total_seconds(), _FIRST_PAUSE, False
    while True:
        try:
            with ExitStack() as attempt:
                engine = _open(target, project, read_only=read_only, progress=progress)
                attempt.callback(engine.close)
                if not read_only:
                    attempt.enter_context(engine.lock())
                opened.enter_context(attempt.pop_all())
                return engine
        except AccessError as error:
            held = error.findings[0]
            left = deadline - time.monotonic()
            if held.code != "locked" or not target.wait:
                raise
            if left <= 0:
                message = f"{held.message} (waited {target.wait})"
                raise AccessError(Finding("error", "locked", message, held.where, held.hint)) from error
            if not told and target.tell is not None:
                target.tell(f"waiting up to {target.wait}: {held.message}")
            told = True
            time.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_PAUSE)


def _open(
    target: Target, project: ProjectSpec | None, *, read_only: bool, progress: Callable[[float], None] | None
) -> Engine:
    settings = ConnectionSettings(
        database=target.database,
        schema=target.schema,
        catalogs=target.catalogs,
        csv_files=csv_files(project) if project is not None else {},
        declared=column_types(project) if project is not None else {},
        required={} if project is None else {n.lower(): f.columns for n, f in project.settings.files.items()},
        session=target.dialect.session,
        copy=None if read_only else target.copy_part,
        memory=target.memory,
    )
    return engine_module(target.engine).open_engine(settings, read_only=read_only, progress=progress)


def csv_files(project: ProjectSpec) -> dict[str, Path]:
    """The CSV files of a project's inputs, by the names of the views that show them."""
    from onefold.sql.input import csv_view  # noqa: PLC0415 - keeps reading a project fast

    paths = ((i.name, i.app_defaults.csv) for i in project.inputs)
    return {
        csv_view(name): path_within(path, Path(project.root), project.package_roots)
        for name, path in paths
        if path is not None
    }


def column_types(project: ProjectSpec) -> dict[str, dict[str, str]]:
    """The types that a project declares for columns of data files, by lower-case table and column.

    ``files`` in onefold.yaml takes precedence over the contracts of inputs. A column with conflicting types in
    contracts has no declared type.
    """
    from onefold.sql.file_types import engine_type  # noqa: PLC0415 - keeps reading a project fast
    from onefold.sql.input import csv_view  # noqa: PLC0415

    author, promised = project.settings.sql_dialect, dict[tuple[str, str], set[str]]()
    for given in project.inputs:
        app = given.app_defaults
        table = csv_view(given.name) if app.csv is not None else app.table or app.view or ""
        for column in given.contract.with_columns:
            if (kind := column.type or column.datatype) is not None:
                promised.setdefault((_key(table), _key(column.name)), set()).add(engine_type(kind, author))
    found: dict[str, dict[str, str]] = {}
    for (table, name), kinds in promised.items():
        if len(kinds) == 1:
            found.setdefault(table, {})[name] = next(iter(kinds))
    for table, declared in project.settings.files.items():
        own = {_key(name): engine_type(kind, author) for name, kind in declared.columns.items()}
        found[_key(table)] = {**found.get(_key(table), {}), **own}
    return found


def _key(name: str) -> str:
    return ".".join(part.strip('"`') for part in name.lower().split("."))

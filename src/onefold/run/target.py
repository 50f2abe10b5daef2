"""A project's connection -> an open engine.

In: a project and its resolved connection. Out: where results land, and an `Engine`. Which driver serves which type of
connection is decided here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onefold.engines.duckdb import DuckDB
from onefold.errors import Finding, UsageError
from onefold.project.files import path_within
from onefold.sql.dialect import DUCKDB, EngineDialect
from onefold.sql.file_types import engine_type
from onefold.sql.input import csv_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onefold.project.settings import ResolvedConnection
    from onefold.project.spec import Project


@dataclass(frozen=True)
class Target:
    """Where a run reads and writes.

    Attributes:
        name: The connection's target, which names the folder under ``output/``.
        root: The project's folder.
        database: The DuckDB file.
        schema: The output schema.
        catalogs: Folder or database file by catalog name.
    """

    name: str
    root: Path
    database: Path
    schema: str
    catalogs: Mapping[str, Path]
    dialect: EngineDialect = DUCKDB

    @property
    def output(self) -> str:
        """For people: the file as they would type it, and the schema."""
        return f"{self.shown_database}, schema {self.schema}"

    @property
    def shown_database(self) -> str:
        """The database file relative to the project where it lies inside."""
        inside = self.database.is_relative_to(self.root)
        return str(self.database.relative_to(self.root) if inside else self.database)


def target_of(project: Project, connection: ResolvedConnection) -> Target:
    """Where a project's runs go.

    Raises:
        UsageError: If no engine of this version serves the connection's type.
    """
    root = Path(project.root)
    if connection.type != "duckdb":
        raise UsageError(
            Finding(
                "error",
                "no-engine",
                f'connection "{connection.name}" is of type {connection.type}; this version runs on duckdb only',
                hint="set `connection: local` in pb_project.yaml, or make one of type duckdb: `pb init connection`",
            )
        )
    return Target(
        name=connection.target,
        root=root,
        database=(root / connection.options["path"]).resolve(),
        schema=connection.options["schema"],
        catalogs={name: (root / path).resolve() for name, path in project.settings.catalogs.items()},
    )


def connect(
    target: Target,
    project: Project | None = None,
    *,
    read_only: bool = False,
    progress: Callable[[float], None] | None = None,
) -> DuckDB:
    """Open the engine.

    Args:
        target: Where.
        project: Its CSV inputs are made visible.
        read_only: For questions; many may be open at once.
        progress: Told the share done of a running statement.

    Raises:
        AccessError: If the database or a catalog cannot be opened.
    """
    types = column_types(project) if project is not None else {}
    return DuckDB(
        target.database,
        target.schema,
        catalogs=target.catalogs,
        csv_files=csv_files(project) if project is not None else {},
        declared=types,
        required={} if project is None else {n.lower(): f.columns for n, f in project.settings.files.items()},
        session=target.dialect.session,
        read_only=read_only,
        progress=progress,
    )


def csv_files(project: Project) -> dict[str, Path]:
    """The CSV files of a project's inputs, by the names of the views that show them."""
    paths = ((i.name, i.app_defaults.csv) for i in project.inputs)
    return {
        csv_view(name): path_within(path, Path(project.root), project.package_roots)
        for name, path in paths
        if path is not None
    }


def column_types(project: Project) -> dict[str, dict[str, str]]:
    """The DuckDB types that a project declares for columns of data files, by lower-case table and column.

    ``files`` of onefold.yaml wins over the contracts of inputs. Of a column that inputs give different types none
    counts.
    """
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

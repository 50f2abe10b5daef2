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
from onefold.sql.dialect import DUCKDB, EngineDialect
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
    inputs = [(i.name, i.app_defaults.csv) for i in project.inputs if i.app_defaults.csv] if project else []
    return DuckDB(
        target.database,
        target.schema,
        catalogs=target.catalogs,
        csv_files={csv_view(name): target.root / path for name, path in inputs},
        session=target.dialect.session,
        read_only=read_only,
        progress=progress,
    )

"""The registry entry of DuckDB: names of catalogs, and opening a connection.

Takes settings; returns an engine. The driver is imported when a connection is opened, because planning needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.engines.duckdb_names import attached_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.engines.base import ConnectionSettings
    from onefold.engines.duckdb import DuckDB

__all__ = ["attached_names", "open_engine"]


def open_engine(
    settings: ConnectionSettings, *, read_only: bool, progress: Callable[[float], None] | None = None
) -> DuckDB:
    """See ``EngineModule.open_engine``."""
    from onefold.engines.duckdb import DuckDB  # noqa: PLC0415 - the driver takes long to load

    return DuckDB(
        settings.database,
        settings.schema,
        catalogs=settings.catalogs,
        csv_files=settings.csv_files,
        declared=settings.declared,
        required=settings.required,
        session=settings.session,
        read_only=read_only,
        progress=progress,
        exports=settings.copy,
        memory=settings.memory,
    )

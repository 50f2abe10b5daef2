"""The engines by connection type.

Takes the type of a connection; returns the module of its engine. A module is imported on demand, and its database
driver when a connection is opened. No one therefore needs the drivers of other engines, and planning needs none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from onefold.engines.base import ConnectionSettings, Engine

ENGINES: Mapping[str, str] = {"duckdb": "onefold.engines.duckdb_open"}
"""The module of each engine."""


class EngineModule(Protocol):
    """The interface of an engine's module."""

    def attached_names(self, catalogs: Collection[str], schema: str) -> dict[str, str]:
        """The lower-case names of catalogs that are attached under another name, with that name."""

    def open_engine(
        self, settings: ConnectionSettings, *, read_only: bool, progress: Callable[[float], None] | None = None
    ) -> Engine:
        """Open a connection.

        Args:
            settings: The settings of the connection.
            read_only: Open for queries; many such connections may be open at once.
            progress: Called with the finished share of a running statement.

        Raises:
            AccessError: If the database or a catalog cannot be opened.
        """


def engine_module(kind: str) -> EngineModule:
    """The module of the engine for a connection type.

    Raises:
        KeyError: If this version has no engine for it.
    """
    return cast("EngineModule", import_module(ENGINES[kind]))

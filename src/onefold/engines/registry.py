"""Engines by the type of connection that they serve.

Takes the type of a connection; returns the module of its engine. A module is imported when it is asked for, and its
database driver when a connection is opened, so that nobody needs the drivers of other engines, and planning needs none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from onefold.engines.base import ConnectionSettings, Engine

ENGINES: Mapping[str, str] = {"duckdb": "onefold.engines.duckdb_engine"}
"""The module of each engine."""


class EngineModule(Protocol):
    """What the module of an engine has to offer."""

    def attached_names(self, catalogs: Collection[str], schema: str) -> dict[str, str]:
        """Catalogs that are attached under another name than the project's: their lower-case names, and the others."""

    def open_engine(
        self, settings: ConnectionSettings, *, read_only: bool, progress: Callable[[float], None] | None = None
    ) -> Engine:
        """Open a connection.

        Args:
            settings: What to connect to.
            read_only: For questions; many may be open at once.
            progress: Told the share done of a running statement.

        Raises:
            AccessError: If the database or a catalog cannot be opened.
        """


def engine_module(kind: str) -> EngineModule:
    """The module of the engine that serves a type of connection.

    Raises:
        KeyError: This version has no engine for it.
    """
    return cast("EngineModule", import_module(ENGINES[kind]))

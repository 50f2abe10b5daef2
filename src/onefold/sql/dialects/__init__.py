"""SQL dialects of engines, one file each, imported on demand by the name of the engine.

Takes the name of an engine; returns its `EngineDialect`. Opens no connection and imports no driver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from onefold.sql.dialects.base import EngineDialect, render

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DIALECTS", "EngineDialect", "dialect_of", "render"]

DIALECTS: Mapping[str, tuple[str, str]] = {"duckdb": ("onefold.sql.dialects.duckdb", "DUCKDB")}
"""Module and name of each engine's dialect."""


def dialect_of(engine: str) -> EngineDialect:
    """The dialect of an engine.

    Args:
        engine: Its name, which is the connection type that it serves.

    Raises:
        KeyError: This version has no such engine.
    """
    module, name = DIALECTS[engine]
    found = getattr(import_module(module), name)
    assert isinstance(found, EngineDialect)  # noqa: S101 - all of them are
    return found

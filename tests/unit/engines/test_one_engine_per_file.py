"""Nothing outside the engines and their dialects checks which engine it talks to."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import onefold

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(onefold.__file__).parent
OWN = ("engines/", "sql/dialects/", "sample/")
"""Where an engine is named: its file, its dialect, and the maker of the sample, which writes data files."""

WRITTEN_FOR_IT = ("sql/transpile/", "sql/coercion/", "sql/file_types.py", "sql/types.py")
"""Rules of a pair of dialects, and types in the words of the engine: SQL of the engine is read and written there."""

NAMED = {
    "project/settings.py": "types of connections and the default one",
    "project/spec/settings.py": "author dialects",
    "cli/init.py": "what a new connection of each type holds",
    "cli/version.py": "versions of what is installed",
}
"""Other modules that may name engines, and why."""


MODULES = ("onefold.engines.duckdb", "onefold.sql.dialects.duckdb")


def names_of_engines(path: Path) -> Iterator[int]:
    """Lines that contain the name of an engine as a text, or import its module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and node.value == "duckdb":
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(MODULES):
            yield node.lineno


def test_nobody_asks_which_engine_it_is() -> None:
    """Capabilities are looked up by name; only an engine's own files, and lists of engines, name an engine."""
    found = [
        f"{name}:{line}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not (name := path.relative_to(SOURCE).as_posix()).startswith((*OWN, *WRITTEN_FOR_IT)) and name not in NAMED
        for line in names_of_engines(path)
    ]
    assert found == []

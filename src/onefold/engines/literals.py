"""Renders names and texts as DuckDB SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def texts(values: Iterable[object]) -> str:
    """A list of string literals."""
    return f"[{', '.join(literal(str(value)) for value in values)}]"


def paths(files: Iterable[object]) -> str:
    """A list of paths for a function that reads files; glob characters are escaped."""
    return texts(re.sub(r"[*?\[]", lambda found: f"[{found[0]}]", str(path)) for path in files)


def struct(values: Mapping[str, str]) -> str:
    """A struct of string literals, for example the ``columns`` of a table function."""
    return "{" + ", ".join(f"{literal(name)}: {literal(value)}" for name, value in values.items()) + "}"

"""The names under which a DuckDB connection attaches databases. Imports no driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

OUTPUT = "onefold"
"""Name under which the database file is attached."""

_RESERVED = ("main", "memory", "temp", "system", "information_schema", "published_copy")
"""Names of databases and schemas that always exist, or come and go."""


def attached_names(catalogs: Collection[str], schema: str) -> dict[str, str]:
    """The lower-case names of catalogs that are attached under another name, with that name.

    Some are DuckDB's own. The others would be ambiguous: a two-part name could mean a table of the output schema.
    """
    taken = {schema.lower(), OUTPUT, *_RESERVED}
    used = {*taken, *(name.lower() for name in catalogs)}
    found = {}
    for name in catalogs:
        if name.lower() in taken:
            attached = f"{name.lower()}_data"
            while attached in used:
                attached += "_"
            used.add(attached)
            found[name.lower()] = attached
    return found

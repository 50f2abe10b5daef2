"""Names under which a DuckDB connection attaches databases. Takes and returns names; imports no driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

OUTPUT = "onefold"
"""Name under which the database file is attached."""

_RESERVED = ("main", "memory", "temp", "system", "information_schema", "published_copy")
"""Names of databases and schemas that are always there, or come and go."""


def attached_names(catalogs: Collection[str], schema: str) -> dict[str, str]:
    """The lower-case names of catalogs that cannot be attached under them, and the name that each is attached under.

    A name of two parts would mean a table of the output schema, or of a catalog of the same name; others are DuckDB's.
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

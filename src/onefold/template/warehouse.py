"""The database and times as templates see them: SQL fragments in the author dialect.

Takes a scope; returns text. Connects to nothing.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from onefold.template import arguments
from onefold.template.go_time import STRING_LAYOUT, format_time
from onefold.template.references import ObjectReference

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from onefold.template.references import References
    from onefold.template.scope import TemplateScope

_TYPES: Mapping[str, Mapping[str, str]] = {
    "float": {
        "bigquery": "FLOAT64",
        "databricks": "DOUBLE",
        "redshift": "DOUBLE PRECISION",
        "postgres": "DOUBLE PRECISION",
    },
    "integer": {"bigquery": "INT64"},
    "text": {"bigquery": "STRING", "databricks": "STRING", "snowflake": "VARCHAR"},
    "boolean": {"bigquery": "BOOL"},
    "timestamp": {},
    "date": {},
}
"""Portable type names of ``warehouse.DataType``, for dialects with names of their own."""


class Value:
    """A printable value; its text is that of ``str``."""

    def __repr__(self) -> str:
        """The same text, so that a printed list of values shows no Python."""
        return str(self)


class Time(Value):
    """A point in time of the run."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def Format(self, layout: str) -> str:  # noqa: N802 - Go's name
        """The time in a Go layout."""
        return format_time(self._moment, arguments.text("Format", "a layout", layout))

    def __str__(self) -> str:
        """The time as Go prints it."""
        return self.Format(STRING_LAYOUT)


class Warehouse:
    """The database as far as a template may use it, in the author dialect."""

    def __init__(self, scope: TemplateScope, references: References) -> None:
        self._scope, self._references = scope, references

    def DatabaseType(self) -> str:  # noqa: N802
        """The author dialect."""
        return self._scope.author

    def DataType(self, name: str) -> str:  # noqa: N802
        """A type in the author dialect."""
        spellings = _TYPES.get(str(name).lower(), {})
        return spellings.get(self._scope.author, arguments.text("DataType", "a name", name).upper())

    def Timestamp(self, moment: Any) -> str:  # noqa: N802
        """A timestamp literal."""
        text = moment.Format("2006-01-02 15:04:05.999999") if isinstance(moment, Time) else str(moment)
        return timestamp_literal(text)

    def ObjRef(self, name: str) -> str:  # noqa: N802
        """An object of the output schema."""
        return self._references.token(ObjectReference(self._scope.schema, arguments.text("ObjRef", "a name", name)))

    def NamedWhObject(self, name: str, type: str | None = None) -> str:  # noqa: A002, N802 - the format's names
        """An object of the output schema, of a given type."""
        name = arguments.text("NamedWhObject", "a name", name)
        return self._references.token(ObjectReference(self._scope.schema, name, arguments.optional_text("type", type)))

    def CreateReplaceTableAs(self, this: Any, sql: str) -> str:  # noqa: N802
        """A statement that creates a table."""
        return f"CREATE OR REPLACE TABLE {this} AS {sql}"

    def BeginEndBlock(self, sql: str) -> str:  # noqa: N802
        """Several statements, which run one after the other."""
        return str(sql).rstrip().rstrip(";") + ";"


def timestamp_literal(text: str) -> str:
    """A timestamp without a time zone, in every author dialect."""
    quoted = text.replace("'", "''")
    return f"CAST('{quoted}' AS TIMESTAMP)"

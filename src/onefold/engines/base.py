"""The interface of a database engine: about ten methods, and one error.

Features that not every database has, data files and copies, are separate protocols; callers check for them.

Takes SQL in the engine's dialect and Arrow tables; returns Arrow tables and column types. Knows no models and plans.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pyarrow as pa

FailureKind = Literal["missing", "column", "type", "value", "syntax", "file", "memory", "locked", "other"]

Place = Literal["output", "temporary", "source"]

Progress = "Callable[[float], None]"
"""Called now and then with the finished share of the running statement, 0 to 1."""


Kind = Literal[
    "text", "integer", "decimal", "float", "boolean", "date", "timestamp", "timestamp_tz", "time", "interval", "json",
    "array", "struct", "map", "binary", "uuid", "other",
]  # fmt: skip
"""The kind of a type, the same for every engine."""


class EngineError(Exception):
    """A failed statement. ``run`` converts it to an error with a location in the project.

    Attributes:
        kind: The kind of failure, as far as the driver tells.
        message: The driver's message, first paragraph.
        sql: The statement.
    """

    def __init__(self, kind: FailureKind, message: str, sql: str) -> None:
        self.kind, self.message, self.sql = kind, message, sql
        super().__init__(message)


@dataclass(frozen=True)
class ConnectionSettings:
    """The settings of a connection.

    Attributes:
        database: The database file.
        schema: The output schema.
        catalogs: Folder or database file by the project's catalog name.
        csv_files: CSV file by the name of the temporary view over it.
        declared: The engine's types of columns of data files, by lower-case name of table and of column.
        required: The declared columns that must exist, by lower-case name of table.
        session: Statements to run once at the start; compiled SQL depends on them.
        copy: The file that `CopyWriter.export` writes.
        memory: Bytes that may be used before rows spill to disk; None leaves the choice to the engine.
    """

    database: Path
    schema: str
    catalogs: Mapping[str, Path] = field(default_factory=dict)
    csv_files: Mapping[str, Path] = field(default_factory=dict)
    declared: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    required: Mapping[str, Collection[str]] = field(default_factory=dict)
    session: tuple[str, ...] = ()
    copy: Path | None = None
    memory: int | None = None


@dataclass(frozen=True)
class ColumnType:
    """The type of a column.

    Attributes:
        kind: Its kind, which code depends on.
        name: Its name in the engine, for messages and for SQL of the engine.
    """

    kind: Kind
    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in {"integer", "decimal", "float"}


@dataclass(frozen=True)
class DatabaseObject:
    """A table or a view.

    Attributes:
        catalog: Its catalog, by the project's name.
        schema: Its schema.
        name: Its name, as the database stores it.
        kind: Table or view.
        place: Whether it is stored in the output database, temporary, or read-only.
        definition: The query of a view, if the database reports it.
    """

    catalog: str
    schema: str
    name: str
    kind: Literal["table", "view"]
    place: Place
    definition: str = ""

    @property
    def key(self) -> str:
        """The name in lower case: names that differ only in case are one object."""
        return self.name.lower()


@dataclass(frozen=True)
class TableState:
    """Version texts that reveal whether the rows of a table have changed.

    Attributes:
        parts: Per part, a text that changes with it: a data file, or the table itself if it has no parts.
        shape: A text that changes whenever the same parts would give other rows: through other columns or types, or
            another version of the database.
        whole: A text that changes whenever a part is added or removed.
    """

    parts: Mapping[str, str]
    shape: str
    whole: str


class Engine(Protocol):
    """A connection to one database, with the output schema as its default."""

    schema: str
    spilled: int
    """The peak number of bytes spilled to disk."""

    def execute(self, sql: str) -> int:
        """Run one statement; returns the number of rows it created or changed, 0 if none.

        Raises:
            EngineError: If it fails; it then has no effect.
        """

    def fetch(self, sql: str) -> pa.Table:
        """The rows of one query.

        Raises:
            EngineError: If it fails.
        """

    def stream(self, sql: str) -> Iterator[pa.RecordBatch]:
        """The rows of one query in batches, in no order, for results that do not fit into memory.

        No other statement may run before the last batch is read or the iterator is closed.

        Raises:
            EngineError: If it fails, at once or later.
        """

    def describe(self, sql: str) -> Mapping[str, ColumnType]:
        """Column names and types of a query, without running it.

        Raises:
            EngineError: If a table, column or function does not exist, or types do not match.
        """

    def upload(self, name: str, rows: pa.Table) -> AbstractContextManager[None]:
        """Make ``rows`` available as the relation ``name`` within the block, in place of another one with that name.

        The rows are released after the block, both here and in the database. An engine in this process copies them only
        if it must.

        Raises:
            EngineError: If the database rejects them.
        """

    def objects(self, name: str | None = None, *, everywhere: bool = False) -> tuple[DatabaseObject, ...]:
        """The tables and views of the output schema, and the temporary ones.

        Args:
            name: Only those with this name, case-insensitive.
            everywhere: Include those of other schemas and of the project's catalogs.

        Raises:
            EngineError: If the database cannot list them.
        """

    def state(self, table: str) -> TableState | None:
        """The state of a declared table, to be compared with its state at a later time.

        Args:
            table: Its lower-case name, with dots between the parts.

        Returns:
            None if the state cannot be determined.

        Raises:
            EngineError: If the table cannot be read.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """Run the block in a transaction, which is rolled back if the block raises.

        A nested block joins the outer one.
        """

    def lock(self) -> AbstractContextManager[None]:
        """Lock the output schema within the block: no other connection changes it.

        Raises:
            AccessError: If another connection is changing it, or this one is read-only.
        """

    def close(self) -> None:
        """Close the connection; temporary tables are dropped."""


@runtime_checkable
class FileReader(Engine, Protocol):
    """An engine whose tables may be data files, which are then the parts of ``Engine.state``."""

    unreadable: dict[str, str]
    """Why a declared file cannot be read, by the lower-case name of its table."""

    def scan_files(self, name: str, table: str, files: Collection[str]) -> AbstractContextManager[None]:
        """Make the rows of ``table`` in some of its files available as the relation ``name`` within the block.

        Args:
            name: Name of the relation.
            table: The table, as in ``Engine.state``.
            files: Some of the parts from ``Engine.state``.

        Raises:
            EngineError: If the database rejects it.
        """


@runtime_checkable
class CopyWriter(Engine, Protocol):
    """An engine that can write published tables into a separate database file for readers."""

    beside_copy: tuple[str, ...]
    """Suffixes of the auxiliary files that the database creates beside a database file."""

    def export(self, file: Path, names: Sequence[str]) -> None:
        """Write tables and views of the output schema, as tables of the same schema, into a new database file.

        Raises:
            EngineError: If one of them cannot be read.
            AccessError: If the file cannot be written.
        """

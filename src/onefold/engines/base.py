"""What the rest of the product asks of a database: at most ten verbs, and one error.

What not every database has, files or copies, is a protocol of its own; who needs it asks whether an engine has it.

In: SQL text in the engine's dialect, Arrow tables. Out: Arrow tables, column types. Must not know models or plans.
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
"""Called now and then with the share of the running statement that is done, 0 to 1."""


Kind = Literal[
    "text", "integer", "decimal", "float", "boolean", "date", "timestamp", "timestamp_tz", "time", "interval", "json",
    "array", "struct", "map", "binary", "uuid", "other",
]  # fmt: skip
"""What a type is for, the same for every engine."""


class EngineError(Exception):
    """A statement failed. ``run`` turns it into an error with a place in the project.

    Attributes:
        kind: What sort of failure, as far as the driver tells.
        message: The driver's words, first paragraph.
        sql: The statement.
    """

    def __init__(self, kind: FailureKind, message: str, sql: str) -> None:
        self.kind, self.message, self.sql = kind, message, sql
        super().__init__(message)


@dataclass(frozen=True)
class ConnectionSettings:
    """What an engine connects to.

    Attributes:
        database: The database: a file.
        schema: The output schema.
        catalogs: Folder or database file by the catalog name that the project uses.
        csv_files: CSV file by the name of the temporary view that shows it.
        declared: The engine's types of columns of data files, by lower-case name of table and of column.
        required: Of these, columns that must be there, by lower-case name of table.
        session: Statements to run once, first; the meaning of compiled SQL rests on them.
        copy: The file that `CopyWriter.export` writes.
        memory: Bytes that may be used before rows are spilled to disk; None leaves the choice to the engine.
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
        kind: What it is for: code decides by it.
        name: Its name in the engine, for people and for SQL of the engine.
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
        catalog: Its catalog, by the name that the project uses.
        schema: Its schema.
        name: Its name, as the database keeps it.
        kind: What it is.
        place: Whether it is stored where results land, gone with the connection, or is read only.
        definition: The query of a view, where the database tells it.
    """

    catalog: str
    schema: str
    name: str
    kind: Literal["table", "view"]
    place: Place
    definition: str = ""

    @property
    def key(self) -> str:
        """The name in lower case: names that differ in case only mean one object."""
        return self.name.lower()


@dataclass(frozen=True)
class TableState:
    """What tells that the rows of a table are as they were.

    Attributes:
        parts: Per part, a text that changes whenever it does: a data file, or the table where it has no parts.
        shape: A text that changes whenever the same parts would be read as other rows: by other columns or types, or by
            another version of the database.
        whole: A text that changes whenever a part comes or goes.
    """

    parts: Mapping[str, str]
    shape: str
    whole: str


class Engine(Protocol):
    """A connection to one database, with the output schema as its default."""

    schema: str
    spilled: int
    """The most bytes that were seen on disk because memory did not hold them."""

    def execute(self, sql: str) -> int:
        """Run one statement; returns the rows it made or changed, 0 if it made none.

        Raises:
            EngineError: If it fails; nothing of it remains.
        """

    def fetch(self, sql: str) -> pa.Table:
        """Rows of one query.

        Raises:
            EngineError: If it fails.
        """

    def stream(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Rows of one query, batch by batch, in no order: for more rows than memory should hold.

        No other statement may run before the last batch is taken or the iterator is closed.

        Raises:
            EngineError: If it fails, at once or on the way.
        """

    def describe(self, sql: str) -> Mapping[str, ColumnType]:
        """Column names and types of a query, without running it.

        Raises:
            EngineError: If a table, column or function of it does not exist, or types do not fit.
        """

    def upload(self, name: str, rows: pa.Table) -> AbstractContextManager[None]:
        """Within the block ``rows`` can be read as the relation ``name``, in place of another of that name.

        A block, and not a table that stays until the run ends: the rows are dropped, here and there, once nobody reads
        them. An engine in this process makes a copy only where it must.

        Raises:
            EngineError: If the database refuses.
        """

    def objects(self, name: str | None = None, *, everywhere: bool = False) -> tuple[DatabaseObject, ...]:
        """The tables and views of the output schema, and the temporary ones.

        Args:
            name: Only those of this name, whatever its case.
            everywhere: Also those of other schemas and of the project's catalogs.

        Raises:
            EngineError: If the database does not tell.
        """

    def state(self, table: str) -> TableState | None:
        """What tells later that the rows of a declared table are as they are now.

        Args:
            table: Its lower-case name, dots between the parts.

        Returns:
            None where that cannot be told.

        Raises:
            EngineError: If the table cannot be read.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """Everything within takes effect together, or not at all if the block raises; within another one, with that."""

    def lock(self) -> AbstractContextManager[None]:
        """Within the block no other connection changes the output schema.

        Raises:
            AccessError: If another one is changing it, or this one is for reading only.
        """

    def close(self) -> None:
        """Let go of the database; temporary tables vanish."""


@runtime_checkable
class FileReader(Engine, Protocol):
    """An engine some of whose tables are data files, which are the parts of ``Engine.state``."""

    unreadable: dict[str, str]
    """Why a declared file cannot be read, by the lower-case name of the table that it would be."""

    def scan_files(self, name: str, table: str, files: Collection[str]) -> AbstractContextManager[None]:
        """Within the block the relation ``name`` has the rows of ``table`` that are stored in some of its files.

        Args:
            name: Of the relation.
            table: As of ``Engine.state``.
            files: Some of the parts that ``Engine.state`` named.

        Raises:
            EngineError: If the database refuses.
        """


@runtime_checkable
class CopyWriter(Engine, Protocol):
    """An engine that can write what is published into a database file of its own, for readers."""

    beside_copy: tuple[str, ...]
    """Suffixes of the files beside it that the database makes while it writes one."""

    def export(self, file: Path, names: Sequence[str]) -> None:
        """Write tables and views of the output schema, as tables of the same schema, into a new database file.

        Raises:
            EngineError: If one of them cannot be read.
            AccessError: If the file cannot be written.
        """

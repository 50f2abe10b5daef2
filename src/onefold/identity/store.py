"""`GraphStore`: executes the SQL of id graphs, and manages the versions of their tables. No other module does.

Takes queries as trees. Returns rows, and writes temporary tables and tables of the graph. A graph is stored in the
tables of one material. A row belongs to the versions from its first one up to, but not including, its last one. An
incremental run adds a version to the tables of the published graph; a full rebuild starts a new generation of tables.

A version takes effect when it is published (ADR 23). Readers never see the rows of an unpublished version, and the next
writer discards them (`GraphStore.discard_uncommitted`).

`GraphStore._run` and `GraphStore.stream` render, execute and record every statement, so the journal lists exactly the
statements that ran, in order. Temporary tables are dropped by the store that made them.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from sqlglot import exp

from onefold.engines.base import EngineError, FileReader
from onefold.identity import schema
from onefold.identity.sql_files import NamedQuery, put_in, relations_of
from onefold.sql.dialects import render
from onefold.sql.id_graph import DIGESTS, EVENTS, PARTS
from onefold.sql.statements import beside, create_plain, create_table, create_view, drop, insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from contextlib import AbstractContextManager

    import pyarrow as pa

    from onefold.engines.base import Engine, TableState
    from onefold.sql.dialects import EngineDialect

T = TypeVar("T")


@dataclass(frozen=True)
class Executed:
    """An executed statement.

    Attributes:
        number: Its number among the statements of the store, from 1.
        name: Its purpose, in a word or two that can be part of a file name.
        sql: Its text.
        rows: Number of rows that it returned, created or changed; None if it failed.
        seconds: How long it took.
    """

    number: int
    name: str
    sql: str
    rows: int | None
    seconds: float


class Journal(Protocol):
    """Records executed statements."""

    def record(self, statement: Executed) -> None:
        """Record one statement."""


@dataclass(frozen=True)
class Snapshot:
    """One version of the tables that hold a graph.

    Attributes:
        base: The material whose tables they are.
        version: The version.
    """

    base: exp.Table
    version: int

    def table(self, suffix: str) -> exp.Table:
        """One of the tables."""
        return beside(self.base, suffix)

    def rows(self, suffix: str) -> exp.Select:
        """The rows of a table in this version."""
        return exp.select("*").from_(self.table(suffix)).where(schema.in_version(self.version))


class GraphStore:
    """The tables of one graph, as one run reads and writes them.

    Attributes:
        dialect: The engine's dialect.
        material: The material that the run creates.
        seq_no: The run's sequence number.
        base: The published version that the run extends; None for a new generation.
    """

    def __init__(  # noqa: PLR0917
        self,
        engine: Engine,
        dialect: EngineDialect,
        material: exp.Table,
        seq_no: int,
        base: Snapshot | None = None,
        journal: Journal | None = None,
        *,
        generation: exp.Table | None = None,
    ) -> None:
        self.dialect, self.material, self.seq_no, self.base = dialect, material, seq_no, base
        self._generation = generation or material
        self._engine, self._journal, self._count = engine, journal, 0
        self._temporary: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Drop the temporary tables; after a failure, ignore further errors."""
        if kind is None:
            self._drop_since(0)
        elif issubclass(kind, Exception):
            with suppress(EngineError):
                self._drop_since(0)

    # --- reading ---

    def fetch(self, query: NamedQuery) -> pa.Table:
        """The rows of a query.

        Raises:
            EngineError: If it fails.
        """
        return self._run(query.name, query.tree.copy(), self._engine.fetch, lambda rows: rows.num_rows)

    def stream(self, query: NamedQuery) -> Iterator[pa.RecordBatch]:
        """The rows of a query in batches, in no particular order. No other statement may run meanwhile.

        Raises:
            EngineError: If it fails.
        """
        sql, number, began = self._render(query.tree.copy()), self._next(), time.perf_counter()
        rows, is_done = 0, False
        try:
            for batch in self._engine.stream(sql):
                rows += batch.num_rows
                yield batch
            is_done = True
        finally:
            self._record(Executed(number, query.name, sql, rows if is_done else None, time.perf_counter() - began))

    # --- temporary relations ---

    def temp_table(self, query: NamedQuery, name: str | None = None) -> int:
        """Store the rows of a query in a temporary table until the run ends; returns the number of rows.

        Args:
            query: The query.
            name: Name of the table; None for the name of the query.

        Raises:
            EngineError: If the query fails.
        """
        name = name or query.name
        rows = self._execute(name, create_table(schema.relation(name), query.tree, temporary=True))
        if name not in self._temporary:
            self._temporary.append(name)
        return rows

    def add_to(self, name: str, query: NamedQuery) -> int:
        """Add rows to a temporary table; returns the number of rows."""
        return self._execute(query.name, exp.insert(query.tree, schema.relation(name)))

    @contextmanager
    def scratch(self, *keep: str) -> Iterator[None]:
        """When the block ends, drop the temporary tables created in it, except those to keep."""
        began = len(self._temporary)
        yield
        kept = [name for name in self._temporary[began:] if name in keep]
        self._temporary[began:] = [name for name in self._temporary[began:] if name not in keep]
        self._drop_since(began)
        self._temporary += kept

    def upload(self, name: str, rows: pa.Table) -> AbstractContextManager[None]:
        """Inside the block, ``rows`` can be read as the relation ``name``.

        Raises:
            EngineError: If the upload fails.
        """
        return self._engine.upload(schema.relation(name).name, rows)

    def state(self, table: str) -> TableState | None:
        """A state that shows later whether the rows of a declared table changed (`Engine.state`)."""
        return self._engine.state(table)

    @property
    def reads_files(self) -> bool:
        """Whether the parts of `state` are data files that `scan_files` can read one by one."""
        return isinstance(self._engine, FileReader)

    def scan_files(self, name: str, table: str, files: Collection[str]) -> AbstractContextManager[None]:
        """Inside the block, the relation ``name`` has the rows of some files of a table (`FileReader.scan_files`)."""
        assert isinstance(self._engine, FileReader)  # noqa: S101 - only then files are known
        return self._engine.scan_files(schema.relation(name).name, table, files)

    # --- versions ---

    @property
    def version(self) -> int:
        """The version that the run writes."""
        return schema.FIRST_VERSION if self.base is None else self.base.version + 1

    @property
    def home(self) -> exp.Table:
        """The material whose tables the run writes: that of the published graph, or of the new generation."""
        return self._generation if self.base is None else self.base.base

    def new_generation(self) -> None:
        """Start a new generation of tables."""
        self.base = None

    def can_extend(self) -> bool:
        """Whether all tables of the published graph exist, with the current columns."""
        if self.base is None or self.dialect.row_hash is None:
            return False
        for part, columns in schema.TABLES.items():
            sql = render(exp.select("*").from_(self.table(part)), self.dialect)
            try:
                there = self._engine.describe(sql)
            except EngineError:
                return False
            if not {*columns, *schema.VERSIONS} <= there.keys():
                return False
        return True

    def discard_uncommitted(self, forget: Callable[[Snapshot], None]) -> bool:
        """Discard the rows of unpublished versions; returns whether there were any.

        A version is written in one transaction and always starts or ends days, so the small table of days shows
        whether there are any.

        Args:
            forget: Called with the published version, in the transaction that discards all later ones.
        """
        base = self._base
        begins_later = exp.column(schema.FIRST) > exp.Literal.number(base.version)
        is_ended = exp.column(schema.LAST) < exp.Literal.number(schema.OPEN)
        ends_later = exp.and_(exp.column(schema.LAST) > exp.Literal.number(base.version), is_ended)
        found = exp.select(exp.Count(this=exp.Star()).as_("uncommitted")).from_(self.table(DIGESTS))
        uncommitted = NamedQuery("uncommitted", found.where(exp.or_(begins_later, ends_later)))
        if not self.fetch(uncommitted)["uncommitted"][0].as_py():
            return False
        with self.transaction():
            forget(base)
            for part in PARTS:
                self._delete(f"discard_{part}", part, begins_later)
                self._set_last(f"reopen_{part}", part, schema.OPEN, ends_later)
        return True

    def table(self, suffix: str) -> exp.Table:
        """A table of the graph that the run writes."""
        return beside(self.home, suffix)

    def written(self, suffix: str) -> exp.Select:
        """The rows of a table in the version that the run writes."""
        return Snapshot(self.home, self.version).rows(suffix)

    def transaction(self) -> AbstractContextManager[None]:
        """A transaction."""
        return self._engine.transaction()

    # --- writing ---

    def create(self, suffix: str, query: NamedQuery) -> int:
        """Create a table of a new generation with the rows of a query; returns the number of rows."""
        columns, table = schema.TABLES[suffix], self.table(suffix)
        versions = {schema.FIRST: self.version, schema.LAST: schema.OPEN}
        plain = schema.STORED_PLAIN.get(suffix, ())
        empty = create_plain(table, {**columns, **schema.VERSIONS}, plain, self.dialect, defaults=versions)
        self._execute(f"create_{suffix}", empty)
        return self._execute(f"insert_{suffix}", insert_rows(table, [*columns], query.tree))

    def insert(self, suffix: str, query: NamedQuery) -> int:
        """Insert rows into the version that the run writes.

        Args:
            suffix: Suffix of the table.
            query: A query with at least the columns of the table.
        """
        return self._insert(suffix, query, self.version)

    def end(self, suffix: str, gone: str, keys: Sequence[str], where: exp.Expr | None = None) -> int:
        """End the rows of a table that are in a relation. They remain in earlier versions.

        Args:
            suffix: Suffix of the table.
            gone: The relation.
            keys: The columns to match; with several columns, null equals null.
            where: A further condition on the rows.
        """
        if len(keys) == 1:
            there: exp.Expr = exp.column(keys[0]).isin(query=exp.select(keys[0]).from_(schema.relation(gone)))
        else:
            own = exp.to_identifier(self.table(suffix).name, quoted=True)
            same = [
                exp.NullSafeEQ(this=exp.column(key, table="gone"), expression=exp.column(key, table=own.copy()))
                for key in keys
            ]
            rows = exp.select(exp.Literal.number(1)).from_(exp.alias_(schema.relation(gone), "gone", table=True))
            there = exp.Exists(this=rows.where(*same))
        is_open = exp.column(schema.LAST).eq(exp.Literal.number(schema.OPEN))
        conditions = [is_open, there, *([where] if where is not None else [])]
        return self._set_last(f"end_{suffix}", suffix, self.version, exp.and_(*conditions))

    def replace(self, suffix: str, query: NamedQuery) -> None:
        """Replace all current rows of a table whose earlier versions are never read."""
        self._delete(f"purge_{suffix}", suffix, exp.column(schema.LAST) <= exp.Literal.number(self._base.version))
        is_open = exp.column(schema.LAST).eq(exp.Literal.number(schema.OPEN))
        self._set_last(f"end_{suffix}", suffix, self.version, is_open)
        self.insert(suffix, query)

    def replace_published(self, suffix: str, query: NamedQuery) -> None:
        """Like `replace`, in the published version: for file states and lists that give the same graph."""
        self._delete(f"delete_{suffix}", suffix, exp.true())
        self._insert(suffix, query, self._base.version)

    def create_events(self, query: NamedQuery | None) -> exp.Table:
        """Create the table of the run's main id events, next to its own material; returns it.

        Args:
            query: The events; None for none.
        """
        table = beside(self.material, EVENTS)
        empty = create_plain(table, schema.EVENT_COLUMNS, schema.EVENT_IDS, self.dialect)
        self._execute("create_events", empty)
        if query is not None:
            self._execute("insert_events", insert_rows(table, [*schema.EVENT_COLUMNS], query.tree))
        return table

    def show(self, view: exp.Table, query: exp.Query) -> None:
        """Create a view of the run's material."""
        self._execute(f"view{view.name.removeprefix(self.material.name)}", create_view(view, query))

    # --- executing ---

    @property
    def _base(self) -> Snapshot:
        assert self.base is not None  # noqa: S101 - a new generation has no base
        return self.base

    def _insert(self, suffix: str, query: NamedQuery, version: int) -> int:
        columns = [*schema.TABLES[suffix]]
        numbers = (exp.Literal.number(number) for number in (version, schema.OPEN))
        rows = exp.select(*(exp.column(name, table="added") for name in columns), *numbers)
        rows = rows.from_(query.tree.subquery("added"))
        return self._execute(f"insert_{suffix}", insert_rows(self.table(suffix), [*columns, *schema.VERSIONS], rows))

    def _delete(self, name: str, suffix: str, where: exp.Expr) -> int:
        return self._execute(name, exp.delete(self.table(suffix), where=where.copy()))

    def _set_last(self, name: str, suffix: str, version: int, where: exp.Expr) -> int:
        last = exp.column(schema.LAST).eq(exp.Literal.number(version))
        update = exp.Update(this=self.table(suffix), expressions=[last], where=exp.Where(this=where.copy()))
        return self._execute(name, update)

    def _drop_since(self, place: int) -> None:
        while len(self._temporary) > place:
            name = self._temporary.pop()
            self._execute(f"drop_{name}", drop(schema.relation(name), "TABLE"))

    def _execute(self, name: str, statement: exp.Expr) -> int:
        return self._run(name, statement, self._engine.execute, lambda rows: rows)

    def _run(self, name: str, tree: exp.Expr, verb: Callable[[str], T], count: Callable[[T], int]) -> T:
        """Render, execute and record a statement."""
        sql, number, began = self._render(tree), self._next(), time.perf_counter()
        rows: int | None = None
        try:
            found = verb(sql)
            rows = count(found)
        finally:
            self._record(Executed(number, name, sql, rows, time.perf_counter() - began))
        return found

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _record(self, statement: Executed) -> None:
        if self._journal is not None:
            self._journal.record(statement)

    def _render(self, tree: exp.Expr) -> str:
        """The text of a statement, with what its tables of SQL files stand for in this run; changes the tree."""
        for table in relations_of(tree):
            is_of_graph = table.name in schema.TABLES
            put = self._base.rows(table.name) if is_of_graph else schema.relation(table.name)
            table.replace(put_in(table, put))
        return render(tree, self.dialect)

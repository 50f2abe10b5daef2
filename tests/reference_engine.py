"""An engine that does no more than the protocol promises, and remembers what it was asked.

Stands in the place of DuckDB (`reference` in `tests/conftest.py`), passes each statement on to it, and refuses what
another engine may not do: a statement while a stream is open, an uploaded relation after its block, a write without the
lock, two statements in one text, rows from a statement that is no query, names that are reserved words elsewhere, names
of mixed case without their quotes. It reads no files by itself (`FileReader`) and writes no copies (`CopyWriter`).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from onefold.engines import duckdb_open
from onefold.sql.dialects.duckdb import DUCKDB

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    import pyarrow as pa

    from onefold.engines.base import ColumnType, ConnectionSettings, DatabaseObject, Engine, TableState

_WORDS = """
    all analyse analyze and any array as asc asymmetric authorization between binary both by case cast check
    collate column constraint create cross cube current current_date current_time current_timestamp current_user
    default deferrable delete desc distinct do drop else end escape except exclude exists extract false fetch filter
    for foreign from full grant group grouping groups having hash if ignore ilike in initially inner insert
    intersect interval into is isnull join lateral leading left like limit localtime localtimestamp merge minus
    natural new no not notnull null nulls of off offset old on only or order outer over overlaps partition placing
    primary qualify range recursive references regexp respect returning revoke right rlike rollup row rows sample
    select session_user set similar some start symmetric table tablesample then to trailing treat trigger true
    try_cast unbounded union unique unnest update user using values verbose view when where window with within
"""
RESERVED = frozenset(_WORDS.split())
"""Words that cannot be names without quotes in one of PostgreSQL, Snowflake, Spark, Databricks, Redshift.

What only BigQuery reserves is quoted by sqlglot, which changes nothing there: BigQuery keeps the case of names.
"""

REFERENCE = replace(DUCKDB, unpacked=None)
"""Its dialect: without what DuckDB alone can say."""

_CHANGES = (exp.Create, exp.Drop, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Alter, exp.TruncateTable)


class PromiseError(AssertionError):
    """What was asked is no part of the protocol."""


@dataclass(frozen=True)
class Asked:
    """One statement, and the verb that ran it."""

    verb: str
    sql: str


class ReferenceEngine:
    """See the module."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.schema = engine, engine.schema
        self.asked: list[Asked] = []
        self._streaming: str | None = None
        self._closed, self._locked = False, False
        self._uploaded: set[str] = set()
        self._dropped: set[str] = set()

    @property
    def spilled(self) -> int:
        """See ``Engine``."""
        return self._engine.spilled

    def execute(self, sql: str) -> int:
        """See ``Engine.execute``."""
        tree = self._admitted("execute", sql)
        if isinstance(tree, _CHANGES):
            self._check_change(tree, sql)
        done = self._engine.execute(sql)
        made = tree.find(exp.Table) if isinstance(tree, exp.Create) else None
        if made is not None:  # in place of what was uploaded
            self._dropped.discard(made.name.lower())
        return done

    def fetch(self, sql: str) -> pa.Table:
        """See ``Engine.fetch``."""
        self._query("fetch", sql)
        return self._engine.fetch(sql)

    def stream(self, sql: str) -> Iterator[pa.RecordBatch]:
        """See ``Engine.stream``."""
        self._query("stream", sql)
        self._streaming = sql
        try:
            yield from self._engine.stream(sql)
        finally:
            self._streaming = None

    def describe(self, sql: str) -> Mapping[str, ColumnType]:
        """See ``Engine.describe``."""
        self._query("describe", sql)
        return self._engine.describe(sql)

    @contextlib.contextmanager
    def upload(self, name: str, rows: pa.Table) -> Iterator[None]:
        """See ``Engine.upload``."""
        self._usable("upload", name)
        if name.lower() in self._uploaded:
            raise PromiseError(f"{name} is uploaded twice at a time")
        self.asked.append(Asked("upload", name))
        self._uploaded.add(name.lower())
        self._dropped.discard(name.lower())
        try:
            with self._engine.upload(name, rows):
                yield
        finally:
            self._uploaded.discard(name.lower())
            self._dropped.add(name.lower())

    def objects(self, name: str | None = None, *, everywhere: bool = False) -> tuple[DatabaseObject, ...]:
        """See ``Engine.objects``."""
        self._usable("objects", name or "")
        return self._engine.objects(name, everywhere=everywhere)

    def state(self, table: str) -> TableState | None:
        """See ``Engine.state``."""
        self._usable("state", table)
        return self._engine.state(table)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """See ``Engine.transaction``."""
        self._usable("transaction", "")
        with self._engine.transaction():
            yield

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """See ``Engine.lock``."""
        self._usable("lock", "")
        with self._engine.lock():
            self._locked = True
            try:
                yield
            finally:
                self._locked = False

    def close(self) -> None:
        """See ``Engine.close``."""
        self._closed = True
        self._engine.close()

    # --- what is refused ---

    def _usable(self, verb: str, what: str) -> None:
        if self._closed:
            raise PromiseError(f"{verb} {what} after close")
        if self._streaming is not None:
            raise PromiseError(f"{verb} {what} while a stream is open: {self._streaming}")

    def _query(self, verb: str, sql: str) -> None:
        if isinstance(self._admitted(verb, sql), _CHANGES):
            raise PromiseError(f"{verb} of a statement that is no query: {sql}")

    def _admitted(self, verb: str, sql: str) -> exp.Expr:
        self._usable(verb, sql)
        self.asked.append(Asked(verb, sql))
        tree = parsed(sql)
        made = tree.find(exp.Table) if isinstance(tree, exp.Create | exp.Drop) else None
        for table in tree.find_all(exp.Table):
            if table is not made and not table.db and table.name.lower() in self._dropped:
                raise PromiseError(f"{table.name} was uploaded for a block that has ended: {sql}")
        for name in tree.find_all(exp.Identifier):
            if not name.quoted and name.name.lower() in RESERVED:
                raise PromiseError(f'"{name.name}" is a reserved word elsewhere: {sql}')
        quoted = {table.name for table in tree.find_all(exp.Table) if table.this.args.get("quoted")}
        for column in tree.find_all(exp.Column):
            qualifier = column.args.get("table")
            if qualifier is not None and not qualifier.quoted and qualifier.name in quoted - {qualifier.name.lower()}:
                raise PromiseError(f"{qualifier.name} needs quotes before {column.name}: {sql}")
        return tree

    def _check_change(self, tree: exp.Expr, sql: str) -> None:
        temporary = tree.find(exp.TemporaryProperty) is not None
        changed = tree.find(exp.Table)
        if not self._locked and not temporary and changed is not None and changed.db:
            raise PromiseError(f"a change without the lock: {sql}")


@lru_cache(maxsize=4096)
def parsed(sql: str) -> exp.Expr:
    """The one statement of a text."""
    trees = [tree for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    if len(trees) != 1:
        raise PromiseError(f"{len(trees)} statements in one text: {sql}")
    return trees[0]


OPENED: list[ReferenceEngine] = []
"""The engines that were opened, in order."""


def attached_names(catalogs: Collection[str], schema: str) -> dict[str, str]:
    """See ``EngineModule.attached_names``."""
    return duckdb_open.attached_names(catalogs, schema)


def open_engine(
    settings: ConnectionSettings, *, read_only: bool, progress: Callable[[float], None] | None = None
) -> ReferenceEngine:
    """See ``EngineModule.open_engine``."""
    OPENED.append(ReferenceEngine(duckdb_open.open_engine(settings, read_only=read_only, progress=progress)))
    return OPENED[-1]

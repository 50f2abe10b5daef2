"""The states of the data files of edge sources, so that unchanged files are not scanned again.

Takes a stitcher's edge sources and a compiler, and later an engine that reads files. Returns a `SourceFiles` per
source, and tables of file states, which are stored with the digests of days. A file counts as unchanged if its times
and size are the same. Reads no rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from sqlglot import exp

from onefold.identity import schema
from onefold.identity.columns import to_arrow, to_texts
from onefold.identity.read import queries as reads
from onefold.identity.sql_files import NamedQuery
from onefold.plan.model import InputStep
from onefold.sql.compile import relations
from onefold.sql.dialects import render
from onefold.sql.input import event_time, source_table, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher
    from onefold.sql.relations import Compiler

SCANNED = "scanned_files"
"""The relation with the rows of some files of a source."""

_OF_ONE_ROW = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Neg, exp.Add, exp.Sub, exp.Mul,
    exp.Cast, exp.TryCast, exp.DataType, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.And, exp.Or, exp.Not, exp.Is,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between, exp.Like, exp.ILike, exp.RegexpLike,
    exp.StartsWith, exp.Concat, exp.ConcatWs, exp.DPipe, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Left,
    exp.Right, exp.Length, exp.Replace, exp.RegexpReplace, exp.SplitPart, exp.MD5, exp.SHA, exp.SHA2,
)  # fmt: skip
"""The nodes of expressions that depend only on the values of one row."""

_SHAPE = ""
"""The file name of the row that stores the shape."""

_EPOCH = np.datetime64(0, "us")


@dataclass(frozen=True)
class SourceFiles:
    """An edge source, each of whose rows depends on one row of its table alone.

    Attributes:
        number: Its number.
        table: The table's lower-case name, dots between the parts.
        until: The end time of its rows, in UTC.
        digests: The query of the row counts and digests of each day.
        ids: The expressions of its ids. A template can render them differently at another time.
        rows: The table in the query.
        time: The time column, if there is one.
    """

    number: int
    table: str
    until: datetime
    digests: exp.Query
    ids: str
    rows: exp.Table
    time: exp.Column | None

    def scanned_digests(self, after: datetime | None = None) -> NamedQuery:
        """The row counts and digests of each day in `SCANNED`.

        Args:
            after: Only read rows after this time.
        """
        query = self.digests.copy()
        table = next(t for t in query.find_all(exp.Table) if t == self.rows)
        if after is not None and self.time is not None:
            # The converted time, because the column may be a text.
            assert isinstance(query, exp.Select)  # noqa: S101 - it groups rows
            query.where(exp.column("seen_at") > timestamp(after), copy=False)
        table.replace(schema.relation(SCANNED))
        return NamedQuery(f"digests_of_files_{self.number + 1}", query)


@dataclass(frozen=True)
class FilesRead:
    """The files from which an edge source was read.

    Attributes:
        files: The state of each file: a text that changes with the file.
        shape: A text that changes if the same files would give other rows.
        until: The end time of the rows, in UTC.
        folder: A text that changes if files are added or deleted; only used within one run, and not stored.
    """

    files: Mapping[str, str]
    shape: str
    until: datetime
    folder: str = ""


def source_files(step: IdStitcher, number: int, compiler: Compiler) -> SourceFiles | None:
    """The files of an edge source; None if its rows can change while those of its table do not.

    Args:
        step: The stitcher.
        number: Number of the edge source.
        compiler: Names the table.
    """
    source = step.sources[number]
    read = compiler.plan.steps[source.source]
    if not isinstance(read, InputStep) or read.csv or read.where is not None or read.output != "inline":
        return None
    used = relations(compiler)
    ids = [used.expression(column.select) for column in source.ids]
    if used.ctes or not all(isinstance(part, _OF_ONE_ROW) for one in ids for part in one.walk()):
        return None
    time = event_time(read, used)
    if time is not None and not isinstance(time, exp.Column):
        return None
    rows = source_table(read, compiler.plan.author)
    digests = used.complete(reads.digests_query(reads.source_query(step, number, used)))
    if [t for t in digests.find_all(exp.Table) if t.this == rows.this] != [rows]:
        return None  # the query does not read the table exactly once
    name = ".".join(part.name.lower() for part in rows.parts)
    until = (read.as_of or compiler.plan.times.end).replace(tzinfo=None)
    text = ", ".join(render(one, compiler.engine, pretty=False) for one in ids)
    return SourceFiles(number, name, until, digests, text, rows, time)


def file_states(sources: Sequence[SourceFiles | None], store: GraphStore) -> dict[int, FilesRead]:
    """The current file states of edge sources, by number; without sources whose files are unknown."""
    found = {}
    for number, source in enumerate(sources):
        state = store.state(source.table) if source is not None else None
        if source is not None and state is not None:
            found[number] = FilesRead(state.parts, f"{source.ids} of {state.shape}", source.until, state.whole)
    return found


def unchanged_files(
    before: Mapping[int, FilesRead], sources: Sequence[SourceFiles | None], store: GraphStore
) -> pa.Table:
    """The file states to store after the rows were read: those of sources whose files did not change meanwhile.

    For the other sources it is unknown which rows were read, because a file may have existed only for a moment.

    Args:
        before: The result of `file_states` before the rows were read.
        sources: The edge sources.
        store: The store.
    """
    after = file_states(sources, store)
    return files_table({number: read for number, read in before.items() if after.get(number) == read})


def files_table(read: Mapping[int, FilesRead]) -> pa.Table:
    """File states as a relation to upload: ``__source, file, state, read_until``."""
    rows = [
        (number, file, state, each.until)
        for number, each in read.items()
        for file, state in (*each.files.items(), (_SHAPE, each.shape))
    ]
    until = np.array([row[3] for row in rows], dtype="datetime64[us]")
    return pa.table(
        {
            schema.SOURCE: to_arrow(np.array([row[0] for row in rows], dtype=np.int16), pa.int16()),
            "file": to_texts([row[1] for row in rows]),
            "state": to_texts([row[2] for row in rows]),
            "read_until": to_arrow((until - _EPOCH).astype(np.int64), pa.timestamp("us")),
        }
    )


def files_read(rows: pa.Table) -> dict[int, FilesRead]:
    """File states from the rows of `files_table`."""
    found: dict[int, dict[str, str]] = {}
    until: dict[int, datetime] = {}
    for row in rows.to_pylist():
        found.setdefault(row[schema.SOURCE], {})[row["file"]] = row["state"]
        until[row[schema.SOURCE]] = row["read_until"]
    return {number: FilesRead(files, files.pop(_SHAPE, ""), until[number]) for number, files in found.items()}

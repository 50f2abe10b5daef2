"""What edge sources are read from, where that is data files: so that files that are as they were need no other look.

In: a stitcher's edge sources, a compiler; later an engine that knows files. Out: per source a `SourceFiles`, and tables
of what its files are like, kept beside what the rows of its days came to. Whether a file is as it was is told by its
times and size, as the engine has them. Reads no row.
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
"""The relation that shows the rows of some of a source's files."""

_OF_ONE_ROW = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Neg, exp.Add, exp.Sub, exp.Mul,
    exp.Cast, exp.TryCast, exp.DataType, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.And, exp.Or, exp.Not, exp.Is,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between, exp.Like, exp.ILike, exp.RegexpLike,
    exp.StartsWith, exp.Concat, exp.ConcatWs, exp.DPipe, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Left,
    exp.Right, exp.Length, exp.Replace, exp.RegexpReplace, exp.SplitPart, exp.MD5, exp.SHA, exp.SHA2,
)  # fmt: skip
"""What an expression may be made of that depends on one row and on nothing else, whenever it is asked."""

_SHAPE = ""
"""Stands for the shape in place of a file."""

_EPOCH = np.datetime64(0, "us")


@dataclass(frozen=True)
class SourceFiles:
    """An edge source whose rows depend on the rows of its table alone, one by one.

    Attributes:
        number: Its number.
        table: The table's lower-case name, dots between the parts.
        until: Rows up to this moment can be seen, in UTC.
        digests: What the rows of each day come to.
        ids: How ids are taken from a row. A template may make another text of it at another time.
        rows: The table in it.
        time: The column of the time of rows, if there is one.
    """

    number: int
    table: str
    until: datetime
    digests: exp.Query
    ids: str
    rows: exp.Table
    time: exp.Column | None

    def scanned_digests(self, after: datetime | None = None) -> NamedQuery:
        """What the rows of each day come to that `SCANNED` shows.

        Args:
            after: Only rows later than this.
        """
        query = self.digests.copy()
        table = next(t for t in query.find_all(exp.Table) if t == self.rows)
        if after is not None and self.time is not None:
            # The time as it was read: in the table it may be a text.
            assert isinstance(query, exp.Select)  # noqa: S101 - it groups rows
            query.where(exp.column("seen_at") > timestamp(after), copy=False)
        table.replace(schema.relation(SCANNED))
        return NamedQuery(f"digests_of_files_{self.number + 1}", query)


@dataclass(frozen=True)
class FilesRead:
    """What an edge source was read from.

    Attributes:
        files: Per file a text that changes whenever it does.
        shape: A text that changes whenever the same files would be read as other rows.
        until: Rows up to this moment were seen, in UTC.
        folder: A text that changes whenever a file comes or goes; of use within one run only, and not kept.
    """

    files: Mapping[str, str]
    shape: str
    until: datetime
    folder: str = ""


def source_files(step: IdStitcher, number: int, compiler: Compiler) -> SourceFiles | None:
    """Where an edge source is read from; None where its rows may change though those of its table do not.

    Args:
        step: The stitcher.
        number: Of the edge source.
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
        return None  # it is read otherwise than once and as it is
    name = ".".join(part.name.lower() for part in rows.parts)
    until = (read.as_of or compiler.plan.times.end).replace(tzinfo=None)
    text = ", ".join(render(one, compiler.engine, pretty=False) for one in ids)
    return SourceFiles(number, name, until, digests, text, rows, time)


def file_states(sources: Sequence[SourceFiles | None], store: GraphStore) -> dict[int, FilesRead]:
    """What edge sources would be read from now, by their number; without those of which that cannot be told."""
    found = {}
    for number, source in enumerate(sources):
        state = store.state(source.table) if source is not None else None
        if source is not None and state is not None:
            found[number] = FilesRead(state.parts, f"{source.ids} of {state.shape}", source.until, state.whole)
    return found


def unchanged_files(
    before: Mapping[int, FilesRead], sources: Sequence[SourceFiles | None], store: GraphStore
) -> pa.Table:
    """What is kept of files once their rows were read: of sources of which no file came, went or changed meanwhile.

    Of the others it cannot be told which rows were read: a file may have been there for that moment only.

    Args:
        before: From `file_states`, before the rows were read.
        sources: As there.
        store: As there.
    """
    after = file_states(sources, store)
    return files_table({number: read for number, read in before.items() if after.get(number) == read})


def files_table(read: Mapping[int, FilesRead]) -> pa.Table:
    """What `file_states` found, as a relation to upload: ``__source, file, state, read_until``."""
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
    """What `files_table` kept."""
    found: dict[int, dict[str, str]] = {}
    until: dict[int, datetime] = {}
    for row in rows.to_pylist():
        found.setdefault(row[schema.SOURCE], {})[row["file"]] = row["state"]
        until[row[schema.SOURCE]] = row["read_until"]
    return {number: FilesRead(files, files.pop(_SHAPE, ""), until[number]) for number, files in found.items()}

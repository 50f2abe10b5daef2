"""Find the days of edge sources whose rows changed.

Takes the row counts and digests of each day from the previous run, and a store. Returns a `Changes`. Reads no ids.

For a source of data files, only new files are scanned, and the rows of earlier files that were after the previous end
time. The known digests hold as long as each earlier file is unchanged. If a file was rewritten or deleted, the whole
source is scanned. Errors are on the safe side: rows that are counted twice make a day look changed, so that it is read
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from sqlglot import exp

from onefold.identity import schema
from onefold.identity.columns import to_arrow, to_numpy
from onefold.identity.read.file_states import SCANNED, FilesRead, file_states, files_read
from onefold.identity.read.queries import digests_query
from onefold.identity.read.text import NO_DAY
from onefold.identity.rules.id_filter_queries import RULES_LIST
from onefold.identity.sql_files import NamedQuery, rows_of, sql
from onefold.sql.input import timestamp
from onefold.sql.statements import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from onefold.identity.project_queries import ProjectQueries, SourceQueries
    from onefold.identity.read.file_states import SourceFiles
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher

    Phase = Callable[[str], None]

Days = tuple[tuple[int, int], ...]
"""(edge source, day) pairs: days since 1970, `NO_DAY` for rows without a time."""

_Facts = dict[tuple[int, int], tuple[int, int]]
"""The number of rows and the sum of their digests, by edge source and day."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Changes:
    """The changed days of edge sources.

    Attributes:
        found: The days whose rows changed, or that must be read again for another reason.
        all: Number of all days of edge sources.
        share: Share of all rows that are on changed days, 0 to 1.
        files: The file states before the rows were compared, by number of the edge source.
        since: The midnight (UTC) from which rows were compared (``incremental_timedelta``); None for all.
    """

    found: Days
    all: int
    share: float
    files: Mapping[int, FilesRead]
    since: datetime | None

    def table(self) -> pa.Table:
        """The changed days as a relation to upload."""
        source, day = (np.array([key[place] for key in self.found], dtype=np.int32) for place in (0, 1))
        kinds = (to_arrow(source.astype(np.int16), pa.int16()), to_arrow(day, pa.date32(), null=NO_DAY))
        return pa.table(dict(zip((schema.SOURCE, schema.DAY), kinds, strict=True)))

    def rows(self, source: SourceQueries) -> NamedQuery:
        """The rows of an edge source on changed days, which the relation ``changed_days`` holds."""
        days = [None if day == NO_DAY else day for number, day in self.found if number == source.number]
        rows = source.rows if source.is_input else rows_of(_kept(source)).tree
        return NamedQuery(f"changed_rows_{source.number + 1}", _on_days(rows, source.number, days))


def changed_days(
    step: IdStitcher, queries: ProjectQueries, end: datetime, store: GraphStore, phase: Phase
) -> Changes | None:
    """Find the changed days; None if the id rules changed.

    Args:
        step: The stitcher.
        queries: Its queries that depend on the project; ``lists_now`` exists if it has lists.
        end: The end time of the published graph.
        store: Reads the graph.
        phase: Called with a few words when a phase starts.

    Raises:
        EngineError: If a statement fails.
    """
    again = _listed_days(queries, store)
    if again is None:
        return None
    since = _since(step, end)
    was = _by_day(store.fetch(sql("incremental/digests_before")))
    sources = [source.files if source.is_input and since is None else None for source in queries.sources]
    # With a time window, a late row of a file is not compared, but the file would count as read.
    then, files = files_read(store.fetch(sql("incremental/files_before"))), file_states(sources, store)
    now: _Facts = {} if since is None else _before(was, since)
    for source, of_files in zip(queries.sources, sources, strict=True):
        number = source.number
        phase(f"looking for changes in {step.sources[number].source}")
        if of_files is not None and store.reads_files and _are_as_they_were(then.get(number), files.get(number)):
            own = {key: fact for key, fact in was.items() if key[0] == number}
            now |= _added(own, of_files, then[number], files[number], store)
        else:
            now |= _read_digests(source, since, store)
    changed = {key for key in was | now if was.get(key) != now.get(key)} | {*again}
    rows = sum(count for count, _ in now.values())
    on_them = sum(now.get(key, (0, 0))[0] for key in changed)
    return Changes(tuple(sorted(changed)), len(was | now), on_them / max(rows, 1), files, since)


def _listed_days(queries: ProjectQueries, store: GraphStore) -> Days | None:
    """The days with ids whose filter lists changed; None if the id rules changed."""
    if not queries.has_lists:
        return ()
    store.temp_table(sql("incremental/changed_lists"))
    if store.fetch(sql("incremental/rules_changed", rules_list=RULES_LIST))["changed"][0].as_py():
        return None
    return days_of(store.fetch(sql("incremental/listed_days")))


def _since(step: IdStitcher, end: datetime) -> datetime | None:
    """The midnight from which rows are compared, because evidence is stored by whole days."""
    if step.window is None:
        return None
    try:
        return datetime.combine((end.replace(tzinfo=None) - step.window).date(), time())
    except OverflowError:
        return None


def _before(facts: _Facts, since: datetime) -> _Facts:
    """The known facts of days that are not compared."""
    first = (since.date() - _EPOCH).days
    return {(source, day): fact for (source, day), fact in facts.items() if NO_DAY != day < first}


def days_of(rows: pa.Table) -> Days:
    """Rows ``__source, __day`` as `Days`."""
    days = to_numpy(rows[schema.DAY], null=NO_DAY).tolist()
    return tuple(zip(rows[schema.SOURCE].to_pylist(), days, strict=True))


def _kept(source: SourceQueries) -> str:
    """The temporary table of an edge source whose rows are read once for digests and once for ids."""
    return f"rows_of_source_{source.number + 1}"


def _read_digests(source: SourceQueries, since: datetime | None, store: GraphStore) -> _Facts:
    rows: exp.Query = source.rows if since is None else _from(source.rows, since)
    if not source.is_input:
        store.temp_table(NamedQuery(_kept(source), rows))
        rows = rows_of(_kept(source)).tree
    query = NamedQuery(f"digests_of_source_{source.number + 1}", digests_query(rows))
    return _by_day(store.fetch(query), source.number)


def _from(rows: exp.Query, since: datetime) -> exp.Select:
    """The rows of an edge source from a time on, and those without a time."""
    seen_at = exp.column("seen_at", table="every_row")
    query = exp.select("every_row.*").from_(rows.subquery("every_row"))
    return query.where(exp.or_(seen_at >= timestamp(since), seen_at.copy().is_(exp.null())))


def _on_days(rows: exp.Query, source: int, days: Sequence[int | None]) -> exp.Select:
    """The rows of an edge source (``seen_at``) on changed days.

    Args:
        rows: All rows.
        source: The number of the edge source.
        days: The days since 1970, None for rows without a time. The query also names their span, so that files whose
            rows are outside it are not opened.
    """
    seen_at = exp.column("seen_at", table="every_row")
    same = exp.and_(
        exp.column(schema.SOURCE, table="changed").eq(exp.Literal.number(source)),
        exp.NullSafeEQ(this=exp.column(schema.DAY, table="changed"), expression=exp.cast(seen_at.copy(), "DATE")),
    )
    changed = exp.select(exp.Literal.number(1))
    changed = changed.from_(exp.alias_(schema.relation("changed_days"), "changed", table=True))
    query = exp.select("every_row.*").from_(rows.subquery("every_row"))
    known = [day for day in days if day is not None]
    if known and None not in days and _FIRST_DAY <= min(known) <= max(known) < _LAST_DAY:
        query = query.where(seen_at.copy() >= _midnight(min(known)), seen_at.copy() < _midnight(max(known) + 1))
    return query.where(exp.Exists(this=changed.where(same)) if days else exp.false())


_FIRST_DAY, _LAST_DAY = (date.min - _EPOCH).days, (date.max - _EPOCH).days


def _midnight(day: int) -> exp.Cast:
    """The beginning of a day."""
    return exp.cast(exp.Literal.string((_EPOCH + timedelta(days=day)).isoformat()), "TIMESTAMP")


def _are_as_they_were(then: FilesRead | None, now: FilesRead | None) -> bool:
    if then is None or now is None or now.until < then.until or now.shape != then.shape:
        return False
    return all(now.files.get(file) == state for file, state in then.files.items())


def _added(facts: _Facts, source: SourceFiles, then: FilesRead, now: FilesRead, store: GraphStore) -> _Facts:
    """The facts of each day, with the added rows."""
    questions = [([file for file in now.files if file not in then.files], source.scanned_digests())]
    if now.until > then.until and source.time is not None:
        questions.append(([*then.files], source.scanned_digests(then.until)))
    found = dict(facts)
    for files, question in questions:
        if files:
            with store.scan_files(SCANNED, source.table, files):
                added = _by_day(store.fetch(question), source.number)
            for key, (rows, digest) in added.items():
                count, total = found.get(key, (0, 0))
                found[key] = count + rows, (total + digest) % DIGESTS
    return found


def _by_day(rows: pa.Table, source: int | None = None) -> _Facts:
    days = to_numpy(rows[schema.DAY], null=NO_DAY).tolist()
    sources = rows[schema.SOURCE].to_pylist() if source is None else [source] * len(days)
    facts = zip(rows["row_count"].to_pylist(), rows["digest"].to_pylist(), strict=True)
    return dict(zip(zip(sources, days, strict=True), facts, strict=True))

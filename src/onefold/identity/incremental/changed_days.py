"""Which days of which edge sources have other rows than before.

In: what each day's rows came to when they were read last, and an engine. Out: a `Changes`. Reads no id.

Of a source that is read from data files, only new files are looked through, and what the end time had hidden of the
others: as long as each file that was read before is as it was, what its rows came to holds. Where a file was written
again, or is gone, the whole source is looked through. What may be wrong then is on the safe side: rows that are counted
twice make a day look changed, and it is read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.engines.base import FileReader
from onefold.identity import schema
from onefold.identity.columns import to_arrow, to_numpy
from onefold.identity.read.file_states import NARROWED, FilesRead, files_now, files_read
from onefold.identity.read.text import NO_DAY
from onefold.sql.statements import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from onefold.engines.base import Engine
    from onefold.identity.incremental.statements import GrowthSql, SourceSql
    from onefold.identity.read.file_states import SourceFiles
    from onefold.plan.model import IdStitcher

    Phase = Callable[[str], None]

Days = tuple[tuple[int, int], ...]
"""Edge sources and days: days since 1970, `NO_DAY` for rows without a time."""

_Facts = dict[tuple[int, int], tuple[int, int]]
"""How many rows and the sum of their digests, by edge source and day."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Changes:
    """What changed.

    Attributes:
        found: The days whose rows are not as before, or that are to be read again anyway.
        all: How many such days there are.
        share: The share of all rows that lies on days that changed, 0 to 1.
        files: What edge sources were read from before their rows were looked at, by their number.
    """

    found: Days
    all: int
    share: float
    files: Mapping[int, FilesRead]

    def table(self) -> pa.Table:
        """The days, as a relation to upload."""
        source, day = (np.array([key[place] for key in self.found], dtype=np.int32) for place in (0, 1))
        kinds = (to_arrow(source.astype(np.int16), pa.int16()), to_arrow(day, pa.date32(), null=NO_DAY))
        return pa.table(dict(zip((schema.SOURCE, schema.DAY), kinds, strict=True)))

    def of_source(self, number: int) -> list[int | None]:
        """The days of one edge source."""
        return [None if day == NO_DAY else day for source, day in self.found if source == number]


def find_changes(step: IdStitcher, statements: GrowthSql, again: Days, engine: Engine, phase: Phase) -> Changes:
    """The days whose rows are not those of last time.

    Args:
        step: The stitcher.
        statements: From ``growth_sql``.
        again: Days that are to be read again though their rows are the same.
        engine: Where to run them.
        phase: Told what happens next, in a few words.

    Raises:
        EngineError: If a statement fails.
    """
    was = _by_day(engine.fetch(statements.days))
    then, files = files_read(engine.fetch(statements.files)), files_now([s.files for s in statements.sources], engine)
    now: _Facts = {} if statements.since is None else _before(was, statements.since)
    for number, source in enumerate(step.sources):
        phase(f"looking for changes in {source.source}")
        asked = statements.sources[number]
        same = asked.files is not None and _are_as_they_were(then.get(number), files.get(number))
        if asked.files is not None and same and isinstance(engine, FileReader):
            own = {key: fact for key, fact in was.items() if key[0] == number}
            now |= _added(own, asked.files, then[number], files[number], engine)
        else:
            now |= _looked_through(asked, number, engine)
    changed = {key for key in was | now if was.get(key) != now.get(key)} | {*again}
    rows = sum(count for count, _ in now.values())
    on_them = sum(now.get(key, (0, 0))[0] for key in changed)
    return Changes(tuple(sorted(changed)), len(was | now), on_them / max(rows, 1), files)


def _before(facts: _Facts, since: datetime) -> _Facts:
    """What is known of days that are not looked at."""
    first = (since.date() - _EPOCH).days
    return {(source, day): fact for (source, day), fact in facts.items() if NO_DAY != day < first}


def days_of(rows: pa.Table) -> Days:
    """Rows ``__source, __day`` as `Days`."""
    days = to_numpy(rows[schema.DAY].cast(pa.int32()), null=NO_DAY).tolist()
    return tuple(zip(rows[schema.SOURCE].to_pylist(), days, strict=True))


def _looked_through(asked: SourceSql, number: int, engine: Engine) -> _Facts:
    if asked.keep is not None:
        engine.execute(asked.keep)
    return _by_day(engine.fetch(asked.digests), number)


def _are_as_they_were(then: FilesRead | None, now: FilesRead | None) -> bool:
    if then is None or now is None or now.until < then.until or now.shape != then.shape:
        return False
    return all(now.files.get(file) == state for file, state in then.files.items())


def _added(facts: _Facts, source: SourceFiles, then: FilesRead, now: FilesRead, engine: FileReader) -> _Facts:
    """What the rows of each day come to with those that were added."""
    questions = [([file for file in now.files if file not in then.files], source.narrowed_digests())]
    if now.until > then.until and source.time is not None:
        questions.append(([*then.files], source.narrowed_digests(then.until)))
    found = dict(facts)
    for files, question in questions:
        if files:
            with engine.scan_files(NARROWED, source.table, files):
                added = _by_day(engine.fetch(question), source.number)
            for key, (rows, digest) in added.items():
                count, total = found.get(key, (0, 0))
                found[key] = count + rows, (total + digest) % DIGESTS
    return found


def _by_day(rows: pa.Table, source: int | None = None) -> _Facts:
    days = to_numpy(rows[schema.DAY].cast(pa.int32()), null=NO_DAY).tolist()
    sources = rows[schema.SOURCE].to_pylist() if source is None else [source] * len(days)
    facts = zip(rows["row_count"].to_pylist(), rows["digest"].to_pylist(), strict=True)
    return dict(zip(zip(sources, days, strict=True), facts, strict=True))

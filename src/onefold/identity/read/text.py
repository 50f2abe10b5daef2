"""Read the ids of all edge sources, number them, and aggregate their rows into evidence.

Takes the streams of a stitcher's edge sources. Returns the dictionary of ids, the evidence by edge source and day, and
the row count and digest of each day. Excludes no ids and solves nothing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.identity.columns import to_numpy
from onefold.identity.native.kernel import NO_NODE, UNKNOWN
from onefold.identity.native.ordering import distinct
from onefold.identity.read.edge_evidence import Digests, Evidence
from onefold.identity.read.encode import Dictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from onefold.identity.read.edges import Edges
    from onefold.identity.sql_files import NamedQuery
    from onefold.identity.store import GraphStore
    from onefold.plan.model import IdStitcher

_MICROSECONDS = pa.timestamp("us")
_DAY = 86_400_000_000
"""Microseconds."""

NO_DAY = int(np.iinfo(np.int32).min)
"""The day of rows without a time."""

_MOST_DAYS = 1 << 16
"""Number of days in a batch up to which a lookup table is faster than sorting."""

MOST_IDS_OF_EDGES = 2
"""Number of ids per row up to which its pairs hold all ids; rows with more also add each id alone."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The (edge source, day) of each group of rows, by its number.

    Attributes:
        source: Number of the edge source.
        day: Days since 1970, `NO_DAY` for rows without a time.
    """

    source: NDArray[np.int16]
    day: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Read:
    """The rows of the edge sources, aggregated.

    Attributes:
        ids: The dictionary: node by (id type, id).
        types: Names of the id types, by the type codes of the dictionary.
        evidence: The evidence per pair of nodes and group; a row with one id is a pair of the id with itself.
        groups: The groups of the evidence.
        row_counts: Number of rows of each group.
        digests: Sum of the row digests of each group, as `digest_total` gives it; zeros where the engine cannot hash.
    """

    ids: Dictionary
    types: tuple[str, ...]
    evidence: Edges
    groups: Groups
    row_counts: NDArray[np.int64]
    digests: NDArray[np.int64]


def types_of(step: IdStitcher) -> tuple[str, ...]:
    """Names of the id types that the edge sources have, in order of first mention."""
    return tuple(dict.fromkeys(c.id_type for source in step.sources for c in source.ids))


def read_sources(
    step: IdStitcher,
    queries: Sequence[NamedQuery],
    store: GraphStore,
    phase: Callable[[str], None],
    types: Sequence[str],
) -> Read:
    """Read all edge sources.

    Args:
        step: The stitcher.
        queries: The rows of each edge source, as of `source_query`.
        store: Runs the queries.
        phase: Called with a few words when the reading of a source starts.
        types: Names of the id types; those of the sources first.

    Raises:
        EngineError: If a query fails.
    """
    ids, evidence, digests, days = Dictionary(), Evidence(), Digests(), _Days()
    code = {name: number for number, name in enumerate(types)}
    with ThreadPoolExecutor(1 + len(types)) as threads:
        gathered: Future[None] | None = None
        for number, (source, query) in enumerate(zip(step.sources, queries, strict=True)):
            phase(f"reading ids of {source.source}")
            codes = [code[column.id_type] for column in source.ids]
            for batch in store.stream(query):
                seen_at = _times(batch.column("seen_at"))
                group = days.groups(number, seen_at)
                texts = [batch.column(f"id_{i}") for i in range(1, len(codes) + 1)]
                nodes = ids.encode_together([*zip(codes, texts, strict=True)], threads)
                if "row_digest" in batch.schema.names:
                    digests.add(group, to_numpy(pa.chunked_array([batch.column("row_digest")])))
                if gathered is not None:
                    gathered.result()
                keys = batch.column("sample_key") if "sample_key" in batch.schema.names else None
                # The evidence of one batch is aggregated while the ids of the next batch are numbered.
                gathered = threads.submit(_gather, evidence, _pairs(nodes, codes), group, seen_at, keys)
        if gathered is not None:
            gathered.result()
    groups = days.all()
    count = groups.source.size
    return Read(ids, tuple(types), evidence.edges(), groups, digests.counts(count), digests.sums(count))


def _gather(
    evidence: Evidence,
    pairs: Iterable[tuple[NDArray[np.uint32], NDArray[np.uint32]]],
    group: NDArray[np.int32],
    seen_at: NDArray[np.int64],
    keys: pa.Array | None,
) -> None:
    for left, right in pairs:
        evidence.add(left, right, group, seen_at, keys)


def _times(column: pa.Array) -> NDArray[np.int64]:
    """Microseconds since 1970, `UNKNOWN` for null."""
    return to_numpy(pa.chunked_array([column.cast(_MICROSECONDS)]), null=UNKNOWN)


def _pairs(
    nodes: list[NDArray[np.uint32]], codes: Sequence[int]
) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """The pairs of ids of each row, as columns; a row with one id is a pair of it with itself (format A1)."""
    if len(nodes) == 1:
        yield nodes[0], nodes[0]
        return
    if len(nodes) == MOST_IDS_OF_EDGES:
        first, second = nodes
        yield _oriented(np.where(first == NO_NODE, second, first), np.where(second == NO_NODE, first, second), codes)
        return
    for column in nodes:
        yield column, column
    for (i, first), (j, second) in combinations(enumerate(nodes), 2):
        both = (first != NO_NODE) & (second != NO_NODE) & (first != second)
        none = np.uint32(NO_NODE)
        yield _oriented(np.where(both, first, none), np.where(both, second, none), (codes[i], codes[j]))


def _oriented(
    left: NDArray[np.uint32], right: NDArray[np.uint32], codes: Sequence[int]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Put the first id type on the left, because pairs have no direction; for one type, the smaller node."""
    if codes[0] == codes[1]:
        return np.minimum(left, right), np.maximum(left, right)
    return (left, right) if codes[0] < codes[1] else (right, left)


class _Days:
    """Numbers the (edge source, day) pairs in order of appearance."""

    def __init__(self) -> None:
        self._source: list[int] = []
        self._day: list[int] = []
        self._numbers: dict[tuple[int, int], int] = {}

    def groups(self, source: int, seen_at: NDArray[np.int64]) -> NDArray[np.int32]:
        """Per row, the number of its group."""
        known = seen_at != UNKNOWN
        day = seen_at // _DAY
        earliest = int(day.min(initial=0, where=known))
        width = int(day.max(initial=earliest, where=known)) - earliest + 1
        if width > _MOST_DAYS:
            return self._far_apart(source, np.where(known, day, NO_DAY))
        # Place 0 is for rows without a time, place n for the nth day from the earliest one.
        place = np.where(known, day - (earliest - 1), 0)
        numbers = np.zeros(width + 1, dtype=np.int32)
        for used in np.flatnonzero(np.bincount(place, minlength=width + 1)).tolist():
            numbers[used] = self._number(source, earliest + used - 1 if used else NO_DAY)
        return numbers[place]

    def _far_apart(self, source: int, day: NDArray[np.int64]) -> NDArray[np.int32]:
        found = distinct(day)
        numbers = np.array([self._number(source, int(d)) for d in found], dtype=np.int32)
        return numbers[np.searchsorted(found, day)]

    def all(self) -> Groups:
        """All groups so far."""
        return Groups(np.array(self._source, dtype=np.int16), np.array(self._day, dtype=np.int32))

    def _number(self, source: int, day: int) -> int:
        number = self._numbers.setdefault((source, day), len(self._source))
        if number == len(self._source):
            self._source.append(source)
            self._day.append(day)
        return number

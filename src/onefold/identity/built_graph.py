"""What building a graph came to, and what a stitch leaves. Records; no logic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from onefold.identity.store import Snapshot
    from onefold.state.records import Certificate

BuildKind = Literal["full", "incremental", "unchanged"]


@dataclass(frozen=True)
class SourceIds:
    """What one edge source gave.

    Attributes:
        source: Its ref.
        has_ids: Whether there is any id in it that the filters keep.
    """

    source: str
    has_ids: bool


@dataclass(frozen=True)
class Built:
    """A graph in its tables.

    Attributes:
        certificate: What was checked of it: all of what was solved, and the totals of the whole.
        events: What became of main ids: how many were born, merged and so on.
        profiles: Profiles that were solved.
        sources: What each edge source gave, where all rows were read.
    """

    certificate: Certificate
    events: Mapping[str, int]
    profiles: int
    sources: tuple[SourceIds, ...] = ()


@dataclass(frozen=True)
class HowBuilt:
    """How a graph was built.

    Attributes:
        kind: From all rows, on the published graph, or not at all: no row had changed.
        days_read: Days of edge sources whose rows were read.
        days: All such days.
        profiles_solved: Profiles that were solved.
        since: The moment from which rows were looked at (``incremental_timedelta``), in UTC; None for all.
    """

    kind: BuildKind
    days_read: int
    days: int
    profiles_solved: int
    since: datetime | None = None


@dataclass(frozen=True)
class Stitched:
    """What a stitch left.

    Attributes:
        snapshot: Where the graph is.
        certificate: What was checked.
        events: What became of main ids, by kind of event.
        how: How it was built.
        sources: What each edge source gave, where all rows were read.
        placeholders: Ids that look like a value for nothing and were kept, by id type, of the rows that were read.
    """

    snapshot: Snapshot
    certificate: Certificate
    events: Mapping[str, int]
    how: HowBuilt
    sources: tuple[SourceIds, ...] = ()
    placeholders: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of the mapping, one per id."""
        return self.certificate.nodes

"""The results of building a graph. Records without logic."""

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
    """One edge source and whether it has ids.

    Attributes:
        source: Its ref.
        has_ids: Whether the filters keep any of its ids.
    """

    source: str
    has_ids: bool


@dataclass(frozen=True)
class Built:
    """A graph that was written to its tables.

    Attributes:
        certificate: The verified totals of the graph.
        events: Number of main id events, by kind.
        profiles: Number of profiles that were solved.
        sources: The edge sources, if all rows were read.
    """

    certificate: Certificate
    events: Mapping[str, int]
    profiles: int
    sources: tuple[SourceIds, ...] = ()


@dataclass(frozen=True)
class HowBuilt:
    """How a graph was built.

    Attributes:
        kind: ``full``: from all rows; ``incremental``: from the published graph; ``unchanged``: no row had changed.
        days_read: Number of days of edge sources whose rows were read.
        days: Number of all days of edge sources.
        profiles_solved: Number of profiles that were solved.
        since: The time from which rows were compared (``incremental_timedelta``), in UTC; None for all.
    """

    kind: BuildKind
    days_read: int
    days: int
    profiles_solved: int
    since: datetime | None = None


@dataclass(frozen=True)
class Stitched:
    """The result of a stitcher.

    Attributes:
        snapshot: The location of the graph.
        certificate: Its verified totals.
        events: Number of main id events, by kind.
        how: How it was built.
        sources: The edge sources, if all rows were read.
        placeholders: Number of placeholder ids that were kept, by id type, in the rows that were read.
    """

    snapshot: Snapshot
    certificate: Certificate
    events: Mapping[str, int]
    how: HowBuilt
    sources: tuple[SourceIds, ...] = ()
    placeholders: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of ids in the graph."""
        return self.certificate.nodes

"""Records of the registry: runs, materials, graphs and publications. Plain values; reads no table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from onefold.plan.model import RunTimes


@dataclass(frozen=True)
class Certificate:
    """The verified totals of an id graph.

    Attributes:
        nodes: Number of distinct (id value, id type) pairs.
        edges: Number of edges; a pair of ids counts once for each edge source that has it.
        profiles: Number of components, each with its own main id.
        joins: Number of edges that joined two components; ``profiles == nodes - joins``.
    """

    nodes: int
    edges: int
    profiles: int
    joins: int


@dataclass(frozen=True)
class GraphRecord:
    """The location of an id graph, and how it was built.

    Attributes:
        base: The material whose tables hold it. After an incremental run this is an earlier material.
        version: Its version in these tables.
        main_id: Name of its main id column.
        previous: The material that was published when it was built; None if there was none.
        begin: Begin of the time window of its rows, as text; None without one.
        kind: ``full``: from all rows; ``incremental``: from the previous graph; ``unchanged``: no row had changed.
        days_read: Number of days of edge sources whose rows were read.
        days: Number of all days of edge sources.
        profiles_solved: Number of profiles that were solved.
        since: The time from which rows were compared (``incremental_timedelta``), as text; None for all.
    """

    base: str
    version: int
    main_id: str
    previous: str | None
    begin: str | None
    kind: Literal["full", "incremental", "unchanged"]
    days_read: int
    days: int
    profiles_solved: int
    since: str | None = None


@dataclass(frozen=True)
class RunRecord:
    """One registered run.

    Attributes:
        published_at: When it was published; None if it was not.
    """

    seq_no: int
    times: RunTimes
    published_at: datetime | None


@dataclass(frozen=True)
class MaterialRecord:
    """One registered material.

    Attributes:
        ref: Ref of its model.
        model: Name of its model.
        kind: Type of its model.
        model_hash: Fingerprint of its model.
        seconds: How long it took to build.
        made_at: When it was finished; aware.
    """

    name: str
    seq_no: int
    ref: str
    model: str
    kind: str
    model_hash: str
    rows: int | None
    seconds: float
    made_at: datetime


@dataclass(frozen=True)
class PublishedRecord:
    """The published material of a model.

    Attributes:
        end: The end time of its rows; aware.
        graph: The location of its graph, for an id stitcher.
        certificate: The certificate of its graph, for an id stitcher.
    """

    material: str
    seq_no: int
    end: datetime
    graph: GraphRecord | None
    certificate: Certificate | None

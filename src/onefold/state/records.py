"""The records that the registry keeps: runs, materials, graphs, and what is published. Plain values; reads no table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from onefold.plan.model import RunTimes


@dataclass(frozen=True)
class Certificate:
    """What a stitch has been checked to hold.

    Attributes:
        nodes: Distinct (id value, id type) pairs.
        edges: Links: pairs of ids, each counted once for each edge source that has it.
        profiles: Components, each with a main id of its own.
        joins: Edges that joined two components; ``profiles == nodes - joins``.
    """

    nodes: int
    edges: int
    profiles: int
    joins: int


@dataclass(frozen=True)
class GraphRecord:
    """Where the graph of an id_stitcher lies, and what its main ids come from.

    Attributes:
        base: The material whose tables hold it; another one's where a run built on the last one.
        version: Its version there.
        main_id: Name of its main id column.
        previous: The material that was published when it was made; None if none was.
        begin: Begin of the time window of its rows, as text; None without one.
        kind: How it was built: from all rows, on the last one, or not at all, because no row had changed.
        days_read: Days of edge sources whose rows were read for that.
        days: All such days.
        profiles_solved: Profiles that were solved.
        since: The moment from which rows were looked at (``incremental_timedelta``), as text; None for all.
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
    """One run as registered.

    Attributes:
        published_at: When its views moved; None if they never did.
    """

    seq_no: int
    times: RunTimes
    published_at: datetime | None


@dataclass(frozen=True)
class MaterialRecord:
    """One material as registered.

    Attributes:
        ref: Of its model.
        model: Name of its model.
        kind: Type of its model.
        model_hash: Fingerprint of its model.
        seconds: How long it took to make.
        made_at: When it was whole, aware.
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
    """What the view of a model shows.

    Attributes:
        end: The end time of its rows, aware.
        graph: Of an id_stitcher, where its graph lies.
        certificate: Of an id_stitcher, what was checked.
    """

    material: str
    seq_no: int
    end: datetime
    graph: GraphRecord | None
    certificate: Certificate | None

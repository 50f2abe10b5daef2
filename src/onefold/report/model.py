"""The data of a report.

``collect`` creates these frozen records, ``audit.mask`` masks them, ``pb report --json`` prints them, and ``render``
draws them. All ids are `Id` records. The data has no HTML and no colours. Drawings have coordinates, because a layout
is expensive to compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from onefold.short_repr import Short

if TYPE_CHECKING:
    from datetime import datetime

    from onefold.audit.bridges import Bridges
    from onefold.audit.clusters import Clusters
    from onefold.audit.diff.compare import Diff
    from onefold.audit.features import Features
    from onefold.audit.health import Overview
    from onefold.audit.records import Id, NextStep, Verdict
    from onefold.audit.threshold_sweep import Thresholds
    from onefold.state.records import Certificate

Section = Literal["health", "sizes", "clusters", "bridges", "thresholds", "changes", "features", "excluded", "checks"]
"""The sections of the page, by their anchors."""


@dataclass(frozen=True)
class About:
    """The origin of the figures.

    Attributes:
        project: Name of the project.
        entity: The entity.
        stitcher: Ref of its id stitcher.
        seq_no: The run that built the graph.
        rows_up_to: Its end time.
        made_at: When this report was created.
        output: Database and schema, in words.
        version: Version of onefold.
    """

    project: str
    entity: str
    stitcher: str
    seq_no: int
    rows_up_to: datetime
    made_at: datetime
    output: str
    version: str


# --- the verdict ---


@dataclass(frozen=True)
class Remark:
    """A finding of the report.

    Attributes:
        text: One sentence without a final period.
        section: The section that shows it.
    """

    verdict: Verdict
    text: str
    section: Section


@dataclass(frozen=True)
class Conclusion:
    """The summary of the report.

    Attributes:
        verdict: The worst verdict among the remarks, or ``pass``.
        headline: One sentence.
        remarks: The findings, worst first.
        steps: What to do next, in order.
    """

    verdict: Verdict
    headline: str
    remarks: tuple[Remark, ...]
    steps: tuple[NextStep, ...]


# --- sizes ---


@dataclass(frozen=True)
class Bar:
    """Profiles of one size, or of a range of sizes.

    Attributes:
        least: The smallest size.
        most: The largest size; None for no limit.
        profiles: Number of profiles.
    """

    least: int
    most: int | None
    profiles: int


@dataclass(frozen=True)
class Distribution:
    """The distribution of profile sizes.

    Attributes:
        of: The counted id type; None for ids of all types.
        bars: The bars, smallest size first.
        bound: The expected maximum; None if there is none.
    """

    of: str | None
    bars: tuple[Bar, ...]
    bound: int | None


# --- pictures ---


@dataclass(frozen=True)
class PlacedId:
    """An id on a drawing.

    Attributes:
        number: Its label, from 1; cut points come first, the worst first.
        x: From 0 to the width of the drawing.
        y: From 0 to its height.
        kind: ``shared account``, ``shared device`` or ``chain``; None for other ids.
        is_cut: Whether it is a cut point.
        persons_off: Number of person ids that its removal disconnects.
        hidden: Number of neighbours that are not drawn.
    """

    number: int
    id: Id
    x: float
    y: float
    kind: str | None
    is_cut: bool
    persons_off: int
    hidden: int


@dataclass(frozen=True)
class DrawnEdge:
    """An edge on a drawing.

    Attributes:
        one: Number of one id.
        other: Number of the other id.
        is_bridge: Whether it is a bridge between people.
    """

    one: int
    other: int
    is_bridge: bool


@dataclass(frozen=True)
class Drawing:
    """The layout of a profile.

    Attributes:
        width: Width in CSS pixels.
        height: Height in CSS pixels.
        nodes: The ids, by number.
        lines: The edges between them.
    """

    width: float
    height: float
    nodes: tuple[PlacedId, ...]
    lines: tuple[DrawnEdge, ...]


@dataclass(frozen=True)
class Picture:
    """One of the worst profiles.

    Attributes:
        main_id: Its main id.
        counts: Number of ids per type.
        edges: Number of edges.
        articulation_points: Number of ids whose removal disconnects people.
        bridges: Number of edges whose removal disconnects people.
        why: Why it is shown, in words.
        drawing: The drawing; None if the profile is too large.
        steps: What to do next.
    """

    main_id: str
    counts: dict[str, int]
    edges: int
    articulation_points: int
    bridges: int
    why: tuple[str, ...]
    drawing: Drawing | None
    steps: tuple[NextStep, ...]

    @property
    def ids(self) -> int:
        """Number of ids of the profile."""
        return sum(self.counts.values())

    @property
    def is_sampled(self) -> bool:
        """Whether only some of its ids are drawn."""
        return self.drawing is not None and len(self.drawing.nodes) < self.ids


# --- what changed ---


@dataclass(frozen=True)
class RunEvents:
    """The main id events of one run.

    Attributes:
        counts: Number of events, by name.
        ids_moved: Number of ids that moved to another profile.
    """

    seq_no: int
    at: datetime
    counts: dict[str, int]
    ids_moved: int


@dataclass(frozen=True)
class ReportedEvent:
    """A main id event.

    Attributes:
        event: ``merged``, ``split`` and so on.
        main_id: The main id that continues, or is new.
        previous_main_id: The main id before.
        ids_moved: Number of ids that moved.
        cause: The cause, in words.
    """

    event: str
    main_id: str
    previous_main_id: str | None
    ids_moved: int
    cause: str


@dataclass(frozen=True)
class MainIdChanges:
    """The changes of main ids.

    Attributes:
        is_first: Whether nothing was published before.
        runs: The runs that changed main ids, latest first.
        events: The events of the latest run, largest first, without `created`.
        shown_of: Number of such events.
        since: The comparison with the previously published graph; None if there is none any more.
    """

    is_first: bool
    runs: tuple[RunEvents, ...]
    events: tuple[ReportedEvent, ...]
    shown_of: int
    since: Diff | None


# --- features ---


@dataclass(frozen=True)
class FeatureColumn:
    """The values of one feature over all profiles.

    Attributes:
        name: Its name.
        kind: ``number``, ``time``, ``yes or no`` or ``text``.
        nulls: Number of profiles without a value.
        least: The minimum, as a number or ISO 8601 text; None for texts, which may be personal.
        mean: The mean of numbers, or the share of true values.
        most: The maximum, like ``least``.
        distinct: Approximate number of distinct values.
        bound: The expected range, in words; None without bounds.
        beyond: Number of profiles with a value out of bounds.
    """

    name: str
    kind: Literal["number", "time", "yes or no", "text"]
    nulls: int
    least: float | str | None
    mean: float | None
    most: float | str | None
    distinct: int
    bound: str | None
    beyond: int


@dataclass(frozen=True)
class FeatureTable:
    """All features.

    Attributes:
        profiles: Number of profiles with features.
        columns: In the order of the view.
        broken: Profiles with values out of bounds.
    """

    profiles: int
    columns: tuple[FeatureColumn, ...]
    broken: Features


# --- the report ---


@dataclass(frozen=True, repr=False)
class Report(Short):
    """The report.

    Attributes:
        sizes: The profile sizes by all ids, then by id type.
        pictures: The worst profiles, worst first.
        thresholds: The threshold sweeps; None if they were not run.
        edges: Number of edge rows, which decides whether thresholds are swept by default.
        features: The features; None if none are published.
        certificate: What the stitcher verified; None if unknown.
    """

    about: About
    conclusion: Conclusion
    health: Overview
    sizes: tuple[Distribution, ...]
    clusters: Clusters
    pictures: tuple[Picture, ...]
    bridges: Bridges
    thresholds: Thresholds | None
    edges: int
    changes: MainIdChanges
    features: FeatureTable | None
    certificate: Certificate | None

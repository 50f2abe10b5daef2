"""What the page shows, as data.

In: nothing. Out: frozen values, which ``collect`` fills, ``audit.mask`` can mask, ``pb report --json`` prints and
``render`` draws. Ids stand in `Id` records. No value is text for HTML, a colour or a pixel; pictures of profiles have
places on a drawing, because finding these is work.
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
"""The parts of the page, by the names that links use."""


@dataclass(frozen=True)
class About:
    """Where the figures come from.

    Attributes:
        project: Name of the project.
        entity: The entity.
        stitcher: Ref of its id stitcher.
        seq_no: The run that made the graph.
        rows_up_to: Its end time.
        made_at: When this report was made.
        output: Database and schema, in words.
        version: Of onefold.
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
    """One thing that is not as it should be.

    Attributes:
        text: What, in one sentence without a final period.
        section: The part of the page that shows it.
    """

    verdict: Verdict
    text: str
    section: Section


@dataclass(frozen=True)
class Conclusion:
    """What to make of the graph.

    Attributes:
        verdict: The worst of the remarks', or ``ok``.
        headline: In one sentence.
        remarks: What is not as it should be, the worst first.
        steps: What to do, in order.
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
        most: The largest; None for no end.
        profiles: How many there are.
    """

    least: int
    most: int | None
    profiles: int


@dataclass(frozen=True)
class Distribution:
    """How many profiles have how many ids.

    Attributes:
        of: The id type that is counted; None for ids of all types.
        bars: By size, from the smallest.
        bound: More than so many are out of the ordinary; None where nothing says so.
    """

    of: str | None
    bars: tuple[Bar, ...]
    bound: int | None


# --- pictures ---


@dataclass(frozen=True)
class PlacedId:
    """An id on a picture.

    Attributes:
        number: What stands on it, from 1; ids that hold others together come first, the worst first.
        x: Place, from 0 to the width of the picture.
        y: Place, from 0 to its height.
        kind: What it looks like (``shared account``, ``shared device``, ``chain``); None for an ordinary id.
        is_cut: Whether the profile falls apart without it.
        persons_off: How many ids of a person fall off without it.
        hidden: How many of its neighbours are not on the picture.
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
    """Two ids of a picture that stand in one row of a source.

    Attributes:
        one: Number of one node.
        other: Number of the other.
        is_bridge: Whether this pair is all that holds two parts of the profile together, each with a person.
    """

    one: int
    other: int
    is_bridge: bool


@dataclass(frozen=True)
class Drawing:
    """Where ids and lines of a profile lie.

    Attributes:
        width: Of the picture, in units of one CSS pixel.
        height: The same.
        nodes: By number.
        lines: Between them.
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
        counts: How many ids of each type it has.
        edges: How many pairs of ids stand in one row.
        articulation_points: How many of its ids part people when they are taken out.
        bridges: How many pairs do.
        why: Why it is shown, in words.
        drawing: The picture; None where the profile is too large to be read for one.
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
        """How many ids the profile has."""
        return sum(self.counts.values())

    @property
    def is_sampled(self) -> bool:
        """Whether only some of its ids are drawn."""
        return self.drawing is not None and len(self.drawing.nodes) < self.ids


# --- what changed ---


@dataclass(frozen=True)
class RunEvents:
    """What one run did to main ids.

    Attributes:
        counts: How often each event happened, by name.
        ids_moved: Ids that went from one profile to another.
    """

    seq_no: int
    at: datetime
    counts: dict[str, int]
    ids_moved: int


@dataclass(frozen=True)
class ReportedEvent:
    """Something that happened to a main id.

    Attributes:
        event: ``merged``, ``split`` and so on.
        main_id: The main id that lives on, or came.
        previous_main_id: The one that it happened to.
        ids_moved: How many ids went along.
        cause: Why, in words.
    """

    event: str
    main_id: str
    previous_main_id: str | None
    ids_moved: int
    cause: str


@dataclass(frozen=True)
class MainIdChanges:
    """What became of main ids.

    Attributes:
        is_first: Whether nothing was published before.
        runs: The runs that changed anything, the latest first.
        events: What the latest run did, the largest first; births are left out.
        shown_of: How many such events there are.
        since: What differs from the graph that was published before; None if there was none, or it is gone.
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
        nulls: Profiles without a value.
        least: The least value, as a number or ISO 8601 text; None for texts, which may be personal.
        mean: The mean of numbers, the share of yes.
        most: The greatest value.
        distinct: About how many different values there are.
        bound: What values are held against, in words; None for nothing.
        beyond: Profiles with a value out of bounds.
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
        profiles: How many profiles have features.
        columns: In the order of the view.
        broken: Profiles with values out of bounds.
    """

    profiles: int
    columns: tuple[FeatureColumn, ...]
    broken: Features


# --- the whole ---


@dataclass(frozen=True, repr=False)
class Report(Short):
    """The whole page.

    Attributes:
        sizes: Of all ids, then by id type.
        pictures: The worst profiles, the worst first.
        thresholds: None where they were not tried.
        edges: How many rows of evidence the graph has, which decides whether thresholds are tried unasked.
        features: None where no features are published.
        certificate: What the stitcher checked of its own result; None where it is not known.
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

"""Records that several answers share: ids, edges, sweep points and next steps.

Every id of an answer is an `Id`, at any depth, so that ``mask`` finds all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import datetime

Verdict = Literal["pass", "warn", "fail"]


@dataclass(frozen=True, order=True)
class Id:
    """An id of one type."""

    type: str
    value: str

    def __str__(self) -> str:
        return f"{self.type} {self.value}".strip()


@dataclass(frozen=True)
class SourceEvidence:
    """The rows of one edge source for an edge.

    Attributes:
        source: Ref of the source, or ``id rules``.
        rows: Number of rows with both ids.
        first_seen_at: Time of the earliest row; None without timestamps.
        last_seen_at: Time of the latest row.
        sample_key: ``row_identifier`` of the earliest row, as text; None if the source has none.
    """

    source: str
    rows: int
    first_seen_at: datetime | str | None
    last_seen_at: datetime | str | None
    sample_key: str | None = None


@dataclass(frozen=True)
class InputRow:
    """One row of an input.

    Attributes:
        at: Its timestamp, or None.
        row: Its values, by column.
        made_from: The values from which ids are computed, each with the id type.
    """

    at: datetime | str | None
    row: dict[str, Any]
    made_from: tuple[Id, ...]


@dataclass(frozen=True)
class OriginRows:
    """The rows of an input from which a SQL model computes ids.

    Attributes:
        input: Ref of the input.
        table: Its table or file, as in the project.
        ids: The ids that are computed from each row: both ends of the edge, or one.
        rows: Number of such rows.
        earliest: The first of them, by time.
    """

    input: str
    table: str
    ids: tuple[Id, ...]
    rows: int
    earliest: tuple[InputRow, ...]


@dataclass(frozen=True)
class Edge:
    """Two ids that share a source row.

    Attributes:
        evidence: Its rows by source, most rows first.
    """

    one: Id
    other: Id
    evidence: tuple[SourceEvidence, ...]


@dataclass(frozen=True)
class GraphSize:
    """The size of a graph.

    Attributes:
        ids: Number of ids.
        profiles: Number of profiles.
        largest: Number of ids in the largest profile.
        several: Number of profiles with more than one person id.
    """

    ids: int
    profiles: int
    largest: int
    several: int


@dataclass(frozen=True)
class Split:
    """The effect of a change on the changed profiles.

    Attributes:
        persons: Number of their person ids today.
        parts: Number of profiles with these ids after the change.
    """

    persons: int
    parts: int


@dataclass(frozen=True)
class SimulatedChange:
    """The effect of a recommended change, simulated on the graph in memory.

    Attributes:
        before: The graph today.
        after: The graph with the change.
        person: The id type of a person.
        split: The changed profiles; None for a change of the whole graph.
    """

    before: GraphSize
    after: GraphSize
    person: str
    split: Split | None = None

    @property
    def changes_anything(self) -> bool:
        """Whether any figure changes."""
        return self.before != self.after

    @property
    def parts_people(self) -> bool:
        """Whether the change separates people who share a profile, or splits the largest profile."""
        is_split = self.split is not None and self.split.parts > 1
        ids_gone = self.before.ids - self.after.ids
        is_smaller = self.after.largest < self.before.largest - ids_gone
        return is_split or is_smaller or self.after.several < self.before.several

    @property
    def in_words(self) -> str:
        """The figures in words, without a final period.

        >>> SimulatedChange(GraphSize(468, 137, 151, 1), GraphSize(467, 200, 3, 0), "user_id", Split(64, 64)).in_words
        'splits 64 user_id into 64 profiles: profiles 137 → 200, largest 151 → 3 ids, with more than one user_id 1 → 0'
        """
        before, after = self.before, self.after
        figures = (
            f"profiles {before.profiles:,} → {after.profiles:,}, largest {before.largest:,} → {after.largest:,} ids, "
            f"with more than one {self.person} {before.several:,} → {after.several:,}"
        )
        if self.split is None or self.split.parts <= 1:
            return figures
        return f"splits {self.split.persons:,} {self.person} into {self.split.parts:,} profiles: {figures}"


@dataclass(frozen=True)
class SweepPoint:
    """The graph at one threshold of a sweep.

    Attributes:
        threshold: The threshold.
        is_today: Whether it is today's setting.
        excluded: Number of ids of the limited type above the threshold.
        edges_prevented: Number of edges that the threshold excludes.
        ids: Number of ids in the graph.
        profiles: Number of profiles.
        largest: Number of ids in the largest profile.
        several: Number of profiles with more than one person id.
        precision: Share of id pairs in one profile that belong to one person; None without ground truth.
        recall: Share of id pairs of one person that are in one profile; None without ground truth.
    """

    threshold: int
    is_today: bool
    excluded: int
    edges_prevented: int
    ids: int
    profiles: int
    largest: int
    several: int
    precision: float | None = None
    recall: float | None = None


@dataclass(frozen=True)
class NextStep:
    """A next step.

    Attributes:
        what: The step in words, without a final period.
        where: File and line to edit, or None.
        command: The command that performs or validates it, or None.
        outcome: The simulated effect; None for a step that changes nothing.
    """

    what: str
    where: str | None = None
    command: str | None = None
    outcome: SimulatedChange | None = None


def with_flags(step: NextStep, more: str) -> NextStep:
    """The step with more options on its audit command."""
    command = step.command
    if not more or command is None or not command.startswith("pb audit "):
        return step
    return replace(step, command=command + more)

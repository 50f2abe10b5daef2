"""The records that several answers share: ids, evidence, what to do next.

In: nothing. Out: frozen values. Every id of an answer is an `Id`, wherever it stands, so that all of them can be
masked (``mask``).
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
    """What one edge source says of a pair of ids.

    Attributes:
        source: Ref of the source, or ``id rules``.
        rows: How many of its rows say so.
        first_seen_at: Time of the earliest; None if they have none.
        last_seen_at: Time of the latest.
        sample_key: Its ``row_identifier``, as text; None where the source has none.
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
        at: Its time; None where it has none, or the input has none.
        row: Its values, by column.
        made_from: Those values that ids are made from, each with the type of the id.
    """

    at: datetime | str | None
    row: dict[str, Any]
    made_from: tuple[Id, ...]


@dataclass(frozen=True)
class OriginRows:
    """The rows of an input from which a SQL model has made ids.

    Attributes:
        input: Ref of the input.
        table: Its table or file, as the project has it.
        ids: The ids that are made from each of the rows: both of a pair, or one.
        rows: How many such rows there are.
        earliest: A few of them, by time.
    """

    input: str
    table: str
    ids: tuple[Id, ...]
    rows: int
    earliest: tuple[InputRow, ...]


@dataclass(frozen=True)
class Edge:
    """Two ids that stand in one row of a source.

    Attributes:
        evidence: By source, most rows first.
    """

    one: Id
    other: Id
    evidence: tuple[SourceEvidence, ...]


@dataclass(frozen=True)
class GraphSize:
    """A graph in four numbers.

    Attributes:
        ids: How many ids it has.
        profiles: How many profiles.
        largest: Ids of the largest profile.
        several: Profiles with more than one id of a person.
    """

    ids: int
    profiles: int
    largest: int
    several: int


@dataclass(frozen=True)
class Split:
    """What becomes of the profiles that a change is about.

    Attributes:
        persons: How many ids of a person they have today.
        parts: In how many profiles these are afterwards.
    """

    persons: int
    parts: int


@dataclass(frozen=True)
class SimulatedChange:
    """What a suggestion would change, found by trying it on the graph in memory.

    Attributes:
        before: The graph as it is.
        after: The graph with the change.
        person: The id type that stands for a person.
        split: The profiles that the change is about; None where it is about the whole graph.
    """

    before: GraphSize
    after: GraphSize
    person: str
    split: Split | None = None

    @property
    def changes_anything(self) -> bool:
        """Whether any figure is another one."""
        return self.before != self.after

    @property
    def parts_people(self) -> bool:
        """Whether people who share a profile today would be in different ones, or the largest profile falls apart."""
        is_split = self.split is not None and self.split.parts > 1
        ids_gone = self.before.ids - self.after.ids
        is_smaller = self.after.largest < self.before.largest - ids_gone
        return is_split or is_smaller or self.after.several < self.before.several

    @property
    def in_words(self) -> str:
        """The figures for people, without a final period.

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
        excluded: Ids of the limited type with more than so many of the counted one.
        edges_prevented: Edges that there would be without this threshold, and are not.
        ids: Ids in the graph.
        profiles: Profiles.
        largest: Ids of the largest.
        several: Profiles with several people.
        precision: Of the pairs of ids in one profile, those of one person; None where the truth is not known.
        recall: Of the pairs of ids of one person, those in one profile.
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
    """Something to do next.

    Attributes:
        what: In words, without a final period.
        where: File and line to edit, or None.
        command: The command that does or validates it, or None.
        outcome: What it would change; None where it changes nothing by itself, as a question.
    """

    what: str
    where: str | None = None
    command: str | None = None
    outcome: SimulatedChange | None = None


def with_flags(step: NextStep, more: str) -> NextStep:
    """The step with more flags on its question to the audit."""
    command = step.command
    if not more or command is None or not command.startswith("pb audit "):
        return step
    return replace(step, command=command + more)

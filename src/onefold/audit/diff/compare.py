"""Compares two runs: how profiles changed, and which edges caused it.

Takes two runs of one entity's id stitcher, published or not; returns a `Diff`. Profiles are compared by their ids; main
ids are compared separately. A profile that changed in several ways is counted for each:

    unchanged   the same ids in one profile
    created     all of its ids are new
    grown       an existing profile with new ids
    merged      ids of several profiles
    split       its ids are now in several profiles
    shrunk      some of its ids are gone
    retired     all of its ids are gone
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from onefold.audit.diff import queries as sql
from onefold.audit.diff.causes import CauseLine, CausingEdge, DayLine, edges_of, find_causes
from onefold.audit.diff.features import FeatureChanges, compare_features
from onefold.audit.diff.narrow import Unchanged, narrowed, of_changed
from onefold.audit.diff.runs import compared_run
from onefold.audit.records import Id, NextStep
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from onefold.audit.diff.runs import ComparedRun
    from onefold.audit.records import Verdict
    from onefold.audit.session import RunSnapshot, Session

_PARTS, _IDS, _EDGES = 10, 3, 10
"""The most parts of a changed profile, ids per part, and edges that are shown."""

SHOWN_KINDS = ("merged", "split", "retired", "shrunk", "grown", "created")
"""The kinds of change whose profiles are shown, most important first."""


@dataclass(frozen=True)
class RunSide:
    """One of the two runs.

    Attributes:
        seq_no: Its sequence number; None of one that will not be kept, and where there is nothing to compare with.
        end: The end time of its rows; None where there are none.
        is_published: Whether the views show it.
        profiles: How many it has.
        ids: Likewise.
    """

    seq_no: int | None
    end: datetime | None
    is_published: bool
    profiles: int
    ids: int


@dataclass(frozen=True)
class KindLine:
    """The number of profiles with one kind of change.

    Attributes:
        kind: See the top of the module.
        profiles: Of the later run; for split, shrunk and retired, of the earlier one.
        ids: The ids that came, went, or are not in the largest part.
    """

    kind: str
    profiles: int
    ids: int


@dataclass(frozen=True)
class MainIds:
    """The changes of main ids.

    Attributes:
        kept: Both runs have them.
        created: Only the later one has them, and none of their ids was in a profile.
        split: Only the later one has them; their ids were in other profiles.
        merged: Only the earlier one has them; their ids are in other profiles.
        retired: Only the earlier one has them, and none of their ids is left.
        ids_moved: ComparedGraph that have another main id now.
    """

    kept: int
    created: int
    split: int
    merged: int
    retired: int
    ids_moved: int


@dataclass(frozen=True)
class OtherProfile:
    """Ids of a changed profile that share a profile in the other run.

    Attributes:
        main_id: That profile; None for ids that are in none.
        ids: How many.
        some: A few of them.
    """

    main_id: str | None
    ids: int
    some: tuple[Id, ...]


@dataclass(frozen=True)
class ChangedProfile:
    """A profile that changed.

    Attributes:
        kind: How.
        main_id: Its main id in the later run; for split, shrunk and retired, in the earlier one.
        ids: How many ids it has there.
        moved: How many of them came, went, or are not in the largest part.
        parts: Where they were, or are now; the largest first, at most ten.
        edges: What merged or split it, or made it grow; the earliest first, at most ten.
    """

    kind: str
    main_id: str
    ids: int
    moved: int
    parts: tuple[OtherProfile, ...]
    edges: tuple[CausingEdge, ...]


@dataclass(frozen=True, repr=False)
class Diff(Short):
    """The changes between two runs.

    Attributes:
        verdict: ``warn`` if persons were merged, or profiles split or retired.
        entity: Whose profiles.
        person: The id type that stands for a person.
        before: The earlier run.
        after: The later one.
        kinds: Number of profiles by kind of change.
        persons_merged: Number of merged profiles in which several parts have a person id.
        main_ids: The changes of main ids.
        changes: The profiles of each kind with the most ids moved.
        causes: The edges that changed profiles, by effect, source and cause.
        days: The same edges by the day of their first row, latest first.
        features: The changed features; None if a run has no features.
        steps: What to do next.
    """

    verdict: Verdict
    entity: str
    person: str
    before: RunSide
    after: RunSide
    kinds: tuple[KindLine, ...]
    persons_merged: int
    main_ids: MainIds
    changes: tuple[ChangedProfile, ...]
    causes: tuple[CauseLine, ...]
    days: tuple[DayLine, ...]
    features: FeatureChanges | None
    steps: tuple[NextStep, ...]

    def count(self, kind: str) -> int:
        """The number of profiles with one kind of change."""
        return next(line.profiles for line in self.kinds if line.kind == kind)


def compare(session: Session, before: RunSnapshot | None, after: RunSnapshot, top: int = 20) -> Diff:
    """Compare two runs.

    Args:
        session: A connection to both; the entity is that of its stitcher.
        before: The earlier run; None where there is nothing to compare with.
        after: The later one.
        top: How many profiles of each kind, and how many features with examples.

    Raises:
        AccessError: If tables of a run are not there any more.
    """
    # Plans compare every entity; the id type of a person is that of one of them.
    person = session.project.settings.audit.person_of(session.step.entity, session.id_types)
    was, now, untouched = _flows(session, compared_run(session, before), compared_run(session, after), person)
    kinds = _kinds(session, untouched)
    totals = _totals(session, untouched)
    causes = find_causes(session, was.graph, now.graph, None if before is None else before.end)
    changes = [found for kind in SHOWN_KINDS for found in _changes(session, was, now, kind, top)]
    counts = {line.kind: line.profiles for line in kinds}
    persons = int(totals["persons_after"])
    sides = (_run_side(before, totals, "before"), _run_side(after, totals, "after"))
    verdict: Verdict = "warn" if persons or counts["split"] or counts["retired"] else "pass"
    return Diff(
        verdict=verdict,
        entity=session.step.entity,
        person=person,
        before=sides[0],
        after=sides[1],
        kinds=tuple(sorted(kinds, key=lambda line: _ORDER.index(line.kind))),
        persons_merged=persons,
        main_ids=_main_ids(totals),
        changes=tuple(changes),
        causes=causes.lines,
        days=causes.days,
        features=compare_features(session, was, now, top),
        steps=tuple(_steps(sides[0], sides[1], changes)),
    )


def _flows(
    session: Session, before: ComparedRun, after: ComparedRun, person: str
) -> tuple[ComparedRun, ComparedRun, Unchanged]:
    """Create the tables of ids that moved between profiles. Narrows both runs to profiles that can have changed."""
    before_graph, after_graph, untouched = narrowed(session, before.graph, after.graph)
    session.temp_table(sql.FLOWS, sql.flows_query(before_graph, after_graph, person))
    session.temp_table(sql.AFTER, sql.after_query())
    session.temp_table(sql.BEFORE, sql.before_query())
    before_graph = of_changed(session, before_graph, "before", sql.differing_query(sql.BEFORE))
    after_graph = of_changed(session, after_graph, "after", sql.differing_query(sql.AFTER))
    return replace(before, graph=before_graph), replace(after, graph=after_graph), untouched


_ORDER = ("unchanged", "created", "grown", "merged", "split", "shrunk", "retired")


def _kinds(session: Session, untouched: Unchanged) -> tuple[KindLine, ...]:
    """The number of profiles by kind of change."""
    lines = (KindLine(r["kind"], int(r["profiles"]), int(r["ids"])) for r in session.rows(sql.kinds_query()))
    return tuple(
        KindLine(line.kind, line.profiles + untouched.profiles, line.ids + untouched.ids)
        if line.kind == "unchanged"
        else line
        for line in lines
    )


def _totals(session: Session, untouched: Unchanged) -> dict[str, Any]:
    """Counts over both graphs, including profiles that were narrowed out."""
    totals = session.rows(sql.totals_query())[0]
    more = {"profiles": untouched.profiles, "ids": untouched.ids}
    for name, count in more.items():
        for side in ("before", "after"):
            totals[f"{name}_{side}"] += count
    totals["kept"] += untouched.profiles
    return totals


def _run_side(run: RunSnapshot | None, totals: dict[str, Any], name: str) -> RunSide:
    profiles, ids = int(totals[f"profiles_{name}"]), int(totals[f"ids_{name}"])
    if run is None:
        return RunSide(None, None, is_published=True, profiles=profiles, ids=ids)
    return RunSide(run.seq_no if run.is_kept else None, run.end, run.is_published, profiles, ids)


def _main_ids(totals: dict[str, Any]) -> MainIds:
    kept, created, retired = (int(totals[name]) for name in ("kept", "main_ids_created", "main_ids_retired"))
    return MainIds(
        kept=kept,
        created=created,
        split=int(totals["profiles_after"]) - kept - created,
        merged=int(totals["profiles_before"]) - kept - retired,
        retired=retired,
        ids_moved=int(totals["ids_moved"]),
    )


def _changes(session: Session, before: ComparedRun, after: ComparedRun, kind: str, top: int) -> list[ChangedProfile]:
    """The profiles of one kind with the most ids moved."""
    found = session.rows(sql.largest_query(kind, top))
    main_ids = [row["main_id"] for row in found]
    if not main_ids:
        return []
    some: dict[tuple[str, str | None], list[Id]] = {}
    few = sql.some_ids_query(kind, before.graph, after.graph, main_ids, session.id_types, _IDS)
    for row in session.rows(few):
        some.setdefault((row["main_id"], row["part"]), []).append(Id(row["id_type"], row["id"]))
    parts: dict[str, list[OtherProfile]] = {}
    for row in session.rows(sql.parts_query(kind, main_ids, _PARTS)):
        ids = tuple(some.get((row["main_id"], row["part"]), ()))
        parts.setdefault(row["main_id"], []).append(OtherProfile(row["part"], int(row["ids"]), ids))
    edges = edges_of(session, kind, main_ids, _EDGES)
    return [
        ChangedProfile(
            kind,
            row["main_id"],
            int(row["ids"]),
            int(row["moved"]),
            tuple(parts[row["main_id"]]),
            tuple(edges.get(row["main_id"], ())),
        )
        for row in found
    ]


def _steps(before: RunSide, after: RunSide, changes: list[ChangedProfile]) -> Iterator[NextStep]:
    """Next steps for the largest merged and the largest split profile."""
    for kind, side, what in (
        ("merged", after, "see what joined the largest merged profile"),
        ("split", before, "see what had joined the largest split profile"),
    ):
        change = next((c for c in changes if c.kind == kind), None)
        if change is None or side.seq_no is None:
            continue
        ends = [part.some[0] for part in change.parts if part.main_id is not None and part.some][:2]
        number = "" if side.is_published else f" --seq_no {side.seq_no}"
        if len(ends) > 1:
            one, other = (f"{found.type}:{found.value}" for found in ends)
            yield NextStep(what, command=f"pb audit explain '{one}' '{other}'{number}")
    if after.seq_no is not None:
        yield NextStep("check the health of the whole graph", command=f"pb audit id_stitcher{_number(after)}")


def _number(side: RunSide) -> str:
    return "" if side.is_published or side.seq_no is None else f" --seq_no {side.seq_no}"

"""Collects changes of profiles since the previously published run, and main id events by run.

Takes an open session; returns `MainIdChanges`, from a comparison of the two runs and from the history of main ids.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.diff.compare import compare
from onefold.audit.diff.runs import snapshot_of
from onefold.errors import AccessError
from onefold.report.model import MainIdChanges, ReportedEvent, RunEvents

if TYPE_CHECKING:
    from onefold.audit.diff.compare import Diff
    from onefold.audit.session import Session

RUNS, EVENTS = 10, 12
"""The most runs, and events of the latest run, that are shown."""

PROFILES, PARTS, EDGES = 5, 5, 5
"""The most profiles per kind of change, parts per profile, and edges per profile that are shown."""

DAYS, FEATURES = 31, 12
"""The most days and changed features that are shown."""

NAMES = ("created", "merged", "split", "restored", "retired", "reassigned", "reanchored")
"""The events, in the order of the page."""


def changes(session: Session) -> MainIdChanges:
    """Collect the runs that changed main ids, latest first, and the events of the latest run."""
    history = session.beside("ID_HISTORY")
    by_name = [exp.CountIf(this=exp.column("event").eq(exp.Literal.string(name))).as_(f"n_{name}") for name in NAMES]
    query = exp.select(
        "seq_no",
        exp.Min(this=exp.column("at")).as_("at"),
        exp.Sum(this=exp.column("ids_moved")).as_("ids_moved"),
        *by_name,
    )
    query = query.from_(history).where(exp.column("seq_no") <= exp.Literal.number(session.snapshot.seq_no))
    query = query.group_by("seq_no").order_by(exp.column("seq_no").desc())
    rows = session.rows(query.limit(RUNS + 1))
    runs = tuple(
        RunEvents(
            int(row["seq_no"]),
            row["at"].replace(tzinfo=UTC),
            {name: int(row[f"n_{name}"]) for name in NAMES},
            int(row["ids_moved"] or 0),
        )
        for row in rows
    )
    events, shown_of = _latest(session, history) if runs and runs[0].seq_no == session.snapshot.seq_no else ((), 0)
    return MainIdChanges(len(runs) <= 1 and _is_first(runs), runs[:RUNS], events, shown_of, _since(session))


def _since(session: Session) -> Diff | None:
    """The comparison with the previously published graph; None if there is none any more."""
    before = session.figures.previous(session.snapshot.materials[session.step.ref])
    if before is None:
        return None
    try:
        found = compare(session, snapshot_of(session, before), snapshot_of(session, session.snapshot.seq_no), PROFILES)
    except AccessError:  # built by an earlier version, or cleaned up
        return None
    return _shown(found)


def _shown(found: Diff) -> Diff:
    """A comparison cut to the size of the page, without row keys and feature values, which may be personal."""
    changes = tuple(
        replace(
            change,
            parts=change.parts[:PARTS],
            edges=tuple(replace(edge, sample_key=None) for edge in change.edges[:EDGES]),
        )
        for change in found.changes
    )
    features = found.features
    if features is not None:
        features = replace(features, lines=tuple(replace(line, examples=()) for line in features.lines[:FEATURES]))
    return replace(found, changes=changes, days=found.days[:DAYS], features=features)


def _is_first(runs: tuple[RunEvents, ...]) -> bool:
    """Whether the only run with events just created main ids."""
    return all(count == 0 for run in runs for name, count in run.counts.items() if name != "created")


def _latest(session: Session, history: exp.Table) -> tuple[tuple[ReportedEvent, ...], int]:
    """The events of the graph's run, most ids moved first, and their total number."""
    is_told = exp.and_(
        exp.column("seq_no").eq(exp.Literal.number(session.snapshot.seq_no)),
        exp.column("event").neq(exp.Literal.string("created")),
    )
    total = session.rows(exp.select(exp.Count(this=exp.Star()).as_("n")).from_(history.copy()).where(is_told))
    query = exp.select("event", "main_id", "previous_main_id", "ids_moved", "cause").from_(history.copy())
    query = query.where(is_told.copy()).order_by(exp.column("ids_moved").desc(), "event", "main_id")
    events = tuple(
        ReportedEvent(
            row["event"], row["main_id"], row["previous_main_id"], int(row["ids_moved"] or 0), row["cause"] or ""
        )
        for row in session.rows(query.limit(EVENTS))
    )
    return events, int(total[0]["n"])

"""What became of main ids, by run. In: an open graph. Out: `Changes`, from the history that the stitcher keeps."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.report.model import Changes, Event, RunEvents

if TYPE_CHECKING:
    from onefold.audit.published import Published

RUNS, EVENTS = 10, 12
"""How many runs and how many events of the latest are shown."""

NAMES = ("born", "merged", "split", "revived", "retired", "moved", "reanchored")
"""The events, in the order of the page."""


def changes(published: Published) -> Changes:
    """The runs that changed main ids, the latest first, and what the latest did."""
    history = published.beside("ID_HISTORY")
    by_name = [exp.CountIf(this=exp.column("event").eq(exp.Literal.string(name))).as_(f"n_{name}") for name in NAMES]
    query = exp.select(
        "seq_no",
        exp.Min(this=exp.column("at")).as_("at"),
        exp.Sum(this=exp.column("ids_moved")).as_("ids_moved"),
        *by_name,
    )
    query = query.from_(history).where(exp.column("seq_no") <= exp.Literal.number(published.seq_no))
    query = query.group_by("seq_no").order_by(exp.column("seq_no").desc())
    rows = published.rows(query.limit(RUNS + 1))
    runs = tuple(
        RunEvents(
            int(row["seq_no"]),
            row["at"].replace(tzinfo=UTC),
            {name: int(row[f"n_{name}"]) for name in NAMES},
            int(row["ids_moved"] or 0),
        )
        for row in rows
    )
    events, shown_of = _latest(published, history) if runs and runs[0].seq_no == published.seq_no else ((), 0)
    return Changes(len(runs) <= 1 and _is_first(runs), runs[:RUNS], events, shown_of)


def _is_first(runs: tuple[RunEvents, ...]) -> bool:
    """Whether the only run that did anything brought all main ids into the world."""
    return all(count == 0 for run in runs for name, count in run.counts.items() if name != "born")


def _latest(published: Published, history: exp.Table) -> tuple[tuple[Event, ...], int]:
    """What the run of the graph did, the most ids moved first, and how many such events there are."""
    is_told = exp.and_(
        exp.column("seq_no").eq(exp.Literal.number(published.seq_no)),
        exp.column("event").neq(exp.Literal.string("born")),
    )
    total = published.rows(exp.select(exp.Count(this=exp.Star()).as_("n")).from_(history.copy()).where(is_told))
    query = exp.select("event", "main_id", "previous_main_id", "ids_moved", "cause").from_(history.copy())
    query = query.where(is_told.copy()).order_by(exp.column("ids_moved").desc(), "event", "main_id")
    events = tuple(
        Event(row["event"], row["main_id"], row["previous_main_id"], int(row["ids_moved"] or 0), row["cause"] or "")
        for row in published.rows(query.limit(EVENTS))
    )
    return events, int(total[0]["n"])

"""The health of a published graph: its figures with their verdicts, and the ids and edges that were excluded.

Takes an open session; returns an `Overview`. The figures and verdicts come from ``identity.metrics``, which a run also
uses for its checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from onefold.audit.records import Id, NextStep
from onefold.audit.session import unreadable
from onefold.engines.base import EngineError
from onefold.identity.drift import drift
from onefold.identity.metrics import Figure, Health, figures, health_of, health_query
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onefold.audit.session import Session
    from onefold.identity.metrics import Verdict
    from onefold.run.figures import Earlier


SHOWN = 20
"""The most excluded ids that are listed."""


@dataclass(frozen=True)
class Before:
    """The ids of one type before stitching and after.

    Attributes:
        id_type: The type.
        before: Distinct ids that the edge sources gave.
        excluded: How many of them a filter or rule excluded.
        after: Number of profiles that the other ids form.
    """

    id_type: str
    before: int
    excluded: int
    after: int


@dataclass(frozen=True)
class QuarantinedId:
    """An id of the edge sources that a filter or rule excludes from the graph.

    Attributes:
        rule: ``id_filter``, ``placeholder_id`` or ``id_rule``.
        rows: Number of rows of the edge sources with this id.
        reason: Why, in words.
    """

    rule: str
    id: Id
    rows: int
    reason: str | None


@dataclass(frozen=True, repr=False)
class Overview(Short):
    """The health of a graph.

    Attributes:
        verdict: The worst verdict among the figures.
        entity: The entity.
        seq_no: The run that made the graph.
        compared_with: The previously published run, the baseline of drift checks; None without drift checks or without
            such a run.
        person: The id type that stands for a person.
        figures: Each with its verdict.
        before: Ids before and after, by type.
        edges_excluded: Number of excluded edges by rule.
        quarantined: The excluded ids with the most rows; at most `SHOWN`.
        health: The bare numbers.
        steps: What to do next.
    """

    verdict: Verdict
    entity: str
    seq_no: int
    compared_with: int | None
    person: str
    figures: tuple[Figure, ...]
    before: tuple[Before, ...]
    edges_excluded: dict[str, int]
    quarantined: tuple[QuarantinedId, ...]
    health: Health
    steps: tuple[NextStep, ...]


def overview(session: Session) -> Overview:
    """Compute the health of a graph."""
    person = session.person
    row = session.rows(health_query(session.sizes, session.id_types, person))[0]
    health = health_of(row, session.id_types)
    checks = session.project.settings.checks
    earlier = _earlier(session) if checks.drift.model_fields_set - {"at"} else None
    found = figures(health, checks, person)
    if earlier is not None:
        found += drift(health, earlier.health, earlier.seq_no, checks, person)
    excluded, edges = _excluded(session)
    before = tuple(
        Before(t.id_type, t.ids + excluded.get(t.id_type, 0), excluded.get(t.id_type, 0), t.profiles)
        for t in health.by_type
    )
    return Overview(
        verdict=worst(found),
        entity=session.step.entity,
        seq_no=session.snapshot.seq_no,
        compared_with=earlier.seq_no if earlier is not None else None,
        person=person,
        figures=found,
        before=before,
        edges_excluded=edges,
        quarantined=_quarantined(session),
        health=health,
        steps=tuple(_steps(found, session.snapshot.seq_no, earlier)),
    )


def _quarantined(session: Session) -> tuple[QuarantinedId, ...]:
    """The excluded ids, most rows first."""
    keys = ("rule", "id1", "id1_type")
    rows = exp.Sum(this=exp.column("row_count")).as_("row_count")
    query = exp.select(*keys, rows, exp.Max(this=exp.column("reason")).as_("reason"))
    query = query.from_(session.beside("QUARANTINE")).where(exp.column("id2").is_(exp.null())).group_by(*keys)
    query = query.order_by(exp.column("row_count").desc(), "id1_type", "id1").limit(SHOWN)
    return tuple(
        QuarantinedId(r["rule"], Id(r["id1_type"], r["id1"]), int(r["row_count"]), r["reason"])
        for r in session.rows(query)
    )


def worst(found: Sequence[Figure]) -> Verdict:
    """The worst verdict among some figures; ``pass`` if none has a verdict."""
    verdicts = {figure.verdict for figure in found}
    return "fail" if "fail" in verdicts else "warn" if "warn" in verdicts else "pass"


def _excluded(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """The number of excluded ids by type, and of excluded edges by rule."""
    quarantine = session.beside("QUARANTINE")
    no_pair = exp.column("id2").is_(exp.null())
    distinct = exp.Count(this=exp.Distinct(expressions=[exp.column("id1")]))
    ids = exp.select("id1_type", distinct.as_("n")).from_(quarantine).where(no_pair).group_by("id1_type")
    # An edge has a row for each source that gives it.
    pairs = exp.select("rule", "id1", "id1_type", "id2", "id2_type").distinct().from_(quarantine)
    pairs = pairs.where(exp.not_(no_pair.copy()))
    edges = exp.select("rule", exp.Count(this=exp.Star()).as_("n")).from_(pairs.subquery("pairs"))
    edges = edges.group_by("rule").order_by("rule")
    return (
        {row["id1_type"]: int(row["n"]) for row in session.rows(ids)},
        {row["rule"]: int(row["n"]) for row in session.rows(edges)},
    )


def _earlier(session: Session) -> Earlier | None:
    """The previously published graph; None if there is none any more."""
    try:
        return session.figures.before(session.snapshot.materials[session.step.ref])
    except EngineError as error:
        raise unreadable(error, session) from error


def _steps(found: Sequence[Figure], seq_no: int, earlier: Earlier | None) -> Iterator[NextStep]:
    beyond = [f for f in found if f.verdict in {"warn", "fail"}]
    keys = {(f.key or "").split(".")[1] for f in beyond}
    if "drift" in keys and earlier is not None:
        command = f"pb audit diff --from {earlier.seq_no} --to {seq_no}"
        yield NextStep("see what changed since, and which edges caused it", command=command)
    keys -= {"drift", "profiles", "total_ids", "singletons"}
    if keys - {"stitch_rate", "several"}:
        yield NextStep("list the largest profiles and their flags", command="pb audit clusters")
    if keys - {"stitch_rate"}:
        yield NextStep("list the ids that link unrelated people", command="pb audit bridges")
    if "stitch_rate" in keys:
        yield NextStep("inspect some profiles for ids that should have matched", command="pb audit sample --seed 1")
    if not beyond:
        yield NextStep("spot-check a random sample of profiles", command="pb audit sample --seed 1")

"""The health of a published graph: its figures, each with a verdict, and what the stitcher left out.

In: an open graph. Out: an `Overview`. How figures get their verdicts is in ``identity.metrics``, as a run
holds the same figures against the same bounds.
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
"""How many ids left out are named."""


@dataclass(frozen=True)
class Before:
    """The ids of one type before stitching and after.

    Attributes:
        id_type: The type.
        before: Distinct ids that the edge sources gave.
        excluded: Those of them that a filter or a rule left out.
        after: Profiles that the others became.
    """

    id_type: str
    before: int
    excluded: int
    after: int


@dataclass(frozen=True)
class QuarantinedId:
    """An id that is not in the graph although the edge sources have it.

    Attributes:
        rule: ``id_filter``, ``placeholder_id`` or ``id_rule``.
        rows: How many rows of the edge sources have it.
        reason: Why, in words.
    """

    rule: str
    id: Id
    rows: int
    reason: str | None


@dataclass(frozen=True, repr=False)
class Overview(Short):
    """A graph at a glance.

    Attributes:
        verdict: The worst of the figures'.
        entity: The entity.
        seq_no: The run that made the graph.
        compared_with: The run that was published before it, which changes are held against; None if nothing is held,
            or there is none to compare with.
        person: The id type that stands for a person.
        figures: Each with its verdict.
        before: Ids before and after, by type.
        edges_excluded: How many edges each rule left out.
        quarantined: The ids left out with the most rows; at most `SHOWN` of them.
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
    """The figures of a graph."""
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
    """The ids that the stitcher left out, those with the most rows first."""
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
    """The worst verdict among some figures; ``ok`` if none has one."""
    verdicts = {figure.verdict for figure in found}
    return "fail" if "fail" in verdicts else "warn" if "warn" in verdicts else "pass"


def _excluded(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """Distinct ids left out by type, and edges by rule."""
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
    """The graph that was published before this one; None if there was none, or it is gone."""
    try:
        return session.figures.before(session.snapshot.materials[session.step.ref])
    except EngineError as error:
        raise unreadable(error, session) from error


def _steps(found: Sequence[Figure], seq_no: int, earlier: Earlier | None) -> Iterator[NextStep]:
    beyond = [f for f in found if f.verdict in {"warn", "fail"}]
    keys = {(f.key or "").split(".")[1] for f in beyond}
    if "drift" in keys and earlier is not None:
        command = f"pb audit diff --from {earlier.seq_no} --to {seq_no}"
        yield NextStep("what changed since, and which edges did it", command=command)
    keys -= {"drift", "profiles", "total_ids", "singletons"}
    if keys - {"stitch_rate", "several"}:
        yield NextStep("the largest profiles, and what is wrong with them", command="pb audit clusters")
    if keys - {"stitch_rate"}:
        yield NextStep("the ids that link unrelated people", command="pb audit bridges")
    if "stitch_rate" in keys:
        yield NextStep("ids that join nothing: look at a few", command="pb audit sample --seed 1")
    if not beyond:
        yield NextStep("spot-check some ordinary profiles", command="pb audit sample --seed 1")

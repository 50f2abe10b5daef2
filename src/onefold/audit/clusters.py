"""The largest profiles and their flags.

Takes an open session; returns `Clusters`. The bounds per id type come from ``checks.ids`` of ``onefold.yaml``.

    merged people          more person ids than expected
    shared device or bot   more ids of another type than expected
    disparity              also more than `DISPARITY` of them per person id
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.audit.records import NextStep
from onefold.identity.metrics import ids_bounds, named_query
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onefold.audit.records import Verdict
    from onefold.audit.session import Session

DISPARITY = 20
"""The most ids of another type per person id without a ``disparity`` flag."""

MERGED, SHARED, DISPARATE = "merged people", "shared device or bot", "disparity"


@dataclass(frozen=True)
class Flag:
    """A sign that a profile is wrong.

    Attributes:
        name: ``merged people``, ``shared device or bot`` or ``disparity``.
        id_type: The id type that raises it.
        found: Number of ids of this type in the profile.
        allowed: The expected maximum.
    """

    name: str
    id_type: str
    found: int
    allowed: int


@dataclass(frozen=True)
class ClusterLine:
    """One profile.

    Attributes:
        main_id: Its main id.
        ids: How many ids it has.
        counts: How many of each type.
        flags: Its flags.
    """

    main_id: str
    ids: int
    counts: dict[str, int]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, repr=False)
class Clusters(Short):
    """The largest profiles.

    Attributes:
        verdict: ``warn`` if any profile of the graph has a flag, listed or not.
        profiles: Number of profiles in the graph.
        flagged: Number of profiles with a flag.
        lines: The largest profiles, largest first.
        bounds: Expected maximum per id type.
        steps: What to do next.
    """

    verdict: Verdict
    profiles: int
    flagged: int
    lines: tuple[ClusterLine, ...]
    bounds: dict[str, int]
    steps: tuple[NextStep, ...]


def clusters(session: Session, top: int = 20) -> Clusters:
    """The largest profiles.

    Args:
        session: The open graph.
        top: How many.
    """
    sizes, bounds = session.sizes, bounds_of(session)
    order = (exp.column("ids").desc(), exp.column("main_id"))
    rows = session.rows(named_sizes(session, _among_largest(sizes, top)).order_by(*order).limit(top))
    lines = tuple(_line(row, session.id_types, session.person, bounds) for row in rows)
    counted = exp.select(
        exp.Count(this=exp.Star()).as_("profiles"),
        exp.CountIf(this=out_of_bounds(session, bounds)).as_("flagged"),
    )
    totals = session.rows(counted.from_(sizes))[0]
    flagged = int(totals["flagged"] or 0)
    return Clusters(
        verdict="warn" if flagged else "pass",
        profiles=int(totals["profiles"]),
        flagged=flagged,
        lines=lines,
        bounds=bounds,
        steps=tuple(_steps(session, lines, flagged, top)),
    )


def named_sizes(session: Session, condition: exp.Expr | None = None) -> exp.Select:
    """The rows of the size table that meet a condition, each with its ``main_id``."""
    chosen = exp.select("*").from_(session.sizes)
    chosen = chosen if condition is None else chosen.where(condition)
    return named_query(session.tables, chosen.subquery())


def _among_largest(sizes: exp.Table, top: int) -> exp.Expr:
    """Whether a row of the size table is among the largest. Only these rows need a main id."""
    largest = exp.select("ids").from_(sizes).order_by(exp.column("ids").desc()).limit(top)
    least = exp.select(exp.Min(this=exp.column("ids"))).from_(largest.subquery("largest"))
    return exp.column("ids") >= least.subquery()


def bounds_of(session: Session) -> dict[str, int]:
    """The expected maximum per id type; types without a bound are absent."""
    checks, person = session.project.settings.checks, session.person
    given = {name: ids_bounds(checks, name, person).warn for name in session.id_types}
    return {name: int(most) for name, most in given.items() if most is not None}


def out_of_bounds(session: Session, bounds: dict[str, int]) -> exp.Expr:
    """Whether a row of the size table has a flag."""
    numbers = {name: n for n, name in enumerate(session.id_types)}
    conditions = [exp.column(f"ids_{numbers[name]}") > exp.Literal.number(most) for name, most in bounds.items()]
    return exp.or_(*conditions) if conditions else exp.false()


def flags_of(counts: dict[str, int], person: str, bounds: dict[str, int]) -> tuple[Flag, ...]:
    """The flags of a profile, from its number of ids per type."""
    found = []
    for name, most in bounds.items():
        count = counts.get(name, 0)
        if count <= most:
            continue
        found.append(Flag(MERGED if name == person else SHARED, name, count, most))
        people = max(counts.get(person, 0), 1)
        if name != person and count > DISPARITY * people:
            found.append(Flag(DISPARATE, name, count, DISPARITY * people))
    return tuple(found)


def _line(row: dict[str, Any], types: Sequence[str], person: str, bounds: dict[str, int]) -> ClusterLine:
    counts = {name: int(row[f"ids_{n}"]) for n, name in enumerate(types)}
    return ClusterLine(row["main_id"], int(row["ids"]), counts, flags_of(counts, person, bounds))


def _steps(session: Session, lines: tuple[ClusterLine, ...], flagged: int, top: int) -> Iterator[NextStep]:
    shown = [line for line in lines if line.flags]
    if flagged > len(shown):
        yield NextStep("list all flagged profiles", command=f"pb audit clusters --top {top + flagged - len(shown)}")
    if shown:
        yield NextStep(
            "show the ids and edges of the largest flagged profile", command=f"pb audit cluster {shown[0].main_id}"
        )
        yield NextStep("list the ids that link unrelated people", command="pb audit bridges")
        at = session.project.settings.checks.at.values.get("ids")
        yield NextStep("if such numbers are expected, raise `checks.ids`", str(at) if at else "onefold.yaml")
    else:
        yield NextStep("look for chains in which no single id stands out", command="pb audit bridges")

"""The figures of an id graph and their verdicts.

Takes the tables of a graph, published or not, and the bounds in ``onefold.yaml``. Returns a `Health`, and a `Figure`
with a verdict for each number that has bounds. Counts ids by profile number, which costs a third of counting by main
id. Reads one table once; changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlglot import exp

from onefold.identity.schema import in_version, part
from onefold.project import spec
from onefold.sql.id_graph import MEMBERS, NAMES, PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onefold.errors import Location

Verdict = Literal["pass", "warn", "fail"]

SIZES = (10, 50, 100, 1000)
"""Thresholds of the number of ids per profile; profiles above each are counted."""

PERSON_MOST, OTHER_MOST = 5, 50
"""Ids of one type in one profile expected by default (``checks.ids``): of a person, of other types."""

MEDIAN_PER_TYPE, MEAN_PER_TYPE = 2, 5
"""Ids per profile and id type of the entity that are expected by default."""

FEW_PROFILES = 100
"""With fewer profiles, default bounds of shares are not checked, because such a share says little."""


@dataclass(frozen=True)
class GraphTables:
    """The tables of a graph.

    Attributes:
        base: The material whose tables hold it.
        version: Its version.
    """

    base: exp.Table
    version: int

    @property
    def members(self) -> exp.Table:
        """One row per id, with the number of its profile."""
        return part(self.base, MEMBERS)

    @property
    def names(self) -> exp.Table:
        """One row per profile: its number and its main id."""
        return part(self.base, NAMES)


@dataclass(frozen=True)
class TypeHealth:
    """The ids of one type.

    Attributes:
        id_type: The type.
        ids: Number of ids in the graph.
        profiles: Number of profiles with ids of the type.
        most: Largest number of them in one profile.
        singletons: Number of ids that are alone in a profile.
    """

    id_type: str
    ids: int
    profiles: int
    most: int
    singletons: int

    @property
    def stitch_rate(self) -> float:
        """Share of the ids that are not alone in a profile, 0 to 1; 0 without ids."""
        return 1 - self.singletons / self.ids if self.ids else 0.0


@dataclass(frozen=True)
class Health:
    """The figures of a graph.

    Attributes:
        profiles: Number of profiles.
        ids: Number of ids of all types.
        largest: Ids in the largest profile.
        mean: Mean of ids per profile.
        median: Median of ids per profile.
        p90: 90th percentile of ids per profile.
        p99: 99th percentile of ids per profile.
        over: Number of profiles with more ids than each of `SIZES`.
        several: Number of profiles with more than one id of the person type.
        singletons: Number of profiles with one id.
        by_type: Figures by id type, in the order of the entity.
    """

    profiles: int
    ids: int
    largest: int
    mean: float
    median: float
    p90: int
    p99: int
    over: tuple[int, ...]
    several: int
    singletons: int
    by_type: tuple[TypeHealth, ...]


@dataclass(frozen=True)
class Figure:
    """One number of a graph with its verdict.

    Attributes:
        name: Description of the number.
        value: The number.
        share: The number as a share of all profiles or ids, 0 to 1; None if it is not a share.
        verdict: ``pass``, ``warn`` or ``fail``; None without bounds.
        bound: The deciding bound as text; None without bounds.
        key: The path of the bound in ``onefold.yaml``; None if it cannot be set.
        at: The location of the bound; None for a default bound.
    """

    name: str
    value: float
    share: float | None = None
    verdict: Verdict | None = None
    bound: str | None = None
    key: str | None = None
    at: Location | None = None

    @property
    def is_change(self) -> bool:
        """Whether it is the relative change of another figure since an earlier run."""
        return (self.key or "").startswith("checks.drift.")

    @property
    def in_words(self) -> str:
        """The number as text.

        >>> Figure("ids", 1200).in_words, Figure("ids, change", -0.5, key="checks.drift.total_ids").in_words
        ('1,200', '-50.0%')
        """
        if self.is_change:
            return f"{self.value:+.1%}"
        return f"{self.value:,.0f}" if float(self.value).is_integer() else f"{self.value:,.4g}"

    @property
    def held_in_words(self) -> str:
        """The number as text, with its share if the bound is a share.

        >>> Figure("profiles with more than one user_id", 1, 0.5, bound="at most 25%").held_in_words
        '1, or 50.0%'
        """
        if self.is_change or self.share is None or self.bound == "none":
            return self.in_words
        if self.value == self.share:
            return f"{self.share:.1%}"
        return f"{self.in_words}, or {self.share:.1%}"


# --- counting ---


def sizes_query(kept: GraphTables, id_types: Sequence[str]) -> exp.Select:
    """One row per profile: its number, ``ids``, and ``ids_<n>`` for the n-th id type.

    Args:
        kept: The graph.
        id_types: The entity's id types.
    """
    of_type = [
        exp.CountIf(this=exp.column("other_id_type").eq(exp.Literal.string(name))).as_(f"ids_{n}")
        for n, name in enumerate(id_types)
    ]
    counted = exp.select(PROFILE, exp.Count(this=exp.Star()).as_("ids"), *of_type)
    return counted.from_(kept.members).where(in_version(kept.version)).group_by(PROFILE)


def named_query(kept: GraphTables, sizes: exp.Table | exp.Subquery) -> exp.Select:
    """Rows of `sizes_query`, aliased as ``sizes``, each with its ``main_id``."""
    same = exp.column(PROFILE, table="names").eq(exp.column(PROFILE, table="sizes"))
    on = exp.and_(same, in_version(kept.version, "names"))
    rows = exp.select("sizes.*", exp.column("main_id", table="names")).from_(exp.alias_(sizes, "sizes", table=True))
    return rows.join(exp.alias_(kept.names, "names", table=True), on=on)


def health_query(sizes: exp.Table | exp.Subquery, id_types: Sequence[str], person: str) -> exp.Select:
    """One row of figures over the rows of `sizes_query`."""
    ids = exp.column("ids")

    def count_if(condition: exp.Expr) -> exp.Expr:
        return exp.CountIf(this=condition)

    columns = [
        exp.Count(this=exp.Star()).as_("profiles"),
        exp.Sum(this=ids.copy()).as_("ids"),
        exp.Max(this=ids.copy()).as_("largest"),
        exp.Avg(this=ids.copy()).as_("mean"),
        exp.Median(this=ids.copy()).as_("median"),
        *(_percentile(ids, percent).as_(f"p{percent}") for percent in (90, 99)),
        *(count_if(ids > size).as_(f"over_{size}") for size in SIZES),
        count_if(ids.eq(exp.Literal.number(1))).as_("singletons"),
    ]
    several = exp.column(f"ids_{id_types.index(person)}")
    columns.append(count_if(several > 1).as_("several"))
    for n in range(len(id_types)):
        of_type = exp.column(f"ids_{n}")
        alone = exp.and_(ids.eq(exp.Literal.number(1)), of_type.eq(exp.Literal.number(1)))
        columns += [
            exp.Sum(this=of_type.copy()).as_(f"ids_{n}"),
            count_if(of_type > 0).as_(f"profiles_{n}"),
            exp.Max(this=of_type.copy()).as_(f"most_{n}"),
            count_if(alone).as_(f"singletons_{n}"),
        ]
    return exp.select(*columns).from_(sizes)


def _percentile(column: exp.Expr, percent: int) -> exp.Expr:
    """The percentile of a column."""
    share = exp.PercentileDisc(this=exp.Literal.number(percent / 100))
    return exp.WithinGroup(this=share, expression=exp.Order(expressions=[exp.Ordered(this=column.copy())]))


def health_of(row: dict[str, Any], id_types: Sequence[str]) -> Health:
    """The row of `health_query` as a record. Its sums are null without rows."""

    def number(key: str) -> int:
        return int(row[key] or 0)

    return Health(
        profiles=number("profiles"),
        ids=number("ids"),
        largest=number("largest"),
        mean=float(row["mean"] or 0),
        median=float(row["median"] or 0),
        p90=number("p90"),
        p99=number("p99"),
        over=tuple(number(f"over_{size}") for size in SIZES),
        several=number("several"),
        singletons=number("singletons"),
        by_type=tuple(
            TypeHealth(
                name, number(f"ids_{n}"), number(f"profiles_{n}"), number(f"most_{n}"), number(f"singletons_{n}")
            )
            for n, name in enumerate(id_types)
        ),
    )


# --- bounds ---


def ids_bounds(checks: spec.Checks, id_type: str, person: str) -> spec.Bounds:
    """The bounds of the number of ids of a type per profile."""
    return checks.ids.get(id_type) or spec.Bounds(warn=PERSON_MOST if id_type == person else OTHER_MOST)


def judge(value: float, bounds: spec.Bounds) -> tuple[Verdict | None, str | None, str | None]:
    """Check a value against bounds.

    Returns:
        The verdict, the deciding bound as text, and its key; for a value within all bounds, the nearest bound.

    >>> judge(7, spec.Bounds(warn=5, fail=10))
    ('warn', 'at most 5', 'warn')
    """
    given: tuple[tuple[str, Verdict, bool, str], ...] = (
        ("fail", "fail", True, "at most"),
        ("fail_below", "fail", False, "at least"),
        ("warn", "warn", True, "at most"),
        ("warn_below", "warn", False, "at least"),
    )
    held: tuple[Verdict | None, str | None, str | None] = (None, None, None)
    for key, verdict, is_most, words in given:
        bound = getattr(bounds, key)
        if bound is None:
            continue
        text = f"{words} {bound:,g}"
        if value > bound if is_most else value < bound:
            return verdict, text, key
        held = ("pass", text, key)
    return held


def figures(health: Health, checks: spec.Checks, person: str) -> tuple[Figure, ...]:
    """Every figure of a graph with its verdict, in a fixed order."""
    return tuple(_figures(health, checks, person))


def _figures(health: Health, checks: spec.Checks, person: str) -> Iterator[Figure]:
    profiles = max(health.profiles, 1)
    checks = _with_defaults(checks, len(health.by_type))
    yield _held("profiles", health.profiles, checks, "profiles")
    yield _held("ids", health.ids, checks, "total_ids")
    yield _held("ids in the largest profile", health.largest, checks, "largest")
    yield _held("ids per profile, mean", round(health.mean, 2), checks, "mean")
    yield _held("ids per profile, median", health.median, checks, "median")
    yield _held("ids per profile, p90", health.p90, checks, "p90")
    yield _held("ids per profile, p99", health.p99, checks, "p99")
    for size, count in zip(SIZES, health.over, strict=True):
        yield _held(f"profiles with more than {size} ids", count, checks, f"over_{size}", count / profiles)
    several = health.several / profiles
    yield _held(f"profiles with more than one {person}", health.several, checks, "several", several, profiles)
    alone = health.singletons / profiles
    yield _held("profiles with one id", health.singletons, checks, "singletons", alone)
    for found in health.by_type:
        bounds = ids_bounds(checks, found.id_type, person)
        name = f"{found.id_type} per profile, max"
        yield _of_type(name, found.most, None, bounds, checks, "ids", found.id_type)
        alone = found.singletons / max(found.ids, 1)
        yield Figure(f"{found.id_type} alone in a profile", found.singletons, alone)
        bounds = checks.stitch_rate.get(found.id_type) or spec.Bounds()
        name = f"stitch rate of {found.id_type}"
        rate = round(found.stitch_rate, 4)
        yield _of_type(name, rate, rate, bounds, checks, "stitch_rate", found.id_type)


def _with_defaults(checks: spec.Checks, id_types: int) -> spec.Checks:
    """The bounds, with defaults that depend on the number of id types."""
    most = {"mean": MEAN_PER_TYPE, "median": MEDIAN_PER_TYPE}
    defaults = {key: spec.Bounds(warn=each * id_types) for key, each in most.items()}
    return checks.model_copy(update={k: v for k, v in defaults.items() if k not in checks.model_fields_set})


def _held(  # noqa: PLR0917 - what one line says
    name: str, value: float, checks: spec.Checks, key: str, share: float | None = None, profiles: int = FEW_PROFILES
) -> Figure:
    """A figure checked against ``checks.<key>``, by its share if it has one."""
    bounds: spec.Bounds = getattr(checks, key)
    if profiles < FEW_PROFILES and key not in checks.model_fields_set and bounds.warn:
        return Figure(name, value, share, key=f"checks.{key}")
    verdict, text, which = judge(value if share is None else share, bounds)
    if text is not None and share is not None:
        text = share_in_words(text)
    at = bounds.at.values.get(which) if which else None
    return Figure(name, value, share, verdict, text, f"checks.{key}", at)


def _of_type(  # noqa: PLR0917 - what one line says
    name: str, value: float, share: float | None, bounds: spec.Bounds, checks: spec.Checks, key: str, of: str
) -> Figure:
    verdict, text, which = judge(value, bounds)
    at = bounds.at.values.get(which) if which else None
    at = at or (checks.at.values.get(key) if getattr(checks, key) else None)
    text = share_in_words(text) if share is not None and text is not None else text
    return Figure(name, value, share, verdict, text, f"checks.{key}.{of}", at)


def share_in_words(text: str) -> str:
    """The text of a bound for a share: ``at most 0.25`` becomes ``at most 25%``, and ``at most 0`` becomes ``none``."""
    words, _, number = text.rpartition(" ")
    return "none" if (words, float(number)) == ("at most", 0.0) else f"{words} {in_percent(float(number))}"


def in_percent(share: float) -> str:
    """A share in percent, in short form.

    >>> in_percent(0.25), in_percent(0.005)
    ('25%', '0.5%')
    """
    return f"{round(share * 100, 2):g}%"

"""Profiles with feature values out of bounds, and random samples of profiles.

Takes an open session with published features and the bounds in ``checks.features`` of ``onefold.yaml``; returns
`Features` or a `Sample`. A sample is drawn by a hash of main id and seed, so the same seed gives the same profiles as
long as they exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from onefold.audit.clusters import Flag, bounds_of, flags_of, named_sizes, out_of_bounds
from onefold.audit.records import Id, NextStep
from onefold.engines.base import EngineError
from onefold.errors import AccessError, Finding, ProjectError, suggest
from onefold.identity.metrics import Verdict, judge, share_in_words
from onefold.plan.feature_steps import FeatureView
from onefold.run.feature_checks import null_share
from onefold.short_repr import Short
from onefold.sql.dialects import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from onefold.audit.session import Session
    from onefold.engines.base import ColumnType
    from onefold.project import spec

_MOST = 50


@dataclass(frozen=True)
class Broken:
    """A value out of bounds.

    Attributes:
        feature: Its name.
        value: The value.
        bound: The bound, in words.
        verdict: ``warn`` or ``fail``.
    """

    feature: str
    value: float
    bound: str
    verdict: Verdict


@dataclass(frozen=True)
class FeatureLine:
    """A profile with such values.

    Attributes:
        main_id: The profile.
        counts: How many ids of each type it has.
        flags: The flags raised by those counts.
        broken: The values.
    """

    main_id: str
    counts: dict[str, int]
    flags: tuple[Flag, ...]
    broken: tuple[Broken, ...]


@dataclass(frozen=True)
class NullLine:
    """How many profiles have no value of a feature.

    Attributes:
        feature: Its name.
        share: The share of profiles without a value, 0 to 1.
        bound: The bound that it was held against, in words.
        verdict: ``ok``, ``look`` or ``bad``.
    """

    feature: str
    share: float
    bound: str
    verdict: Verdict


@dataclass(frozen=True, repr=False)
class Features(Short):
    """Profiles with values out of bounds, and features that too many profiles lack.

    Attributes:
        verdict: The worst.
        bounds: The bounds that values were held against, in words.
        nulls: The features of ``checks.nulls``, in its order.
        profiles: How many profiles have any.
        lines: The largest of them first.
        steps: What to do next.
    """

    verdict: Verdict
    bounds: dict[str, str]
    nulls: tuple[NullLine, ...]
    profiles: int
    lines: tuple[FeatureLine, ...]
    steps: tuple[NextStep, ...]


@dataclass(frozen=True)
class SampleLine:
    """A sampled profile with its ids and features."""

    main_id: str
    ids: tuple[Id, ...]
    features: dict[str, Any]


@dataclass(frozen=True, repr=False)
class Sample(Short):
    """A random sample of profiles with several ids and no flags.

    Attributes:
        seed: The random seed.
        among: Number of profiles that can be drawn.
        lines: The sampled profiles.
        steps: What to do next.
    """

    seed: int
    among: int
    lines: tuple[SampleLine, ...]
    steps: tuple[NextStep, ...]


def features(session: Session, most: int = _MOST) -> Features:
    """Profiles whose features are out of bounds.

    Args:
        session: The open graph.
        most: How many to give at most.

    Raises:
        AccessError: If the features are not published.
        ProjectError: If a bound is set for a feature that is not there, or is no number.
    """
    checks = session.project.settings.checks
    bounds, view = checks.features, _view(session)
    columns = _columns(session, view)
    names = _bounded(session, columns, bounds, "features")
    nulls = _nulls(session, view, _bounded(session, columns, checks.nulls, "nulls"))
    broken = exp.or_(*(beyond(column, bounds[name]) for name, column in names.items())) if names else exp.false()
    main_id = exp.column(session.step.main_id, table="features")
    query = exp.select("sizes.*", *(_of(column).as_(f"feature_{n}") for n, column in enumerate(names.values())))
    query = query.from_(exp.alias_(view, "features", table=True)).where(broken)
    same = exp.column("main_id", table="sizes").eq(main_id)
    query = query.join(named_sizes(session).subquery("sizes"), on=same)
    found = session.rows(query.order_by(exp.column("ids", table="sizes").desc(), exp.column("main_id", table="sizes")))
    lines = [_line(session, row, tuple(names), bounds) for row in found[:most]]
    verdicts = {b.verdict for line in lines for b in line.broken} | {line.verdict for line in nulls}
    words = {name: _words(bounds[name]) for name in names}
    verdict: Verdict = "fail" if "fail" in verdicts else "warn" if "warn" in verdicts else "pass"
    steps = tuple(_steps(session, lines, nulls, is_bounded=bool(names or nulls)))
    return Features(verdict, words, nulls, len(found), tuple(lines), steps)


def sample(session: Session, seed: int, count: int = 10) -> Sample:
    """Draw a random sample of profiles with several ids and no flags.

    Args:
        session: The open graph.
        seed: The random seed.
        count: How many.
    """
    bounds = bounds_of(session)
    within_bounds = exp.and_(exp.column("ids") > 1, exp.not_(exp.paren(out_of_bounds(session, bounds))))
    among = exp.select(exp.Count(this=exp.Star()).as_("n")).from_(session.sizes).where(within_bounds)
    drawn = exp.MD5(this=exp.DPipe(this=exp.column("main_id"), expression=exp.Literal.string(f" {seed}")))
    picked = exp.select("main_id").from_(named_sizes(session, within_bounds).subquery("profiles"))
    picked = picked.order_by(drawn, "main_id").limit(count)
    main_ids = [row["main_id"] for row in session.rows(picked)]
    ids, values = _ids_of(session, main_ids), _features_of(session, main_ids)
    lines = tuple(SampleLine(m, ids[m], values.get(m, {})) for m in main_ids)
    steps = [NextStep("draw other profiles", command=f"pb audit sample --seed {seed + 1}")]
    if main_ids:
        first = ids[main_ids[0]]
        command = f"pb audit explain {first[0].value} {first[-1].value}"
        steps.insert(
            0, NextStep("if two of the ids belong to different people, see how they are joined", command=command)
        )
    return Sample(seed, int(session.rows(among)[0]["n"]), lines, tuple(steps))


# --- features ---


def features_view(session: Session) -> exp.Table | None:
    """The features by main id; None if the entity has none."""
    for step in session.plan.steps.values():
        if isinstance(step, FeatureView) and step.cohort == session.step.entity and step.id_type is None:
            return session.shown(step)
    return None


def _view(session: Session) -> exp.Table:
    view = features_view(session)
    if view is None:
        message = f"{session.step.entity} has no features"
        raise AccessError(Finding("error", "no-features", message, session.step.at, "add a var_group"))
    return view


def _columns(session: Session, view: exp.Table) -> Mapping[str, ColumnType]:
    try:
        return session.engine.describe(render(exp.select("*").from_(view), session.target.dialect))
    except EngineError as error:
        message = f"the features of {session.step.entity} have not been published"
        raise AccessError(Finding("error", "no-features", message, hint="build them with `pb run`")) from error


def _bounded(
    session: Session, columns: Mapping[str, ColumnType], bounds: dict[str, spec.Bounds], section: str
) -> dict[str, str]:
    """The column of each feature that has bounds; bounds of values are for numbers alone."""
    folded = {name.lower(): (name, kind) for name, kind in columns.items()}
    findings, found = [], {}
    for feature, given in bounds.items():
        name, kind = folded.get(feature.lower(), ("", None))
        at = session.project.settings.checks.at.value(section) if given.at.start.line == 1 else given.at.start
        if not name:
            hint = suggest(feature, columns) or "`pb discover features` lists them"
            findings.append(Finding("error", "unknown-feature", f'there is no feature "{feature}"', at, hint))
        elif section == "features" and not (kind is not None and kind.is_number):
            findings.append(Finding("error", "wrong-type", f'feature "{feature}" is {kind}, not a number', at))
        found[feature] = name
    if findings:
        raise ProjectError(findings)
    return found


def _nulls(session: Session, view: exp.Table, names: dict[str, str]) -> tuple[NullLine, ...]:
    """The share of profiles without a value, of features that have bounds of it."""
    if not names:
        return ()
    shares = [null_share(exp.column(name, quoted=True)).as_(f"share_{n}") for n, name in enumerate(names.values())]
    row = session.rows(exp.select(*shares).from_(view))[0]
    lines = []
    for n, feature in enumerate(names):
        share = float(row[f"share_{n}"] or 0)
        verdict, text, _ = judge(share, session.project.settings.checks.nulls[feature])
        if verdict is not None and text is not None:
            lines.append(NullLine(feature, share, share_in_words(text), verdict))
    return tuple(lines)


def _of(column: str) -> exp.Expr:
    return exp.cast(exp.column(column, table="features", quoted=True), "DOUBLE")


def beyond(column: str, bounds: spec.Bounds) -> exp.Expr:
    """Whether a value of the view of features, named ``features`` in the query, is out of bounds."""
    conditions: list[exp.Expr] = [
        _of(column) > exp.convert(most) for most in (bounds.warn, bounds.fail) if most is not None
    ]
    conditions += [
        _of(column) < exp.convert(least) for least in (bounds.warn_below, bounds.fail_below) if least is not None
    ]
    return exp.or_(*conditions) if conditions else exp.false()


def _line(session: Session, row: dict[str, Any], names: Sequence[str], bounds: dict[str, spec.Bounds]) -> FeatureLine:
    counts = {name: int(row[f"ids_{n}"]) for n, name in enumerate(session.id_types)}
    broken = []
    for n, name in enumerate(names):
        value = row[f"feature_{n}"]
        if value is not None:
            verdict, text, _ = judge(value, bounds[name])
            if verdict in {"warn", "fail"} and text is not None:
                broken.append(Broken(name, value, text, verdict))
    return FeatureLine(row["main_id"], counts, flags_of(counts, session.person, bounds_of(session)), tuple(broken))


def _words(bounds: spec.Bounds) -> str:
    given = (
        ("at most", bounds.warn),
        ("at most", bounds.fail),
        ("at least", bounds.warn_below),
        ("at least", bounds.fail_below),
    )
    return ", ".join(dict.fromkeys(f"{words} {bound:,g}" for words, bound in given if bound is not None))


def _steps(
    session: Session, lines: Sequence[FeatureLine], nulls: Sequence[NullLine], *, is_bounded: bool
) -> Iterator[NextStep]:
    at = session.project.settings.checks.at.values.get("features")
    if not is_bounded:
        yield NextStep(
            "set bounds for features, such as `checks: {features: {total_orders: {warn: 1000}}}`", "onefold.yaml"
        )
        return
    if lines:
        yield NextStep("show the ids and edges of the first profile", command=f"pb audit cluster {lines[0].main_id}")
        yield NextStep("if such values are expected, raise `checks.features`", str(at) if at else "onefold.yaml")
    beyond = [line.feature for line in nulls if line.verdict != "pass"]
    if beyond:
        at = session.project.settings.checks.at.values.get("nulls")
        what = f"check whether the source of {beyond[0]} is complete; if nulls are expected, change `checks.nulls`"
        yield NextStep(what, str(at) if at else "onefold.yaml")
    if not lines and not beyond:
        yield NextStep("spot-check a random sample of profiles", command="pb audit sample --seed 1")


# --- a sample ---


def _ids_of(session: Session, main_ids: Sequence[str]) -> dict[str, tuple[Id, ...]]:
    query = exp.select(exp.column(session.step.main_id).as_("main_id"), "other_id_type", "other_id")
    query = (
        query.from_(session.shown(session.step)).where(_one_of(session, main_ids)).order_by("other_id_type", "other_id")
    )
    found: dict[str, tuple[Id, ...]] = {}
    for row in session.rows(query) if main_ids else []:
        found[row["main_id"]] = (*found.get(row["main_id"], ()), Id(row["other_id_type"], row["other_id"]))
    return found


def _features_of(session: Session, main_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The features by main id; none where they are not published."""
    view = features_view(session)
    if view is None or not main_ids:
        return {}
    try:
        rows = session.rows(exp.select("*").from_(view).where(_one_of(session, main_ids)))
    except AccessError:
        return {}
    return {row.pop(session.step.main_id): row for row in rows}


def _one_of(session: Session, main_ids: Sequence[str]) -> exp.Expr:
    values = [exp.Literal.string(main_id) for main_id in main_ids]
    return exp.In(this=exp.column(session.step.main_id), expressions=values)

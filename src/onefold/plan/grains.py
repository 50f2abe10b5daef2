"""Time grains: a model with a time grain sees only the data up to the start of the current period (format B4.9).

Computes the start of a period, and the refs of steps that are read as of then: ``inputs/orders@day``. Periods are in
UTC. Weeks begin on Monday. Months and years begin on their first Monday, so that they consist of whole weeks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from onefold.errors import Finding
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.errors import Location

ORDER = ("tick", "tenminutes", "hour", "day", "week", "month", "year")
"""From fine to coarse."""

_SAME = {"10minutes": "tenminutes"}


def grain_of(given: str | None) -> str | None:
    """The grain of a name; None for the names that mean no grain."""
    grain = _SAME.get(given or "tick", given or "tick")
    return None if grain == "tick" else grain


def coarser(one: str | None, other: str | None) -> str | None:
    """The coarser of two grains; None is finer than any.

    >>> coarser("day", "week"), coarser("day", None)
    ('week', 'day')
    """
    return max((one, other), key=lambda grain: ORDER.index(grain or "tick"))


def began(moment: datetime, grain: str) -> datetime:
    """The start of the period that contains ``moment``.

    >>> began(datetime(2026, 10, 31, 15, 7), "week").isoformat()
    '2026-10-26T00:00:00'
    >>> began(datetime(2026, 10, 2, 15, 7), "month").isoformat()
    '2026-09-07T00:00:00'
    """
    if grain == "tenminutes":
        return moment.replace(minute=moment.minute // 10 * 10, second=0, microsecond=0)
    if grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday())
    first = day.replace(day=1) if grain == "month" else day.replace(month=1, day=1)
    monday = _first_monday(first)
    if monday > day:
        monday = _first_monday(
            (first - timedelta(days=1)).replace(day=1) if grain == "month" else first.replace(year=first.year - 1)
        )
    return monday


def _first_monday(first: datetime) -> datetime:
    return first + timedelta(days=-first.weekday() % 7)


def at_grain(ref: str, grain: str | None) -> str:
    """The ref of a step as of the start of the period."""
    return ref if grain is None else f"{ref}@{grain}"


def plain_ref(ref: str) -> str:
    """The ref without its grain."""
    return ref.partition("@")[0]


def without_grains(project: spec.ProjectSpec, up_to: str) -> spec.ProjectSpec:
    """The project without the grains up to and including one: their periods all start when its period starts."""

    def finer(record: Any) -> Any:
        grain = None if record is None else grain_of(record.time_grain)
        is_finer = grain is not None and ORDER.index(grain) <= ORDER.index(up_to)
        return record.model_copy(update={"time_grain": "tick"}) if is_finer else record

    def without(record: Any, part: str) -> Any:
        return record.model_copy(update={part: finer(getattr(record, part))})

    groups = [finer(group) for group in project.var_groups]
    groups = [g.model_copy(update={"vars": tuple(without(entry, "entity_var") for entry in g.vars)}) for g in groups]
    entities = tuple(without(entity, "default_id_stitcher") for entity in project.file.entities)
    models = tuple(m if isinstance(m, spec.PluginModel) else without(m, "model_spec") for m in project.models)
    file = project.file.model_copy(update={"entities": entities})
    return replace(project, file=file, models=models, var_groups=tuple(groups))


def grain_mistakes(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Report grains without a ``default_time_grain``, and a default that is coarser than a grain in use."""
    default = project.file.default_time_grain
    rank = {**{name: n for n, name in enumerate(ORDER)}, "10minutes": 1}
    for grain, at in _used(project):
        if grain_of(grain) is None:
            continue
        if default is None:
            message = f"time_grain {grain} requires a default_time_grain in pb_project.yaml"
            yield Finding("error", "missing-key", message, at, "add default_time_grain: tick")
        elif rank[default] > rank[grain]:
            message = f"time_grain {grain} is finer than default_time_grain({default})"
            yield Finding("error", "wrong-value", message, at, f"set default_time_grain to {grain} or finer")


def _used(project: spec.ProjectSpec) -> Iterator[tuple[str, Location]]:
    for entity in project.file.entities:
        options = entity.default_id_stitcher
        if options is not None and options.time_grain:
            yield options.time_grain, options.at.value("time_grain")
    for model in project.models:
        grain = None if isinstance(model, spec.PluginModel) else model.model_spec.time_grain
        if grain:
            yield grain, model.model_spec.at.value("time_grain")
    for group in project.var_groups:
        if group.time_grain:
            yield group.time_grain, group.at.value("time_grain")
        for entry in group.vars:
            var = entry.entity_var or entry.input_var
            if var is not None and var.time_grain:
                yield var.time_grain, var.at.value("time_grain")

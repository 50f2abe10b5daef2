"""Cohorts and feature tables with a time grain: who belongs, and what they say, as of the beginning of the period.

In: the plan's steps, and a way to plan the same project for an earlier end. Out: the steps, with those of such models
taken from the earlier plan, and what these need, down to the stitcher, under refs of its own: ``user/var_table@day``
(format B4.9). Knows no SQL.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from onefold.errors import Location
from onefold.plan.grains import at_grain, began, grain_of
from onefold.plan.graph import with_needs
from onefold.plan.model import Condition, IdColumn, Text, Var
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from onefold.plan.model import Step
    from onefold.plan.texts import Writer


def with_earlier(
    steps: list[Step], writer: Writer, earlier: Callable[[spec.Project, datetime], Mapping[str, Step]]
) -> list[Step]:
    """The steps, with those of models that have a time grain as of the beginning of its period.

    Args:
        steps: Of the plan, without mistakes.
        writer: Told what is wrong.
        earlier: Plans a project for an end time.
    """
    made = {step.ref: step for step in steps}
    for grain in sorted(set(_grained(writer.project).values())):
        named = {ref for ref, other in _grained(writer.project).items() if other == grain}
        plan = earlier(_without_grain(writer.project, grain), began(writer.times.end, grain))
        own = _own_steps(plan, named)
        _refuse_others_that_read(own, named, made.values(), writer)
        needed = with_needs(own, {ref: step.needs for ref, step in plan.items()})
        names = {ref: at_grain(ref, grain) for ref in needed - own if "@" not in ref}
        as_of = began(writer.times.end, grain)
        for ref in needed:
            step = _renamed(plan[ref], names)
            if step.ref not in own and "@" not in ref:
                step = replace(step, name=f"{step.name}_at_{grain}", view=None)
            if step.grain is None:
                step = replace(step, grain=grain, as_of=as_of, definition=f"{step.definition}@{grain}")
            if step.ref in own:
                made[step.ref] = step
            else:
                made.setdefault(step.ref, step)
    return list(made.values())


def _grained(project: spec.Project) -> dict[str, str]:
    """The time grain of each cohort and feature table that has one, by ref."""
    found = {}
    for model in project.models:
        if isinstance(model, spec.EntityCohort | spec.FeatureTable):
            grain = grain_of(model.model_spec.time_grain)
            if grain is not None:
                found[f"models/{model.name}"] = grain
    return found


def _without_grain(project: spec.Project, grain: str) -> spec.Project:
    """The project without that grain on cohorts and feature tables, so that planning it ends."""
    models: list[spec.AnyModel] = []
    for model in project.models:
        if isinstance(model, spec.EntityCohort | spec.FeatureTable) and grain_of(model.model_spec.time_grain) == grain:
            body: Any = model.model_spec.model_copy(update={"time_grain": None})
            models.append(model.model_copy(update={"model_spec": body}))
        else:
            models.append(model)
    return replace(project, models=tuple(models))


def _own_steps(plan: Mapping[str, Step], named: Iterable[str]) -> frozenset[str]:
    """Refs of the models, and of the vars and views of those that are cohorts."""
    names = {ref.removeprefix("models/") for ref in named}
    own = set()
    for ref, step in plan.items():
        population = str(getattr(step, "population", ""))
        if ref in {*named} or (population.rpartition("/")[2] in names and "/" in population):
            own.add(ref)
    return frozenset(own)


def _refuse_others_that_read(own: frozenset[str], named: Iterable[str], steps: Iterable[Step], writer: Writer) -> None:
    """Profiles of then and profiles of now are not put together: a cohort of such a cohort needs its grain too."""
    for step in steps:
        base = {*step.needs} & own
        if base and step.ref not in own and getattr(step, "population", getattr(step, "base", None)) is not None:
            message = f"{step.ref} is cut from {min(base)}, whose time grain it does not have"
            writer.refuse("not-run", message, step.at, f"give it the time grain of {', '.join(sorted(named))}")


def _renamed(given: Any, names: Mapping[str, str]) -> Any:
    """A step with other refs in all of its fields."""
    if isinstance(given, str):
        return names.get(given, given)
    if isinstance(given, tuple):
        return tuple(_renamed(part, names) for part in given)
    if isinstance(given, dict):
        return {_renamed(key, names): _renamed(value, names) for key, value in given.items()}
    if is_dataclass(given) and not isinstance(given, Location | Text | Var | Condition | IdColumn | type):
        changed = {f.name: _renamed(getattr(given, f.name), names) for f in fields(given) if f.name != "name"}
        return replace(given, **changed)
    return given

"""What has a time grain: cohorts, feature tables and vars, as of the beginning of the period.

In: the plan's steps, and a way to plan the same project for an earlier end. Out: the steps, with those of such models
taken from the earlier plan, and what these and such vars need, down to the stitcher, under refs of its own:
``user/var_table@day`` (format B4.9). Knows no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from onefold.errors import Location
from onefold.plan.feature_steps import Condition, Var
from onefold.plan.grains import at_grain, began, grain_of, plain_ref, without_grains
from onefold.plan.graph import with_needs
from onefold.plan.model import IdColumn, SqlText
from onefold.plan.names import column_of, var_table_of
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from onefold.plan.model import Step
    from onefold.plan.render_context import RenderContext

    Earlier = Callable[[spec.ProjectSpec, datetime, frozenset[str] | None], Mapping[str, Step]]
    """Plans a project for an end time, and for some vars only, by their keys."""


def with_earlier(steps: list[Step], context: RenderContext, earlier: Earlier) -> list[Step]:
    """The steps, with those of models that have a time grain as of the beginning of its period.

    Args:
        steps: Of the plan, without mistakes.
        context: Told what is wrong.
        earlier: Makes the plans.
    """
    made = {step.ref: step for step in steps}
    grained = _grained(context.project)
    plans: dict[str, _Then] = {}
    for grain in sorted(set(grained.values())):
        named = {ref for ref, other in grained.items() if other == grain}
        plans[grain] = then = _then(grain, named, context, earlier)
        _check_readers(then.own, named, made.values(), context)
        then.add_to(made, then.own)
    tables = {need for step in made.values() for need in step.needs if "@" in need} - made.keys()
    for grain in sorted({ref.partition("@")[2] for ref in tables}):
        then = plans.get(grain) or _then(grain, (), context, earlier)
        then.add_to(made, {plain_ref(ref) for ref in tables if ref.endswith(f"@{grain}")})
    return list(made.values())


@dataclass(frozen=True)
class _Then:
    """The plan as of the beginning of a period.

    Attributes:
        own: Refs of the models with the grain, and of the vars and views of those that are cohorts: they are not
            renamed.
    """

    grain: str
    as_of: datetime
    steps: Mapping[str, Step]
    own: frozenset[str]

    def add_to(self, made: dict[str, Step], wanted: Collection[str]) -> None:
        """Add the steps that are wanted, and what they need."""
        needed = with_needs(wanted, {ref: step.needs for ref, step in self.steps.items()})
        names = {ref: at_grain(ref, self.grain) for ref in self.steps.keys() - self.own if "@" not in ref}
        for ref in needed:
            step = _renamed(self.steps[ref], names)
            if step.ref not in self.own and "@" not in ref:
                step = replace(step, name=f"{step.name}_at_{self.grain}", view=None)
            if step.grain is None:
                definition = f"{step.definition}@{self.grain}"
                step = replace(step, grain=self.grain, as_of=self.as_of, definition=definition)
            if step.ref in self.own:
                made[step.ref] = step
            else:
                made.setdefault(step.ref, step)


def _then(grain: str, named: Collection[str], context: RenderContext, earlier: Earlier) -> _Then:
    as_of = began(context.times.end, grain)
    only = None
    if not named and not _reads_vars(context):
        only = frozenset(key for key, other in context.var_grains.items() if other == grain)
    plan = earlier(without_grains(context.project, grain), as_of, only)
    return _Then(grain, as_of, plan, _own_steps(plan, named))


def _reads_vars(context: RenderContext) -> bool:
    """Whether a model reads a table of vars or a feature view, and so all that there is in it."""
    made = context.models_plan.steps.values() if context.models_plan is not None else ()
    return any(var_table_of(n) or column_of(n) or "/feature_view" in n for step in made for n in step.needs)


def _grained(project: spec.ProjectSpec) -> dict[str, str]:
    """The time grain of each cohort and feature table that has one, by ref."""
    found = {}
    for model in project.models:
        if isinstance(model, spec.EntityCohortModel | spec.FeatureTableModel):
            grain = grain_of(model.model_spec.time_grain)
            if grain is not None:
                found[f"models/{model.name}"] = grain
    return found


def _own_steps(plan: Mapping[str, Step], named: Iterable[str]) -> frozenset[str]:
    """Refs of the models, and of the vars and views of those that are cohorts."""
    names = {ref.removeprefix("models/") for ref in named}
    own = set()
    for ref, step in plan.items():
        cohort = f"{getattr(step, 'cohort', '')}/".split("/")[1]
        if ref in {*named} or cohort in names:
            own.add(ref)
    return frozenset(own)


def _check_readers(own: frozenset[str], named: Iterable[str], steps: Iterable[Step], context: RenderContext) -> None:
    """Profiles of then and profiles of now are not put together: a cohort of such a cohort needs its grain too."""
    for step in steps:
        base = {*step.needs} & own
        if base and step.ref not in own and getattr(step, "cohort", getattr(step, "base", None)) is not None:
            message = f"{step.ref} is cut from {min(base)}, whose time grain it does not have"
            context.add_error("not-run", message, step.at, f"give it the time grain of {', '.join(sorted(named))}")


def _renamed(given: Any, names: Mapping[str, str]) -> Any:
    """A step with other refs in all of its fields."""
    if isinstance(given, str):
        return names.get(given, given)
    if isinstance(given, tuple):
        return tuple(_renamed(part, names) for part in given)
    if isinstance(given, dict):
        return {_renamed(key, names): _renamed(value, names) for key, value in given.items()}
    if is_dataclass(given) and not isinstance(given, Location | SqlText | Var | Condition | IdColumn | type):
        changed = {f.name: _renamed(getattr(given, f.name), names) for f in fields(given) if f.name != "name"}
        return replace(given, **changed)
    return given

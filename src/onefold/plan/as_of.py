"""Models with a time grain: cohorts, feature tables and vars as of the start of their period.

Takes the plan's steps and a function that plans the same project for an earlier end time. Returns the steps with those
models replaced by their earlier versions. Everything they depend on, down to the stitcher, is added under refs of its
own, ``user/var_table@day`` (format B4.9).
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
    """Plans the project for an end time, restricted to some vars by key."""


def with_earlier(steps: list[Step], context: RenderContext, earlier: Earlier) -> list[Step]:
    """The steps, with each model that has a time grain replaced by its version as of the start of the period.

    Args:
        steps: The steps of the plan, free of errors.
        context: Collects errors.
        earlier: Plans the project for an earlier end time.
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
    """The plan as of the start of a period.

    Attributes:
        own: Refs of the models with the grain, and of the vars and views of those that are cohorts. They keep their
            refs.
    """

    grain: str
    as_of: datetime
    steps: Mapping[str, Step]
    own: frozenset[str]

    def add_to(self, made: dict[str, Step], wanted: Collection[str]) -> None:
        """Add the requested steps and everything they need."""
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
    """Whether a model reads a whole table of vars or a feature view."""
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
    """Report cohorts that would mix two points in time: a cohort of a cohort with a grain needs that grain too."""
    for step in steps:
        base = {*step.needs} & own
        if base and step.ref not in own and getattr(step, "cohort", getattr(step, "base", None)) is not None:
            message = f"{step.ref} extends {min(base)} but has another time grain"
            context.add_error("not-run", message, step.at, f"set the same time_grain as {', '.join(sorted(named))}")


def _renamed(given: Any, names: Mapping[str, str]) -> Any:
    """A copy of a step with the refs in all of its fields replaced."""
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

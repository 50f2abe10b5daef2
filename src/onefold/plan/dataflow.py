"""The dataflow diagram of a plan: inputs, models, features and views, from left to right.

Takes a plan; returns boxes in columns, and arrows. The steps that compute vars are drawn as one box per entity. Each
stage that models read, and each time grain, adds another box. Draws nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.plan.feature_steps import Cohort, EntityVars, FeatureView, VarRows, VarTable
from onefold.plan.grains import at_grain, plain_ref
from onefold.plan.graph import running_order, with_needs
from onefold.plan.model import IdStitcher, InputStep, Step

if TYPE_CHECKING:
    from onefold.plan.model import Plan


@dataclass(frozen=True)
class Box:
    """A node of the diagram.

    Attributes:
        key: Unique name, used by arrows.
        title: The label.
        kind: Model type, ``input``, or ``features``.
        detail: A second line: source table, view name, or a count; may be empty.
    """

    key: str
    title: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Dataflow:
    """Boxes in columns; an arrow always leads to a column further right.

    Attributes:
        columns: Boxes from left to right, each column from top to bottom.
        arrows: (from, to) by key, sorted.
    """

    columns: tuple[tuple[Box, ...], ...]
    arrows: tuple[tuple[str, str], ...]

    def box(self, key: str) -> Box:
        """The box with a key."""
        return next(box for column in self.columns for box in column if box.key == key)

    def feeds(self, key: str) -> tuple[str, ...]:
        """Keys of the boxes that an arrow leads to."""
        return tuple(to for from_, to in self.arrows if from_ == key)


def dataflow(plan: Plan) -> Dataflow:
    """The diagram of a plan."""
    # The root cohort adds nothing to its stitcher, so it has no box unless something reads it.
    read = {need for s in plan.steps.values() if isinstance(s, VarRows) for need in s.needs}
    shown = [s for s in plan.steps.values() if not (isinstance(s, Cohort) and s.base is None and s.ref not in read)]
    keys = _keys(plan)
    boxes = {keys[step.ref]: _box(step, keys[step.ref], plan) for step in shown}
    arrows = {
        (keys[need], keys[step.ref])
        for step in shown
        for need in step.needs
        if keys[need] in boxes and keys[need] != keys[step.ref]
    }
    needs = {key: tuple(sorted(a for a, b in arrows if b == key)) for key in boxes}
    depth: dict[str, int] = {}
    for key in running_order(needs, {}):
        depth[key] = max((depth[need] + 1 for need in needs[key]), default=0)
    order = {key: number for number, key in enumerate(boxes)}
    columns = [
        tuple(boxes[key] for key in sorted(boxes, key=order.__getitem__) if depth[key] == level)
        for level in range(max(depth.values(), default=-1) + 1)
    ]
    return Dataflow(_untangled(columns, needs), tuple(sorted(arrows)))


def _keys(plan: Plan) -> dict[str, str]:
    """The key of each step's box, by ref. Steps behind a table of vars that models read come first."""
    needs = {ref: step.needs for ref, step in plan.steps.items()}
    read = {s.var_table for s in plan.steps.values() if isinstance(s, VarRows)}
    last = {f"{s.cohort}/var_table" for s in plan.steps.values() if isinstance(s, VarTable)}
    stages = [with_needs([ref], needs) for ref in plan.steps if ref in read - last and "/var_table" in ref]
    keys = {}
    for ref, step in plan.steps.items():
        keys[ref] = ref
        if isinstance(step, EntityVars | VarTable):
            stage = next((n for n, inside in enumerate(stages, start=1) if ref in inside), None)
            key = f"{step.cohort}/features" + (f"_{stage}" if stage is not None else "")
            keys[ref] = at_grain(key, step.grain) if "@" in ref else key
    return keys


def _box(step: Step, key: str, plan: Plan) -> Box:
    if isinstance(step, EntityVars | VarTable):
        views = [s for s in plan.steps.values() if isinstance(s, FeatureView) and s.cohort == step.cohort]
        count = max((len(v.features) for v in views), default=0)
        early = "" if plain_ref(key).endswith("/features") else ", read by models"
        if plain_ref(key) != key:
            return Box(key, f"{step.cohort} features{early}, as of the {step.grain}", "features")
        return Box(key, f"{step.cohort} features{early}", "features", "" if early else f"{count} features")
    detail = step.table if isinstance(step, InputStep) else ""
    if isinstance(step, FeatureView):
        detail = f"by {step.id_type or step.main_id}"
    if isinstance(step, IdStitcher):
        detail = f"by {step.main_id}"
    return Box(key, step.name, step.kind, detail)


def _untangled(columns: list[tuple[Box, ...]], needs: dict[str, tuple[str, ...]]) -> tuple[tuple[Box, ...], ...]:
    """Columns with each box near the boxes it reads, which reduces crossings (the barycentre heuristic)."""
    place: dict[str, float] = {}
    done = []
    for column in columns:
        ordered = sorted(
            enumerate(column),
            key=lambda item: (
                sum(place[n] for n in needs[item[1].key]) / max(len(needs[item[1].key]), 1),
                item[0],
            ),
        )
        boxes = tuple(box for _, box in ordered)
        place |= {box.key: number / max(len(boxes), 1) for number, box in enumerate(boxes)}
        done.append(boxes)
    return tuple(done)

"""A plan -> the picture people have of it: inputs, models, features, views, from left to right.

In: a plan. Out: boxes in columns, and arrows. The steps that compute vars are one box per entity. Draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.plan.graph import running_order
from onefold.plan.model import Cohort, EntityVars, FeatureView, IdStitcher, Input, Step, VarTable

if TYPE_CHECKING:
    from onefold.plan.model import Plan


@dataclass(frozen=True)
class Box:
    """Something that holds rows.

    Attributes:
        key: Unique name; what arrows refer to.
        title: What to write in it.
        kind: Model type, ``input``, or ``features``.
        detail: A second line: the source table, the view's name, a count; may be empty.
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
    """The picture of a plan."""
    # All of an entity says no more than its stitcher does.
    shown = [s for s in plan.steps.values() if not (isinstance(s, Cohort) and s.base is None)]
    boxes = {_key(step): _box(step, plan) for step in shown}
    arrows = {
        (_key(plan.steps[need]), _key(step))
        for step in shown
        for need in step.needs
        if _key(plan.steps[need]) in boxes and _key(plan.steps[need]) != _key(step)
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


def _key(step: Step) -> str:
    return f"{step.population}/features" if isinstance(step, EntityVars | VarTable) else step.ref


def _box(step: Step, plan: Plan) -> Box:
    if isinstance(step, EntityVars | VarTable):
        views = [s for s in plan.steps.values() if isinstance(s, FeatureView) and s.population == step.population]
        count = max((len(v.features) for v in views), default=0)
        return Box(_key(step), f"{step.population} features", "features", f"{count} features")
    detail = step.table if isinstance(step, Input) else ""
    if isinstance(step, FeatureView):
        detail = f"by {step.id_type or step.main_id}"
    if isinstance(step, IdStitcher):
        detail = f"by {step.main_id}"
    return Box(_key(step), step.name, step.kind, detail)


def _untangled(columns: list[tuple[Box, ...]], needs: dict[str, tuple[str, ...]]) -> tuple[tuple[Box, ...], ...]:
    """Columns with each box near what it reads, so that fewer arrows cross (the barycentre heuristic)."""
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

"""Selects the part of a plan that ``-m`` names, with everything it depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.errors import Finding, UsageError, suggest
from onefold.plan.graph import with_needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from onefold.plan.model import Plan


def select(plan: Plan, model_refs: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The refs to run, and the refs that were asked for by name.

    Args:
        plan: The whole plan.
        model_refs: Paths, bare names or view names, in any case; ``entity/<entity>/<var>`` means its var table. Empty
            selects all.

    Returns:
        The refs to run (chosen and needed), and the chosen refs. Only the views of the chosen refs are updated.

    Raises:
        UsageError: For each path that matches no step, with the nearest one that exists; also if all paths are empty.
    """
    given_refs = tuple(model_refs)
    paths = [part.strip() for given in given_refs for part in given.split(",") if part.strip()]
    if given_refs and not paths:
        message, hint = "-m is empty", "name a model, or omit -m to run all models"
        raise UsageError(Finding("error", "no-model", message, hint=hint))
    if not paths:
        return frozenset(plan.steps), frozenset(plan.steps)
    known = _paths(plan)
    unknown = [p for p in paths if p.lower().strip("/") not in known]
    if unknown:
        raise UsageError(
            Finding(
                "error",
                "unknown-model",
                f'-m "{path}": this project has no such model',
                hint=suggest(path, known) or "run `pb show models` for a list",
            )
            for path in unknown
        )
    chosen = frozenset(known[p.lower().strip("/")] for p in paths)
    needs = {ref: step.needs for ref, step in plan.steps.items()}
    return with_needs(chosen, needs), chosen


def _paths(plan: Plan) -> dict[str, str]:
    known: dict[str, str] = {}
    for ref, step in plan.steps.items():
        for path in (step.view, step.name, ref):
            if path:
                known[path.lower()] = ref
    for ref, step in plan.steps.items():
        if step.kind == "feature_view":
            known |= {f"entity/{step.entity}/{f}".lower(): ref for f in step.features}  # type: ignore[attr-defined]
    return known

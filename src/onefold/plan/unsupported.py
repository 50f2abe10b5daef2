"""What the format knows and this version does not run: named, located, and refused rather than skipped.

Takes a project, gives findings. A construct that would change which ids are joined or what a feature says is never
ignored silently.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from onefold.errors import Finding, suggest
from onefold.plan.disabled_models import VENDOR_TYPES
from onefold.plan.feature_steps import VarTable
from onefold.plugins import model_types
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from onefold.plan.model import Step
    from onefold.plan.render_context import RenderContext

_MISTYPED = 0.9
"""From this likeness on a name is a typing mistake, and below it another name."""
_LOCAL = "copy it into the project and name it with csv, or into a folder that catalogs in onefold.yaml names"


def unsupported(project: spec.ProjectSpec) -> list[Finding]:
    """One error for each construct of the project that is read but not run."""
    return [*_mistyped(project), *_in_inputs(project)]


def _mistyped(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Model types that are nearly those of the format or of a plugin; others come with packages, and are left out."""
    for model in project.models:
        if not isinstance(model, spec.PluginModel) or model.model_type in VENDOR_TYPES:
            continue
        nearly = get_close_matches(model.model_type, VENDOR_TYPES, 1, _MISTYPED)
        hint = suggest(model.model_type, [*spec.MODEL_CLASSES, *sorted(model_types()), *nearly])
        if model.model_type not in model_types() and hint is not None:
            message = f'"{model.model_type}" is no model type'
            yield Finding("error", "unknown-model-type", message, model.at.value("model_type"), hint)


def _in_inputs(project: spec.ProjectSpec) -> Iterator[Finding]:
    for record in project.inputs:
        if record.app_defaults.s3:
            message = (
                f'input "{record.name}" is on s3, which is not read by this version: DuckDB would have to load code'
            )
            yield Finding("error", "not-run", message, record.app_defaults.at.value("s3"), _LOCAL)


def check_unused_stitchers(steps: Collection[Step], context: RenderContext) -> None:
    """A model that is declared and that nothing makes: a stitcher that no entity names."""
    if context.findings:  # what is wrong may be why it is not made
        return
    of_then = {ref for step in steps if isinstance(step, VarTable) for ref in step.earlier}
    made = {step.ref for step in steps} | of_then | context.disabled.keys()
    for step in steps:
        for need in step.needs:
            if need not in made:
                hint = "add id_stitcher to the entity, or read its default stitcher"
                context.add_error("unused-stitcher", f"{step.ref} reads {need}, which no entity uses", step.at, hint)

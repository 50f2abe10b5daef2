"""Errors for constructs that the format has and this version does not support.

Takes a project; returns findings with locations. A construct that would change the id graph or a feature is never
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
"""Names at least this similar are treated as a typing error."""
_LOCAL = "copy it into the project and set csv, or into a folder listed under catalogs in onefold.yaml"


def unsupported(project: spec.ProjectSpec) -> list[Finding]:
    """One error for each construct of the project that is not supported."""
    return [*_mistyped(project), *_in_inputs(project)]


def _mistyped(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Report model types that are nearly those of the format or of a plugin.

    Others come with packages and are disabled.
    """
    for model in project.models:
        if not isinstance(model, spec.PluginModel) or model.model_type in VENDOR_TYPES:
            continue
        nearly = get_close_matches(model.model_type, VENDOR_TYPES, 1, _MISTYPED)
        hint = suggest(model.model_type, [*spec.MODEL_CLASSES, *sorted(model_types()), *nearly])
        if model.model_type not in model_types() and hint is not None:
            message = f'"{model.model_type}" is not a model type'
            yield Finding("error", "unknown-model-type", message, model.at.value("model_type"), hint)


def _in_inputs(project: spec.ProjectSpec) -> Iterator[Finding]:
    for record in project.inputs:
        if record.app_defaults.s3:
            message = f'input "{record.name}" is on S3, which needs a DuckDB extension that this version does not load'
            yield Finding("error", "not-run", message, record.app_defaults.at.value("s3"), _LOCAL)


def check_unused_stitchers(steps: Collection[Step], context: RenderContext) -> None:
    """Report a stitcher that a step reads but that no entity uses, so it is never built."""
    if context.findings:  # the errors may be the reason why it is not built
        return
    of_then = {ref for step in steps if isinstance(step, VarTable) for ref in step.earlier}
    made = {step.ref for step in steps} | of_then | context.disabled.keys()
    for step in steps:
        for need in step.needs:
            if need not in made:
                hint = "set id_stitcher of the entity, or read its default stitcher"
                context.add_error("unused-stitcher", f"{step.ref} reads {need}, which no entity uses", step.at, hint)

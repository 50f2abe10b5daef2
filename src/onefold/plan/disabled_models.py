"""Inputs, models and vars that are disabled before planning starts, with the reason for each.

Takes a project; yields ``DisabledModel`` records. The reasons are a missing optional input, a model type that no plugin
provides, and ``enable_status: disabled``. ``plan.build`` and ``plan.vars`` disable what depends on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onefold.plan.model import DisabledModel
from onefold.plugins import model_types
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VENDOR_TYPES = frozenset(
    {
        "attribution", "campaign_attribution_scores", "common_column_union", "id_collator", "llm_model",
        "profiles_tutorial", "propensity", "python_model", "report_model",
    }
)  # fmt: skip
"""Model types that other Python packages provide (format B4.6, B4.7)."""


def disabled_by_declaration(project: spec.ProjectSpec, absent: Mapping[str, str]) -> Iterator[DisabledModel]:
    """The inputs and models that are disabled by their own declaration.

    Args:
        project: The project.
        absent: Why an input is missing, by ref.
    """
    for off in project.switched_off:
        yield DisabledModel(off.ref, "input", off.reason, off.at)
    for record in project.inputs:
        ref = f"inputs/{record.name}"
        if ref in absent:
            yield DisabledModel(ref, "input", absent[ref], record.at.start)
    for model in project.models:
        ref = f"models/{model.name}"
        if isinstance(model, spec.PluginModel):
            if model.model_type not in model_types():
                reason = f"its model type {model.model_type} is provided by a Python package of another engine"
                if model.model_type not in VENDOR_TYPES:
                    reason = f"no plugin provides its model type {model.model_type}"
                yield DisabledModel(ref, model.model_type, reason, model.at.start)
        elif _is_disabled(model):
            yield DisabledModel(ref, model.model_type, "its enable_status is disabled", model.at.start)


def _is_disabled(model: spec.AnyModel) -> bool:
    kept = getattr(model.model_spec, "materialization", None)
    return kept is not None and kept.enable_status == "disabled"


def vendor_features(project: spec.ProjectSpec, entity: spec.Entity) -> dict[str, spec.PluginModel]:
    """The columns that unsupported model types would add to an entity, by lower-case name."""
    found: dict[str, spec.PluginModel] = {}
    for model in project.models:
        if isinstance(model, spec.PluginModel) and model.model_spec.get("entity_key") == entity.name:
            found |= {name.lower(): model for name in _names_of_outputs(model.model_spec)}
    return found


def _names_of_outputs(given: Any) -> Iterator[str]:
    """The names under ``output_columns``, at any depth."""
    if not isinstance(given, dict):
        return
    for key, value in given.items():
        if key == "output_columns" and isinstance(value, dict):
            for column in value.values():
                if isinstance(column, dict) and isinstance(column.get("name"), str):
                    yield column["name"]
        else:
            yield from _names_of_outputs(value)

"""JSON Schemas of the project's files, derived from ``spec``, for editors that complete and check YAML.

They cover today's keys and types. Old spellings, references and SQL are checked by ``pb compile``.
"""

from __future__ import annotations

from typing import Any, Literal

from onefold.project import spec

Which = Literal["project", "models", "siteconfig", "onefold"]

_RECORDS: dict[str, type[spec.Record]] = {
    "project": spec.ProjectFile,
    "models": spec.ModelFile,
    "siteconfig": spec.SiteConfig,
    "onefold": spec.Settings,
}
_TITLES = {
    "project": "pb_project.yaml",
    "models": "a file of a model folder",
    "siteconfig": "siteconfig.yaml",
    "onefold": "onefold.yaml",
}


def json_schema(which: Which) -> dict[str, Any]:
    """The schema of one kind of file (JSON Schema draft 2020-12)."""
    schema = _schema(_RECORDS[which])
    if which == "models":
        _type_models(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": _TITLES[which],
    }


def _schema(record: type[spec.Record]) -> dict[str, Any]:
    return record.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")


def _type_models(schema: dict[str, Any]) -> None:
    """Choose the schema of a model by its ``model_type``; other types are those of Python packages."""
    definitions = schema.setdefault("$defs", {})
    cases = []
    conditions: dict[type[spec.Model], dict[str, Any]] = {
        record: {"enum": [name for name, other in spec.MODEL_CLASSES.items() if other is record]}
        for record in spec.MODEL_CLASSES.values()
    }
    conditions[spec.PluginModel] = {"not": {"enum": list(spec.MODEL_CLASSES)}}
    for record, condition in conditions.items():
        model = _schema(record)
        definitions.update(model.pop("$defs", {}))
        definitions[record.__name__] = model
        is_it = {"properties": {"model_type": condition}, "required": ["model_type"]}
        cases.append({"if": is_it, "then": {"$ref": f"#/$defs/{record.__name__}"}})
    schema["properties"]["models"]["items"] = {
        "type": "object",
        "required": ["name", "model_type"],
        "properties": {"model_type": {"type": "string", "examples": list(spec.MODEL_CLASSES)}},
        "allOf": cases,
    }

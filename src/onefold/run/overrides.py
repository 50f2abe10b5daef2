"""Override a threshold without editing the project.

Takes a project and settings in the forms below. Returns the project with the new values. Writes nothing.

    models/filtered_identifies:most_users=3     a value that a model's SQL sets: `{% set most_users = 5 %}`
    models/sql_models.yaml:most_users=3         the same, by the file of the model
    most_users=3                                the same, if only one model sets it
    anonymous_id.maximum_edges.user_id=3        ``maximum_edges`` of an id type
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onefold.errors import Finding, UsageError, suggest
from onefold.project import spec
from onefold.template.assigned import assignments, with_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onefold.errors import Location

_SETTING = re.compile(r"(?:(?P<where>[^:=]+):)?(?P<name>[\w.]+)=(?P<value>-?\d+)")
_LIMIT = re.compile(r"(?P<of>\w+)\.maximum_edges\.(?P<counts>\w+)")


@dataclass(frozen=True)
class Override:
    """A value that overrides one of the project.

    Attributes:
        name: Name of the threshold.
        before: The value in the project; None without one.
        after: The new value.
        at: Its location in the project.
    """

    name: str
    before: int | None
    after: int
    at: Location


def overridden(project: spec.ProjectSpec, settings: Iterable[str]) -> tuple[spec.ProjectSpec, tuple[Override, ...]]:
    """The project with other values.

    Args:
        project: The project.
        settings: The settings, in the forms of the module docstring.

    Raises:
        UsageError: If one has another form, or names nothing in the project.
    """
    made = []
    for text in settings:
        found = _SETTING.fullmatch(text.strip())
        if found is None:
            hint = "write models/NAME:VARIABLE=3, or ID_TYPE.maximum_edges.OTHER_TYPE=3, with a whole number"
            raise UsageError(Finding("error", "wrong-setting", f'"{text}" is not a setting', hint=hint))
        value = int(found["value"])
        limit = _LIMIT.fullmatch(found["name"])
        if limit is not None:
            project, override = _limited(project, limit["of"], limit["counts"], value)
        else:
            project, override = _assigned(project, found["where"], found["name"], value)
        made.append(override)
    return project, tuple(made)


def _limited(project: spec.ProjectSpec, of: str, counts: str, value: int) -> tuple[spec.ProjectSpec, Override]:
    types = {record.name: record for record in project.file.id_types}
    for name in (of, counts):
        if name not in types:
            hint = suggest(name, types) or f"available: {', '.join(types)}"
            raise UsageError(Finding("error", "unknown-id-type", f'there is no id type "{name}"', hint=hint))
    record = types[of]
    limits = {other: most for given in record.maximum_edges for other, most in given.items()}
    changed = tuple({other: most} for other, most in {**limits, counts: value}.items())
    records = tuple(
        r.model_copy(update={"maximum_edges": changed}) if r.name == of else r for r in project.file.id_types
    )
    file = project.file.model_copy(update={"id_types": records})
    at = record.at.value("maximum_edges")
    return replace(project, file=file), Override(f"{of}.maximum_edges.{counts}", limits.get(counts), value, at)


def _assigned(project: spec.ProjectSpec, where: str | None, name: str, value: int) -> tuple[spec.ProjectSpec, Override]:
    models = [m for m in project.models if isinstance(m, spec.SqlTemplateModel) and _is_at(m, where)]
    having = [m for m in models if any(a.name == name for a in assignments(_text(m)))]
    if len(having) != 1:
        raise _unclear(project, where, name, models, having)
    record = having[0]
    body = record.model_spec
    key = _key(record)
    assignment = next(a for a in assignments(_text(record)) if a.name == name)
    changed = body.model_copy(update={key: with_values(_text(record), {name: value})})
    copy = record.model_copy(update={"model_spec": changed})
    at = body.at.value(key).inside(assignment.line, assignment.column)
    before = int(assignment.value) if assignment.value.isdecimal() else None
    records = tuple(copy if m is record else m for m in project.models)
    return replace(project, models=records), Override(f"models/{record.name}:{name}", before, value, at)


def _is_at(record: spec.SqlTemplateModel, where: str | None) -> bool:
    """Whether ``where`` names a model or its file."""
    if where is None:
        return True
    return where in {f"models/{record.name}", record.name, record.at.start.file}


def _key(record: spec.SqlTemplateModel) -> str:
    return "single_sql" if record.model_spec.multi_sql is None else "multi_sql"


def _text(record: spec.SqlTemplateModel) -> str:
    return record.model_spec.single_sql or record.model_spec.multi_sql or ""


def _unclear(
    project: spec.ProjectSpec,
    where: str | None,
    name: str,
    models: Sequence[spec.SqlTemplateModel],
    having: Sequence[spec.SqlTemplateModel],
) -> UsageError:
    if having:
        options = ", ".join(f"models/{m.name}:{name}" for m in having)
        return UsageError(Finding("error", "unclear-setting", f'several models set "{name}"', hint=f"write {options}"))
    if where is not None and not models:
        known = [f"models/{m.name}" for m in project.models if isinstance(m, spec.SqlTemplateModel)]
        hint = suggest(where, known) or f"available: {', '.join(known) or 'none'}"
        return UsageError(Finding("error", "unknown-model", f'"{where}" is not a SQL model of this project', hint=hint))
    names = sorted({a.name for m in models for a in assignments(_text(m))})
    hint = suggest(name, names) or f"available: {', '.join(names) or 'none'}"
    message = f'no model sets "{name}" with `{{% set {name} = … %}}`'
    return UsageError(Finding("error", "unknown-variable", message, hint=hint))

"""Where in a project to make an edit, and which command validates it.

In: an open graph. Out: `Step` records with file and line. Decides nothing about ids.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from onefold.audit.records import Id, Step
from onefold.errors import Finding, ProjectError, suggest
from onefold.project import spec
from onefold.template.assigned import assignments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.audit.published import Published
    from onefold.audit.records import Outcome
    from onefold.errors import Location
    from onefold.project.spec import Project


VALIDATION = "pb plan"
"""How the command that validates an edit begins."""


def validation(published: Published) -> Step:
    """How to see what an edit would do, before it is published."""
    return Step("then see what it would do", command=f"{VALIDATION} -m {published.step.ref}")


def exclude(published: Published, ids: Sequence[Id], why: str, outcome: Outcome) -> Step:
    """Keep some ids out of the graph: by rules, or where rules are switched off by filters of their types.

    Args:
        published: The open graph.
        ids: The ids.
        why: What they are, in words.
        outcome: What it would change.
    """
    named = ", ".join(map(str, ids))
    if published.project.stitcher_rules.enabled or not _are_off(published.project):
        commands = " && ".join(add_rule(published, "exclude", found) for found in ids)
        return Step(f"exclude {named}, {why}", command=commands, outcome=outcome)
    lines = ", ".join(f'`- {{type: exclude, value: "{found.value}"}}`' for found in ids)
    at = str(filters_at(published.project, ids[0].type))
    return Step(f"exclude {named}, {why}: add {lines} to its filters", at, outcome=outcome)


def _are_off(project: Project) -> bool:
    """Whether the project says that rules do not count."""
    given = project.file.id_stitcher_rules
    return "enabled" in given.model_fields_set and not given.enabled


def add_rule(published: Published, action: str, *ids: Id) -> str:
    """The command that adds a rule about an id, or about a pair."""
    named = " ".join(shlex.quote(f"{found.type}:{found.value}") for found in ids)
    entity = f" --entity {published.step.entity}" if len(published.project.file.entities) > 1 else ""
    return f"pb idstitch rules add {action} {named}{entity}"


def filters_at(project: Project, id_type: str) -> Location | str:
    """Where the filters of an id type stand, or where they would."""
    for record in project.file.id_types:
        if record.name == id_type:
            return record.at.value("filters")
    return "pb_project.yaml"


def limits_at(project: Project, id_type: str) -> Location | str:
    """Where ``maximum_edges`` of an id type stands, or the type if it has none."""
    for record in project.file.id_types:
        if record.name == id_type:
            return record.at.value("maximum_edges")
    return "pb_project.yaml"


def apart(published: Published, one: Id, other: Id, outcome: Outcome) -> Step:
    """Take one pair apart by a rule."""
    return Step("take this pair apart", command=add_rule(published, "exclude", one, other), outcome=outcome)


def variable_of(project: Project, declared: spec.AuditThreshold) -> tuple[str, int, Location]:
    """Name, value and place of a threshold that ``onefold.yaml`` declares.

    Raises:
        ProjectError: If there is no such model, or it sets no such variable to a whole number.
    """
    name = declared.model.rsplit("/", 1)[-1].lower()
    for record in project.models:
        if isinstance(record, spec.SqlTemplate) and record.name.lower() == name:
            return _variable_in(record, declared)
    known = [f"models/{m.name}" for m in project.models if isinstance(m, spec.SqlTemplate)]
    hint = suggest(declared.model, known) or f"there are: {', '.join(known)}"
    message = f'"{declared.model}" is no SQL model of this project'
    raise ProjectError(Finding("error", "unknown-model", message, declared.at.value("model"), hint))


def _variable_in(record: spec.SqlTemplate, declared: spec.AuditThreshold) -> tuple[str, int, Location]:
    body = record.model_spec
    key = "single_sql" if body.multi_sql is None else "multi_sql"
    found = {a.name: a for a in assignments(body.single_sql or body.multi_sql or "")}
    assignment = found.get(declared.variable)
    if assignment is None:
        hint = suggest(declared.variable, found) or f"it sets: {', '.join(found) or 'none'}"
        message = f'model "{record.name}" has no `{{% set {declared.variable} = … %}}`'
        raise ProjectError(Finding("error", "unknown-variable", message, declared.at.value("variable"), hint))
    at = body.at.value(key).inside(assignment.line, assignment.column)
    if not assignment.value.isdecimal():
        message = f'"{declared.variable}" is {assignment.value}, which is no whole number'
        raise ProjectError(Finding("error", "wrong-value", message, at, "a threshold is a whole number"))
    return assignment.name, int(assignment.value), at

"""Where in a project to make an edit, and which command validates it.

In: an open graph. Out: `Step` records with file and line. Decides nothing about ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.audit.records import Id, Step
from onefold.errors import Finding, ProjectError, suggest
from onefold.project import spec
from onefold.template.assigned import assignments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.audit.published import Published
    from onefold.errors import Location
    from onefold.project.spec import Project


VALIDATION = "pb plan"
"""How the command that validates an edit begins."""


def validation(published: Published) -> Step:
    """How to see what an edit would do, before it is published."""
    return Step("then see what it would do", command=f"{VALIDATION} -m {published.step.ref}")


def exclude(published: Published, wanted: Id) -> Step:
    """Keep one id out of the graph, by a filter of its type."""
    at = filters_at(published.project, wanted.type)
    return Step(f'keep {wanted.type} {wanted.value} out: add `- {{type: exclude, value: "{wanted.value}"}}`', str(at))


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


def apart(published: Published, one: Id, other: Id) -> Step:
    """Take one pair apart by a rule."""
    row = f"{published.step.entity},{one.value},{one.type},{other.value},{other.type},EXCLUDE,"
    what = f"take this pair apart: `{row}` in a file with entity,id1,id1_type,id2,id2_type,action,reason"
    return Step(what, command="pb idstitch rules update -f rules.csv")


def lower(published: Published, id_type: str, counts: str) -> Iterator[Step]:
    """Lower the thresholds that leave out ids of a type with too many of another: the project's, or the engine's."""
    found = False
    for declared in published.project.settings.audit.thresholds:
        if (declared.of, declared.counts) == (id_type, counts):
            found = True
            variable, value, at = variable_of(published.project, declared)
            yield Step(f"lower {variable}, which is {value}", str(at))
    for record in published.project.file.id_types:
        limits = {other: most for given in record.maximum_edges for other, most in given.items()}
        if record.name == id_type and counts in limits:
            found = True
            at = record.at.value("maximum_edges")
            yield Step(f"lower maximum_edges of {id_type} to {counts}, which is {limits[counts]}", str(at))
        elif record.name == id_type and not found:
            yield Step(
                f"limit how many {counts} one {id_type} may have: `maximum_edges: [{counts}: N]`", str(record.at.start)
            )


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

"""The thresholds in the project's SQL that ``onefold.yaml`` declares (``audit: thresholds:``).

Takes an open session; returns one record per threshold, with its value and where it is set. Runs no query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onefold.errors import Finding, ProjectError, suggest
from onefold.plan.names import names_of
from onefold.project import spec
from onefold.template.assigned import assignments

if TYPE_CHECKING:
    from onefold.audit.session import Session
    from onefold.errors import Location
    from onefold.project.spec import ProjectSpec


@dataclass(frozen=True)
class DeclaredThreshold:
    """A threshold of the project's own SQL.

    Attributes:
        of: The limited id type.
        counts: The counted id type.
        variable: Its name in the template.
        value: Today's setting.
        at: Where it is set.
        source: Ref of the edge source whose rows it filters.
    """

    of: str
    counts: str
    variable: str
    value: int
    at: Location
    source: str


def declared_thresholds(session: Session) -> tuple[DeclaredThreshold, ...]:
    """The thresholds that ``onefold.yaml`` declares for this stitcher.

    Raises:
        ProjectError: If one names a model, a variable or an id type that is not there.
    """
    found = []
    names = names_of(session.project)
    for declared in session.project.settings.audit.thresholds:
        variable, value, at = _variable_of(session.project, declared)
        source = names.ref(declared.model) or ""
        types = {i.id_type for s in session.step.sources if s.source == source for i in s.ids}
        if not types and any(declared.of in other for other in session.plan.id_types.values()):
            known = ", ".join(s.source for s in session.step.sources)
            message = f"{source} is no edge source of {session.step.ref}"
            place = declared.at.value("model")
            raise ProjectError(Finding("error", "no-edge-source", message, place, f"available: {known}"))
        for key in ("of", "counts"):
            name = getattr(declared, key)
            if name not in types:
                message = f'{source} gives no id of the type "{name}"'
                hint = f"it gives: {', '.join(sorted(types))}"
                raise ProjectError(Finding("error", "unknown-id-type", message, declared.at.value(key), hint))
        found.append(DeclaredThreshold(declared.of, declared.counts, variable, value, at, source))
    return tuple(found)


def _variable_of(project: ProjectSpec, declared: spec.AuditThreshold) -> tuple[str, int, Location]:
    """Name, value and place of a threshold that ``onefold.yaml`` declares.

    Raises:
        ProjectError: If there is no such model, or it sets no such variable to a whole number.
    """
    name = declared.model.rsplit("/", 1)[-1].lower()
    for record in project.models:
        if isinstance(record, spec.SqlTemplateModel) and record.name.lower() == name:
            return _variable_in(record, declared)
    known = [f"models/{m.name}" for m in project.models if isinstance(m, spec.SqlTemplateModel)]
    hint = suggest(declared.model, known) or f"available: {', '.join(known)}"
    message = f'"{declared.model}" is no SQL model of this project'
    raise ProjectError(Finding("error", "unknown-model", message, declared.at.value("model"), hint))


def _variable_in(record: spec.SqlTemplateModel, declared: spec.AuditThreshold) -> tuple[str, int, Location]:
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

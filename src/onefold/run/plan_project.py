"""The plan of a project for a time window. In: a project, its target. Out: a `Plan`; reads no table by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onefold.plan.build import build_plan
from onefold.plan.names import names_of
from onefold.project.files import reader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onefold.plan.model import Plan, RunTimes
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target


def plan_project(
    project: ProjectSpec,
    target: Target,
    times: RunTimes,
    absent: Mapping[str, str] | None = None,
    columns: Callable[[str], frozenset[str] | None] | None = None,
) -> Plan:
    """The plan of a project for a time window.

    Args:
        project: The project.
        target: Where it lands.
        times: The time window.
        absent: Why an optional input is not there, by ref; None takes all to be there.
        columns: The columns of an input, by ref.

    Raises:
        ProjectError: With every mistake found.
    """
    files = reader_of(Path(project.root), project.package_roots)

    def known(ref: str, plan: Plan) -> frozenset[str] | None:
        from onefold.sql.shapes import KnownColumns  # noqa: PLC0415 - most plans ask for no columns, and need no SQL

        found = KnownColumns(names_of(project), project.settings.sql_dialect, target.dialect, columns)
        return found(ref, plan)

    return build_plan(project, times, target.schema, files, absent, known)

"""``pb repair registry``: restore lost registry rows. Returns the restored rows and the remaining faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.run.options import RunOptions
from onefold.run.plan_project import plan_project
from onefold.run.published_graphs import histories_of, state_of
from onefold.run.target import connect
from onefold.state.repair import Repair

if TYPE_CHECKING:
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target
    from onefold.state.repair import Repaired


def repair_registry(project: ProjectSpec, target: Target, *, dry_run: bool = False) -> Repaired:
    """Restore the registry rows of a project's id graphs.

    Args:
        project: Names the id graphs.
        target: Where they are published.
        dry_run: Only report what would be restored.

    Raises:
        AccessError: If the database cannot be opened.
        ProjectError: If the project has mistakes.
    """
    with connect(target, project) as engine:
        plan = plan_project(project, target, RunOptions().time_window())
        repair = Repair(engine, state_of(engine, target.dialect), histories_of(plan), plan.project)
        return repair.carry_out(dry_run=dry_run)

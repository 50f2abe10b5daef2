"""Put back what the registry lost of what is published.

In: a project and its target. Out: what was put back, and what cannot be. A row is put back only where the tables of the
graph are still those that were published: main ids are never made up.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefold.plan.model import RunTimes
from onefold.run.start import Request, plan_project
from onefold.run.target import connect
from onefold.state.publications import Publications, disagreements, findings, of_certificate, views_of_graphs
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onefold.errors import Finding
    from onefold.project.spec import Project
    from onefold.run.target import Target

_HINT = (
    "restore the database file from a backup; or `pb run --fresh_ids` gives every profile a new main id, and begins "
    "their history again"
)


@dataclass(frozen=True)
class Repaired:
    """What a repair did.

    Attributes:
        done: What was put back, in words; with a dry run, what would be.
        left: What cannot be put back.
    """

    done: tuple[str, ...]
    left: tuple[Finding, ...]


def repair_registry(project: Project, target: Target, *, dry_run: bool = False) -> Repaired:
    """Put back what the registry lost of the id graphs of a project.

    Args:
        project: Names the id graphs.
        target: Where they are published.
        dry_run: Only say what would be put back.

    Raises:
        AccessError: If the database cannot be opened.
        ProjectError: If the project is wrong.
    """
    with connect(target, project) as engine:
        registry, publications = Registry(engine, target.dialect), Publications(engine, target.dialect)
        plan = plan_project(project, target, Request().new_times())
        views = views_of_graphs(plan)
        registry.prepare()
        publications.prepare()
        found = disagreements(views, registry, publications)
        with engine.transaction() if not dry_run else nullcontext():
            done = {ref: list(_restored(ref, registry, publications, plan.project, dry_run=dry_run)) for ref in found}
            left = disagreements(views, registry, publications)
        if dry_run:
            left = {ref: said for ref, said in found.items() if not done[ref]}
        return Repaired(tuple(line for lines in done.values() for line in lines), findings(left, _HINT))


def _restored(
    ref: str, registry: Registry, publications: Publications, project: str, *, dry_run: bool
) -> Iterator[str]:
    """Put back the rows of one graph; tells each."""
    latest, shown = publications.latest().get(ref), registry.published().get(ref)
    if latest is None and shown is not None and not list(of_certificate(ref, shown, publications)):
        yield f"publication_registry: {ref}, of run {shown.seq_no}"
        if not dry_run:
            publications.add(ref, shown, datetime.now(UTC))
    if latest is None or publications.faults(latest):
        return
    if latest.seq_no not in {run.seq_no for run in registry.runs()}:
        yield f"run_registry: run {latest.seq_no}"
        if not dry_run:
            begin = latest.graph.begin
            times = RunTimes(latest.end, None if begin is None else datetime.fromisoformat(begin).replace(tzinfo=UTC))
            registry.restore_run(latest.seq_no, times, latest.published_at, project)
    if not registry.describes(latest.record):
        yield f"material_registry: {latest.material}"
        if not dry_run:
            registry.restore_graph(ref, latest.record, latest.published_at)
    if shown is None or (shown.material, shown.seq_no, shown.end) != (latest.material, latest.seq_no, latest.end):
        yield f"published_registry: {ref}, of run {latest.seq_no}"
        if not dry_run:
            registry.publish_material(ref, latest.material, latest.seq_no, latest.end)

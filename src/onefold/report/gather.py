"""Ask the audit everything that the page shows. In: an open graph. Out: a `Report`. Changes nothing.

Reads counts of the whole graph, and ids and edges of few profiles. Only thresholds need all edges in memory: of a large
graph they are not tried unless asked for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from onefold.audit.bridges import bridges
from onefold.audit.clusters import clusters
from onefold.audit.find import profile_of
from onefold.audit.health import overview
from onefold.audit.published import opened
from onefold.audit.thresholds import thresholds
from onefold.audit.unfiltered import thresholds_of
from onefold.audit.whole import is_in_graph
from onefold.report.changes import changes
from onefold.report.conclude import conclude
from onefold.report.feature_table import feature_table
from onefold.report.model import About, Report
from onefold.report.pictures import pictures, pictures_of
from onefold.report.sizes import distributions
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.audit.published import Published
    from onefold.project.spec import Project
    from onefold.run.target import Target
    from onefold.state.records import Certificate

MOST_TRIED, MOST_SWEPT = 2_000_000, 50_000_000
"""Rows of evidence up to which thresholds are tried without being asked for: by reading the sources, or where the
published graph has all that it takes."""

TOP = 20


def gather(
    project: Project,
    target: Target,
    entity: str | None = None,
    *,
    with_thresholds: bool | None = None,
    also: Sequence[str] = (),
) -> Report:
    """The report of an entity's published graph.

    Args:
        project: The project.
        target: Where it lies.
        entity: Whose graph; None for the first entity's.
        with_thresholds: Whether to try thresholds; None lets the size of the graph decide.
        also: Ids whose profiles are drawn before the worst ones.

    Raises:
        AccessError: If nothing has been built yet.
        UsageError: If there is no such entity or id.
        ProjectError: If a setting of the audit names nothing.
    """
    with opened(project, target, entity) as published:
        asked = [profile_of(published, text).main_id for text in also]
        report = _report(published, with_thresholds=with_thresholds)
        drawn = pictures_of(published, report.clusters, asked)
        worst = (picture for picture in report.pictures if picture.main_id not in asked)
        return replace(report, pictures=(*drawn, *worst))


def _report(published: Published, *, with_thresholds: bool | None) -> Report:
    certificate = _certificate(published)
    edges = certificate.edges if certificate is not None else 0
    most = MOST_SWEPT if is_in_graph(published, thresholds_of(published)) else MOST_TRIED
    is_tried = edges <= most if with_thresholds is None else with_thresholds
    health, largest, held = overview(published), clusters(published, TOP), bridges(published)
    features = feature_table(published)
    tried = thresholds(published) if is_tried else None
    return Report(
        about=_about(published),
        conclusion=conclude(health, held, features, tried),
        health=health,
        sizes=distributions(published),
        clusters=largest,
        pictures=pictures(published, largest, held),
        bridges=held,
        thresholds=tried,
        edges=edges,
        changes=changes(published),
        features=features,
        certificate=certificate,
    )


def _about(published: Published) -> About:
    return About(
        project=published.project.file.name,
        entity=published.step.entity,
        stitcher=published.step.ref,
        seq_no=published.seq_no,
        rows_up_to=published.plan.times.end,
        made_at=datetime.now(UTC).replace(microsecond=0),
        output=published.target.output,
        version=version("onefold"),
    )


def _certificate(published: Published) -> Certificate | None:
    """What the stitcher checked of its own result."""
    shown = Registry(published.engine, published.target.dialect).published().get(published.step.ref)
    return shown.certificate if shown is not None else None

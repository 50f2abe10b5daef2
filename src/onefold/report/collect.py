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
from onefold.audit.declared_thresholds import declared_thresholds
from onefold.audit.health import overview
from onefold.audit.resolve_ids import resolve_profile
from onefold.audit.session import open_session
from onefold.audit.threshold_sweep import threshold_sweep
from onefold.audit.unfiltered_graph import is_in_graph
from onefold.report.changes import changes
from onefold.report.feature_table import feature_table
from onefold.report.model import About, Report
from onefold.report.pictures import pictures, pictures_of
from onefold.report.sizes import distributions
from onefold.report.verdict import conclude
from onefold.state.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.audit.session import Session
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target
    from onefold.state.records import Certificate

MOST_TRIED, MOST_SWEPT = 2_000_000, 50_000_000
"""Rows of evidence up to which thresholds are tried without being asked for: by reading the sources, or where the
published graph has all that it takes."""

TOP = 20


def collect(
    project: ProjectSpec,
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
    with open_session(project, target, entity) as session:
        asked = [resolve_profile(session, text).main_id for text in also]
        report = _report(session, with_thresholds=with_thresholds)
        drawn = pictures_of(session, report.clusters, asked)
        worst = (picture for picture in report.pictures if picture.main_id not in asked)
        return replace(report, pictures=(*drawn, *worst))


def _report(session: Session, *, with_thresholds: bool | None) -> Report:
    certificate = _certificate(session)
    edges = certificate.edges if certificate is not None else 0
    most = MOST_SWEPT if is_in_graph(session, declared_thresholds(session)) else MOST_TRIED
    is_tried = edges <= most if with_thresholds is None else with_thresholds
    health, largest, held = overview(session), clusters(session, TOP), bridges(session)
    features = feature_table(session)
    tried = threshold_sweep(session) if is_tried else None
    return Report(
        about=_about(session),
        conclusion=conclude(health, held, features, tried),
        health=health,
        sizes=distributions(session),
        clusters=largest,
        pictures=pictures(session, largest, held),
        bridges=held,
        thresholds=tried,
        edges=edges,
        changes=changes(session),
        features=features,
        certificate=certificate,
    )


def _about(session: Session) -> About:
    return About(
        project=session.project.file.name,
        entity=session.step.entity,
        stitcher=session.step.ref,
        seq_no=session.snapshot.seq_no,
        rows_up_to=session.plan.times.end,
        made_at=datetime.now(UTC).replace(microsecond=0),
        output=session.target.output,
        version=version("onefold"),
    )


def _certificate(session: Session) -> Certificate | None:
    """What the stitcher checked of its own result."""
    shown = Registry(session.engine, session.target.dialect).published().get(session.step.ref)
    return shown.certificate if shown is not None else None

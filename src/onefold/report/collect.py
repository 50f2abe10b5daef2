"""Collects the data of a report with audit queries. Takes a project and target; returns a `Report`.

Reads counts of the whole graph, and the ids and edges of few profiles. Only a threshold sweep loads all edges into
memory, so large graphs are swept only on request.
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
"""The most edge rows for which thresholds are swept by default, if the sources must be read, and if not."""

TOP = 20


def collect(
    project: ProjectSpec,
    target: Target,
    entity: str | None = None,
    *,
    with_thresholds: bool | None = None,
    also: Sequence[str] = (),
) -> Report:
    """Collect the report on an entity's published graph.

    Args:
        project: The project.
        target: Its target.
        entity: The entity; None for the first one.
        with_thresholds: Whether to sweep thresholds; None decides by the size of the graph.
        also: Ids whose profiles are drawn first.

    Raises:
        AccessError: If nothing has been built yet.
        UsageError: If the entity or an id does not exist.
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
    """What the stitcher verified of its result."""
    shown = Registry(session.engine, session.target.dialect).published().get(session.step.ref)
    return shown.certificate if shown is not None else None

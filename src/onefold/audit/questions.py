"""The questions of the audit, each in one call. The way into this package.

In: a project, its target, an entity. Out: frozen records. Each call opens the database for reading and closes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.audit.bridges import Bridges
    from onefold.audit.cluster import Cluster
    from onefold.audit.clusters import Clusters
    from onefold.audit.explain import Explanation
    from onefold.audit.features import Features, Sample
    from onefold.audit.health import Overview
    from onefold.audit.thresholds import Thresholds
    from onefold.project.spec import Project
    from onefold.run.target import Target


# What an answer needs is imported when it is asked for, so that `pb` starts fast.
# ruff: noqa: PLC0415
@dataclass(frozen=True)
class Audit:
    """Questions to the id graph that a run published.

    Every one of them raises `AccessError` if nothing has been built yet, `UsageError` if there is no such entity, and
    `ProjectError` if a setting of the audit names nothing.

    Attributes:
        project: The project.
        target: Where it lies.
        entity: Whose graph; None for the first entity's.
    """

    project: Project
    target: Target
    entity: str | None = None

    def health(self) -> Overview:
        """The figures of the graph, each with its verdict."""
        from onefold.audit.health import overview
        from onefold.audit.published import opened

        with opened(self.project, self.target, self.entity) as published:
            return overview(published)

    def clusters(self, top: int = 20) -> Clusters:
        """The largest profiles, with their red flags."""
        from onefold.audit.clusters import clusters
        from onefold.audit.published import opened

        with opened(self.project, self.target, self.entity) as published:
            return clusters(published, top)

    def cluster(self, text: str) -> Cluster:
        """All ids and edges of the profile of an id, or of a main id.

        Raises:
            UsageError: If there is none.
        """
        from onefold.audit.cluster import cluster
        from onefold.audit.published import opened

        with opened(self.project, self.target, self.entity) as published:
            return cluster(published, text)

    def explain(self, one: str, other: str | None = None, *, with_rows: bool = True) -> Explanation:
        """Why an id is in its profile, how two came to share one, or what keeps them apart.

        Raises:
            UsageError: If a text is an id of several types; write ``type:id``.
        """
        from onefold.audit.explain import explain
        from onefold.audit.published import opened

        with opened(self.project, self.target, self.entity) as published:
            return explain(published, one, other, with_rows=with_rows)

    def bridges(self) -> Bridges:
        """Ids and edges that hold people together who would be apart without them."""
        from onefold.audit.bridges import bridges
        from onefold.audit.published import opened

        with opened(self.project, self.target, self.entity) as published:
            return bridges(published)

    def features(self) -> Features:
        """Profiles with values out of bounds."""
        from onefold.audit.features import features
        from onefold.audit.published import opened

        with opened(self.project, self.target, self.entity) as published:
            return features(published)

    def sample(self, seed: int = 1, count: int = 10) -> Sample:
        """Ordinary profiles with several ids, drawn at random."""
        from onefold.audit.features import sample
        from onefold.audit.published import opened

        with opened(self.project, self.target, self.entity) as published:
            return sample(published, seed, count)

    def thresholds(self, pairs: Sequence[tuple[str, str]] | None = None) -> Thresholds:
        """What every threshold from 2 to 50 would do.

        Raises:
            UsageError: If a pair names no id type.
        """
        from onefold.audit.published import opened
        from onefold.audit.thresholds import thresholds

        with opened(self.project, self.target, self.entity) as published:
            return thresholds(published, pairs)

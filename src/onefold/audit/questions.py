"""The API of the audit: one method per question.

Takes a project, its target and an entity. Returns frozen records. Each call opens the database read-only and closes
it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from onefold.audit.records import with_flags
from onefold.errors import Finding, UsageError
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onefold.audit.bridges import Bridges
    from onefold.audit.cluster import Cluster
    from onefold.audit.clusters import Clusters
    from onefold.audit.diff.compare import Diff
    from onefold.audit.explain import Explanation
    from onefold.audit.features import Features, Sample
    from onefold.audit.health import Overview
    from onefold.audit.records import NextStep
    from onefold.audit.session import Session
    from onefold.audit.threshold_sweep import Thresholds
    from onefold.project.spec import ProjectSpec
    from onefold.run.target import Target


class Answer(Protocol):
    """The protocol of all answers."""

    @property
    def steps(self) -> tuple[NextStep, ...]:
        """What to do next."""


T = TypeVar("T", bound=Answer)


# What an answer needs is imported when it is asked for, so that `pb` starts fast.
# ruff: noqa: PLC0415
@dataclass(frozen=True, repr=False)
class Audit(Short):
    """Questions to the id graph that a run published.

    Every one of them raises `AccessError` if nothing has been built yet, `UsageError` if there is no such entity, and
    `ProjectError` if a setting of the audit names nothing.

    Attributes:
        project: The project.
        target: Where it lies.
        entity: Whose graph; None for the first entity's.
        seq_no: Ask what this run made, published or not; None for what is published.

    >>> project.audit(seq_no=1)
    Audit(project=ecommerce_profiles, seq_no=1)
    """

    project: ProjectSpec
    target: Target
    entity: str | None = None
    seq_no: int | None = None

    def _facts(self) -> dict[str, object]:
        """See `Short`."""
        return {"project": self.project.file.name, "entity": self.entity, "seq_no": self.seq_no}

    def health(self) -> Overview:
        """The health of the graph: figures with their verdicts.

        >>> {figure.verdict for figure in project.audit().health().figures} <= {"pass", "warn", "fail", None}
        True
        """
        from onefold.audit.health import overview

        return self._ask(overview)

    def clusters(self, top: int = 20) -> Clusters:
        """The largest profiles and their flags.

        >>> len(project.audit().clusters(top=3).lines)
        3
        """
        from onefold.audit.clusters import clusters

        check_count("top", top)
        return self._ask(lambda session: clusters(session, top))

    def cluster(self, text: str) -> Cluster:
        """All ids and edges of the profile of an id, or of a main id.

        Raises:
            UsageError: If there is none.

        >>> worst = project.audit().clusters(top=1).lines[0].main_id
        >>> project.audit().cluster(worst).main_id == worst
        True
        """
        from onefold.audit.cluster import cluster

        return self._ask(lambda session: cluster(session, text))

    def explain(self, one: str, other: str | None = None, *, with_rows: bool = True) -> Explanation:
        """Explain why ids share a profile, or why they do not.

        Raises:
            UsageError: If a text is an id of several types; write ``type:id``.

        >>> first = "SELECT MIN(other_id) AS id FROM USER_ID_STITCHER WHERE other_id_type = 'user_id'"
        >>> customer = project.query(first).arrow["id"][0].as_py()
        >>> type(project.audit().explain(customer, with_rows=False)).__name__
        'Profile'
        """
        from onefold.audit.explain import explain

        return self._ask(lambda session: explain(session, one, other, with_rows=with_rows))

    def bridges(self) -> Bridges:
        """Find the ids and edges that link unrelated people.

        >>> project.audit().bridges().verdict
        'warn'
        """
        from onefold.audit.bridges import bridges

        return self._ask(bridges)

    def features(self) -> Features:
        """Profiles with feature values out of bounds.

        >>> project.audit().features().profiles
        3
        """
        from onefold.audit.features import features

        return self._ask(features)

    def sample(self, seed: int = 1, count: int = 10) -> Sample:
        """Draw a random sample of profiles with several ids and no flags.

        >>> len(project.audit().sample(seed=1, count=5).lines)
        5
        """
        from onefold.audit.features import sample

        check_count("count", count)
        return self._ask(lambda session: sample(session, seed, count))

    def thresholds(self, pairs: Sequence[tuple[str, str]] | None = None) -> Thresholds:
        """Sweep thresholds from 2 to 50.

        Raises:
            UsageError: If a pair names no id type.

        >>> [sweep.suggested for sweep in project.audit().thresholds().sweeps]
        [2, 6]
        """
        from onefold.audit.threshold_sweep import threshold_sweep

        return self._ask(lambda session: threshold_sweep(session, pairs))

    def diff(self, before: int | None = None, after: int | None = None, top: int = 20) -> Diff:
        """Compare two runs that built the graph, published or not.

        Args:
            before: Sequence number of the earlier one; None for the last before ``after``.
            after: That of the later one; None for the last, or for ``seq_no``.
            top: How many profiles of each kind of change to show.

        Raises:
            UsageError: If one of them has not built the graph.

        >>> again = project.run(end_time="2026-10-31", models=["models/user_id_stitcher"])
        >>> project.audit().diff().kinds[0]
        KindLine(kind='unchanged', profiles=4925, ids=13230)
        """
        from onefold.audit.diff.compare import compare
        from onefold.audit.diff.runs import two_runs

        check_count("top", top)
        last = after if after is not None else self.seq_no
        with two_runs(self.project, self.target, self.entity, before, last) as (session, earlier, later):
            answer = compare(session, earlier, later, top)
        return replace(answer, steps=tuple(with_flags(step, _entity_flag(self.entity)) for step in answer.steps))

    def _ask(self, question: Callable[[Session], T]) -> T:
        """The answer, with next steps for the same run."""
        from onefold.audit.session import open_session

        with open_session(self.project, self.target, self.entity, self.seq_no) as session:
            answer = question(session)
        more = _entity_flag(self.entity)
        more += "" if self.seq_no is None else f" --seq_no {self.seq_no}"
        steps = tuple(with_flags(step, more) for step in answer.steps)
        return replace(answer, steps=steps)  # type: ignore[type-var]


def check_count(name: str, count: int) -> None:
    """Refuse a count below one.

    Raises:
        UsageError: If the count is less than 1.
    """
    if count < 1:
        raise UsageError(Finding("error", "no-count", f"{name}={count} shows nothing", hint="give 1 or more"))


def _entity_flag(entity: str | None) -> str:
    return "" if entity is None else f" --entity {entity}"

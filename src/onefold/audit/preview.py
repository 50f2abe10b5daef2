"""Previews what the next run would change.

Takes a project, its target, options and overrides; returns a `Preview`. Builds the project beside the published one,
compares the two and drops the new tables, unless they are to be kept (`onefold.run.preview`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from onefold.audit.diff.compare import Diff, compare
from onefold.audit.diff.runs import published_snapshot
from onefold.audit.records import NextStep, with_flags
from onefold.audit.session import RunSnapshot, Session
from onefold.plan.model import IdStitcher
from onefold.run.overrides import Override, overridden
from onefold.run.preview import built_preview
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from onefold.audit.records import Verdict
    from onefold.errors import Finding, Severity
    from onefold.project.spec import ProjectSpec
    from onefold.run.events import Observer
    from onefold.run.options import RunOptions
    from onefold.run.preview import PreviewRun
    from onefold.run.target import Target


@dataclass(frozen=True)
class CheckLine:
    """The result of one check.

    Attributes:
        verdict: ``warn``, ``fail`` if the run would not publish, or ``pass`` for a note.
        message: The figure and its bound.
        where: Where the bound is set; None if it is a default.
        hint: The next command.
    """

    verdict: Verdict
    message: str
    where: str | None
    hint: str | None


@dataclass(frozen=True)
class Tried:
    """An override: a value tried in place of the project's.

    Attributes:
        name: Name of the setting.
        before: The value in the project; None if not set.
        after: The value tried.
        at: Where to edit it.
    """

    name: str
    before: int | None
    after: int
    at: str


@dataclass(frozen=True, repr=False)
class Preview(Short):
    """The changes that a run would make.

    Attributes:
        verdict: ``fail`` if a check would fail; ``warn`` if a check or a comparison warns.
        end: The end time of its rows.
        seq_no: Its sequence number, if it was kept.
        published_end_time: The end time of the published run, if it is later; the run would then publish nothing.
        tried: The overrides.
        checks: The results of checks, failed ones first.
        changes: One comparison per entity.
        steps: What to do next.
    """

    verdict: Verdict
    end: datetime
    seq_no: int | None
    published_end_time: datetime | None
    tried: tuple[Tried, ...]
    checks: tuple[CheckLine, ...]
    changes: tuple[Diff, ...]
    steps: tuple[NextStep, ...]

    @property
    def would_fail(self) -> bool:
        """Whether a check would stop the run from publishing."""
        return any(line.verdict == "fail" for line in self.checks)


def preview(  # noqa: PLR0917 - a project, where it lies, what to try
    project: ProjectSpec,
    target: Target,
    options: RunOptions,
    settings: Sequence[str] = (),
    observers: Sequence[Observer] = (),
    top: int = 20,
    *,
    keep: bool = False,
) -> Preview:
    """Build a project beside the published one, and compare the two.

    Args:
        project: The project, changed or not.
        target: Where it is published.
        options: The time window and the models.
        settings: Overrides to try; see `onefold.run.overrides`.
        observers: Receive the events of the run.
        top: Number of profiles per kind of change, and of features with examples.
        keep: Whether to keep the new tables, as an unpublished run.

    Raises:
        UsageError: If a setting names nothing.
        AccessError: If nothing is published yet.
        OnefoldError: If the project cannot be built.
    """
    changed, overrides = overridden(project, settings)
    names = [entity.name for entity in project.file.entities]
    with built_preview(changed, target, options, observers, keep=keep) as ahead:
        compared = {change.entity: change for change in _changes(changed, target, ahead, top, keep=keep)}
        changes = tuple(compared[name] for name in names if name in compared)
        checks = sorted(
            (_line(found, ahead.result.seq_no, keep=keep) for found in ahead.checks),
            key=lambda line: _ORDER[line.verdict],
        )
        verdicts = {line.verdict for line in checks} | {change.verdict for change in changes}
        found = Preview(
            verdict="fail" if "fail" in verdicts else "warn" if "warn" in verdicts else "pass",
            end=ahead.plan.times.end,
            seq_no=ahead.result.seq_no if keep else None,
            published_end_time=ahead.result.published_end_time,
            tried=tuple(Tried(o.name, o.before, o.after, str(o.at)) for o in overrides),
            checks=tuple(checks),
            changes=changes,
            steps=(),
        )
    return replace(found, steps=tuple(_steps(found, names[0], overrides, options, settings)))


def _changes(project: ProjectSpec, target: Target, ahead: PreviewRun, top: int, *, keep: bool) -> Iterator[Diff]:
    """One comparison per entity whose graph was built."""
    for step in (result.step for result in ahead.result.steps):
        if not isinstance(step, IdStitcher):
            continue
        result = ahead.result
        snapshot = RunSnapshot(result.seq_no, ahead.plan.times.end, ahead.materials, is_published=False, is_kept=keep)
        session = Session(project, target, ahead.plan, step, ahead.engine, snapshot)
        yield compare(session, published_snapshot(session), snapshot, top)


def _line(found: Finding, seq_no: int, *, keep: bool) -> CheckLine:
    """The result of a check, without commands for tables that are not kept."""
    where, hint = None if found.where is None else str(found.where), found.hint
    if hint is not None and not keep:
        asks = (f"--seq_no {seq_no}`", f"--to {seq_no}`")
        parts = [part for part in hint.split("; ") if not any(text in part for text in asks)]
        hint = "; ".join(parts) or None
    return CheckLine(_VERDICTS[found.severity], found.message, where, hint)


_ORDER = {"fail": 0, "warn": 1, "pass": 2}
_VERDICTS: dict[Severity, Verdict] = {"error": "fail", "warning": "warn", "note": "pass"}


def _steps(
    found: Preview, default: str, overrides: Sequence[Override], options: RunOptions, settings: Sequence[str]
) -> Iterator[NextStep]:
    """How to inspect the change, separate it from newer rows, and publish it."""
    for change in found.changes:
        flag = "" if change.entity == default else f" --entity {change.entity}"
        yield from (with_flags(step, flag) for step in change.steps)
    models = "".join(f" -m {ref}" for ref in options.models)
    if options.begin_time is not None:
        models += f" --begin_time {options.begin_time:%Y-%m-%dT%H:%M:%SZ}"
    tried = "".join(f" --set {text}" for text in settings)
    end = f"{found.end:%Y-%m-%dT%H:%M:%SZ}"
    if found.seq_no is None:
        command = f"pb plan{models}{tried} --end_time {end} --keep"
        yield NextStep("keep the new tables, to inspect them with --seq_no", command=command)
    before = next((c.before.end for c in found.changes if c.before.end is not None), None)
    if before is not None and before < found.end:
        command = f"pb plan{models}{tried} --end_time {before:%Y-%m-%dT%H:%M:%SZ}"
        yield NextStep("exclude the effect of newer rows", command=command)
    if found.would_fail or found.published_end_time is not None:
        return
    for override in overrides:
        yield NextStep(f"to apply it, set {override.name} to {override.after}", str(override.at))
    number = f"--seq_no {found.seq_no}" if found.seq_no is not None and not settings else f"--end_time {end}"
    yield NextStep("publish the change", command=f"pb run{models} {number}")

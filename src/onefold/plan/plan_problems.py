"""What planning finds wrong in a project whose files have mistakes already, so that all are told at once.

In: the project without what is wrong in its files, and what was told of them. Out: findings of the plan, without those
that may only follow from what is not read. Makes no plan that anybody runs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefold.errors import Location, ProjectError
from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.project.unread import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onefold.errors import Finding
    from onefold.project import spec

_ANY = frozenset(KINDS)
_NAMES = frozenset({"entity", "model", "var"})
_FOLLOWS = {
    "unknown-model": frozenset({"entity", "input", "model"}),
    "unknown-var": _NAMES,
    "unknown-feature": _NAMES,
    "unknown-name": frozenset({"entity", "model", "macro"}),
    "unknown-id-type": frozenset({"entity", "id type"}),
    "no-ids": frozenset({"entity", "id type", "input", "model"}),
    "unused-stitcher": _ANY,
    "must-have": _ANY,
}
"""Findings that may follow from records that are not there, by code: the kinds of these records."""
_CHANGES_NAMES = frozenset({"unknown-entity", "unknown-id-type", "unknown-input", "missing-key", "schema-version"})
"""Mistakes after which a record that is there is not what its author meant."""
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def problems_beside(
    project: spec.ProjectSpec, told: Sequence[Finding], files: Callable[[str], str]
) -> tuple[Finding, ...]:
    """The mistakes of references and templates, beside those of the files.

    Args:
        project: Without what is wrong in its files.
        told: What is wrong there.
        files: Reads a text file of the project, for ``this.ReadFile``.
    """
    places = {str(finding.where) for finding in told}
    if any(isinstance(f.where, Location) and f.where.file == "onefold.yaml" for f in told):
        return ()  # the dialect may be another one, and templates ask for it
    try:
        build_plan(project, RunTimes(end=_ANY_TIME), "", files)
    except ProjectError as error:
        lost = _ANY if any(f.code in _CHANGES_NAMES for f in told) else {kind for kind, _ in project.unread.records}
        return tuple(
            f
            for f in dict.fromkeys(error.findings)
            # What is missing may be a key that could not be read.
            if f.code != "missing-key" and str(f.where) not in places and not _FOLLOWS.get(f.code, frozenset()) & lost
        )
    return ()

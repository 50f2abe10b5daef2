"""Planning errors of a project whose files already have errors, so that all are reported at once.

Takes the valid part of the project and the findings about its files. Returns the findings of planning, without those
that may only be consequences of the invalid part. The plan itself is discarded.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefold.errors import Location, ProjectError
from onefold.plan.build import build_plan
from onefold.plan.model import RunTimes
from onefold.project.unused_keys import KINDS

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
"""Finding codes that may be consequences of missing records, with the kinds of these records."""
_CHANGES_NAMES = frozenset({"unknown-entity", "unknown-id-type", "unknown-input", "missing-key", "schema-version"})
"""Findings after which a record may differ from what its author meant."""
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def problems_beside(
    project: spec.ProjectSpec, known: Sequence[Finding], files: Callable[[str], str]
) -> tuple[Finding, ...]:
    """The errors in references and templates, beside those in the files.

    Args:
        project: The valid part of the project.
        known: The findings about its files.
        files: Reads a text file of the project, for ``this.ReadFile``.
    """
    places = {str(finding.where) for finding in known}
    if any(isinstance(f.where, Location) and f.where.file == "onefold.yaml" for f in known):
        return ()  # the dialect may be wrong too, and templates depend on it
    try:
        build_plan(project, RunTimes(end=_ANY_TIME), "", files)
    except ProjectError as error:
        lost = _ANY if any(f.code in _CHANGES_NAMES for f in known) else {kind for kind, _ in project.unread.records}
        return tuple(
            f
            for f in dict.fromkeys(error.findings)
            # The missing key may be one that could not be read.
            if f.code != "missing-key" and str(f.where) not in places and not _FOLLOWS.get(f.code, frozenset()) & lost
        )
    return ()

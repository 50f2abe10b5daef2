"""Fingerprints of steps: 8 hex digits of a step's definition and of those it depends on.

Equal fingerprints mean that a finished material of the same sequence number can be reused. Time and data are not part
of a fingerprint.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from onefold.plan.model import Step

REVISION = 1
"""Raise this number when the same definition starts to give other rows; every material is then rebuilt."""


def fingerprints(steps: Iterable[Step]) -> Mapping[str, str]:
    """Fingerprints by ref.

    ``steps`` must be in running order, because a fingerprint covers those of the step's needs.
    """
    made: dict[str, str] = {}
    for step in steps:
        parts = [str(REVISION), step.kind, step.name, step.output, step.definition]
        parts += [made[ref] for ref in step.needs]
        made[step.ref] = hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:8]
    return made

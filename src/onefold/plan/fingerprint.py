"""What a step is, as 8 hex digits. Takes definitions, returns digests; time and data have no part in them.

Equal digits mean that a finished material of the same sequence number can be used again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from onefold.plan.model import Step

REVISION = 1
"""Raise when the same definition starts to give other rows; it makes every material anew."""


def fingerprints(steps: Iterable[Step]) -> Mapping[str, str]:
    """Digests by ref. ``steps`` must be in running order: a digest covers those of the step's needs."""
    made: dict[str, str] = {}
    for step in steps:
        parts = [str(REVISION), step.kind, step.name, step.output, step.definition]
        parts += [made[ref] for ref in step.needs]
        made[step.ref] = hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:8]
    return made

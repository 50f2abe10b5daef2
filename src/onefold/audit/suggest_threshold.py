"""Suggests a threshold, with the reason in words.

Takes the points of a sweep; returns a threshold or None, and the reason. With ground truth, suggests the best F1 score.
Otherwise suggests the knee of the curve of excluded ids (Kneedle: Satopää, Albrecht, Irwin and Raghavan, 2011). This
is the threshold farthest below the straight line between both ends, with thresholds on a logarithmic scale. Raising the
threshold up to the knee includes many more ids; beyond it, only a few ids with a high degree.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.audit.records import SweepPoint

_FEWEST = 3
"""The fewest points of a curve with a knee."""


def suggest_threshold(
    of: str, counts: str, lines: Sequence[SweepPoint], expected: int | None = None
) -> tuple[int | None, str]:
    """Suggest a threshold, with the reason.

    Args:
        of: The limited id type.
        counts: The counted id type.
        lines: The points, strictest threshold first.
        expected: What to suggest if all thresholds exclude the same ids; None to suggest nothing then, because a
            threshold is set.
    """
    scored = [line for line in lines if line.precision is not None and line.recall is not None]
    if scored and len(scored) == len(lines):
        return _best_balance(scored)
    if len(lines) < _FEWEST or lines[0].excluded == lines[-1].excluded:
        if lines and lines[0].excluded and expected is not None:
            best_known = min((line.threshold for line in lines), key=lambda value: abs(value - expected))
            return best_known, (
                f"all of these thresholds exclude the same {lines[0].excluded:,} {of}, and {best_known} is close to "
                f"the {counts} expected in a profile"
            )
        if not lines or not lines[0].excluded:
            return None, f"none of these thresholds excludes a {of}, so there is nothing to choose"
        return None, f"all of these thresholds exclude the same {of}, so there is nothing to choose"
    best = max(lines, key=lambda line: (_below_the_chord(line, lines), -line.threshold))
    if _below_the_chord(best, lines) <= 0:
        return None, f"the number of excluded {of} falls evenly with the threshold, so none stands out"
    at_first, at_last = lines[0], lines[-1]
    freed, left = at_first.excluded - best.excluded, best.excluded - at_last.excluded
    reason = (
        f"raising it from {at_first.threshold} to {best.threshold} includes {freed:,} more {of}; from there to "
        f"{at_last.threshold}, only {left:,} more, each with over {best.threshold} {counts}"
    )
    return best.threshold, reason


def _best_balance(lines: Sequence[SweepPoint]) -> tuple[int, str]:
    best = max(lines, key=lambda line: (_balance(line), -line.threshold))
    return best.threshold, (
        f"it has the best F1 score against the ground truth: precision {best.precision:.4f}, recall {best.recall:.4f}"
    )


def _balance(line: SweepPoint) -> float:
    """The harmonic mean of precision and recall."""
    precision, recall = line.precision or 0.0, line.recall or 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _below_the_chord(line: SweepPoint, lines: Sequence[SweepPoint]) -> float:
    """How far the curve lies below the straight line between its ends, as a share of its height."""
    first, last = lines[0], lines[-1]
    across = log(line.threshold / first.threshold) / log(last.threshold / first.threshold)
    height = (line.excluded - last.excluded) / (first.excluded - last.excluded)
    return 1 - across - height

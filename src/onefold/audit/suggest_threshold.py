"""Suggest a threshold, with the reason in words.

In: what each threshold does. Out: one of them, or none, and why. Where the truth is known, the best balance of
precision and recall. Elsewhere the knee of the curve of ids left out (Satopää, Albrecht, Irwin and Raghavan, 2011): the
threshold farthest below the straight line from the strictest to the loosest, thresholds on a logarithmic scale. Up to
it each step frees many ordinary ids, beyond it only few, and those are the busy ones.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onefold.audit.records import SweepPoint

_FEWEST = 3
"""Lines that a curve needs to have a knee."""


def suggest_threshold(
    of: str, counts: str, lines: Sequence[SweepPoint], expected: int | None = None
) -> tuple[int | None, str]:
    """The threshold to suggest, and the reason.

    Args:
        of: Id type that is limited.
        counts: Id type that is counted.
        lines: From the strictest threshold to the loosest.
        expected: What to suggest where all thresholds leave out the same ids; None where nothing is to be suggested,
            as one of them is set.
    """
    scored = [line for line in lines if line.precision is not None and line.recall is not None]
    if scored and len(scored) == len(lines):
        return _best_balance(scored)
    if len(lines) < _FEWEST or lines[0].excluded == lines[-1].excluded:
        if lines and lines[0].excluded and expected is not None:
            best_known = min((line.threshold for line in lines), key=lambda value: abs(value - expected))
            return best_known, (
                f"each of these thresholds leaves out the same {lines[0].excluded:,} {of}; {best_known} is about as "
                f"many {counts} as a profile has at most where nothing is wrong"
            )
        which = "no" if not lines or not lines[0].excluded else "the same"
        return None, f"{which} {of} is left out by any of these thresholds: there is nothing to choose"
    best = max(lines, key=lambda line: (_below_the_chord(line, lines), -line.threshold))
    if _below_the_chord(best, lines) <= 0:
        return None, f"{of} left out fall evenly with the threshold: no one stands out"
    at_first, at_last = lines[0], lines[-1]
    freed, left = at_first.excluded - best.excluded, best.excluded - at_last.excluded
    reason = (
        f"from {at_first.threshold} to {best.threshold} it frees {freed:,} {of}; from there to {at_last.threshold} "
        f"only {left:,} more, each with over {best.threshold} {counts}"
    )
    return best.threshold, reason


def _best_balance(lines: Sequence[SweepPoint]) -> tuple[int, str]:
    best = max(lines, key=lambda line: (_balance(line), -line.threshold))
    return best.threshold, (
        f"held against the truth it has the best balance: {best.precision:.4f} of the pairs in a profile are one "
        f"person's, and {best.recall:.4f} of a person's pairs are in a profile"
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

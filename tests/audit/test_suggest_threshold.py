from __future__ import annotations

from onefold.audit.records import SweepPoint
from onefold.audit.suggest_threshold import suggest_threshold


def lines(excluded: dict[int, int], scores: dict[int, tuple[float, float]] | None = None) -> list[SweepPoint]:
    return [
        SweepPoint(t, False, n, 0, 100, 50, 5, 1, *(scores[t] if scores else (None, None))) for t, n in excluded.items()
    ]


def test_the_knee_of_a_long_tail() -> None:
    """Raising the threshold to the suggested one includes many ids, beyond it only few; the reason counts both."""
    found, reason = suggest_threshold("device", "user", lines({2: 1000, 3: 300, 4: 60, 5: 20, 10: 12, 20: 6, 50: 2}))

    assert found == 4
    assert (
        reason
        == "raising it from 2 to 4 includes 940 more device; from there to 50, only 58 more, each with over 4 user"
    )


def test_nothing_to_choose() -> None:
    """Where no id, or always the same ids, are excluded, no threshold is suggested."""
    assert suggest_threshold("device", "user", lines({2: 0, 3: 0, 4: 0}))[0] is None
    found, reason = suggest_threshold("device", "user", lines({2: 7, 3: 7, 4: 7}))
    assert (found, "the same device" in reason) == (None, True)
    assert suggest_threshold("device", "user", [])[0] is None


def test_an_even_curve_has_no_suggestion() -> None:
    """Ids freed evenly with every doubling of the threshold give no reason to prefer one."""
    found, reason = suggest_threshold("device", "user", lines({2: 30, 4: 20, 8: 10, 16: 0}))

    assert found is None
    assert "evenly" in reason


def test_the_truth_comes_first() -> None:
    """Where precision and recall are known, their balance decides, and of equal ones the strictest."""
    scores = {2: (1.0, 0.2), 3: (0.9, 0.9), 4: (0.9, 0.9), 5: (0.1, 1.0)}

    found, reason = suggest_threshold("device", "user", lines({2: 9, 3: 5, 4: 5, 5: 0}, scores))

    assert found == 3
    assert "0.9000" in reason

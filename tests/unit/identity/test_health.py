from __future__ import annotations

from typing import Any

import pytest

from onefold.identity.metrics import figures, health_of, ids_bounds, judge
from onefold.project.spec import Bounds, Checks

TYPES = ("user_id", "email")
ROW: dict[str, Any] = {
    "profiles": 10, "ids": 30, "largest": 12, "mean": 3.0, "median": 2.5, "p90": 6, "p99": 12, "over_10": 1, "over_50": 0,
    "over_100": 0, "over_1000": 0, "singletons": 4, "several": 3, "ids_0": 14, "profiles_0": 9, "most_0": 6,
    "singletons_0": 1, "ids_1": 16, "profiles_1": 8, "most_1": 6, "singletons_1": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "bounds", "verdict", "bound"),
    [
        (5, Bounds(), None, None),
        (5, Bounds(warn=5), "pass", "at most 5"),
        (6, Bounds(warn=5, fail=10), "warn", "at most 5"),
        (11, Bounds(warn=5, fail=10), "fail", "at most 10"),
        (0.4, Bounds(warn_below=0.5), "warn", "at least 0.5"),
        (0.4, Bounds(warn_below=0.5, fail_below=0.45), "fail", "at least 0.45"),
        (0.5, Bounds(warn_below=0.5), "pass", "at least 0.5"),
        (20, Bounds(fail=10, warn_below=2), "fail", "at most 10"),
    ],
)
def test_judge(value: float, bounds: Bounds, verdict: str | None, bound: str | None) -> None:
    """A value beyond fail fails, beyond warn warns, on a bound passes; without bounds there is no verdict."""
    assert judge(value, bounds)[:2] == (verdict, bound)


def test_figures() -> None:
    """Counts with a share are checked by their share, types by their own bounds; other figures have no verdict."""
    checks = Checks(several=Bounds(warn=0.2), over_10=Bounds(fail=0), stitch_rate={"email": Bounds(warn_below=0.9)})

    found = {f.name: f for f in figures(health_of(ROW, TYPES), checks, "user_id")}

    several = found["profiles with more than one user_id"]
    assert (several.value, several.share, several.verdict, several.bound) == (3, 0.3, "warn", "at most 20%")
    assert (found["profiles with more than 10 ids"].verdict, found["profiles with more than 10 ids"].bound) == (
        "fail",
        "none",
    )
    assert found["user_id per profile, max"].verdict == "warn"
    assert found["email per profile, max"].verdict == "pass"
    rate = found["stitch rate of email"]
    assert (rate.value, rate.verdict, rate.key) == (0.8125, "warn", "checks.stitch_rate.email")
    assert found["profiles"].verdict is None


def test_an_empty_graph() -> None:
    """Without rows sums are null, and no figure divides by them."""
    empty = health_of(dict.fromkeys(ROW), TYPES)

    found = figures(empty, Checks(), "user_id")

    assert empty.by_type[0].stitch_rate == 0
    assert {f.verdict for f in found} <= {None, "pass"}


def test_bounds_of_a_type() -> None:
    """The bounds of a type in onefold.yaml apply; the defaults are 5 ids of a person and 50 of other types."""
    checks = Checks(ids={"email": Bounds(warn=3)})

    assert ids_bounds(checks, "email", "user_id").warn == 3
    assert ids_bounds(checks, "user_id", "user_id").warn == 5
    assert ids_bounds(Checks(), "email", "user_id").warn == 50

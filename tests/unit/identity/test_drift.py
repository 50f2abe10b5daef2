"""Drift bounds of figures between two graphs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onefold.identity.drift import drift
from onefold.identity.metrics import Health, TypeHealth
from onefold.project.spec import Checks, Drift, DriftBounds

PEOPLE = TypeHealth("user_id", ids=100, profiles=80, most=4, singletons=20)
BEFORE = Health(80, 200, 10, 2.5, 2, 4, 8, (2, 0, 0, 0), 8, 20, (PEOPLE,))


def changes(now: Health, bounds: Drift) -> list[tuple[str, float, str | None, str | None]]:
    found = drift(now, BEFORE, 3, Checks(drift=bounds), "user_id")
    return [(f.key or "", f.value, f.verdict, f.bound) for f in found]


@pytest.mark.parametrize(
    ("profiles", "bounds", "verdict", "bound"),
    [
        (88, DriftBounds(warn=0.1), "pass", "at most 10% up or down"),
        (89, DriftBounds(warn=0.1), "warn", "at most 10% up or down"),
        (71, DriftBounds(warn=0.1), "warn", "at most 10% up or down"),
        (121, DriftBounds(warn=0.1, fail=0.5), "fail", "at most 50% up or down"),
        (71, DriftBounds(warn=0.1, warn_below=0.2), "pass", "at most 20% down"),
        (120, DriftBounds(warn=0.5, fail_below=0.1), "pass", "at most 50% up or down"),
        (60, DriftBounds(warn=0.5, fail_below=0.1), "fail", "at most 10% down"),
        (99, DriftBounds(fail_below=0.1), None, None),
    ],
)
def test_a_change_is_held_against_its_bounds(
    profiles: int, bounds: DriftBounds, verdict: str | None, bound: str | None
) -> None:
    """A bound applies to increases and decreases, unless decreases have their own; a change equal to the bound passes."""
    ((key, value, *found),) = changes(replace(BEFORE, profiles=profiles), Drift(profiles=bounds))

    assert key == "checks.drift.profiles"
    assert value == pytest.approx(profiles / 80 - 1, abs=1e-4)
    assert found == [verdict, bound]


def test_shares_do_not_drift_as_data_grows() -> None:
    """Twice as many profiles with the same share of several people is no change."""
    now = replace(BEFORE, profiles=160, several=16)

    assert changes(now, Drift(several=DriftBounds(fail=0))) == [
        ("checks.drift.several", 0.0, "pass", "at most 0% up or down")
    ]


def test_types_have_bounds_of_their_own() -> None:
    """Stitch rates and maximum ids per type are compared with the earlier graph; types without bounds are not."""
    now = replace(BEFORE, by_type=(replace(PEOPLE, most=6, singletons=60),))
    bounds = Drift(ids={"user_id": DriftBounds(warn=0.4)}, stitch_rate={"user_id": DriftBounds(fail=0.4)})

    assert [(key, value, verdict) for key, value, verdict, _ in changes(now, bounds)] == [
        ("checks.drift.ids.user_id", 0.5, "warn"),
        ("checks.drift.stitch_rate.user_id", -0.5, "fail"),
    ]


def test_what_came_where_nothing_was() -> None:
    """A change from zero counts as 100%."""
    now = replace(BEFORE, over=(2, 1, 0, 0))

    found = changes(now, Drift(over_50=DriftBounds(warn=0.5), over_100=DriftBounds(warn=0.5)))

    assert [(value, verdict) for _, value, verdict, _ in found] == [(1.0, "warn"), (0.0, "pass")]

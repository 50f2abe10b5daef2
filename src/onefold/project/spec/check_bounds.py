"""``checks`` of ``onefold.yaml``: bounds of figures, and how far figures may drift."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    NonNegativeFloat,
    model_validator,
)

from onefold.project.spec.record import Record


class Bounds(Record):
    """Bounds of a figure: beyond ``warn`` the check warns, beyond ``fail`` it fails. A missing bound is not checked."""

    warn: float | None = None
    fail: float | None = None
    warn_below: float | None = None
    fail_below: float | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        """The bound ``warn`` must come before ``fail``."""
        if self.warn is not None and self.fail is not None and self.fail < self.warn:
            raise ValueError(f"fail ({self.fail:g}) must not be stricter than warn ({self.warn:g})")
        if self.warn_below is not None and self.fail_below is not None and self.fail_below > self.warn_below:
            raise ValueError(
                f"fail_below ({self.fail_below:g}) must not be stricter than warn_below ({self.warn_below:g})"
            )
        return self


def _share(bounds: Bounds) -> Bounds:
    for name in ("warn", "fail", "warn_below", "fail_below"):
        value = getattr(bounds, name)
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} is {value:g}; a share must be from 0 to 1")
    return bounds


ShareBounds = Annotated[Bounds, AfterValidator(_share)]
"""Bounds of a share, from 0 to 1."""


class DriftBounds(Record):
    """Maximum relative change of a figure since the last published run: 0.1 is a tenth, up or down.

    Attributes:
        warn: The check warns beyond this change.
        fail: The check fails beyond this change.
        warn_below: Replaces ``warn`` for a decrease.
        fail_below: Replaces ``fail`` for a decrease.
    """

    warn: NonNegativeFloat | None = None
    fail: NonNegativeFloat | None = None
    warn_below: NonNegativeFloat | None = None
    fail_below: NonNegativeFloat | None = None


class Drift(Record):
    """How far figures may drift from those of the last published run. The keys are those of `Checks`.

    Attributes:
        ids: By id type, the maximum number of its ids in one profile.
        stitch_rate: By id type.
    """

    profiles: DriftBounds = DriftBounds.model_construct()
    total_ids: DriftBounds = DriftBounds.model_construct()
    largest: DriftBounds = DriftBounds.model_construct()
    mean: DriftBounds = DriftBounds.model_construct()
    median: DriftBounds = DriftBounds.model_construct()
    p90: DriftBounds = DriftBounds.model_construct()
    p99: DriftBounds = DriftBounds.model_construct()
    over_10: DriftBounds = DriftBounds.model_construct()
    over_50: DriftBounds = DriftBounds.model_construct()
    over_100: DriftBounds = DriftBounds.model_construct()
    over_1000: DriftBounds = DriftBounds.model_construct()
    several: DriftBounds = DriftBounds.model_construct()
    singletons: DriftBounds = DriftBounds.model_construct()
    ids: dict[str, DriftBounds] = {}
    stitch_rate: dict[str, DriftBounds] = {}


class Checks(Record):
    """Bounds of the figures of an id graph.

    Attributes:
        profiles: Number of profiles.
        total_ids: Number of ids.
        largest: Ids in the largest profile.
        mean: Mean number of ids per profile; default: five times the number of the entity's id types.
        median: Median number of ids per profile; default: twice the number of the entity's id types.
        p90: 90th percentile of ids per profile.
        p99: 99th percentile of ids per profile.
        over_10: Share of profiles with more than 10 ids, 0 to 1.
        over_50: Share of profiles with more than 50 ids; and so on.
        several: Share of profiles with more than one id of the type that identifies a person.
        singletons: Share of profiles with a single id.
        ids: By id type, number of its ids in a profile; default: 5 for a person, 50 for other types.
        stitch_rate: By id type, the share of its ids that are not alone in their profile.
        features: By feature, its values.
        nulls: By feature, the share of profiles without a value.
        drift: How far figures may drift from those of the last published run.
    """

    profiles: Bounds = Bounds.model_construct()
    total_ids: Bounds = Bounds.model_construct()
    largest: Bounds = Bounds.model_construct(warn=1000.0)
    mean: Bounds = Bounds.model_construct()
    median: Bounds = Bounds.model_construct()
    p90: Bounds = Bounds.model_construct()
    p99: Bounds = Bounds.model_construct()
    over_10: ShareBounds = Bounds.model_construct()
    over_50: ShareBounds = Bounds.model_construct()
    over_100: ShareBounds = Bounds.model_construct(warn=0.0)
    over_1000: ShareBounds = Bounds.model_construct(warn=0.0)
    several: ShareBounds = Bounds.model_construct(warn=0.25)
    singletons: ShareBounds = Bounds.model_construct()
    ids: dict[str, Bounds] = {}
    stitch_rate: dict[str, ShareBounds] = {}
    features: dict[str, Bounds] = {}
    nulls: dict[str, ShareBounds] = {}
    drift: Drift = Drift.model_construct()

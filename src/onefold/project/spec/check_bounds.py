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
    """What a figure is held against; a part that is not given holds nothing. ``warn`` asks to look, ``fail`` stops."""

    warn: float | None = None
    fail: float | None = None
    warn_below: float | None = None
    fail_below: float | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        """A figure goes through ``warn`` before it comes to ``fail``."""
        if self.warn is not None and self.fail is not None and self.fail < self.warn:
            raise ValueError(f"fail is {self.fail:g}, which a figure passes before warn, {self.warn:g}")
        if self.warn_below is not None and self.fail_below is not None and self.fail_below > self.warn_below:
            raise ValueError(
                f"fail_below is {self.fail_below:g}, which a figure passes before warn_below, {self.warn_below:g}"
            )
        return self


def _share(bounds: Bounds) -> Bounds:
    for name in ("warn", "fail", "warn_below", "fail_below"):
        value = getattr(bounds, name)
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} is {value:g}; a share is from 0 to 1")
    return bounds


ShareBounds = Annotated[Bounds, AfterValidator(_share)]
"""Bounds of a share, from 0 to 1."""


class DriftBounds(Record):
    """How far a figure may go from that of the last published run, as a share of it: 0.1 is a tenth, up or down.

    Attributes:
        warn: More than so much asks to look.
        fail: More than so much stops.
        warn_below: The same of a figure that went down, in place of ``warn``.
        fail_below: In place of ``fail``.
    """

    warn: NonNegativeFloat | None = None
    fail: NonNegativeFloat | None = None
    warn_below: NonNegativeFloat | None = None
    fail_below: NonNegativeFloat | None = None


class Drift(Record):
    """How far figures may go from those of the last published run. Keys are those of `Checks`.

    Attributes:
        ids: By id type, the most ids of it in one profile.
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
        profiles: How many profiles there are.
        total_ids: How many ids.
        largest: Ids of the largest profile.
        mean: Ids of a profile, on average; five times as many as the entity has id types if not given.
        median: The same of the profile in the middle; twice as many as the entity has id types if not given.
        p90: Ids that nine of ten profiles have at most.
        p99: Ids that 99 of 100 have at most.
        over_10: Share of profiles with more than 10 ids, 0 to 1.
        over_50: More than 50; and so on.
        several: Share of profiles with more than one id of the type that stands for a person.
        singletons: Share of profiles with a single id.
        ids: By id type, how many ids of it a profile has; 5 of a person and 50 of any other if not given.
        stitch_rate: By id type, the share of its ids that are not alone in their profile.
        features: By feature, its values.
        nulls: By feature, the share of profiles without a value.
        drift: How far figures may go from those of the last published run.
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

"""The feature views of an entity or a cohort."""

from __future__ import annotations

from typing import Literal

from onefold.project.spec.materialization import Hooks
from onefold.project.spec.record import Record


class IdView(Record):
    """A feature view keyed by ids of one type."""

    id: str
    name: str | None = None


class ViewMaterialization(Record):
    """How another engine stores feature views.

    Here each is a view over a table, and none of these keys changes its rows.
    """

    output_type: Literal["table", "view"] | None = None
    run_type: Literal["discrete", "incremental"] | None = None


class FeatureViews(Record):
    """The feature views of an entity or cohort; the one by main id always exists."""

    name: str | None = None
    using_ids: tuple[IdView, ...] = ()
    materialization: ViewMaterialization = ViewMaterialization.model_construct()
    hooks: Hooks | None = None

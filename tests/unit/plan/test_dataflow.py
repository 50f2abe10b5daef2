"""The dataflow diagram of a plan: boxes in columns, arrows to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefold.plan.dataflow import Box, dataflow
from onefold.plan.model import Plan, RunTimes

if TYPE_CHECKING:
    from collections.abc import Callable

_MODELS = """
var_groups:
  - name: g
    entity_key: user
    vars:
      - entity_var: {name: first, from: inputs/orders, select: min(ts)}
      - entity_var: {name: early, from: inputs/orders, where: "ts <= {{ user.first }}", select: count(*)}
      - entity_var: {name: twice, select: "{{ user.early }} * 2"}
"""
_STITCHER = "models/user_default_id_stitcher"


def test_boxes_stand_in_columns(plan_of: Callable[..., Plan]) -> None:
    """Inputs, the stitcher, one box for all vars of the entity, and the view follow from left to right."""
    picture = dataflow(plan_of(_MODELS))

    assert picture.columns == (
        (
            Box("inputs/orders", "orders", "input", "raw.orders"),
            Box("inputs/visits", "visits", "input", "raw.visits"),
        ),
        (Box(_STITCHER, "user_default_id_stitcher", "id_stitcher", "by user_main_id"),),
        (Box("user/features", "user features", "features", "3 features"),),
        (Box("user/all/feature_view", "user_feature_view", "feature_view", "by user_main_id"),),
    )


def test_arrows_are_the_needs(plan_of: Callable[..., Plan]) -> None:
    """An arrow leads from a step to its reader, once, and never from a box to itself."""
    picture = dataflow(plan_of(_MODELS))

    assert picture.arrows == (
        ("inputs/orders", _STITCHER),
        ("inputs/orders", "user/features"),
        ("inputs/visits", _STITCHER),
        (_STITCHER, "user/all/feature_view"),
        (_STITCHER, "user/features"),
        ("user/features", "user/all/feature_view"),
    )
    assert picture.feeds("inputs/orders") == (_STITCHER, "user/features")
    assert picture.box("user/features").title == "user features"


def test_every_arrow_leads_to_the_right(plan_of: Callable[..., Plan]) -> None:
    """The box at an arrow's end is in a later column than the one at its start."""
    picture = dataflow(plan_of(_MODELS, feature_views="{using_ids: [{id: email}]}"))
    column = {box.key: number for number, boxes in enumerate(picture.columns) for box in boxes}

    assert picture.arrows
    assert all(column[start] < column[end] for start, end in picture.arrows)
    assert picture.box("user/all/feature_view/using_email").detail == "by email"


def test_empty_plan_is_an_empty_picture(plan_of: Callable[..., Plan]) -> None:
    """Without steps the diagram is empty."""
    empty = Plan("p", "snowflake", plan_of().times, {}, {})

    assert isinstance(empty.times, RunTimes)
    assert dataflow(empty).columns == ()
    assert dataflow(empty).arrows == ()

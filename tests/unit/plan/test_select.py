"""``-m`` selects steps by ref, name, view or feature, with everything they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from onefold.errors import UsageError
from onefold.plan.select import select

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.plan.model import Plan

_MODELS = """
var_groups:
  - name: g
    entity_key: user
    vars:
      - entity_var: {name: n, from: inputs/orders, select: count(*)}
"""
_STITCHER = "models/user_default_id_stitcher"
_INPUTS = frozenset({"inputs/orders", "inputs/visits"})


def test_nothing_named_selects_all(plan_of: Callable[..., Plan]) -> None:
    """Without a path all steps run and all views are updated."""
    plan = plan_of(_MODELS)

    assert select(plan, []) == (frozenset(plan.steps), frozenset(plan.steps))


@pytest.mark.parametrize("refs", [[""], [" "], [",", ""]])
def test_a_path_that_is_empty_is_refused(refs: list[str], plan_of: Callable[..., Plan]) -> None:
    """An empty path does not select everything: an unset variable in a script must not run all models."""
    with pytest.raises(UsageError) as refused:
        select(plan_of(_MODELS), refs)

    assert [f.code for f in refused.value.findings] == ["no-model"]


@pytest.mark.parametrize(
    "path", [_STITCHER, "user_default_id_stitcher", "MODELS/User_Default_ID_stitcher", f"/{_STITCHER}/"]
)
def test_model_comes_with_what_it_needs(path: str, plan_of: Callable[..., Plan]) -> None:
    """A model is selected by ref or name, in any case, and runs with its needs; only the model itself was chosen."""
    assert select(plan_of(_MODELS), [path]) == (_INPUTS | {_STITCHER}, frozenset({_STITCHER}))


@pytest.mark.parametrize("path", ["entity/user/n", "user_feature_view", "user/all/feature_view"])
def test_feature_means_the_view_that_shows_it(path: str, plan_of: Callable[..., Plan]) -> None:
    """A feature or the name of a view selects the step of the view."""
    plan = plan_of(_MODELS)

    assert select(plan, [path]) == (frozenset(plan.steps) - {"user/all"}, frozenset({"user/all/feature_view"}))


def test_paths_may_be_listed_with_commas(plan_of: Callable[..., Plan]) -> None:
    """Several paths may be given as several values or with commas."""
    plan = plan_of(_MODELS)

    assert select(plan, ["inputs/orders, inputs/visits"]) == (_INPUTS, _INPUTS)
    assert select(plan, ["inputs/orders", "inputs/visits"]) == (_INPUTS, _INPUTS)


def test_every_unknown_path_is_named(plan_of: Callable[..., Plan]) -> None:
    """Each unknown path is reported, with the nearest one or the command that lists them."""
    with pytest.raises(UsageError) as caught:
        select(plan_of(_MODELS), ["inputs/order", "qqqq", "inputs/visits"])

    assert [(f.code, f.message, f.hint) for f in caught.value.findings] == [
        ("unknown-model", '-m "inputs/order": this project has no such model', 'did you mean "inputs/orders"?'),
        ("unknown-model", '-m "qqqq": this project has no such model', "run `pb show models` for a list"),
    ]

"""``pb run`` on the shipped shop, against an independent computation of the same."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from tests.main_job.conftest import FEATURES

from onefold.identity.main_ids.generated_id import generated_id

if TYPE_CHECKING:
    from tests.main_job.conftest import Oracle

    import onefold


def test_stitching_equals_networkx(built: onefold.Project, oracle: Oracle) -> None:
    """The ids of each profile are a connected component of the shop's graph, for every profile of the sample."""
    rows = built.read("USER_ID_STITCHER").arrow.to_pylist()
    members: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        members.setdefault(row["user_main_id"], set()).add((row["other_id_type"], row["other_id"]))
    assert {frozenset(ids) for ids in members.values()} == oracle.ids_by_profile()
    assert len(rows) == len(oracle.profile_of)


def test_stitcher_columns(built: onefold.Project) -> None:
    """The id graph has the five columns of the format."""
    columns = built.read("USER_ID_STITCHER").arrow.column_names
    assert columns == ["user_main_id", "other_id", "other_id_type", "valid_at", "first_seen_at"]


def test_main_id_is_that_of_the_earliest_id(built: onefold.Project) -> None:
    """A profile has the generated id of its earliest seen id; of equally early ones the smallest."""
    never = pd.Timestamp.max
    best: dict[str, tuple[Any, str]] = {}
    for row in built.read("USER_ID_STITCHER").arrow.to_pylist():
        candidate = (
            pd.Timestamp(row["first_seen_at"]) if row["first_seen_at"] else never,
            generated_id(row["other_id"], row["other_id_type"]),
        )
        best[row["user_main_id"]] = min(best.get(row["user_main_id"], candidate), candidate)
    assert {main: first[1] for main, first in best.items()} == {main: main for main in best}


def test_views_have_the_26_features(built: onefold.Project) -> None:
    """Both feature views have the 26 features, in alphabetical order, behind their key."""
    assert len(FEATURES) == 26
    assert built.read("WITH_USER_ID").arrow.column_names == ["user_id", *FEATURES]
    assert built.read("USER_FEATURE_VIEW").arrow.column_names == ["user_main_id", *FEATURES]


def test_one_row_per_user_id(built: onefold.Project, oracle: Oracle) -> None:
    """WITH_USER_ID has each user id of the graph once."""
    ids = built.read("WITH_USER_ID").arrow["user_id"].to_pylist()
    assert sorted(ids) == sorted(value for kind, value in oracle.profile_of if kind == "user_id")


def test_one_row_per_profile(built: onefold.Project, oracle: Oracle) -> None:
    """USER_FEATURE_VIEW has each profile once, also those without a user id."""
    ids = built.read("USER_FEATURE_VIEW").arrow["user_main_id"].to_pylist()
    assert len(ids) == len(set(ids)) == len(oracle.features)


@pytest.mark.parametrize("feature", FEATURES)
def test_feature_equals_pandas(feature: str, built: onefold.Project, oracle: Oracle) -> None:
    """The feature of every user id equals what pandas computes from the source files."""
    rows = built.read("WITH_USER_ID").arrow.select(["user_id", feature])
    expected = oracle.features[feature].loc[[oracle.profile_of["user_id", i] for i in rows["user_id"].to_pylist()]]
    found = rows[feature].to_pylist()
    wrong = [pair for pair in zip(found, expected, strict=True) if not same(*pair)]
    assert wrong == []


def same(found: Any, expected: Any) -> bool:
    if found is None or pd.isna(expected):
        return found is None and bool(pd.isna(expected))
    if isinstance(expected, pd.Timestamp):
        return bool(pd.Timestamp(found) == expected)
    if isinstance(expected, str | bool):
        return bool(found == expected)
    # Sums of binary fractions depend on the order of addition in the last digits.
    return math.isclose(float(found), float(expected), rel_tol=1e-9, abs_tol=1e-6)

"""``pb run`` on the shipped shop, against an independent computation of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from onefold.identity.main_ids.generated_id import generated_id

if TYPE_CHECKING:
    from tests.main_job.conftest import Built, Oracle


def test_stitching_equals_networkx(built: Built, oracle: Oracle) -> None:
    """The ids of each profile are a connected component of the shop's graph, for every profile of the sample."""
    rows = built.project.read("USER_ID_STITCHER").arrow.to_pylist()
    members: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        members.setdefault(row["user_main_id"], set()).add((row["other_id_type"], row["other_id"]))
    assert {frozenset(ids) for ids in members.values()} == oracle.ids_by_profile()
    assert len(rows) == len(oracle.profile_of)


def test_stitcher_columns(built: Built) -> None:
    """The id graph has the five columns of the format."""
    columns = built.project.read("USER_ID_STITCHER").arrow.column_names
    assert columns == ["user_main_id", "other_id", "other_id_type", "valid_at", "first_seen_at"]


def test_main_id_is_that_of_the_earliest_id(built: Built) -> None:
    """A profile has the generated id of its earliest seen id; of equally early ones the smallest."""
    never = pd.Timestamp.max
    best: dict[str, tuple[Any, str]] = {}
    for row in built.project.read("USER_ID_STITCHER").arrow.to_pylist():
        candidate = (
            pd.Timestamp(row["first_seen_at"]) if row["first_seen_at"] else never,
            generated_id(row["other_id"], row["other_id_type"]),
        )
        best[row["user_main_id"]] = min(best.get(row["user_main_id"], candidate), candidate)
    assert {main: first[1] for main, first in best.items()} == {main: main for main in best}


FEATURES = (
    "avg_order_value_usd", "count_anonymous_ids", "count_user_ids", "days_since_last_order", "favorite_canvas_group",
    "favorite_product_color", "favorite_product_style", "favorite_theme", "favorite_theme_genre", "first_order_date",
    "has_used_coupon", "is_repeat_buyer", "last_order_date", "lifetime_revenue_usd", "lifetime_sales_subtotal_usd",
    "total_apparel_items", "total_non_apparel_items", "total_order_items", "total_orders", "total_refund_amount_usd",
    "total_unique_designers", "total_unique_designs", "total_unique_products", "unique_canvas_groups_purchased",
    "unique_theme_genres_purchased", "unique_themes_purchased",
)  # fmt: skip


def test_views_have_the_26_features(built: Built) -> None:
    """Both feature views have the 26 features, in alphabetical order, behind their key."""
    assert len(FEATURES) == 26
    assert built.project.read("WITH_USER_ID").arrow.column_names == ["user_id", *FEATURES]
    assert built.project.read("USER_FEATURE_VIEW").arrow.column_names == ["user_main_id", *FEATURES]


def test_one_row_per_user_id(built: Built, oracle: Oracle) -> None:
    """WITH_USER_ID has each user id of the graph once."""
    ids = built.project.read("WITH_USER_ID").arrow["user_id"].to_pylist()
    assert sorted(ids) == sorted(value for kind, value in oracle.profile_of if kind == "user_id")


def test_one_row_per_profile(built: Built, oracle: Oracle) -> None:
    """USER_FEATURE_VIEW has each profile once, also those without a user id."""
    ids = built.project.read("USER_FEATURE_VIEW").arrow["user_main_id"].to_pylist()
    assert len(ids) == len(set(ids)) == len(oracle.features)


@pytest.mark.parametrize("feature", FEATURES)
def test_feature_equals_pandas(feature: str, built: Built, oracle: Oracle) -> None:
    """The feature of every user id equals what pandas computes from the source files."""
    rows = built.project.read("WITH_USER_ID").arrow.select(["user_id", feature]).to_pylist()
    wrong = []
    for row in rows:
        expected = oracle.features[oracle.profile_of["user_id", row["user_id"]]][feature]
        if not same(row[feature], expected):
            wrong.append((row["user_id"], row[feature], expected))
    assert wrong == []


def same(found: Any, expected: Any) -> bool:
    if expected is None or found is None:
        return found is None and expected is None
    if isinstance(expected, pd.Timestamp):
        return bool(pd.Timestamp(found) == expected)
    if isinstance(expected, str | bool):
        return bool(found == expected)
    # Sums of binary fractions depend on the order of addition in the last digits.
    return bool(float(found) == pytest.approx(float(expected), rel=1e-9, abs=1e-6))

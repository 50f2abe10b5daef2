"""The shipped project, run once on the shipped sample shop; and the same computed again without any of our code.

The second computation reads the Parquet files with pandas and joins ids with networkx. It shares nothing with the
engine but the words of the project's description.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd
import pytest
from tests.sample_shop import END_TIME, REPOSITORY, copy_published

import onefold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NULL_LIKE = {
    "", "null", "none", "undefined", "nan", "n/a", "na", "unknown", "0", "-1", "[object object]",
    "00000000-0000-0000-0000-000000000000",
}  # fmt: skip
MOST_USERS, MOST_DEVICES = 5, 20


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> onefold.Project:
    """The shop, published. Not to be changed."""
    return onefold.load(copy_published(tmp_path_factory.mktemp("shop"), tmp_path_factory))


@dataclass(frozen=True)
class Oracle:
    """What the shop's profiles are, by an independent computation.

    Attributes:
        profile_of: Number of the profile by (id type, id).
        features: A row of features per profile number.
    """

    profile_of: dict[tuple[str, str], int]
    features: pd.DataFrame

    def ids_by_profile(self) -> set[frozenset[tuple[str, str]]]:
        members: dict[int, set[tuple[str, str]]] = {}
        for node, number in self.profile_of.items():
            members.setdefault(number, set()).add(node)
        return {frozenset(ids) for ids in members.values()}


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    data = REPOSITORY / "sample_data"
    end = pd.Timestamp(END_TIME).tz_localize(None)
    tables = {p.stem: pd.read_parquet(p) for p in sorted(data.glob("*/*/*.parquet"))}
    orders = until(tables["F_ORDERS_FILTERED_TP"], "order_completed_at_est", end)
    orders = orders[orders["is_manual_order"] == False]  # noqa: E712 - null is neither
    items = until(tables["F_ORDER_ITEMS_FILTERED_TP"], "order_completed_at_est", end)
    events = identify_events(data, end)
    graph: nx.Graph[tuple[str, str]] = nx.Graph()
    for frame in (orders, items):
        graph.add_nodes_from(("user_id", i) for i in frame["customer_id"].map(real_id).dropna().unique())
    for device, user in super_connectors_removed(events):
        both = (("anonymous_id", device), ("user_id", user))
        nodes = [(kind, i) for kind, i in both if i is not None and not re.fullmatch(r"(internal|admin)[-_].*", i)]
        graph.add_nodes_from(nodes)
        if len(nodes) == 2:
            graph.add_edge(*nodes)
    for kind, value in list(graph):
        if re.fullmatch(r"(internal|admin)[-_].*", value) or value.startswith("#{"):
            graph.remove_node((kind, value))
    profile_of = {node: n for n, ids in enumerate(nx.connected_components(graph)) for node in ids}
    features = Features(orders, items, tables["DIM_DESIGNS"], tables["DIM_PRODUCTS"], profile_of, end).rows()
    return Oracle(profile_of, features)


def until(frame: pd.DataFrame, column: str, end: pd.Timestamp) -> pd.DataFrame:
    return frame[(frame[column] <= end) | frame[column].isna()]


def real_id(value: Any) -> str | None:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    text = str(value).strip(" ")
    return None if text.strip().lower() in NULL_LIKE else text


def identify_events(data: Path, end: pd.Timestamp) -> pd.DataFrame:
    frames = []
    for path in sorted(data.glob("rudderstack/*/identifies.parquet")):
        frame = pd.read_parquet(path)
        if frame["timestamp"].dt.tz is not None:
            frame["timestamp"] = frame["timestamp"].dt.tz_convert("UTC").dt.tz_localize(None)
        frames.append(until(frame, "timestamp", end)[["anonymous_id", "user_id", "email"]])
    return pd.concat(frames)


def super_connectors_removed(events: pd.DataFrame) -> Iterator[tuple[str | None, str | None]]:
    """Distinct cleaned (device, user) pairs, without those of a shared device or a shared account."""
    pairs = set()
    for device, user, email in events.itertuples(index=False):
        pairs.add((clean(device), clean_user(user, email)))
    users: dict[str, set[str]] = {}
    devices: dict[str, set[str]] = {}
    for device, user in pairs:
        if device is not None and user is not None:
            users.setdefault(device, set()).add(user)
            devices.setdefault(user, set()).add(device)
    for device, user in pairs:
        if device is not None and len(users.get(device, ())) > MOST_USERS:
            continue
        if user is not None and len(devices.get(user, ())) > MOST_DEVICES:
            continue
        yield device, user


def clean(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    text = value.strip(" ")
    return None if text.lower() in NULL_LIKE or text.startswith("#{") else text


def clean_user(user: Any, email: Any) -> str | None:
    chosen = user if isinstance(user, str) and user.strip(" ") else email
    text = clean(chosen)
    if text is not None and "@" in text:
        return hashlib.sha1(text.lower().encode(), usedforsecurity=False).hexdigest()
    return text


FEATURES = (
    "avg_order_value_usd", "count_anonymous_ids", "count_user_ids", "days_since_last_order", "favorite_canvas_group",
    "favorite_product_color", "favorite_product_style", "favorite_theme", "favorite_theme_genre", "first_order_date",
    "has_used_coupon", "is_repeat_buyer", "last_order_date", "lifetime_revenue_usd", "lifetime_sales_subtotal_usd",
    "total_apparel_items", "total_non_apparel_items", "total_order_items", "total_orders", "total_refund_amount_usd",
    "total_unique_designers", "total_unique_designs", "total_unique_products", "unique_canvas_groups_purchased",
    "unique_theme_genres_purchased", "unique_themes_purchased",
)  # fmt: skip
NULL_WITHOUT_ORDERS = {
    "avg_order_value_usd", "first_order_date", "last_order_date", "days_since_last_order", "favorite_theme",
    "favorite_theme_genre", "favorite_canvas_group", "favorite_product_style", "favorite_product_color",
}  # fmt: skip
FALSE_WITHOUT_ORDERS = {"is_repeat_buyer", "has_used_coupon"}


@dataclass(frozen=True)
class Features:
    orders: pd.DataFrame
    items: pd.DataFrame
    designs: pd.DataFrame
    products: pd.DataFrame
    profile_of: dict[tuple[str, str], int]
    end: pd.Timestamp

    def rows(self) -> pd.DataFrame:
        """The 26 features, a row per profile number."""
        orders = self._owned(self.orders[self.orders["order_status"] == "completed"])
        items = self.items[self.items["was_transacted_line_item"] == True]  # noqa: E712 - null is neither
        items = items.merge(self.designs, on="design_id", how="left").merge(self.products, on="product_id", how="left")
        found = pd.concat([self._of_ids(), self._of_orders(orders), self._of_items(self._owned(items))], axis="columns")
        for name in found.columns.difference(list(NULL_WITHOUT_ORDERS)):
            nothing = False if name in FALSE_WITHOUT_ORDERS else 0
            found[name] = found[name].astype(object).where(found[name].notna(), nothing)
        return found

    def _owned(self, frame: pd.DataFrame) -> pd.DataFrame:
        owner = frame["customer_id"].map(lambda i: self.profile_of.get(("user_id", real_id(i) or "")))
        return frame.assign(profile=owner).dropna(subset="profile").astype({"profile": int})

    def _of_ids(self) -> pd.DataFrame:
        ids = pd.DataFrame(
            [(number, kind) for (kind, _), number in self.profile_of.items()], columns=["profile", "kind"]
        )
        counted = pd.crosstab(ids["profile"], ids["kind"])
        return counted.rename(columns={kind: f"count_{kind}s" for kind in ("user_id", "anonymous_id")})

    def _of_orders(self, orders: pd.DataFrame) -> pd.DataFrame:
        has_coupon = orders["coupon_code"].str.strip(" ").fillna("") != ""
        by_profile = orders.assign(has_coupon=has_coupon).groupby("profile")
        last, count = by_profile["order_completed_at_est"].max(), by_profile["order_id"].nunique()
        return pd.DataFrame({
            "total_orders": count,
            "lifetime_revenue_usd": by_profile["total_revenue_usd"].sum(),
            "lifetime_sales_subtotal_usd": by_profile["sales_subtotal_usd"].sum(),
            "avg_order_value_usd": by_profile["total_revenue_usd"].mean(),
            "first_order_date": by_profile["order_completed_at_est"].min(),
            "last_order_date": last,
            "days_since_last_order": (self.end - last).dt.days,
            "is_repeat_buyer": count > 1,
            "total_refund_amount_usd": by_profile["refund_amount_usd"].sum(),
            "has_used_coupon": by_profile["has_coupon"].any(),
        })  # fmt: skip

    def _of_items(self, items: pd.DataFrame) -> pd.DataFrame:
        by_profile = items.groupby("profile")
        apparel = {
            is_apparel: items[items["is_apparel"] == is_apparel].groupby("profile") for is_apparel in (True, False)
        }
        return pd.DataFrame({
            "total_order_items": by_profile["item_count"].sum(),
            "total_unique_products": by_profile["product_id"].nunique(),
            "total_unique_designers": by_profile["designer_id"].nunique(),
            "total_unique_designs": by_profile["design_id"].nunique(),
            "favorite_theme": favourites(items, "theme"),
            "favorite_theme_genre": favourites(items, "theme_genre"),
            "favorite_canvas_group": favourites(items, "canvas_group"),
            "favorite_product_style": favourites(items, "product_style"),
            "favorite_product_color": favourites(items, "product_color"),
            "unique_themes_purchased": by_profile["theme"].nunique(),
            "unique_theme_genres_purchased": by_profile["theme_genre"].nunique(),
            "unique_canvas_groups_purchased": by_profile["canvas_group"].nunique(),
            "total_apparel_items": apparel[True]["item_count"].sum(),
            "total_non_apparel_items": apparel[False]["item_count"].sum(),
        })  # fmt: skip


def favourites(items: pd.DataFrame, column: str) -> pd.Series[Any]:
    """The most frequent value of each profile; of equally frequent ones the smallest."""
    counts = items.groupby(["profile", column]).size().rename("count").reset_index()
    first = counts.sort_values(["profile", "count", column], ascending=[True, False, True]).drop_duplicates("profile")
    return first.set_index("profile")[column]

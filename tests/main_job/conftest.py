"""The shipped project, run once on the shipped sample shop; and the same computed again without any of our code.

The second computation reads the Parquet files with pandas and joins ids with networkx. It shares nothing with the
engine but the words of the project's description.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd
import pytest

import onefold

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
END_TIME = "2026-10-31T00:00:00Z"
NULL_LIKE = {
    "", "null", "none", "undefined", "nan", "n/a", "na", "unknown", "0", "-1", "[object object]",
    "00000000-0000-0000-0000-000000000000",
}  # fmt: skip
MOST_USERS, MOST_DEVICES = 5, 20


@dataclass(frozen=True)
class Built:
    project: onefold.Project
    result: onefold.RunResult


def copy_project(to: Path) -> Path:
    """The project and its sample shop, in another folder."""
    for name in ("pb_project.yaml", "onefold.yaml"):
        shutil.copy(REPOSITORY / name, to / name)
    for name in ("models", "sample_data"):
        shutil.copytree(REPOSITORY / name, to / name)
    return to


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    project = onefold.load(copy_project(tmp_path_factory.mktemp("shop")))
    return Built(project, project.run(end_time=END_TIME))


@dataclass(frozen=True)
class Oracle:
    """What the shop's profiles are, by an independent computation.

    Attributes:
        profile_of: Number of the profile by (id type, id).
        features: One row of features by profile number.
    """

    profile_of: dict[tuple[str, str], int]
    features: dict[int, dict[str, Any]]

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


@dataclass(frozen=True)
class Features:
    orders: pd.DataFrame
    items: pd.DataFrame
    designs: pd.DataFrame
    products: pd.DataFrame
    profile_of: dict[tuple[str, str], int]
    end: pd.Timestamp

    def rows(self) -> dict[int, dict[str, Any]]:
        """The 26 features by profile number."""
        rows = {profile: self._nothing() for profile in set(self.profile_of.values())}
        for (kind, _), profile in self.profile_of.items():
            rows[profile][f"count_{kind}s"] += 1
        orders = self._owned(self.orders[self.orders["order_status"] == "completed"])
        for number, group in orders.groupby("profile"):
            rows[key(number)] |= self._of_orders(group)
        items = self.items[self.items["was_transacted_line_item"] == True]  # noqa: E712 - null is neither
        items = items.merge(self.designs, on="design_id", how="left").merge(self.products, on="product_id", how="left")
        for number, group in self._owned(items).groupby("profile"):
            rows[key(number)] |= self._of_items(group)
        return rows

    def _owned(self, frame: pd.DataFrame) -> pd.DataFrame:
        owner = frame["customer_id"].map(lambda i: self.profile_of.get(("user_id", real_id(i) or "")))
        return frame.assign(profile=owner).dropna(subset="profile")

    def _nothing(self) -> dict[str, Any]:
        zero = (
            "total_orders", "total_order_items", "lifetime_revenue_usd", "lifetime_sales_subtotal_usd",
            "total_refund_amount_usd", "total_unique_products", "total_unique_designers", "total_unique_designs",
            "unique_themes_purchased", "unique_theme_genres_purchased", "unique_canvas_groups_purchased",
            "total_apparel_items", "total_non_apparel_items", "count_user_ids", "count_anonymous_ids",
        )  # fmt: skip
        none = (
            "avg_order_value_usd", "first_order_date", "last_order_date", "days_since_last_order", "favorite_theme",
            "favorite_theme_genre", "favorite_canvas_group", "favorite_product_style", "favorite_product_color",
        )  # fmt: skip
        return dict.fromkeys(zero, 0) | dict.fromkeys(none) | {"is_repeat_buyer": False, "has_used_coupon": False}

    def _of_orders(self, group: pd.DataFrame) -> dict[str, Any]:
        last = group["order_completed_at_est"].max()
        count = group["order_id"].nunique()
        coupons = group["coupon_code"].dropna().str.strip(" ")
        return {
            "total_orders": count,
            "lifetime_revenue_usd": group["total_revenue_usd"].sum(),
            "lifetime_sales_subtotal_usd": group["sales_subtotal_usd"].sum(),
            "avg_order_value_usd": group["total_revenue_usd"].mean(),
            "first_order_date": group["order_completed_at_est"].min(),
            "last_order_date": last,
            "days_since_last_order": int((self.end - last) // pd.Timedelta(days=1)),
            "is_repeat_buyer": count > 1,
            "total_refund_amount_usd": group["refund_amount_usd"].fillna(0).sum(),
            "has_used_coupon": bool((coupons != "").any()),
        }

    def _of_items(self, group: pd.DataFrame) -> dict[str, Any]:
        apparel = group["is_apparel"]
        return {
            "total_order_items": group["item_count"].sum(),
            "total_unique_products": group["product_id"].nunique(),
            "total_unique_designers": group["designer_id"].nunique(),
            "total_unique_designs": group["design_id"].nunique(),
            "favorite_theme": favourite(group["theme"]),
            "favorite_theme_genre": favourite(group["theme_genre"]),
            "favorite_canvas_group": favourite(group["canvas_group"]),
            "favorite_product_style": favourite(group["product_style"]),
            "favorite_product_color": favourite(group["product_color"]),
            "unique_themes_purchased": group["theme"].nunique(),
            "unique_theme_genres_purchased": group["theme_genre"].nunique(),
            "unique_canvas_groups_purchased": group["canvas_group"].nunique(),
            "total_apparel_items": group.loc[apparel == True, "item_count"].sum(),  # noqa: E712
            "total_non_apparel_items": group.loc[apparel == False, "item_count"].sum(),  # noqa: E712
        }


def key(number: Any) -> int:
    return int(number)


def favourite(values: pd.Series[Any]) -> str | None:
    """The most frequent value; of equally frequent ones the smallest."""
    counts = values.dropna().value_counts()
    return None if counts.empty else str(min(counts[counts == counts.max()].index))

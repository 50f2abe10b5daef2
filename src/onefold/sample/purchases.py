"""Orders and their line items.

Takes people, their visits and the catalog. Returns the tables F_ORDERS_FILTERED_TP and F_ORDER_ITEMS_FILTERED_TP of one
chunk, sorted by time, and the accounts with purchases. The amounts of an order are the sums of its items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.sample import calendar, columns, people, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.sample.catalog import Catalog
    from onefold.sample.people import Shoppers
    from onefold.sample.sessions import Sessions

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

STATUSES = ("completed", "cancelled", "refunded", "pending")
COMPLETED, CANCELLED, REFUNDED, PENDING = range(4)
STATUS_SHARES = (0.885, 0.055, 0.045, 0.015)
RECENT = 10 * calendar.DAY
COUPONS = (
    (None, 0),
    ("WELCOME10", 10),
    ("SPRING15", 15),
    ("FRIENDS20", 20),
    ("HOLIDAY25", 25),
    ("VIP30", 30),
)
COUPON_SHARES = (0.8, 0.07, 0.05, 0.04, 0.03, 0.01)
SALES = ((None, 0), ("sitewide", 30), ("flash", 35), ("clearance", 50))
SALE_SHARES = (0.72, 0.2, 0.05, 0.03)
CURRENCIES = ("USD", "CAD", "GBP", "EUR", "EUR", "AUD")  # by country, as in people.COUNTRIES
SHIPPING_CENTS = (0, 499, 799)
BUYER_SHARE = 0.6
MANUAL_SHARE = 0.02
PARTIAL_REFUND_SHARE = 0.03
MAX_ORDERS = 120
MAX_ITEMS = 25
STRIDE = 10_000_000  # order and item ids of a chunk start at its number times this


@dataclass(frozen=True)
class Orders:
    """One row per order, sorted by time; the last two arrays are by row of the chunk too.

    Attributes:
        person: Index of the buyer.
        account: Index of the account used.
        placed: Time of the order, in UTC.
        status: Index into ``STATUSES``.
        coupon: Index into ``COUPONS``.
        is_manual: Whether staff entered it.
    """

    person: Ints
    account: Ints
    placed: Ints
    status: Ints
    coupon: Ints
    is_manual: Flags


@dataclass(frozen=True)
class Purchases:
    """The two tables of a chunk.

    Attributes:
        orders: F_ORDERS_FILTERED_TP.
        items: F_ORDER_ITEMS_FILTERED_TP.
        accounts: Index of the account of each order.
    """

    orders: pa.Table
    items: pa.Table
    accounts: Ints


@dataclass(frozen=True)
class _Items:
    order: Ints
    design: Ints
    product: Ints
    count: Ints
    sale: Ints
    unit_cents: Ints
    discount_cents: Ints
    was_transacted: Flags


def build(
    rng: np.random.Generator, population: Shoppers, sessions: Sessions, catalog: Catalog, chunk: int
) -> Purchases:
    """Draw the orders and items of the chunk numbered ``chunk``."""
    orders = _draw_orders(rng, population, sessions)
    items = _draw_items(rng, orders, population, catalog)
    order_id = texts.numbered("O", np.arange(len(orders.placed)) + chunk * STRIDE, 11)
    shared = _shared_columns(orders, population)
    return Purchases(
        orders=_orders_table(rng, orders, items, order_id, shared),
        items=_items_table(items, order_id, shared, catalog, chunk),
        accounts=orders.account,
    )


def _order_counts(rng: np.random.Generator, population: Shoppers) -> Ints:
    """Many people never order, most buyers once or twice, a few very often; a guest orders at least once."""
    buys = population.is_guest | (rng.random(population.count) < BUYER_SHARE)
    drawn = 1 + (rng.pareto(1.7, population.count) * 3.2).astype(np.int64)
    guest = np.minimum(drawn, 3)
    return np.where(buys, np.where(population.is_guest, guest, np.minimum(drawn, MAX_ORDERS)), 0)


def _draw_orders(rng: np.random.Generator, population: Shoppers, sessions: Sessions) -> Orders:
    person = np.repeat(np.arange(population.count), _order_counts(rng, population))
    count = len(person)
    placed = _order_times(rng, person, population, sessions)
    accounts = population.accounts[person]
    other = rng.random(count) < 0.2
    account = population.account_start[person] + np.where(other, rng.integers(0, accounts), 0)
    status = rng.choice(len(STATUSES), count, p=STATUS_SHARES)
    is_fresh = (placed > calendar.HORIZON - RECENT) & (rng.random(count) < 0.6)
    by_time = np.argsort(placed, kind="stable")
    return Orders(
        person=person[by_time],
        account=account[by_time],
        placed=placed[by_time],
        status=np.where(is_fresh, PENDING, status)[by_time],
        coupon=rng.choice(len(COUPONS), count, p=COUPON_SHARES),
        is_manual=rng.random(count) < MANUAL_SHARE,
    )


def _order_times(rng: np.random.Generator, person: Ints, population: Shoppers, sessions: Sessions) -> Ints:
    """Minutes after one of the person's visits for most orders, any time since sign-up for the others."""
    visits = np.diff(sessions.first)[person]
    visit = sessions.first[person] + (visits * rng.random(len(person))).astype(np.int64)
    during_visit = (visits > 0) & (rng.random(len(person)) < 0.7)
    known = np.append(sessions.begins, 0)[np.where(during_visit, visit, -1)]
    after = rng.integers(60, 3600, len(person))
    return np.where(during_visit, known + after, calendar.between(rng, population.signup[person]))


def _draw_items(rng: np.random.Generator, orders: Orders, population: Shoppers, catalog: Catalog) -> _Items:
    per_order = np.minimum(rng.geometric(1 / 3.05, len(orders.placed)), MAX_ITEMS)
    order = np.repeat(np.arange(len(per_order)), per_order)
    count = len(order)
    taste = rng.random(population.count)[orders.person[order]]
    sale = rng.choice(len(SALES), count, p=SALE_SHARES)
    product = rng.integers(0, len(catalog.price_cents), count)
    sale_percent = np.array([percent for _, percent in SALES])[sale]
    unit_cents = catalog.price_cents[product] * (100 - sale_percent) // 100
    pieces = np.minimum(rng.geometric(0.8, count), 12)
    coupon_percent = np.array([percent for _, percent in COUPONS])[orders.coupon[order]]
    status = orders.status[order]
    is_paid = (status == COMPLETED) | (status == REFUNDED)
    # The first item of a paid order is never cancelled, so no order is empty.
    is_first = np.append(True, order[1:] != order[:-1])[:count]
    return _Items(
        order=order,
        design=_designs(rng, taste, len(catalog.design_id)),
        product=product,
        count=pieces,
        sale=sale,
        unit_cents=unit_cents,
        discount_cents=unit_cents * pieces * coupon_percent // 100,
        was_transacted=is_paid & (is_first | (rng.random(count) < 0.98)),
    )


def _designs(rng: np.random.Generator, taste: NDArray[np.float64], designs: int) -> Ints:
    """Half of a person's purchases match their taste; the other half follow overall popularity."""
    share = rng.random(len(taste))
    popular = share * share * np.sqrt(np.sqrt(share))
    near = taste * np.sqrt(taste) * 0.97 + rng.random(len(taste)) * 0.03
    return (designs * np.where(rng.random(len(taste)) < 0.5, near, popular)).astype(np.int64)


def _shared_columns(orders: Orders, population: Shoppers) -> dict[str, pa.Array]:
    """By order, the columns that an order and its items share."""
    country = population.country[orders.person]
    was_completed = (orders.status == COMPLETED) | (orders.status == REFUNDED)
    # A guest has no key in the shop's own system.
    key = np.where(population.is_guest[orders.person], -1, orders.person)
    user_keys = texts.numbered("K", np.arange(population.first, population.first + population.count), 9)
    local = orders.placed + calendar.EST_OFFSET
    return {
        "customer_id": texts.take(population.account_id, orders.account),
        "user_key": texts.take(user_keys, key),
        "order_status": texts.pick(STATUSES, orders.status),
        "order_completed_at_est": columns.times(local, columns.LOCAL_TIME, known=was_completed),
        "bill_country": texts.pick(people.COUNTRIES, country),
        "currency_code": texts.pick(CURRENCIES, country),
    }


def _orders_table(
    rng: np.random.Generator,
    orders: Orders,
    items: _Items,
    order_id: pa.StringArray,
    shared: dict[str, pa.Array],
) -> pa.Table:
    count = len(orders.placed)
    # A cancelled or pending order keeps its original amounts.
    counts = items.was_transacted | (orders.status[items.order] % 2 == 1)
    subtotal = _sum_by(items.order, items.unit_cents * items.count * counts, count)
    discount = _sum_by(items.order, items.discount_cents * counts, count)
    revenue = subtotal - discount + rng.choice(SHIPPING_CENTS, count, p=(0.3, 0.5, 0.2))
    in_part = (orders.status == COMPLETED) & (rng.random(count) < PARTIAL_REFUND_SHARE)
    refund = np.where(orders.status == REFUNDED, revenue, np.where(in_part, revenue // 4, 0))
    return pa.table(
        {
            "order_id": order_id,
            "customer_id": shared["customer_id"],
            "user_key": shared["user_key"],
            "order_status": shared["order_status"],
            "order_completed_at_est": shared["order_completed_at_est"],
            "is_manual_order": pa.array(orders.is_manual),
            "total_revenue_usd": columns.money(revenue),
            "sales_subtotal_usd": columns.money(subtotal),
            "refund_amount_usd": columns.money(refund),
            "discount_amount_usd": columns.money(discount),
            "coupon_code": texts.pick([code for code, _ in COUPONS], orders.coupon),
            "currency_code": shared["currency_code"],
            "bill_country": shared["bill_country"],
        }
    )


def _items_table(
    items: _Items, order_id: pa.StringArray, shared: dict[str, pa.Array], catalog: Catalog, chunk: int
) -> pa.Table:
    order = pa.array(items.order)
    common = {name: values.take(order) for name, values in shared.items()}
    subtotal = items.unit_cents * items.count
    return pa.table(
        {
            "order_item_id": texts.numbered("I", np.arange(len(items.order)) + chunk * STRIDE, 11),
            "order_id": order_id.take(order),
            "customer_id": common["customer_id"],
            "user_key": common["user_key"],
            "designer_id": texts.take(catalog.designer_id, items.design),
            "product_id": texts.take(catalog.product_id, items.product),
            "design_id": texts.take(catalog.design_id, items.design),
            "order_completed_at_est": common["order_completed_at_est"],
            "order_status": common["order_status"],
            "was_transacted_line_item": pa.array(items.was_transacted),
            "item_count": pa.array(items.count.astype(np.int32)),
            "sales_nop_usd": columns.money(subtotal - items.discount_cents),
            "sales_subtotal_usd": columns.money(subtotal),
            "unit_price_usd": columns.money(items.unit_cents),
            "discount_amount_usd": columns.money(items.discount_cents),
            "bill_country": common["bill_country"],
            "currency_code": common["currency_code"],
            "was_on_sale": pa.array(items.sale > 0),
            "sale_type": texts.pick([name for name, _ in SALES], items.sale),
        }
    )


def _sum_by(group: Ints, values: Ints, groups: int) -> Ints:
    """Sum of ``values`` in each of ``groups`` groups; ``group`` is sorted and has every group."""
    totals = np.concatenate(([0], np.cumsum(values)))
    return (
        totals[np.searchsorted(group, np.arange(groups), side="right")]
        - totals[np.searchsorted(group, np.arange(groups), side="left")]
    )

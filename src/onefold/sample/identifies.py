"""The identify calls that browsers and servers send when people log in.

Takes people and their visits; returns the `Events` of the two streams, and their tables. An event is what a program
sent, which may be false: an email as typed, a hash, a plain id, or only the email.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.sample import calendar, columns, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from onefold.sample.people import Shoppers
    from onefold.sample.sessions import Sessions

    Ints = NDArray[np.int64]

BROWSER_CALLS, SERVER_CALLS = 2.0, 1.2
"""Calls per visit, means of Poisson distributions: further calls of the browser, and calls of the server."""
EMAIL_ONLY_SHARE = 0.2
NO_DEVICE_SHARE = 0.08
HASHED_SHARE = 0.5
LATE_ONE_IN = 2000
UPLOAD = columns.BATCH // 1000 + 1  # a call is sent within so many seconds
STRIDE = 100_000_000  # message numbers of a chunk start at its number times this

AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/129.0", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/605.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Safari/605.1", "Mozilla/5.0 (Linux; Android 15) Chrome/130.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Firefox/131.0", "Mozilla/5.0 (iPad; CPU OS 18_1) Safari/605.1",
)  # fmt: skip


@dataclass(frozen=True)
class Events:
    """Calls of one stream, one row each; all arrays have the same length.

    Attributes:
        anonymous_id: The device, as sent.
        user_id: The account, as sent; may be null.
        email: May be null.
        at: Time in seconds since 1970, in UTC.
    """

    anonymous_id: pa.StringArray
    user_id: pa.StringArray
    email: pa.StringArray
    at: Ints


def build(rng: np.random.Generator, population: Shoppers, sessions: Sessions) -> tuple[Events, Events]:
    """The calls of all visits: the browser stream and the server stream."""
    visits = len(sessions.begins)
    browser = _repeat(rng, sessions, 1 + rng.poisson(BROWSER_CALLS, visits))
    server = _repeat(rng, sessions, rng.poisson(SERVER_CALLS, visits))
    return _browser(rng, population, sessions, *browser), _server(rng, population, sessions, *server)


def _repeat(rng: np.random.Generator, sessions: Sessions, counts: Ints) -> tuple[Ints, Ints]:
    """The visit of each call, and its time within the visit's first hour."""
    visit = np.repeat(np.arange(len(counts)), counts)
    return visit, sessions.begins[visit] + rng.integers(0, 3600, len(visit))


def _browser(rng: np.random.Generator, population: Shoppers, sessions: Sessions, visit: Ints, at: Ints) -> Events:
    account = sessions.account[visit]
    is_email = population.account_is_email[account]
    raw = texts.take(population.account_raw, account)
    email_only = is_email & (rng.random(len(visit)) < EMAIL_ONLY_SHARE)
    return Events(
        anonymous_id=texts.take(population.device_id, sessions.device[visit]),
        user_id=pc.if_else(pa.array(email_only), pa.scalar(None, pa.string()), raw),
        email=pc.if_else(pa.array(is_email), raw, pa.scalar(None, pa.string())),
        at=at,
    )


def _server(rng: np.random.Generator, population: Shoppers, sessions: Sessions, visit: Ints, at: Ints) -> Events:
    account = sessions.account[visit]
    is_hashed = rng.random(len(visit)) < HASHED_SHARE
    raw, hashed = (texts.take(ids, account) for ids in (population.account_raw, population.account_id))
    device = np.where(rng.random(len(visit)) < NO_DEVICE_SHARE, -1, sessions.device[visit])
    return Events(
        anonymous_id=texts.take(population.device_id, device),
        user_id=pc.if_else(pa.array(is_hashed), hashed, raw),
        email=pa.nulls(len(visit), pa.string()),
        at=at,
    )


def joined(parts: Sequence[Events]) -> Events:
    """Several lists of calls merged and sorted by time."""
    at = np.concatenate([p.at for p in parts])
    order = np.argsort(at, kind="stable")
    taken = pa.array(order)
    return Events(
        anonymous_id=pa.concat_arrays([p.anonymous_id for p in parts]).take(taken),
        user_id=pa.concat_arrays([p.user_id for p in parts]).take(taken),
        email=pa.concat_arrays([p.email for p in parts]).take(taken),
        at=at[order],
    )


def table(rng: np.random.Generator, events: Events, stream: str, chunk: int) -> tuple[pa.Table, pa.Array]:
    """The table of one stream, and the message ids of its late rows.

    Args:
        rng: Random numbers.
        events: Its calls, sorted by time.
        stream: ``js`` or ``rb``; the prefix of message ids, which also decides the type of ``timestamp``.
        chunk: Number of the chunk.
    """
    count = len(events.at)
    message = texts.numbered(f"{stream}-", np.arange(count) + chunk * STRIDE, 11)
    is_late = np.arange(count) % LATE_ONE_IN == LATE_ONE_IN // 2
    # Never beyond the horizon: a row that has not been received does not exist yet.
    days = rng.integers(2, 9, count) * calendar.DAY
    is_late &= events.at + days + UPLOAD <= calendar.HORIZON
    received = events.at + np.where(is_late, days, 0)
    kind = columns.UTC_TIME if stream == "js" else columns.LOCAL_TIME
    of_device = np.arange(count) // 16
    made = pa.table(
        {
            "id": message,
            "anonymous_id": events.anonymous_id,
            "user_id": events.user_id,
            "email": events.email,
            "timestamp": columns.times(events.at, kind),
            "sent_at": columns.times(events.at + UPLOAD, kind, tick=columns.BATCH),
            "received_at": columns.times(received + UPLOAD, kind, tick=columns.BATCH),
            "context_ip": _addresses(of_device),
            "context_user_agent": texts.pick(AGENTS, of_device % len(AGENTS)),
        }
    )
    return made, message.filter(pa.array(is_late))


def _addresses(number: Ints) -> pa.StringArray:
    """Addresses from the ranges reserved for documentation (RFC 5737)."""
    last = pa.array(number * 37 % 254 + 1).cast(pa.string())
    return pc.binary_join_element_wise("203.0.113.", last, "")

"""The visits of logged-in people: when, on which device, with which account.

Takes a ``Shoppers``; returns a frozen ``Sessions`` with one row per visit. Creates no table rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onefold.sample import calendar, people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onefold.sample.people import Shoppers

    Ints = NDArray[np.int64]

MAX_SESSIONS = 150
OTHER_ACCOUNT_SHARE = 0.15


@dataclass(frozen=True)
class Sessions:
    """Visits, person by person.

    Attributes:
        first: Start of each person's visits, with one more entry for the end.
        device: By visit, the device (index into the population's).
        account: By visit, the account (index into the population's).
        begins: By visit, its start.
    """

    first: Ints
    device: Ints
    account: Ints
    begins: Ints


def build(rng: np.random.Generator, population: Shoppers) -> Sessions:
    """Draw the visits: few for most people, many for some.

    Every device is used at least once by its owner's main account. Every account of a linked person is used at least
    once on their first device; the accounts of the others never meet.
    """
    linked = np.where(population.is_linked, population.accounts - 1, 0)
    needed = np.where(population.is_guest, 0, population.devices + linked)
    drawn = 1 + rng.lognormal(1.05, 0.9, population.count).astype(np.int64)
    count = np.where(population.is_guest, 0, np.clip(drawn, needed, MAX_SESSIONS))
    first = people.starts(count)
    person = np.repeat(np.arange(population.count), count)
    nth = np.arange(len(person)) - first[person]
    return Sessions(
        first=first,
        device=population.device_start[person] + _devices(rng, nth, population.devices[person]),
        account=population.account_start[person] + _accounts(rng, nth - population.devices[person], linked[person]),
        begins=calendar.between(rng, population.signup[person]),
    )


def _devices(rng: np.random.Generator, nth: Ints, devices: Ints) -> Ints:
    """The device of each visit: each device once, then mostly the first ones."""
    share = rng.random(len(nth))
    later = (devices * (share * share * np.sqrt(share))).astype(np.int64)
    return np.where(nth < devices, nth, later)


def _accounts(rng: np.random.Generator, after_devices: Ints, linked: Ints) -> Ints:
    """The account of each visit: the main one, then each linked one once, then mostly the main one."""
    is_link = (after_devices >= 0) & (after_devices < linked)
    other = (after_devices >= linked) & (rng.random(len(linked)) < OTHER_ACCOUNT_SHARE)
    any_of_them = rng.integers(0, linked + 1)
    return np.where(is_link, after_devices + 1, np.where(other, any_of_them, 0))

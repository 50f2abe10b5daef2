"""When people visit the shop logged in, on which device, with which account.

In: a ``Shoppers``. Out: a frozen ``Sessions``, one row per visit. Makes no rows of any table.
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
        first: By person and one more, where his visits begin.
        device: By visit, the device (index into the population's).
        account: By visit, the account (index into the population's).
        begins: By visit, when.
    """

    first: Ints
    device: Ints
    account: Ints
    begins: Ints


def build(rng: np.random.Generator, population: Shoppers) -> Sessions:
    """Draw the visits: few for most people, many for some.

    Every device is used at least once by its owner's main account, and every account of a linked person at
    least once on his first device; the accounts of the others never meet.
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
    """Which of the person's devices: each once, then mostly the first ones."""
    share = rng.random(len(nth))
    later = (devices * (share * share * np.sqrt(share))).astype(np.int64)
    return np.where(nth < devices, nth, later)


def _accounts(rng: np.random.Generator, after_devices: Ints, linked: Ints) -> Ints:
    """Which of the person's accounts: his main one, then each linked one once, then mostly the main one."""
    is_link = (after_devices >= 0) & (after_devices < linked)
    other = (after_devices >= linked) & (rng.random(len(linked)) < OTHER_ACCOUNT_SHARE)
    any_of_them = rng.integers(0, linked + 1)
    return np.where(is_link, after_devices + 1, np.where(other, any_of_them, 0))

"""The people of one chunk: their countries, accounts and devices.

Takes the number of the first person, a count, and random numbers; returns a frozen ``Shoppers`` of arrays with one row
per person, account or device. Knows nothing of orders or log-ins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onefold.sample import calendar, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

FIRST_NAMES = (
    "ada", "alex", "amir", "ana", "anna", "ben", "bo", "cai", "carla", "chen", "clara", "dan", "dana", "dev", "elif",
    "ella", "emma", "eric", "eva", "finn", "gita", "grace", "hana", "hugo", "ian", "ida", "ines", "ivan", "jack",
    "jade", "jan", "jin", "jo", "juan", "kai", "kim", "lara", "lea", "leo", "lily", "lin", "lucy", "luis", "maja",
    "mara", "mark", "mary", "max", "mia", "mila", "nam", "nia", "nico", "nina", "noa", "nora", "olga", "omar", "otto",
    "paul", "pia", "raj", "rita", "rosa", "ruth", "sam", "sara", "seth", "sofia", "tara", "theo", "tim", "tom", "una",
    "uma", "vera", "wei", "yan", "yara", "zoe",
)  # fmt: skip
LAST_NAMES = (
    "adams", "ahmed", "allen", "baker", "bauer", "bell", "berg", "brown", "carter", "chen", "clark", "cohen", "costa",
    "cruz", "diaz", "evans", "fischer", "ford", "garcia", "gray", "green", "haas", "hall", "hart", "hill", "ito",
    "jones", "khan", "kim", "klein", "koch", "kumar", "lang", "lee", "lewis", "li", "lopez", "ma", "martin", "meyer",
    "moore", "mori", "nagy", "novak", "okafor", "ortiz", "park", "patel", "perez", "pham", "popov", "reed", "reyes",
    "rossi", "roy", "ruiz", "sato", "shah", "silva", "singh", "smith", "sousa", "stone", "suzuki", "tan", "torres",
    "tran", "turner", "vega", "wagner", "wang", "weber", "west", "white", "wong", "wood", "wright", "wu", "yang",
    "young", "zhang",
)  # fmt: skip
PRIVATE_DOMAINS = ("mail.example", "post.example", "inbox.example", "web.example")
WORK_DOMAINS = ("acme.example", "initech.example", "globex.example")
COUNTRIES = ("US", "CA", "GB", "DE", "FR", "AU")
COUNTRY_SHARES = (0.62, 0.1, 0.1, 0.07, 0.06, 0.05)

GUEST_SHARE = 0.10
SECOND_EMAIL_SHARE = 0.08
PLAIN_ID_SHARE = 0.06
PLAIN_ONLY_SHARE = 0.04
LINKED_SHARE = 0.85
MAX_DEVICES = 9

# Coprime with the number of names below, so that stepping by it visits every name once.
_NAME_STEP = 7919


@dataclass(frozen=True)
class Shoppers:
    """People ``first`` to ``first + count - 1``; persons, accounts and devices are numbered from 0.

    Attributes:
        first: Number of the first person; the truth's ``person_id`` is ``first`` plus the index.
        count: Number of people.
        country: By person, index into ``COUNTRIES``.
        signup: By person, when they first met the shop.
        is_guest: By person, whether they buy without ever logging in.
        is_linked: By person, whether they log in to all of their accounts on their first device.
        account_start: Start of each person's accounts, with one more entry for the end. The first is the main account.
        account_person: By account, its owner.
        account_is_email: By account, whether it is an email; otherwise a plain id.
        account_raw: By account, the email as typed, or the plain id.
        account_id: By account, the id after the project's normalization.
        device_start: Start of each person's devices, with one more entry for the end.
        device_person: By device, its owner.
        device_id: By device, its anonymous id.
    """

    first: int
    count: int
    country: Ints
    signup: Ints
    is_guest: Flags
    is_linked: Flags
    account_start: Ints
    account_person: Ints
    account_is_email: Flags
    account_raw: pa.StringArray
    account_id: pa.StringArray
    device_start: Ints
    device_person: Ints
    device_id: pa.StringArray

    @property
    def accounts(self) -> Ints:
        """Number of accounts by person."""
        return np.diff(self.account_start)

    @property
    def devices(self) -> Ints:
        """Number of devices by person."""
        return np.diff(self.device_start)


def starts(counts: Ints) -> Ints:
    """Start of each group if groups of ``counts`` follow each other, and the end of the last."""
    return np.concatenate(([0], np.cumsum(counts)))


def build(rng: np.random.Generator, first: int, count: int) -> Shoppers:
    """Draw ``count`` people, the first of whom is number ``first`` of the whole shop."""
    number = np.arange(first, first + count)
    is_guest = rng.random(count) < GUEST_SHARE
    owns = _account_kinds(rng, is_guest)
    person, kind = np.nonzero(owns)
    raw = pa.concat_arrays([_first_emails(number), _second_emails(number), _plain_ids(number)])
    raw = raw.take(pa.array(kind * count + person))
    is_email = kind < 2
    hashed = texts.sha1(raw)
    devices = np.where(is_guest, 0, np.minimum(rng.geometric(0.6, count), MAX_DEVICES))
    return Shoppers(
        first=first,
        count=count,
        country=rng.choice(len(COUNTRIES), count, p=COUNTRY_SHARES),
        signup=calendar.signups(rng, count),
        is_guest=is_guest,
        is_linked=rng.random(count) < LINKED_SHARE,
        account_start=starts(owns.sum(axis=1)),
        account_person=person,
        account_is_email=is_email,
        account_raw=raw,
        account_id=pc.if_else(pa.array(is_email), hashed, raw),
        device_start=starts(devices),
        device_person=np.repeat(np.arange(count), devices),
        device_id=texts.uuids(rng, int(devices.sum())),
    )


def _account_kinds(rng: np.random.Generator, is_guest: Flags) -> Flags:
    """By person: has an email, has a second email, has a plain id. A guest only has an email."""
    count = len(is_guest)
    plain_only = ~is_guest & (rng.random(count) < PLAIN_ONLY_SHARE)
    has_more = ~is_guest & ~plain_only
    second = has_more & (rng.random(count) < SECOND_EMAIL_SHARE)
    plain = plain_only | (has_more & (rng.random(count) < PLAIN_ID_SHARE))
    return np.stack([~plain_only, second, plain], axis=1)


def _names(number: Ints) -> tuple[pa.StringArray, pa.StringArray, pa.StringArray]:
    """First name, last name and a number, unique per person."""
    pairs = len(FIRST_NAMES) * len(LAST_NAMES)
    pair = number * _NAME_STEP % pairs
    again = number // pairs
    behind = pa.array(again).cast(pa.string())
    return (
        texts.pick(FIRST_NAMES, pair // len(LAST_NAMES)),
        texts.pick(LAST_NAMES, pair % len(LAST_NAMES)),
        pc.if_else(pa.array(again == 0), "", behind),
    )


def _first_emails(number: Ints) -> pa.StringArray:
    given, family, behind = _names(number)
    local = pc.binary_join_element_wise(given, ".", family, behind, "")
    return pc.binary_join_element_wise(local, texts.pick(PRIVATE_DOMAINS, number % len(PRIVATE_DOMAINS)), "@")


def _second_emails(number: Ints) -> pa.StringArray:
    given, family, behind = _names(number)
    # The dash keeps the join unambiguous: no two people share an address.
    local = pc.binary_join_element_wise(family, "-", given, behind, "")
    return pc.binary_join_element_wise(local, texts.pick(WORK_DOMAINS, number % len(WORK_DOMAINS)), "@")


def _plain_ids(number: Ints) -> pa.StringArray:
    return pa.array(2_000_000_000 + number * 3).cast(pa.string())

"""What goes wrong with ids in real shops, planted on purpose, each with its truth.

In: the people of one chunk. Out: further identify calls, and a row of truth for each id concerned. Every fault is
known under a name that a QA tool can be scored on finding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.sample import calendar, texts
from onefold.sample.identifies import Events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from onefold.sample.people import Population

    Ints = NDArray[np.int64]

TABLET_USERS, CALL_CENTRE_DEVICES, ADMIN_DEVICES, CHAIN_PEOPLE, MAILBOX_DEVICES = 260, 320, 12, 40, 9
FAMILY_PER, CASE_PER, NULL_PER = 250, 60, 40
"""People for one family, one person with a sloppy spelling, one call with a null-like id."""

NULL_LIKE = (
    "null", "NULL", "undefined", "None", "none", "0", "-1", "", "  ", "NaN", "n/a", "unknown", "[object Object]",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
MAILBOXES = ("support@shop.example", "noreply@shop.example")
ADMIN = "admin-0001"
PLACEHOLDER_DEVICE, PLACEHOLDER_USER = "#{anonymous_id}", "#{user_id}"


@dataclass(frozen=True)
class FaultRow:
    """One id that a fault concerns.

    Attributes:
        fault: Name of the fault.
        case: Which of several of that name, from 0.
        id: The id after normalisation.
        id_type: ``user_id``, ``anonymous_id``, or ``message`` for a row of an identify table.
        person_id: Its true owner, or None.
    """

    fault: str
    case: int
    id: str
    id_type: str
    person_id: int | None


@dataclass
class Planted:
    """What has been planted in a chunk so far.

    Attributes:
        devices: Ids of devices that belong to nobody, or to a named person.
        accounts: Ids of accounts that belong to nobody.
    """

    browser: list[tuple[str | None, str | None, str | None, int]] = field(default_factory=list)
    server: list[tuple[str | None, str | None, str | None, int]] = field(default_factory=list)
    truth: list[FaultRow] = field(default_factory=list)
    devices: list[tuple[str, int | None]] = field(default_factory=list)
    accounts: list[tuple[str, int | None]] = field(default_factory=list)

    def events(self, calls: Sequence[tuple[str | None, str | None, str | None, int]]) -> Events:
        """Calls as columns."""
        return Events(
            texts.strings([c[0] for c in calls]),
            texts.strings([c[1] for c in calls]),
            texts.strings([c[2] for c in calls]),
            np.array([c[3] for c in calls], dtype=np.int64),
        )


@dataclass(frozen=True)
class _Chunk:
    """What a fault may use."""

    rng: np.random.Generator
    people: Population
    planted: Planted
    members: Ints
    """People with an email who log in, in random order; faults that concern one person take from the front."""

    def email(self, person: int) -> str:
        return str(self.people.account_raw[int(self.people.account_start[person])])

    def account(self, person: int) -> str:
        return str(self.people.account_id[int(self.people.account_start[person])])

    def device(self, person: int) -> str:
        return str(self.people.device_id[int(self.people.device_start[person])])

    def person_id(self, person: int) -> int:
        return self.people.first + person

    def when(self, person: int) -> int:
        return int(calendar.between(self.rng, self.people.signup[[person]])[0])

    def say(self, device: str | None, user: str | None, email: str | None, at: int, *, server: bool = False) -> None:
        (self.planted.server if server else self.planted.browser).append((device, user, email, at))

    def note(self, fault: str, case: int, id_: str, id_type: str, person: int | None) -> None:
        owner = None if person is None else self.person_id(person)
        self.planted.truth.append(FaultRow(fault, case, id_, id_type, owner))

    def new_device(self) -> str:
        return str(texts.uuids(self.rng, 1)[0])


def plant(rng: np.random.Generator, people: Population, *, is_first: bool) -> Planted:
    """Plant the faults of one chunk; those that a shop has once are planted in its first."""
    first_account = people.account_start[:-1]
    has_email = (
        ~people.is_guest
        & (people.devices > 0)
        & people.account_is_email[np.minimum(first_account, len(people.account_is_email) - 1)]
    )
    members = rng.permutation(np.flatnonzero(has_email))
    chunk = _Chunk(rng, people, Planted(), members)
    for fault in (*(ONCE if is_first else ()), *EVERYWHERE):
        fault(chunk)
    return chunk.planted


def store_tablet(chunk: _Chunk) -> None:
    """One device in a shop, on which hundreds of people log in."""
    device = chunk.new_device()
    chunk.planted.devices.append((device, None))
    chunk.note("store_tablet", 0, device, "anonymous_id", None)
    for person in chunk.members[: min(TABLET_USERS, len(chunk.members) // 4)]:
        chunk.say(device, chunk.email(person), chunk.email(person), chunk.when(person))


def call_centre(chunk: _Chunk) -> None:
    """One account that helps customers on their own devices."""
    account = "agent-desk-7"
    chunk.planted.accounts.append((account, None))
    chunk.note("call_centre_account", 0, account, "user_id", None)
    for person in chunk.members[-min(CALL_CENTRE_DEVICES, len(chunk.members) // 4) :]:
        chunk.say(chunk.device(person), account, None, chunk.when(person), server=True)


def admin(chunk: _Chunk) -> None:
    """A member of staff who logs in on a dozen devices of customers: too few for any threshold."""
    chunk.planted.accounts.append((ADMIN, None))
    chunk.note("internal_admin", 0, ADMIN, "user_id", None)
    for person in _some(chunk, ADMIN_DEVICES, 1):
        chunk.say(chunk.device(person), ADMIN, None, chunk.when(person))


def chain(chunk: _Chunk) -> None:
    """Each of forty people once used the device of the next: no id looks bad, and all become one."""
    people = _some(chunk, CHAIN_PEOPLE, 2)
    for this, following in pairwise(people):
        chunk.say(chunk.device(following), chunk.email(this), chunk.email(this), chunk.when(this))
    for person in people:
        chunk.note("bridge_chain", 0, chunk.device(person), "anonymous_id", person)
        chunk.note("bridge_chain", 0, chunk.account(person), "user_id", person)


def role_mailboxes(chunk: _Chunk) -> None:
    """Addresses of a department, which several people log in with."""
    for case, mailbox in enumerate(MAILBOXES):
        account = str(texts.sha1(texts.strings([mailbox]))[0])
        chunk.planted.accounts.append((account, None))
        chunk.note("role_mailbox", case, account, "user_id", None)
        for person in _some(chunk, MAILBOX_DEVICES, 3 + case):
            chunk.say(chunk.device(person), mailbox, mailbox, chunk.when(person))


def same_text_both_types(chunk: _Chunk) -> None:
    """A device id that reads like another person's plain customer id: alike as text, not the same id."""
    plain = np.flatnonzero(~chunk.people.account_is_email)
    if not len(plain) or not len(chunk.members):
        return
    account = int(plain[0])
    text = str(chunk.people.account_id[account])
    owner, other = int(chunk.people.account_person[account]), _some(chunk, 1, 5)[0]
    chunk.planted.devices.append((text, chunk.person_id(other)))
    chunk.say(text, chunk.email(other), chunk.email(other), chunk.when(other))
    chunk.note("same_text_both_types", 0, text, "user_id", owner)
    chunk.note("same_text_both_types", 0, text, "anonymous_id", other)


def family_laptops(chunk: _Chunk) -> None:
    """One device, two to four people: few enough for the threshold to let through."""
    count = max(1, chunk.people.count // FAMILY_PER)
    people = list(_some(chunk, count * 4, 6))
    for case in range(len(people) // 4):
        family = people[case * 4 : case * 4 + 2 + case % 3]
        device = chunk.new_device()
        chunk.planted.devices.append((device, chunk.person_id(family[0])))
        chunk.note("family_laptop", case, device, "anonymous_id", family[0])
        for person in family:
            chunk.note("family_laptop", case, chunk.account(person), "user_id", person)
            chunk.say(device, chunk.email(person), chunk.email(person), chunk.when(person))


def bots(chunk: _Chunk) -> None:
    """Programs that send the template instead of the value."""
    for number, person in enumerate(_some(chunk, max(6, chunk.people.count // 500), 7)):
        at = chunk.when(person)
        if number % 2:
            chunk.say(PLACEHOLDER_DEVICE, chunk.email(person), chunk.email(person), at)
        else:
            chunk.say(chunk.device(person), PLACEHOLDER_USER, None, at, server=True)
    chunk.note("placeholder", 0, PLACEHOLDER_DEVICE, "anonymous_id", None)
    chunk.note("placeholder", 0, PLACEHOLDER_USER, "user_id", None)


def null_like(chunk: _Chunk) -> None:
    """What programs send for nothing, in both columns."""
    for number, person in enumerate(_some(chunk, max(2 * len(NULL_LIKE), chunk.people.count // NULL_PER), 8)):
        text, at = NULL_LIKE[number // 2 % len(NULL_LIKE)], chunk.when(person)
        if number % 2:
            chunk.say(text, chunk.email(person), None, at)
        else:
            chunk.say(chunk.device(person), text, None, at, server=True)
    for case, text in enumerate(NULL_LIKE):
        chunk.note("null_like", case, text, "anonymous_id", None)
        chunk.note("null_like", case, text, "user_id", None)


def sloppy_emails(chunk: _Chunk) -> None:
    """The same address in capitals or with blanks around it, on a further device of the same person."""
    for case, person in enumerate(_some(chunk, max(3, chunk.people.count // CASE_PER), 9)):
        email = chunk.email(person)
        spelled = (email.upper(), f"  {email} ", email.title())[case % 3]
        device = chunk.new_device()
        chunk.planted.devices.append((device, chunk.person_id(person)))
        chunk.note("sloppy_email", case, device, "anonymous_id", person)
        chunk.say(device, spelled, None, chunk.when(person))


def guests(chunk: _Chunk) -> None:
    """People who buy and never log in: one id, and that is right."""
    for case, person in enumerate(np.flatnonzero(chunk.people.is_guest)[:50]):
        chunk.note("guest_checkout", case, chunk.account(int(person)), "user_id", int(person))


def _some(chunk: _Chunk, count: int, nth: int) -> list[int]:
    """People for one fault, in the middle of the list, so that few people carry two faults."""
    size = len(chunk.members)
    begin = size * (nth + 2) // 16
    chosen = np.take(chunk.members, np.arange(begin, begin + min(count, size)), mode="wrap")
    return [int(p) for p in chosen]


ONCE: tuple[Callable[[_Chunk], None], ...] = (
    store_tablet,
    call_centre,
    admin,
    chain,
    role_mailboxes,
    same_text_both_types,
)
EVERYWHERE: tuple[Callable[[_Chunk], None], ...] = (family_laptops, bots, null_like, sloppy_emails, guests)


def truth_table(rows: Sequence[FaultRow]) -> pa.Table:
    """The rows of ``truth/faults.parquet``."""
    return pa.table(
        {
            "fault": texts.strings([r.fault for r in rows]),
            "case": pa.array([r.case for r in rows], pa.int32()),
            "id": texts.strings([r.id for r in rows]),
            "id_type": texts.strings([r.id_type for r in rows]),
            "person_id": pa.array([r.person_id for r in rows], pa.int64()),
        }
    )

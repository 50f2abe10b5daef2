"""Faults of ids as in real shops, planted on purpose, each with its truth.

Takes the people of one chunk; returns further identify calls, and a row of truth for each id involved. Every fault has
a name, so that a QA tool can be scored on finding it. Large faults are planted once per chunk, so their number grows
with the shop; small ones by the number of people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from onefold.sample import calendar, texts
from onefold.sample.identifies import Events
from onefold.sample.truth import FaultRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from onefold.sample.people import Shoppers
    from onefold.sample.truth import IdType, Owned, Part

    Ints = NDArray[np.int64]
    Call = tuple[str | None, str | None, str | None, int]
    """Device, account and email as sent, and the time."""

TABLET_USERS, CALL_CENTRE_DEVICES, ADMIN_DEVICES, CHAIN_PEOPLE, MAILBOX_DEVICES = 260, 320, 12, 40, 9
FAMILY_PER, CASE_PER, NULL_PER, BOT_PER = 250, 60, 40, 500
"""People per family, per sloppy spelling, per null-like id, and per bot."""

CASES = 100_000
"""The cases of a chunk start at its number times this; a chunk has fewer."""

NULL_LIKE = (
    "null", "NULL", "undefined", "None", "none", "0", "-1", "", "  ", "NaN", "n/a", "NA", "unknown", "[object Object]",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
MAILBOXES = ("support@shop.example", "noreply@shop.example")
PLACEHOLDER_DEVICE, PLACEHOLDER_USER = "#{anonymous_id}", "#{user_id}"


@dataclass
class Planted:
    """The faults planted in a chunk so far.

    Attributes:
        browser: Calls of the browser stream.
        server: Calls of the server stream.
        truth: The ids involved in faults.
        ids: Ids that no person of the population has.
    """

    browser: list[Call] = field(default_factory=list)
    server: list[Call] = field(default_factory=list)
    truth: list[FaultRow] = field(default_factory=list)
    ids: list[Owned] = field(default_factory=list)


@dataclass(frozen=True)
class _Chunk:
    """The data that a fault may use.

    Attributes:
        number: Number of the chunk.
        members: People with an email who log in, in random order.
    """

    rng: np.random.Generator
    people: Shoppers
    planted: Planted
    number: int
    members: Ints

    def email(self, person: int) -> str:
        return str(self.people.account_raw[int(self.people.account_start[person])])

    def account(self, person: int) -> str:
        return str(self.people.account_id[int(self.people.account_start[person])])

    def device(self, person: int) -> str:
        return str(self.people.device_id[int(self.people.device_start[person])])

    def say(
        self, device: str | None, user: str | None, email: str | None, person: int, *, server: bool = False
    ) -> None:
        """Add a call, some time after the person's sign-up."""
        at = int(calendar.between(self.rng, self.people.signup[[person]])[0])
        (self.planted.server if server else self.planted.browser).append((device, user, email, at))

    def note(
        self, fault: str, id_: str, id_type: IdType, person: int | None, *, case: int = 0, part: Part = "cause"
    ) -> None:
        """Add a row of truth."""
        owner = None if person is None else self.people.first + person
        self.planted.truth.append(FaultRow(fault, self.number * CASES + case, id_, id_type, part, owner))

    def touch(self, fault: str, people: Sequence[int], id_type: IdType, *, case: int = 0) -> None:
        """Record the first device or the main account of the people affected."""
        of_person = self.account if id_type == "user_id" else self.device
        for person in people:
            self.note(fault, of_person(person), id_type, person, case=case, part="touched")

    def own(self, id_: str, id_type: IdType, person: int | None) -> None:
        """Record the owner of a new id."""
        self.planted.ids.append((id_, id_type, None if person is None else self.people.first + person))

    def new_device(self, person: int | None) -> str:
        device = str(texts.uuids(self.rng, 1)[0])
        self.own(device, "anonymous_id", person)
        return device

    def some(self, count: int, nth: int) -> list[int]:
        """People for one fault, from its own end of the list, so that few people have two faults."""
        size = len(self.members)
        begin = size * nth // 16
        return [int(p) for p in np.take(self.members, np.arange(begin, begin + min(count, size)), mode="wrap")]


def plant(rng: np.random.Generator, people: Shoppers, number: int) -> Planted:
    """Plant the faults of the chunk numbered ``number``."""
    has_email = people.account_is_email[people.account_start[:-1]]
    members = rng.permutation(np.flatnonzero(has_email & ~people.is_guest))
    chunk = _Chunk(rng, people, Planted(), number, members)
    for fault in (*(IN_FIRST_CHUNK if number == 0 else ()), *IN_EVERY_CHUNK):
        fault(chunk)
    return chunk.planted


def events(calls: Sequence[Call]) -> Events:
    """Planted calls as columns."""
    device, user, email, at = (list(column) for column in zip(*calls, strict=True)) if calls else ([], [], [], [])
    return Events(texts.strings(device), texts.strings(user), texts.strings(email), np.array(at, dtype=np.int64))


def _store_tablet(chunk: _Chunk) -> None:
    device = chunk.new_device(None)
    people = chunk.some(min(TABLET_USERS, len(chunk.members) // 4), 0)
    for person in people:
        chunk.say(device, chunk.email(person), chunk.email(person), person)
    chunk.note("store_tablet", device, "anonymous_id", None)
    chunk.touch("store_tablet", people, "user_id")


def _call_centre(chunk: _Chunk) -> None:
    account = f"agent-desk-{7 + chunk.number}"
    people = chunk.some(min(CALL_CENTRE_DEVICES, len(chunk.members) // 4), 12)
    for person in people:
        chunk.say(chunk.device(person), account, None, person, server=True)
    chunk.own(account, "user_id", None)
    chunk.note("call_centre_account", account, "user_id", None)
    chunk.touch("call_centre_account", people, "anonymous_id")


def _admin(chunk: _Chunk) -> None:
    account = f"admin-{1 + chunk.number:04}"
    people = chunk.some(ADMIN_DEVICES, 4)
    for person in people:
        chunk.say(chunk.device(person), account, None, person)
    chunk.own(account, "user_id", None)
    chunk.note("internal_admin", account, "user_id", None)
    chunk.touch("internal_admin", people, "anonymous_id")


def _chain(chunk: _Chunk) -> None:
    people = chunk.some(CHAIN_PEOPLE, 9)
    for this, following in pairwise(people):
        chunk.say(chunk.device(following), chunk.email(this), chunk.email(this), this)
        chunk.note("bridge_chain", chunk.device(following), "anonymous_id", following)
    chunk.touch("bridge_chain", people, "user_id")


def _role_mailboxes(chunk: _Chunk) -> None:
    for case, mailbox in enumerate(MAILBOXES):
        account = str(texts.sha1(texts.strings([mailbox]))[0])
        people = chunk.some(MAILBOX_DEVICES, 5 + case)
        for person in people:
            chunk.say(chunk.device(person), mailbox, mailbox, person)
        chunk.own(account, "user_id", None)
        chunk.note("role_mailbox", account, "user_id", None, case=case)
        chunk.touch("role_mailbox", people, "anonymous_id", case=case)


def _same_text_both_types(chunk: _Chunk) -> None:
    plain = np.flatnonzero(~chunk.people.account_is_email)
    if not len(plain) or not len(chunk.members):
        return
    # A main account if there is one, which can log in.
    main = np.intersect1d(plain, chunk.people.account_start[:-1])
    account = int(main[0] if len(main) else plain[0])
    text = str(chunk.people.account_id[account])
    owner, other = int(chunk.people.account_person[account]), chunk.some(1, 3)[0]
    chunk.own(text, "anonymous_id", other)
    chunk.say(text, chunk.email(other), chunk.email(other), other)
    chunk.note("same_text_both_types", text, "user_id", owner)
    chunk.note("same_text_both_types", text, "anonymous_id", other)


def _family_laptops(chunk: _Chunk) -> None:
    people = chunk.some(4 * max(1, chunk.people.count // FAMILY_PER), 8)
    for case in range(len(people) // 4):
        family = people[case * 4 : case * 4 + 2 + case % 3]
        device = chunk.new_device(family[0])
        for person in family:
            chunk.say(device, chunk.email(person), chunk.email(person), person)
        chunk.note("family_laptop", device, "anonymous_id", family[0], case=case)
        chunk.touch("family_laptop", family, "user_id", case=case)


def _bots(chunk: _Chunk) -> None:
    for number, person in enumerate(chunk.some(max(6, chunk.people.count // BOT_PER), 7)):
        if number % 2:
            chunk.say(PLACEHOLDER_DEVICE, chunk.email(person), chunk.email(person), person)
        else:
            chunk.say(chunk.device(person), PLACEHOLDER_USER, None, person, server=True)
    if chunk.number == 0:
        chunk.note("placeholder", PLACEHOLDER_DEVICE, "anonymous_id", None)
        chunk.note("placeholder", PLACEHOLDER_USER, "user_id", None)


def _null_like(chunk: _Chunk) -> None:
    for number, person in enumerate(chunk.some(max(2 * len(NULL_LIKE), chunk.people.count // NULL_PER), 10)):
        text = NULL_LIKE[number // 2 % len(NULL_LIKE)]
        if number % 2:
            chunk.say(text, chunk.email(person), None, person)
        else:
            chunk.say(chunk.device(person), text, None, person, server=True)
    if chunk.number == 0:
        for case, text in enumerate(NULL_LIKE):
            chunk.note("null_like", text, "anonymous_id", None, case=case)
            chunk.note("null_like", text, "user_id", None, case=case)


def _sloppy_emails(chunk: _Chunk) -> None:
    for case, person in enumerate(chunk.some(max(3, chunk.people.count // CASE_PER), 11)):
        email = chunk.email(person)
        device = chunk.new_device(person)
        chunk.say(device, (email.upper(), f"  {email} ", email.title())[case % 3], None, person)
        chunk.note("sloppy_email", device, "anonymous_id", person, case=case)
        chunk.touch("sloppy_email", [person], "user_id", case=case)


def _guests(chunk: _Chunk) -> None:
    for case, person in enumerate(np.flatnonzero(chunk.people.is_guest).tolist()):
        chunk.note("guest_checkout", chunk.account(person), "user_id", person, case=case)


def note_late(planted: Planted, number: int, messages: Sequence[str]) -> None:
    """Record the late rows of the chunk numbered ``number`` by their message ids."""
    planted.truth += [
        FaultRow("late_row", number * CASES + case, message, "message", "cause", None)
        for case, message in enumerate(messages)
    ]


IN_FIRST_CHUNK: tuple[Callable[[_Chunk], None], ...] = (_role_mailboxes,)
IN_EVERY_CHUNK: tuple[Callable[[_Chunk], None], ...] = (
    _store_tablet, _call_centre, _admin, _chain, _same_text_both_types,
    _family_laptops, _bots, _null_like, _sloppy_emails, _guests,
)  # fmt: skip

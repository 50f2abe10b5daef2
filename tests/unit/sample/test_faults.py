"""Every planted fault is in the data as described, and the truth lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from onefold.sample.faults import NULL_LIKE
from onefold.sample.truth import NOTES

if TYPE_CHECKING:
    import duckdb

    Connection = duckdb.DuckDBPyConnection


def ids(tables: Connection, fault: str, part: str = "cause", id_type: str = "%", case: int | None = None) -> list[str]:
    where = "" if case is None else f' AND "case" = {case}'
    found = tables.execute(
        f"SELECT id FROM faults WHERE fault = ? AND part = ? AND id_type LIKE ?{where}", [fault, part, id_type]
    )
    return [row[0] for row in found.fetchall()]


def accounts_on(tables: Connection, device: str) -> set[str]:
    found = tables.execute("SELECT DISTINCT account FROM calls WHERE device = ?", [device])
    return {row[0] for row in found.fetchall()}


def devices_of(tables: Connection, account: str) -> set[str]:
    found = tables.execute("SELECT DISTINCT device FROM calls WHERE account = ?", [account])
    return {row[0] for row in found.fetchall()}


def owner(tables: Connection, id_: str, id_type: str) -> Any:
    found = tables.execute("SELECT person_id FROM ids WHERE id = ? AND id_type = ?", [id_, id_type]).fetchall()
    assert len(found) == 1
    return found[0][0]


def test_every_fault_is_planted_and_explained(tables: Connection) -> None:
    """The truth has rows of each fault, with its description."""
    assert dict(tables.execute("SELECT DISTINCT fault, note FROM faults").fetchall()) == NOTES


def test_owners_in_both_truths_agree(tables: Connection) -> None:
    """If a fault's id is in the other truth table, both name the same owner."""
    sql = "SELECT * FROM faults JOIN ids USING (id, id_type) WHERE faults.person_id IS DISTINCT FROM ids.person_id"
    assert tables.execute(sql).fetchall() == []


def test_store_tablet(tables: Connection) -> None:
    """One device without an owner has logged in the hundreds of people that the truth lists."""
    (device,) = ids(tables, "store_tablet")
    touched = set(ids(tables, "store_tablet", "touched"))
    assert accounts_on(tables, device) == touched
    assert len(touched) > 200
    assert owner(tables, device, "anonymous_id") is None


def test_call_centre(tables: Connection) -> None:
    """One account without an owner has been on hundreds of devices, more than any honest one."""
    (account,) = ids(tables, "call_centre_account")
    touched = set(ids(tables, "call_centre_account", "touched"))
    assert devices_of(tables, account) == touched
    assert len(touched) > 200
    assert owner(tables, account, "user_id") is None


def test_only_super_connectors_cross_the_thresholds(tables: Connection) -> None:
    """Except for the tablet, the call centre and placeholder ids, nothing exceeds 5 users or 20 devices."""
    over = tables.execute("""
        SELECT device, 'anonymous_id' FROM calls GROUP BY device HAVING count(DISTINCT account) > 5
        UNION ALL SELECT account, 'user_id' FROM calls GROUP BY account HAVING count(DISTINCT device) > 20
        EXCEPT SELECT trim(id), id_type FROM faults
          WHERE fault IN ('null_like', 'placeholder', 'store_tablet', 'call_centre_account')
        EXCEPT SELECT NULL, 'anonymous_id'""")
    assert over.fetchall() == []


def test_internal_admin(tables: Connection) -> None:
    """The admin account matches the project's filter, and has too few devices for the threshold."""
    (account,) = ids(tables, "internal_admin")
    assert tables.execute("SELECT regexp_full_match(?, '(internal|admin)[-_].*')", [account]).fetchone() == (True,)
    assert devices_of(tables, account) == set(ids(tables, "internal_admin", "touched"))
    assert len(devices_of(tables, account)) == 12


def test_bridge_chain(tables: Connection) -> None:
    """Forty people are linked by their devices alone, and none of these has more than five users."""
    people, bridges = ids(tables, "bridge_chain", "touched"), ids(tables, "bridge_chain")
    edges = [(account, device) for device in bridges for account in accounts_on(tables, device)]
    component = nx.node_connected_component(nx.Graph(edges), people[0])
    assert set(people) <= component
    assert len({owner(tables, account, "user_id") for account in people}) == 40
    assert max(len(accounts_on(tables, device)) for device in bridges) <= 5


def test_role_mailboxes(tables: Connection) -> None:
    """The hashes of support@ and noreply@ are on devices of nine people each."""
    for case, mailbox in enumerate(("support@shop.example", "noreply@shop.example")):
        (account,) = ids(tables, "role_mailbox", case=case)
        assert tables.execute("SELECT sha1(?)", [mailbox]).fetchone() == (account,)
        devices = devices_of(tables, account)
        assert devices == set(ids(tables, "role_mailbox", "touched", case=case))
        assert len({owner(tables, device, "anonymous_id") for device in devices}) == 9


def test_family_laptops(tables: Connection) -> None:
    """Each family laptop has exactly the two to four users that the truth lists."""
    devices = ids(tables, "family_laptop")
    assert len(devices) == 4
    for case, device in enumerate(devices):
        family = set(ids(tables, "family_laptop", "touched", case=case))
        assert accounts_on(tables, device) == family
        assert len(family) == 2 + case % 3


def test_placeholders(tables: Connection) -> None:
    """Unfilled templates came as device and as user, each in several calls."""
    assert ids(tables, "placeholder") == ["#{anonymous_id}", "#{user_id}"]
    for column, text in (("sent_device", "#{anonymous_id}"), ("sent_user", "#{user_id}")):
        found = tables.execute(f"SELECT count(*) FROM calls WHERE {column} = ?", [text]).fetchone()
        assert found == (3,)


@pytest.mark.parametrize("text", NULL_LIKE)
def test_null_like_ids(tables: Connection, text: str) -> None:
    """Every placeholder was sent as a device and as a user, and has no owner."""
    for column in ("sent_device", "sent_user"):
        found = tables.execute(f"SELECT count(*) > 0 FROM calls WHERE {column} = ?", [text]).fetchone()
        assert found == (True,)
    known = tables.execute("SELECT count(*) FROM faults WHERE fault = 'null_like' AND id = ?", [text]).fetchone()
    assert known == (2,)
    assert tables.execute("SELECT count(*) FROM ids WHERE id = ?", [text]).fetchone() == (0,)


def test_sloppy_emails(tables: Connection) -> None:
    """A device is its owner's only if capitals and spaces are ignored; both kinds of sloppiness occur."""
    devices = ids(tables, "sloppy_email")
    assert len(devices) == 16
    sent = tables.execute("SELECT sent_user FROM calls WHERE device IN (SELECT unnest(?))", [devices]).fetchall()
    assert any(user != user.strip() for (user,) in sent)
    assert any(user != user.lower() for (user,) in sent)
    for case, device in enumerate(devices):
        (account,) = accounts_on(tables, device)
        assert [account] == ids(tables, "sloppy_email", "touched", case=case)
        assert owner(tables, device, "anonymous_id") == owner(tables, account, "user_id")


def test_guests(tables: Connection) -> None:
    """The truth lists exactly the people who buy and never log in, and they have one id."""
    never = """SELECT DISTINCT customer_id FROM orders ANTI JOIN calls ON account = customer_id
      WHERE customer_id NOT IN (SELECT id FROM ids WHERE person_id IN (SELECT person_id FROM ids GROUP BY person_id HAVING count(*) > 1))"""
    assert {row[0] for row in tables.execute(never).fetchall()} == set(ids(tables, "guest_checkout"))
    assert tables.execute("SELECT count(*) FROM orders WHERE user_key IS NULL").fetchone() != (0,)


def test_late_rows(tables: Connection) -> None:
    """The truth lists the calls that were received more than a day after they happened."""
    late = tables.execute("SELECT id FROM calls WHERE received - moment > INTERVAL 1 DAY").fetchall()
    assert {row[0] for row in late} == set(ids(tables, "late_row"))
    assert len(late) > 3


def test_same_text_under_both_types(tables: Connection) -> None:
    """One text is a customer id and another person's device id, and both are used."""
    (text,) = set(ids(tables, "same_text_both_types"))
    assert owner(tables, text, "user_id") != owner(tables, text, "anonymous_id")
    assert accounts_on(tables, text)
    assert devices_of(tables, text)

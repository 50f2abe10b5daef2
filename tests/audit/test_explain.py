"""Chains are real and shortest, bridges really cut, and the reason why two ids share no profile is named."""

from __future__ import annotations

import shlex
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.sample_shop import END_TIME, REPOSITORY

import onefold
from onefold.audit.explain import Chain, Profile, explain
from onefold.audit.explain_no_match import NoMatch, NotInGraph
from onefold.audit.records import Id
from onefold.run.id_rules import GivenRule

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audit.conftest import Faults
    from tests.conftest import MakeTiny

    from onefold.audit.session import Session


@pytest.fixture(scope="session")
def graph(shop: onefold.Project) -> nx.Graph[Id]:
    """The published edges."""
    rows = shop.read("USER_ID_STITCHER_EDGES").arrow.to_pylist()
    found: nx.Graph[Id] = nx.Graph()
    found.add_edges_from((Id(r["id1_type"], r["id1"]), Id(r["id2_type"], r["id2"])) for r in rows)
    return found


def largest(graph: nx.Graph[Id]) -> list[Id]:
    parts: list[set[Id]] = sorted(nx.connected_components(graph), key=len)
    return sorted(parts[-1])


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_chain_is_shortest_and_its_cuts_cut(published: Session, graph: nx.Graph[Id], data: st.DataObject) -> None:
    """A chain leads along edges, no other is shorter, and taking a bridge away parts its ends; another one does not."""
    members = graph.subgraph(largest(graph))
    ends = st.sampled_from(sorted(members))
    one, other = data.draw(st.tuples(ends, ends))

    found = explain(published, f"{one.type}:{one.value}", f"{other.type}:{other.value}", with_rows=False)

    assert isinstance(found, Chain)
    nodes = [found.one, *(link.other for link in found.links)]
    assert (nodes[0], nodes[-1]) == (one, other)
    assert all(members.has_edge(a, b) for a, b in pairwise(nodes))
    assert len(found.links) == nx.shortest_path_length(members, one, other)
    for link in found.links:
        without = members.copy()
        without.remove_edge(link.one, link.other)
        assert link.is_cut == (not nx.has_path(without, one, other))
        if link.cut is not None:
            sides = [nx.node_connected_component(without, end) for end in (link.one, link.other)]
            assert link.cut.damage.ids == min(map(len, sides))


def test_a_named_cut_edge_taken_away_in_a_run(own_shop: Path, faults: Faults) -> None:
    """The edge that the advice names is excluded by a rule; after the next run the two are apart, and the rule says so."""
    file = own_shop / "pb_project.yaml"
    file.write_text(file.read_text() + "\nid_stitcher_rules: {enabled: true}\n")
    project = onefold.load(own_shop)
    project.rules.create_table()
    project.run(end_time=END_TIME, models=["models/user_id_stitcher"])
    ends = sorted(i.value for i in {f for n, _, f in faults.touched if n == "bridge_chain"})[:2]
    chain = project.audit().explain(*ends, with_rows=False)
    assert isinstance(chain, Chain)
    command = next(step.command for step in chain.steps if step.what == "remove the edge between the two") or ""
    ends_of_rule = [text.split(":", 1) for text in shlex.split(command)[5:]]
    values = {"entity": "user", "action": "EXCLUDE"}
    for number, (id_type, value) in enumerate(ends_of_rule, start=1):
        values |= {f"id{number}": value, f"id{number}_type": id_type}

    project.rules.add_given([GivenRule(values)])
    project.run(end_time=END_TIME, models=["models/user_id_stitcher"])

    apart = project.audit().explain(*ends)
    assert isinstance(apart, NoMatch)
    reasons = [reason for link in apart.links for reason in link.reasons]
    assert [reason.rule for reason in reasons] == ["id_rule"]
    assert {apart.links[0].one.value, apart.links[0].other.value} == {values["id1"], values["id2"]}


def test_links_bring_the_rows_of_their_sources(published: Session, faults: Faults) -> None:
    """Each link has its evidence, and the earliest row of the source that holds both ids."""
    ends = sorted(f.value for n, _, f in faults.touched if n == "bridge_chain")[:2]

    found = explain(published, *ends)

    assert isinstance(found, Chain)
    for link in found.links:
        for says in link.sources:
            assert says.evidence.source == "models/filtered_identifies"
            assert says.evidence.rows >= 1
            assert says.row is not None
            assert {says.row["anonymous_id"], says.row["user_id"]} == {link.one.value, link.other.value}
            assert says.row["timestamp"] == says.evidence.first_seen_at


def test_one_id(published: Session, graph: nx.Graph[Id], faults: Faults) -> None:
    """The cut points of a profile are networkx's that part people, each with what falls off, the worst first."""
    found = explain(published, next(iter(faults.of("bridge_chain"))).value)

    assert isinstance(found, Profile)
    members = graph.subgraph(largest(graph))
    expected = {}
    for node in nx.articulation_points(members):
        without = members.copy()
        without.remove_node(node)
        parts = sorted((len(p), sum(n.type == "user_id" for n in p)) for p in nx.connected_components(without))
        ids, people = (sum(column) for column in zip(*parts[:-1], strict=True))
        expected[node] = (ids, people)
    ours = {c.id: (c.damage.ids, c.damage.persons) for c in found.articulation_points}
    assert ours == {node: damage for node, damage in expected.items() if damage[1] or node in ours}
    order = [(c.kind is None, -c.damage.persons, -c.damage.ids) for c in found.articulation_points]
    assert order == sorted(order)
    assert found.counts == {"user_id": 46, "anonymous_id": 61}


def test_people_kept_apart_by_a_threshold(published: Session, faults: Faults) -> None:
    """Two users of the tablet are apart by one threshold, and the chain that it cuts goes through the tablet."""
    (tablet,) = faults.of("store_tablet")
    users = sorted(f.value for n, _, f in faults.touched if n == "store_tablet")[:2]

    found = explain(published, *users)

    assert isinstance(found, NoMatch)
    assert [(link.one.value, link.other.value) for link in found.links] == [
        (users[0], tablet.value),
        (tablet.value, users[1]),
    ]
    reasons = {reason for link in found.links for reason in link.reasons}
    assert {(r.rule, r.of) for r in reasons} == {("threshold", tablet)}
    assert "at most 5" in reasons.pop().text
    assert found.steps[0].where is not None
    assert found.steps[0].where.startswith("models/sql_models.yaml:19")


def test_people_kept_apart_by_a_filter(published: Session, faults: Faults) -> None:
    """Devices that only the admin used are apart because a filter drops the admin."""
    owners = {
        Id(r["id_type"], r["id"]): r["person_id"]
        for r in pq.read_table(REPOSITORY / "sample_data/truth/ids.parquet").to_pylist()
    }
    devices = sorted(f for n, _, f in faults.touched if n == "internal_admin")
    one, other = devices[0], next(d for d in devices if owners[d] != owners[devices[0]])

    found = explain(published, one.value, other.value)

    assert isinstance(found, NoMatch)
    assert {r.rule for link in found.links for r in link.reasons} == {"id_filter"}
    assert {link.one.value for link in found.links} | {link.other.value for link in found.links} >= {"admin-0001"}


def test_no_evidence(published: Session, faults: Faults) -> None:
    """Two guests share no row with anybody; nor does an id that no source has."""
    guests = sorted(f.value for f in faults.of("guest_checkout"))[:2]

    apart, absent = explain(published, *guests), explain(published, "nobody")

    assert isinstance(apart, NoMatch)
    assert (apart.links, apart.reasons) == ((), ())
    assert isinstance(absent, NotInGraph)
    assert (absent.rows, absent.reasons) == (0, ())


def test_one_text_of_two_types(published: Session, faults: Faults) -> None:
    """A text that is an id of two types must be told apart, and can be."""
    (text,) = {f.value for f in faults.of("same_text_both_types")}

    with pytest.raises(onefold.UsageError, match="several types") as caught:
        explain(published, text)

    assert f"write anonymous_id:{text}" in str(caught.value.findings[0].hint)
    found = explain(published, f"user_id:{text}")
    assert isinstance(found, Profile)
    assert found.id == Id("user_id", text)


GENERAL = {
    "pb_project.yaml": """
        name: shop
        schema_version: 99
        connection: local
        model_folders: [models]
        entities: [{name: user, id_types: [user_id, email, device]}]
        id_types:
          - {name: user_id, maximum_edges: [email: 2]}
          - {name: email}
          - {name: device, filters: [{type: exclude, value: kiosk}]}
    """,
    "models/inputs.yaml": """
        inputs:
          - name: events
            app_defaults:
              table: raw.main.events
              occurred_at_col: ts
              row_identifier: [id]
              ids:
                - {select: user_id, type: user_id, entity: user}
                - {select: email, type: email, entity: user}
                - {select: device, type: device, entity: user}
          - name: logins
            app_defaults:
              table: raw.main.logins
              ids:
                - {select: email, type: email, entity: user}
                - {select: device, type: device, entity: user}
    """,
}
TABLES = """
    CREATE TABLE events AS SELECT * FROM (VALUES
        (1, 'u1', 'a@x.example', 'd1', TIMESTAMP '2026-01-01'), (2, 'u1', 'b@x.example', NULL, TIMESTAMP '2026-01-02'),
        (3, 'u1', 'c@x.example', NULL, TIMESTAMP '2026-01-03'), (4, 'u2', 'd@x.example', 'kiosk', TIMESTAMP '2026-01-04'),
        (5, 'u3', NULL, 'kiosk', TIMESTAMP '2026-01-05')
    ) v(id, user_id, email, device, ts);
    CREATE TABLE logins AS SELECT * FROM (VALUES ('a@x.example', 'd1'), ('a@x.example', 'd1'), ('d@x.example', 'd2')) v(email, device);
"""


def test_any_id_types_and_several_sources(tiny: MakeTiny) -> None:
    """Three id types, two sources of one pair, maximum_edges and a filter: each is told with what it says."""
    shop = tiny(TABLES, GENERAL)
    shop.run()
    audit = onefold.load(shop.folder).audit()

    joined, cut, filtered = (
        audit.explain(*ids) for ids in (("a@x.example", "d1"), ("u1", "b@x.example"), ("u2", "u3"))
    )

    assert isinstance(joined, Chain)
    evidence = [(s.evidence.source, s.evidence.rows, s.evidence.sample_key) for s in joined.links[0].sources]
    assert evidence == [("inputs/logins", 2, None), ("inputs/events", 1, "1")]
    assert isinstance(cut, NoMatch)
    assert [r.text for link in cut.links for r in link.reasons] == [
        "user_id u1 has 3 email (at most 2 by maximum_edges)"
    ]
    assert cut.links[0].reasons[0].where is not None
    assert cut.links[0].reasons[0].where.startswith("pb_project.yaml:")
    assert isinstance(filtered, NoMatch)
    assert {r.text for link in filtered.links for r in link.reasons} == {
        "device kiosk is excluded by a filter of its id type: exclude value: kiosk"
    }

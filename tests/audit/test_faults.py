"""The planted faults are named with their kinds, and clean ids are not accused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from tests.audit.conftest import faults_in
from tests.examples import examples
from tests.sample_shop import END_TIME, REPOSITORY, copy_project

import onefold
from onefold.audit.explain import explain
from onefold.audit.explain_no_match import NotInGraph
from onefold.sample.shop import generate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audit.conftest import Faults

    from onefold.audit.records import Id
    from onefold.audit.session import Session

KINDS = {
    "role_mailbox": {"shared account"},
    "family_laptop": {"shared device"},
    "bridge_chain": {"chain", "shared device"},
}
"""The faults that get into the graph, and what each looks like; a laptop may hang on the chain."""

FEWEST = {"role_mailbox": 1.0, "family_laptop": 1.0, "bridge_chain": 0.9}
"""Share of the causes that must be named. A chain may end in somebody without another device: that end looks like a
person with two addresses."""

MOST_CLEAN = 0.02
"""Share of the ids named that may be clean."""


def named(project: onefold.Project) -> dict[Id, str]:
    return {cut.id: cut.kind for cut in project.audit().bridges().articulation_points if cut.kind is not None}


def other_shop(folder: Path, seed: int) -> onefold.Project:
    """The project on a shop that nobody looked at when the kinds were thought of."""
    copy_project(folder)
    generate(folder / "sample_data", people=3000, seed=seed)
    project = onefold.load(folder)
    project.run(end_time=END_TIME, models=["models/user_id_stitcher"])
    return project


def check(kinds: dict[Id, str], faults: Faults) -> None:
    for fault, right in KINDS.items():
        causes = faults.of(fault)
        rightly = [cause for cause in causes if kinds.get(cause) in right]
        assert len(rightly) >= FEWEST[fault] * len(causes), f"{fault}: {len(rightly)} of {len(causes)}"
    assert sum(kind == "chain" for kind in kinds.values()) >= 0.8 * len(faults.of("bridge_chain"))
    clean = set(kinds) - faults.concerned()
    assert len(clean) <= MOST_CLEAN * len(kinds), clean


def test_faults_in_the_shipped_shop(shop: onefold.Project, faults: Faults) -> None:
    """Mailboxes, laptops and the chain are named as what they are; no clean id is."""
    kinds = named(shop)

    check(kinds, faults)
    assert not set(kinds) - faults.concerned()
    assert Counter(kinds.values()) == {"shared account": 2, "shared device": 20, "chain": 38}


@pytest.mark.parametrize("seed", [11, 12])
def test_faults_in_other_shops(tmp_path: Path, seed: int) -> None:
    """The same holds of shops of another size and seed."""
    project = other_shop(tmp_path, seed)

    check(named(project), faults_in(tmp_path / "sample_data"))


def test_the_chain_is_found_although_no_id_looks_bad(shop: onefold.Project, faults: Faults) -> None:
    """The worst cut points and bridges are those of the chain, each of which joins as few people as a family does."""
    found = shop.audit().bridges()
    chain = faults.of("bridge_chain")

    assert {cut.id for cut in found.articulation_points[:10]} <= chain
    assert max(cut.persons for cut in found.articulation_points if cut.id in chain) <= 4
    assert all(chain & {cut.one, cut.other} for cut in found.bridges[:10])
    assert found.bridges[0].damage.persons >= 15


def test_the_merged_profile_raises_a_flag(shop: onefold.Project) -> None:
    """The profile of the chain is the largest and has the flag of merged people; most profiles have none."""
    found = shop.audit().clusters(3)

    assert [flag.name for flag in found.lines[0].flags] == ["merged people", "shared device or bot"]
    assert (found.verdict, found.flagged) == ("warn", 3)


def test_what_thresholds_keep_out(shop: onefold.Project, faults: Faults) -> None:
    """The tablet and the call centre's account are in no profile; the sweep names them with what they have."""
    found = shop.audit().thresholds()

    tablet, account = faults.of("store_tablet"), faults.of("call_centre_account")
    assert [{c.id for c in sweep.over_limit} for sweep in found.sweeps] == [tablet, account]
    assert found.sweeps[0].over_limit[0].neighbours > 200


@pytest.mark.parametrize(
    ("fault", "rules", "where"),
    [
        ("store_tablet", {"threshold"}, "models/sql_models.yaml:19"),
        ("call_centre_account", {"threshold"}, "models/sql_models.yaml:20"),
        ("internal_admin", {"id_filter"}, "pb_project.yaml:46"),
        ("placeholder", {"placeholder_id"}, "onefold.yaml"),
        ("null_like", {"blank_id", "placeholder_id", "id_filter"}, "onefold.yaml"),
    ],
)
@pytest.mark.hypothesis  # as property tests do, it tries a share of the ids, and all of them in the build
def test_why_a_fault_is_not_in_the_graph(
    published: Session, faults: Faults, fault: str, rules: set[str], where: str
) -> None:
    """What was kept out is named with the rule that did it, and the rule's place."""
    causes = sorted(faults.of(fault), key=lambda cause: cause.value)
    for cause in causes[:: max(len(causes) // examples(len(causes)), 1)]:
        found = explain(published, f"{cause.type}:{cause.value}" if cause.value else "")

        assert isinstance(found, NotInGraph), cause
        assert {reason.rule for reason in found.reasons} <= rules
        assert found.reasons
        places = [reason.where for reason in found.reasons if reason.where is not None]
        assert all(place.startswith(where) for place in places), places


def test_the_admin_is_in_the_overview(shop: onefold.Project, faults: Faults) -> None:
    """Ids that filters excluded are listed with their rows, and counted among the ids before stitching."""
    found = shop.audit().health()

    assert {r.id for r in found.quarantined} == faults.of("internal_admin")
    assert found.quarantined[0].rows == 12
    assert {b.id_type: b.excluded for b in found.before} == {"user_id": 1, "anonymous_id": 0}


def test_clean_ids_that_are_listed_without_a_kind(shop: onefold.Project, faults: Faults) -> None:
    """Devices with two addresses of one person are listed by degree, and are not accused of anything."""
    found = shop.audit().bridges()
    owners = pq.read_table(REPOSITORY / "sample_data/truth/ids.parquet").num_rows

    listed = {c.id for c in found.connectors}
    accused = {c.id for c in found.articulation_points if c.kind is not None}
    assert len(listed - faults.concerned()) > 300
    assert not (listed & accused) - faults.concerned()
    assert len(accused) < 0.01 * owners

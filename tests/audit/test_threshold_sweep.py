"""The thresholds table equals real runs; settings that name nothing are refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
import yaml
from tests.sample_shop import END_TIME, REPOSITORY

import onefold
from onefold.audit.session import open_session
from onefold.audit.threshold_sweep import Sweep, sweeps_of, threshold_sweep
from onefold.audit.unfiltered_graph import UnfilteredGraph, from_graph, from_sources, unfiltered_graph
from onefold.identity.metrics import health_of, health_query
from onefold.sample.score import score

if TYPE_CHECKING:
    from pathlib import Path

    from onefold.audit.records import SweepPoint
    from onefold.audit.session import Session

USERS, DEVICES = ("anonymous_id", "user_id"), ("user_id", "anonymous_id")


def replaced(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


def real_run(folder: Path) -> dict[str, Any]:
    """The figures of a run of the stitcher alone, from what it published."""
    project = onefold.load(folder)
    project.run(end_time=END_TIME, models=["models/user_id_stitcher"])
    return figures_of(project)


def figures_of(project: onefold.Project) -> dict[str, Any]:
    """The figures of the graph that a project has published."""
    with open_session(project.spec, project.target) as published:
        row = published.rows(health_query(published.sizes, published.id_types, "user_id"))[0]
        health = health_of(row, published.id_types)
    edges = project.query("SELECT DISTINCT id1, id1_type, id2, id2_type FROM USER_ID_STITCHER_EDGES")
    truth = score(project.read("USER_ID_STITCHER").arrow, pq.read_table(REPOSITORY / "sample_data/truth/ids.parquet"))
    return {
        "ids": health.ids,
        "profiles": health.profiles,
        "largest": health.largest,
        "several": health.several,
        "edges": len(edges),
        "precision": pytest.approx(truth.pairwise_precision),
        "recall": pytest.approx(truth.pairwise_recall),
    }


def figures(sweep: Sweep, line: SweepPoint, edges: int) -> dict[str, Any]:
    """The same of one line; the sweep itself says how many edges are not there."""
    found = {name: getattr(line, name) for name in ("ids", "profiles", "largest", "several", "precision", "recall")}
    return {**found, "edges": edges - line.edges_prevented}


def line_of(sweep: Sweep, threshold: int) -> SweepPoint:
    return next(line for line in sweep.lines if line.threshold == threshold)


@pytest.mark.parametrize(
    ("pair", "variable", "value", "tried"),
    [
        (USERS, "max_users_per_anonymous_id", 5, (2, 3, 50)),
        (DEVICES, "max_anonymous_ids_per_user", 20, (2, 7, 8)),
    ],
)
def test_the_projects_own_thresholds_equal_real_runs(  # noqa: PLR0917 - a case has four parts
    own_shop: Path,
    shop: onefold.Project,
    published: Session,
    pair: tuple[str, str],
    variable: str,
    value: int,
    tried: tuple[int, ...],
) -> None:
    """Editing the YAML and running gives what the table says of that threshold, figure by figure."""
    sweep = threshold_sweep(published, [pair]).sweeps[0]
    setting = "{% set " + variable + " = "
    replaced(own_shop, "models/sql_models.yaml", f"{setting}{value} ", f"{setting}1000000 ")
    unlimited = real_run(own_shop)
    edges = unlimited["edges"]
    assert figures(sweep, sweep.unlimited, edges) == unlimited
    before = 1000000
    for threshold in tried:
        replaced(own_shop, "models/sql_models.yaml", f"{setting}{before} ", f"{setting}{threshold} ")
        before = threshold
        assert figures(sweep, line_of(sweep, threshold), edges) == real_run(own_shop)
    assert figures(sweep, line_of(sweep, value), edges) == figures_of(shop)
    assert [line.threshold for line in sweep.lines if line.is_today] == [value]


@pytest.mark.parametrize(("pair", "at"), [(USERS, 2), (USERS, 3), (DEVICES, 3), (DEVICES, 6)])
def test_maximum_edges_equal_real_runs(
    own_shop: Path, shop: onefold.Project, published: Session, pair: tuple[str, str], at: int
) -> None:
    """Limiting a type in pb_project.yaml and running gives what the table says, and as many ids in quarantine."""
    sweep = next(s for s in threshold_sweep(published, [pair]).sweeps if s.kind == "maximum_edges")
    of, counts = pair
    edges = figures_of(shop)["edges"]
    replaced(own_shop, "pb_project.yaml", f"  - name: {of}\n", f"  - name: {of}\n    maximum_edges: [{counts}: {at}]\n")

    found = real_run(own_shop)

    line = line_of(sweep, at)
    assert figures(sweep, line, edges) == found
    cut = "SELECT DISTINCT id1, id2 FROM USER_ID_STITCHER_QUARANTINE WHERE rule = 'maximum_edges'"
    rows = onefold.load(own_shop).query(cut).arrow.to_pylist()
    assert (len({row["id1"] for row in rows}), len(rows)) == (line.excluded, line.edges_prevented)


def test_a_threshold_beside_a_limit_of_the_engine(own_shop: Path) -> None:
    """Where the project limits edges too, each threshold is held against what that limit leaves of its rows."""
    replaced(
        own_shop, "pb_project.yaml", "  - name: user_id\n", "  - name: user_id\n    maximum_edges: [anonymous_id: 5]\n"
    )
    today = real_run(own_shop)
    project = onefold.load(own_shop)
    with open_session(project.spec, project.target) as found:
        sweeps = threshold_sweep(found, tried=(2, 3)).sweeps
    assert [(s.kind, s.of) for s in sweeps] == [
        ("project", "anonymous_id"), ("project", "user_id"), ("maximum_edges", "user_id"),
    ]  # fmt: skip
    sweep = sweeps[0]
    edges = today["edges"] + line_of(sweep, 5).edges_prevented
    assert figures(sweep, line_of(sweep, 5), edges) == today
    setting = "{% set max_users_per_anonymous_id = "
    replaced(own_shop, "models/sql_models.yaml", f"{setting}5 ", f"{setting}2 ")

    assert figures(sweep, line_of(sweep, 2), edges) == real_run(own_shop)


def undeclared(folder: Path, file: str = "onefold.yaml") -> None:
    """Take thresholds of the project and the truth out of its settings."""
    settings = yaml.safe_load((folder / file).read_text())
    for name in ("truth", "thresholds"):
        del settings["audit"][name]
    (folder / file).write_text(yaml.safe_dump(settings, sort_keys=False))


def test_the_published_graph_says_what_the_sources_say(own_shop: Path) -> None:
    """Where the project declares no threshold, the published graph is swept, with the edges that a limit cut put back."""
    undeclared(own_shop)
    for id_type, limit in (("user_id", "anonymous_id: 4"), ("anonymous_id", "user_id: 2")):
        name = f"  - name: {id_type}\n"
        replaced(own_shop, "pb_project.yaml", name, f"{name}    maximum_edges: [{limit}]\n")
    project = onefold.load(own_shop)
    project.run(end_time=END_TIME, models=["models/user_id_stitcher"])

    with open_session(project.spec, project.target) as found:
        fast, slow = (_sweeps(found, make(found)) for make in (from_graph, lambda p: from_sources(p, ())))

    assert fast == slow
    assert [(s.today, len(s.over_limit) > 0) for s in fast] == [(2, True), (4, True)]


def test_a_graph_of_other_settings_is_not_swept(own_shop: Path) -> None:
    """Where the project has changed since the run, its sources are read: the graph is that of other settings."""
    undeclared(own_shop)
    onefold.load(own_shop).run(end_time=END_TIME, models=["models/user_id_stitcher"])
    replaced(own_shop, "pb_project.yaml", "    filters: *not_an_id\n", '    filters: [{type: exclude, regex: ".*"}]\n')
    project = onefold.load(own_shop)

    with open_session(project.spec, project.target) as found:
        assert not unfiltered_graph(found, ()).types["anonymous_id"].any()


def _sweeps(published: Session, given: UnfilteredGraph) -> list[Sweep]:
    return sweeps_of(published, (), given, [USERS, DEVICES], (2, 3, 4, 5, 50))


def test_excluded_ids(published: Session) -> None:
    """Excluded ids are those with more than the threshold in the model's own pairs, the tablet among them."""
    sweep = threshold_sweep(published, [USERS]).sweeps[0]

    assert [line_of(sweep, t).excluded for t in (3, 4, 5, 50)] == [7, 1, 1, 1]
    assert line_of(sweep, 5).edges_prevented == 259
    assert (sweep.today, sweep.where.rsplit(":", 1)[0]) == (5, "models/sql_models.yaml:19")


def test_the_best_balance_is_suggested(published: Session) -> None:
    """Where the truth is known, no other threshold has a better balance of precision and recall."""
    found = threshold_sweep(published)

    for sweep in found.sweeps:
        balance = {
            line.threshold: 2 / (1 / line.precision + 1 / line.recall)
            for line in sweep.lines
            if line.precision is not None and line.recall is not None
        }
        assert balance[sweep.suggested or 0] == max(balance.values())
        assert "best F1 score" in sweep.reason
    assert found.steps[0].where == found.sweeps[0].where


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("variable: max_users_per_anonymous_id", "variable: max_users", "has no `{% set max_users = … %}`"),
        ("model: models/filtered_identifies\n      variable: max_users", "model: models/filtered\n      variable: max_users", '"models/filtered" is no SQL model'),
        ("model: models/filtered_identifies\n      variable: max_users", "model: models/enriched_order_items\n      variable: max_users", "has no `{% set"),
        ("of: anonymous_id", "of: device_id", 'no id of the type "device_id"'),
        ("person: user_id", "person: userid", 'user has no id type "userid"'),
    ],
)  # fmt: skip
def test_settings_that_name_nothing(own_shop: Path, shop: onefold.Project, old: str, new: str, message: str) -> None:
    """A setting of the audit that names nothing is refused with its place and what there is."""
    replaced(own_shop, "onefold.yaml", old, new)
    changed = onefold.load(own_shop)

    with (
        open_session(changed.spec, shop.target) as found,
        pytest.raises((onefold.ProjectError, onefold.UsageError)) as caught,
    ):
        threshold_sweep(found)

    assert message in str(caught.value)
    assert caught.value.findings[0].hint
    assert "onefold.yaml" in str(caught.value.findings[0].where)

"""Options of a run that are mistaken, and runs that are not published: said, never passed over."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import onefold
from onefold.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeTiny


@pytest.fixture
def here(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The minimal project as the working folder."""
    monkeypatch.chdir(small)
    return small


# --- the end time ---


def test_an_end_time_in_the_future_stops_no_later_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run that ends in 2099 is warned of; the next one, with the rows up to now, is published."""
    assert run(["run", "--end_time", "2099-01-01"]) == 0
    assert "future-end-time" in capsys.readouterr().err
    time.sleep(1.1)  # end times are whole seconds, and publishing took less than one
    assert run(["run"]) == 0
    shown = capsys.readouterr()
    assert "not-published" not in shown.err
    assert re.search(r"published: +4 views", shown.out)
    runs = onefold.load(here).runs()
    assert [r.published_at is not None for r in runs] == [True, True]


def test_a_run_up_to_an_earlier_time_says_that_it_is_not_published(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An as-of run exits with 0; its warning and its summary say that it was not published."""
    assert run(["run"]) == 0
    capsys.readouterr()
    assert run(["run", "--end_time", "2026-02-01"]) == 0
    shown = capsys.readouterr()
    assert "this run will not be published" in shown.err
    assert "--publish_as_of" in shown.err
    assert re.search(r"published: +nothing", shown.out)


def test_a_run_that_the_clock_keeps_from_publishing_fails(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the clock has gone back, a run without an end time of its own is not published, and ends with 1."""
    assert run(["run"]) == 0
    earlier = datetime(2026, 2, 1, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return earlier

    monkeypatch.setattr("onefold.run.options.datetime", Clock)
    assert run(["run"]) == 1
    assert "this run will not be published" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["soon", "", "2026-13-01", "99999999999999999999", 5, b"2026-01-01"])
def test_no_times(here: Path, value: Any) -> None:
    """What is no time is refused with a finding, by the API and by the command."""
    with pytest.raises(onefold.UsageError) as raised:
        onefold.load(here).run(end_time=value)
    assert raised.value.findings[0].code == "no-time"
    if isinstance(value, str):
        assert run(["run", "--end_time", value]) == 2


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 2, 20),  # noqa: DTZ001 - naive on purpose
        date(2026, 2, 20),
        "2026-02-20",
        "2026-02-20T02:00:00+02:00",
        str(int(datetime(2026, 2, 20, tzinfo=UTC).timestamp())),
        datetime(2026, 2, 20, 2, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_times_are_utc_where_they_name_no_zone(here: Path, value: Any) -> None:
    """Naive datetimes, dates and texts mean UTC; others are converted."""
    assert onefold.load(here).plan(end_time=value).times.end == datetime(2026, 2, 20, tzinfo=UTC)


# --- targets, models, sequence numbers ---


@pytest.mark.parametrize("target", ["../../evil", "dve", "", "/evil", "dev/x", ".."])
def test_no_targets(here: Path, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The connection `local` has one target, and no other name is taken for it; nothing is written."""
    assert run(["run", "-t", target]) == 2
    assert run(["compile", "-t", target]) == 2
    assert "has no target" in capsys.readouterr().err
    assert not (here / "output").exists()
    assert not (here.parent / "evil").exists()


def test_a_target_is_no_path(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither does a target of the connections file lead out of output/."""
    project = here / "pb_project.yaml"
    project.write_text(project.read_text().replace("connection: local", "connection: two"))
    config = here / "siteconfig.yaml"
    output = "{type: duckdb, path: output/w.duckdb, schema: profiles}"
    config.write_text(f'connections: {{two: {{target: "../../evil", outputs: {{"../../evil": {output}}}}}}}\n')
    assert run(["run", "-c", str(config)]) == 2
    assert "is not allowed as a target name" in capsys.readouterr().err


@pytest.mark.parametrize("refs", [["-m", ""], ["-m", ","], ["-m", " "]])
def test_an_empty_model_is_not_all_models(here: Path, refs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`-m ''`, as an unset variable of a script makes it, runs nothing."""
    assert run(["run", *refs]) == 2
    assert "-m is empty" in capsys.readouterr().err
    with pytest.raises(onefold.UsageError):
        onefold.load(here).run(models=("",))


def test_a_finished_run_is_not_built_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--seq_no of a run that is published reuses it; once a later one is published it is refused, but with --force."""
    assert run(["run", "--end_time", "2026-02-20"]) == 0
    assert run(["run", "--seq_no", "1"]) == 0
    assert "6 of them reused" in capsys.readouterr().out
    assert run(["run", "--end_time", "2026-03-20"]) == 0
    capsys.readouterr()
    assert run(["run", "--seq_no", "1"]) == 2
    assert "nothing is left to resume" in capsys.readouterr().err
    assert run(["run", "--seq_no", "1", "--force"]) == 0


@pytest.mark.parametrize("value", ["three", 1.5, None])
def test_no_sequence_numbers(here: Path, value: Any) -> None:
    """What is no sequence number is refused with a finding."""
    with pytest.raises(onefold.UsageError):
        onefold.load(here).run(seq_no=value)


# --- hints ---


def test_hints_name_the_command_as_it_is_typed(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Started by `uv run`, every command in a summary, a hint and a usage error begins with `uv run pb`."""
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    assert run(["query", "SELECT 1"]) == 1
    assert "`uv run pb run`" in capsys.readouterr().err
    assert run(["run"]) == 0
    shown = capsys.readouterr()
    for line in (shown.out + shown.err).splitlines():
        assert re.search(r"(?<!uv run )\bpb (run|query|audit|report|show)\b", line) is None, line
    assert run(["run", "--nonsense"]) == 2
    assert "see: uv run pb run --help" in capsys.readouterr().err
    assert run(["query", "SELECT 'pb run' AS text", "--json"]) == 0
    assert capsys.readouterr().out == '{"text": "pb run"}\n'


# --- rows of a cohort ---


def test_rows_of_a_cohorts_view_by_id(tiny: MakeTiny) -> None:
    """The summary counts the rows of a cohort's view by id, not all ids of the type."""
    project = tiny(
        """
        CREATE TABLE ev AS SELECT 'u' || range AS user_id, range % 5 AS n, TIMESTAMP '2026-01-01' AS ts FROM range(50)
        """,
        {
            "pb_project.yaml": """
                name: cohorts
                schema_version: 99
                connection: local
                model_folders: [models]
                entities:
                  - name: user
                    id_stitcher: models/graph
                    id_types: [user_id]
                    feature_views: {using_ids: [{id: user_id, name: with_user_id}]}
                id_types: [{name: user_id}]
                """,
            "models/m.yaml": """
                inputs:
                  - name: ev
                    app_defaults: {table: raw.main.ev, ids: [{select: user_id, type: user_id, entity: user}]}
                models:
                  - {name: graph, model_type: id_stitcher, model_spec: {entity_key: user, edge_sources: [{from: inputs/ev}]}}
                  - name: few
                    model_type: entity_cohort
                    model_spec:
                      extends: user/all
                      filter_pipeline: [{type: include, value: "{{ user.n }} = 1"}]
                      feature_views:
                        name: few_features
                        using_ids: [{id: user_id, name: few_with_user_id}]
                var_groups:
                  - name: v
                    entity_key: user
                    vars: [{entity_var: {name: n, select: MAX(n), from: inputs/ev}}]
                """,
        },
    )
    result = project.run()
    counted = {view: result.step(ref).rows for ref, view in result.published.items()}
    assert counted["WITH_USER_ID"] == 50
    for view, count in counted.items():
        assert count == project.rows(f'SELECT COUNT(*) FROM "{view}"')[0][0], view
    assert counted["FEW_WITH_USER_ID"] == 10

"""Who uses onefold from Python and asks for what cannot be is told so by an onefold error with a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.sample_shop import END_TIME, copy_published

import onefold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_published(tmp_path_factory.mktemp("api"), tmp_path_factory)


WRONG: dict[str, tuple[Callable[[onefold.Project], Any], str]] = {
    "a time that is none": (lambda project: project.run(end_time="soon"), "no-time"),
    "a number as time": (lambda project: project.plan(end_time=3.5), "no-time"),  # type: ignore[arg-type]
    "one model as text": (lambda project: project.run(models="models/user_id_stitcher"), "no-models"),
    "a model that is no text": (lambda project: project.sql(3), "no-models"),  # type: ignore[arg-type]
    "a model that is not there": (lambda project: project.sql("models/user_id_sticher"), "unknown-model"),
    "a word as sequence number": (lambda project: project.run(seq_no="last"), "unknown-seq-no"),  # type: ignore[arg-type]
    "a run that is not there": (lambda project: project.audit(seq_no=99).health(), "unknown-seq-no"),
    "an entity that is not there": (lambda project: project.audit("household").health(), "unknown-entity"),
    "no clusters": (lambda project: project.audit().clusters(0), "no-count"),
    "a sample of less than none": (lambda project: project.audit().sample(count=-1), "no-count"),
    "a diff without profiles": (lambda project: project.audit().diff(top=0), "no-count"),
    "a preview without profiles": (lambda project: project.preview(top=0), "no-count"),
    "a mask that is none": (lambda project: project.report(mask="email"), "unknown-mask"),  # type: ignore[arg-type]
    "a view that is not there": (lambda project: project.read("NOBODY"), "unknown-name"),
    "a target that is not there": (lambda project: onefold.load(project.folder, target="x"), "unknown-target"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_argument_is_an_error_with_a_finding(wrong: str, published: Path) -> None:
    """The error names the rule that was broken, and how to go on."""
    call, code = WRONG[wrong]

    with pytest.raises(onefold.OnefoldError) as refused:
        call(onefold.load(published))

    assert [finding.code for finding in refused.value.findings] == [code]
    assert refused.value.findings[0].hint


def test_a_step_that_a_run_did_not_have(published: Path) -> None:
    """The result of a run names the nearest step that it has."""
    result = onefold.load(published).run(end_time=END_TIME, models=["models/user_id_stitcher"])

    with pytest.raises(onefold.UsageError) as refused:
        result.step("models/user_id_sticher")

    assert refused.value.findings[0].hint == 'did you mean "models/user_id_stitcher"?'


def test_results_of_a_run_are_short(published: Path) -> None:
    """What a run, a clean-up and the registry return is a line in a notebook, however many steps there were."""
    project = onefold.load(published)
    result = project.run(end_time=END_TIME)

    assert repr(result.step("models/user_id_stitcher")).startswith("StepResult(ref=models/user_id_stitcher, material=")
    for answer in (result, *result.steps, project.compile(), project.content_of("profiles"), project.repair_registry()):
        assert len(repr(answer)) < 300
        assert answer._repr_html_().startswith("<table>")

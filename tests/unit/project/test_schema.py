"""``pb schema``: the schemas accept what the loader accepts, and reject what it rejects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from onefold.project.schema import Which, json_schema

REPOSITORY = Path(__file__).parents[3]
FILES: list[tuple[Which, str]] = [
    ("project", "pb_project.yaml"),
    ("models", "models/inputs.yaml"),
    ("models", "models/profiles.yaml"),
    ("models", "models/sql_models.yaml"),
    ("onefold", "onefold.yaml"),
]


def content(file: str) -> Any:
    return yaml.safe_load((REPOSITORY / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("which", "file"), FILES)
def test_own_files_are_valid(which: Which, file: str) -> None:
    """The repository's own project files fit their schemas."""
    assert not list(jsonschema.Draft202012Validator(json_schema(which)).iter_errors(content(file)))


@pytest.mark.parametrize("which", ["project", "models", "siteconfig", "onefold"])
def test_unknown_key_is_refused(which: Which) -> None:
    """A key that is not in the format is invalid."""
    validator = jsonschema.Draft202012Validator(json_schema(which))
    assert any("unknown_key" in e.message for e in validator.iter_errors({"unknown_key": 1}))


def test_model_type_decides() -> None:
    """A key of a sql_template is invalid in an id_stitcher."""
    validator = jsonschema.Draft202012Validator(json_schema("models"))
    model = {"name": "x", "model_type": "id_stitcher", "model_spec": {"entity_key": "user", "single_sql": "SELECT 1"}}
    assert list(validator.iter_errors({"models": [model]}))
    fitting = {"name": "x", "model_type": "id_stitcher", "model_spec": {"entity_key": "user"}}
    assert not list(validator.iter_errors({"models": [fitting]}))


def test_a_model_type_of_a_package_takes_any_spec() -> None:
    """A model type that is not in the format may have any model_spec, but no unknown keys next to it."""
    validator = jsonschema.Draft202012Validator(json_schema("models"))
    model = {"name": "x", "model_type": "propensity", "model_spec": {"horizon": 7}}
    assert not list(validator.iter_errors({"models": [model]}))
    assert [e.message for e in validator.iter_errors({"models": [{**model, "horizon": 7}]})] == [
        "Additional properties are not allowed ('horizon' was unexpected)"
    ]

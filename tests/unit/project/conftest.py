"""A small project on disk, and helpers that break it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from onefold.errors import ProjectError
from onefold.project.load import load_project

if TYPE_CHECKING:
    from onefold.errors import Finding
    from onefold.project.spec import ProjectSpec

REPOSITORY = Path(__file__).parents[3]

PROJECT = """\
name: shop
schema_version: 99
connection: local
model_folders: [models]
entities:
  - name: user
    id_stitcher: models/stitcher
    id_types: [email, device]
id_types:
  - name: email
    filters:
      - type: exclude
        regex: ".*@test"
  - name: device
"""

MODELS = """\
inputs:
  - name: orders
    app_defaults:
      table: db.s.orders
      occurred_at_col: ts
      ids:
        - select: email
          type: email
          entity: user
models:
  - name: stitcher
    model_type: id_stitcher
    model_spec:
      entity_key: user
      edge_sources:
        - from: inputs/orders
var_groups:
  - name: money
    entity_key: user
    vars:
      - entity_var:
          name: spend
          from: inputs/orders
          select: sum(total)
"""


@dataclass
class Folder:
    """A project's folder, with the files of a small valid project."""

    path: Path

    def write(self, name: str, text: str | bytes) -> Folder:
        """Write a file of the project."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def change(self, name: str, old: str, new: str) -> Folder:
        """Replace a text that occurs once in a file."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        return self.write(name, text.replace(old, new))

    def project(self, old: str, new: str) -> Folder:
        """Replace a text in pb_project.yaml."""
        return self.change("pb_project.yaml", old, new)

    def models(self, old: str, new: str) -> Folder:
        """Replace a text in models/all.yaml."""
        return self.change("models/all.yaml", old, new)

    def load(self) -> ProjectSpec:
        """The project."""
        return load_project(self.path)

    def findings(self) -> tuple[Finding, ...]:
        """The errors of the project."""
        with pytest.raises(ProjectError) as caught:
            self.load()
        return caught.value.findings

    def mistakes(self) -> list[str]:
        """The errors of the project, as ``place: message [code]``."""
        return [str(finding).split("\n")[0] for finding in self.findings()]

    def notes(self) -> list[str]:
        """The notes and warnings of the project, as ``severity place: message [code]``."""
        return [f"{note.severity} {str(note).split(chr(10))[0]}" for note in self.load().notes]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The folder of a small valid project."""
    made = Folder(tmp_path / "shop")
    return made.write("pb_project.yaml", PROJECT).write("models/all.yaml", MODELS)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's folder, which is itself a project."""
    return REPOSITORY

"""A scope as in the e-commerce project, and helpers that render in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from onefold.errors import Location, ProjectError
from onefold.project.spec import Macro, Positions
from onefold.template.render import Rendered, render
from onefold.template.scope import TemplateScope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.errors import Finding

AT = Location("models/features.yaml", 10, 5, 11, 7)
"""A block scalar: its first line is line 11 of the file, indented to column 7."""


@dataclass
class Author:
    """Renders templates and returns results."""

    files: dict[str, str] = field(default_factory=dict)
    macros: dict[str, Macro] = field(default_factory=dict)

    def macro(self, name: str, value: str, *inputs: str) -> None:
        """Define a macro; its text begins at line 21, column 7 of models/macros.yaml."""
        at = Positions(Location("models/macros.yaml", 20, 5), {"value": Location("models/macros.yaml", 20, 12, 21, 7)})
        self.macros[name] = Macro(name=name, value=value, inputs=inputs, at=at)

    def scope(self, **changes: Any) -> TemplateScope:
        """The scope, with changes."""
        scope = TemplateScope(
            entities=("user", "account"),
            model="orders",
            begin_time=None,
            end_time=datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC),
            author="snowflake",
            schema="profiles",
            this="models/own",
            files=self._read,
            enabled=lambda reference: reference.path != "models/off",
            time_column=lambda reference: "created_at" if reference.path == "inputs/orders" else "",
        )
        return replace(scope, **changes)

    def rendered(self, text: str, **changes: Any) -> Rendered:
        """The result of a template."""
        return render(text, self.scope(**changes), self.macros, AT)

    def text(self, text: str, **changes: Any) -> str:
        """The text of a rendered template."""
        return self.rendered(text, **changes).text

    def references(self, text: str, **changes: Any) -> Mapping[str, Any]:
        """The references of a rendered template."""
        return self.rendered(text, **changes).references

    def mistakes(self, text: str, **changes: Any) -> tuple[Finding, ...]:
        """The findings of an invalid template."""
        with pytest.raises(ProjectError) as caught:
            self.rendered(text, **changes)
        return caught.value.findings

    def mistake(self, text: str, **changes: Any) -> str:
        """The single finding of an invalid template, as ``place: message [code]`` without its hint."""
        (finding,) = self.mistakes(text, **changes)
        return str(finding).split("\n")[0].removeprefix("models/")

    def _read(self, path: str) -> str:
        if path not in self.files:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self.files[path]


@pytest.fixture
def author() -> Author:
    """An author without macros and files."""
    return Author()

"""Model types of your own: Python that reads Arrow tables and gives one back.

In: a class, named by an entry point of the group ``onefold.models`` in your package. Out: a model type that any project
may use; its result is a table with a view, like that of a SQL model, and its columns can join the feature views. A
plugin is given tables and gives a table: it opens no connection and publishes nothing. See docs/plugins.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, ClassVar

from onefold.errors import Finding, ProjectError
from onefold.project.spec import Record as Spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa

__all__ = ["GROUP", "Context", "ModelType", "Spec"]

GROUP = "onefold.models"
"""The group of entry points; the name of one is the ``model_type``."""


@dataclass(frozen=True)
class Context:
    """What a plugin may know of the run.

    Attributes:
        end_time: End of the run's time window, aware: a plugin must not read the clock.
        begin_time: Start of it, or None.
        model: Name of the model in the project.
    """

    end_time: datetime
    begin_time: datetime | None
    model: str


class ModelType(ABC):
    """A model type.

    Attributes:
        version: Part of the model's identity: a material of another version is not used again.
        spec: The keys of ``model_spec``: a subclass of ``Spec``, so that mistakes are told with their place.
    """

    version: ClassVar[str]
    spec: ClassVar[type[Spec]]

    @abstractmethod
    def reads(self, spec: Any) -> Sequence[str]:
        """Paths of the inputs and models that it reads, such as ``inputs/orders``."""

    @abstractmethod
    def columns(self, spec: Any) -> pa.Schema:
        """The columns that it gives. Those that read it are checked against them before anything runs."""

    @abstractmethod
    def run(self, spec: Any, tables: Mapping[str, pa.Table], context: Context) -> pa.Table:
        """The rows.

        Args:
            spec: ``model_spec``, an instance of ``spec``.
            tables: What it reads, by path.
            context: The run.
        """

    def features(self, spec: Any) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - for those who override it
        """Columns that join the feature views, by entity. There must be one row per profile, with its main id."""
        return {}


@cache
def model_types() -> Mapping[str, ModelType]:
    """The model types of installed packages, by name.

    Raises:
        ProjectError: If one cannot be imported, or is none.
    """
    found: dict[str, ModelType] = {}
    for entry in entry_points(group=GROUP):
        try:
            made = entry.load()()
        except Exception as error:
            message = f'the plugin for model type "{entry.name}" cannot be loaded: {type(error).__name__}: {error}'
            hint = f"mend or remove the package that gives {entry.value}"
            raise ProjectError(Finding("error", "broken-plugin", message, hint=hint)) from error
        if not isinstance(made, ModelType):
            message = f'the plugin for model type "{entry.name}" is no onefold.plugins.ModelType'
            raise ProjectError(Finding("error", "broken-plugin", message, entry.value))
        found[entry.name] = made
    return found

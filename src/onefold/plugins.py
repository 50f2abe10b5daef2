"""Custom model types: Python that reads Arrow tables and returns one.

A plugin is a class that your package registers under the entry point group ``onefold.models``. Any project may then use
it as a model type. Its result is a table with a view, like that of a SQL model, and its columns can join the feature
views. A plugin takes tables and returns a table: it opens no connection and publishes nothing. See docs/plugins.md.
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
"""The group of entry points; the name of an entry point is the ``model_type``."""


@dataclass(frozen=True)
class Context:
    """Facts about the run that a plugin may use.

    Attributes:
        end_time: End of the run's time window, aware: a plugin must not read the clock.
        begin_time: Start of the window, or None.
        model: Name of the model in the project.
    """

    end_time: datetime
    begin_time: datetime | None
    model: str


class ModelType(ABC):
    """A model type.

    Attributes:
        version: Part of the model's fingerprint: a material of another version is not reused.
        spec: The keys of ``model_spec``: a subclass of ``Spec``, so that errors have a location.
    """

    version: ClassVar[str]
    spec: ClassVar[type[Spec]]

    @abstractmethod
    def reads(self, spec: Any) -> Sequence[str]:
        """Paths of the inputs and models that it reads, for example ``inputs/orders``."""

    @abstractmethod
    def columns(self, spec: Any) -> pa.Schema:
        """The columns that it returns. Models that read it are checked against them before the run."""

    @abstractmethod
    def run(self, spec: Any, tables: Mapping[str, pa.Table], context: Context) -> pa.Table:
        """Compute the rows.

        Args:
            spec: ``model_spec``, an instance of ``spec``.
            tables: The tables that it reads, by path.
            context: The run.
        """

    def features(self, spec: Any) -> Mapping[str, Sequence[str]]:  # noqa: ARG002 - for subclasses
        """Columns that join the feature views, by entity. There must be one row per profile, with its main id."""
        return {}


@cache
def model_types() -> Mapping[str, ModelType]:
    """The model types of installed packages, by name.

    Raises:
        ProjectError: If one cannot be imported, or is not a model type.
    """
    found: dict[str, ModelType] = {}
    for entry in entry_points(group=GROUP):
        try:
            made = entry.load()()
        except Exception as error:
            message = f'the plugin for model type "{entry.name}" cannot be loaded: {type(error).__name__}: {error}'
            hint = f"fix or uninstall the package that provides {entry.value}"
            raise ProjectError(Finding("error", "broken-plugin", message, hint=hint)) from error
        if not isinstance(made, ModelType):
            message = f'the plugin for model type "{entry.name}" is not a subclass of onefold.plugins.ModelType'
            raise ProjectError(Finding("error", "broken-plugin", message, entry.value))
        found[entry.name] = made
    return found

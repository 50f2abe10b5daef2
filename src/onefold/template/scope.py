"""The facts that a template is rendered with, given by its place in the project.

A record that the planner fills in and ``render`` reads. Does not open files itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from onefold.project.spec import SqlDialect
    from onefold.template.references import ModelReference


def _no_time_column(_: ModelReference) -> str:
    return ""


def _no_model_type(_: ModelReference) -> str | None:
    return None


@dataclass(frozen=True)
class TemplateScope:
    """The names and facts that a template may use.

    Attributes:
        entities: Names of the entities and cohorts whose vars it may use, as the project writes them.
        model: Name of the ``from`` model, whose columns it may use; None if there is none.
        begin_time: Start of the run's time window, aware; None if it has none.
        end_time: End of the run's time window, aware; None if it has none.
        author: The author dialect, in which ``warehouse`` writes SQL.
        schema: The output schema, in which ``warehouse.ObjRef`` looks.
        this: Path of the model that the template belongs to; used by ``DeRef`` without a path.
        files: Reads a file by its path inside the project; raises OSError or ProjectError. None forbids files.
        enabled: Whether a referenced model is enabled in the run. It takes the whole reference, because a material of
            an earlier run (``pre_existing``) may differ from the model.
        time_column: SQL of the time column of a referenced model, ``""`` if it has none.
        model_type: The type of a referenced model, as the format names it; None if there is no such model.
        output_type: The output of the model itself: ``table``, ``view`` or ``ephemeral``.
        run_type: ``discrete`` or ``incremental``.
        merging: The template is a ``merge`` or ``merge_where``: ``rowset.x`` and ``this.x`` name columns.
    """

    entities: tuple[str, ...]
    model: str | None
    begin_time: datetime | None
    end_time: datetime | None
    author: SqlDialect
    schema: str
    this: str
    files: Callable[[str], str] | None
    enabled: Callable[[ModelReference], bool]
    time_column: Callable[[ModelReference], str] = _no_time_column
    model_type: Callable[[ModelReference], str | None] = _no_model_type
    output_type: str = "table"
    run_type: str = "discrete"
    merging: bool = False

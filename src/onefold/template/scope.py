"""What a template is rendered with: the facts that its place in the project gives it.

In: nothing. Out: the record that the plan fills in and ``render`` reads. Must not open files itself.
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
    """What a template may name.

    Attributes:
        entities: Names of the entities and cohorts whose vars it may use, as the project writes them.
        model: Name of the ``from`` model, whose columns it may use; None if there is none.
        begin_time: Start of the run's time window, aware; None if it has none.
        end_time: End of the run's time window, aware; None if it has none.
        author: The author dialect, which ``warehouse`` speaks for.
        schema: The output schema, where ``warehouse.ObjRef`` looks.
        this: Path of the model that the template belongs to; what a ``DeRef`` without a path means.
        files: Reads a file by its path inside the project; raises OSError or ProjectError. None: no files here.
        enabled: Says whether a referenced model takes part in the run. It gets the whole reference, as the answer
            for a material of an earlier run (``pre_existing``) differs from the one for the model.
        time_column: SQL of the time column of a referenced model, ``""`` if it has none.
        model_type: The type of a referenced model, as the format names it; None if there is no such model.
        output_type: What the own model leaves behind: ``table``, ``view`` or ``ephemeral``.
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

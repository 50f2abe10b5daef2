"""Inputs: tables and files, their ids, their time column, and their contract."""

from __future__ import annotations

from typing import Any, Self

from pydantic import (
    model_validator,
)

from onefold.project.spec.record import Record, Sql


class ContractColumn(Record):
    """A column that a contract promises."""

    name: str
    type: str | None = None
    datatype: str | None = None


class Contract(Record):
    """What an input or model promises to its readers."""

    is_optional: bool = False
    is_event_stream: bool = False
    is_append_only: bool = False
    with_entity_ids: tuple[str, ...] = ()
    with_columns: tuple[ContractColumn, ...] = ()


class IdSelect(Record):
    """An id in a source: ``select`` gives the value; ``type`` and ``entity`` classify it."""

    select: Sql
    type: str
    entity: str
    to_default_stitcher: bool = True


class AppDefaults(Record):
    """The rows of an input, and how to read ids and time from them; exactly one source."""

    table: str | None = None
    view: str | None = None
    csv: str | None = None
    s3: str | None = None
    occurred_at_col: str | None = None
    row_identifier: tuple[str, ...] = ()
    ids: tuple[IdSelect, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [k for k in ("table", "view", "csv", "s3") if getattr(self, k) is not None]
        if len(given) != 1:
            msg = f"an input must have exactly one of table, view, csv, s3; this one has {', '.join(given) or 'none'}"
            raise ValueError(msg)
        return self


class Input(Record):
    """A source. ``legacy`` moves keys directly under the input into ``app_defaults``."""

    name: str
    description: str | None = None
    contract: Contract = Contract.model_construct()
    app_defaults: AppDefaults
    where: Sql | None = None
    source_metadata: dict[str, Any] | None = None

"""``onefold.yaml``: settings that the format has no key for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from onefold.project.spec.check_bounds import Checks
from onefold.project.spec.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence


SqlDialect = Literal["snowflake", "bigquery", "redshift", "databricks", "postgres", "duckdb"]


PlaceholderIds = Literal["drop", "warn", "keep"]
"""How to treat ids that look like a null value; ``warn`` keeps and reports them (format C10)."""


class AuditThreshold(Record):
    """A threshold in the SQL of a model, which the audit can sweep.

    Attributes:
        model: Path of the SQL model.
        variable: Its name in ``{% set name = 5 %}``.
        of: Id type that the threshold excludes.
        counts: Id type that is counted.
    """

    model: str
    variable: str
    of: str
    counts: str


class AuditSettings(Record):
    """Facts for the audit that the format cannot express.

    Attributes:
        person: Id type that identifies a person, for all entities that have it or by entity. The default is the first
            id type of the entity.
        weigh: Input whose rows measure how important an id is, for example ``inputs/orders``.
        truth: Folder of ``ids.parquet``, which has the true owner of each id; the sample shop has one.
        thresholds: Thresholds that the project's own SQL applies.
    """

    person: str | dict[str, str] | None = None
    weigh: str | None = None
    truth: str | None = None
    thresholds: tuple[AuditThreshold, ...] = ()

    def person_of(self, entity: str, id_types: Sequence[str]) -> str:
        """The id type that identifies a person in an entity.

        Args:
            entity: The entity.
            id_types: Its id types, in order.
        """
        given = self.person.get(entity) if isinstance(self.person, dict) else self.person
        return given if given is not None and given in id_types else id_types[0]


class FileColumns(Record):
    """Facts about the data files of a table.

    Attributes:
        columns: Types of columns by name, in the author dialect. Text in other columns stays text.
    """

    columns: dict[str, str] = {}


class Settings(Record):
    """``onefold.yaml``, next to ``pb_project.yaml``: settings that the format has no key for (ADR 0004).

    Attributes:
        id_rules: The file of rules that include or exclude ids and pairs of ids, inside the project; it need not exist.
    """

    sql_dialect: SqlDialect = "snowflake"
    catalogs: dict[str, str] = {}
    files: dict[str, FileColumns] = {}
    placeholder_ids: PlaceholderIds = "warn"
    id_rules: str = "rules/id_stitcher_rules.csv"
    audit: AuditSettings = AuditSettings.model_construct()
    checks: Checks = Checks.model_construct()
    published_copy: bool | str = False
    memory_limit: str | None = None

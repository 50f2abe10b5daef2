"""``onefold.yaml``: what the format has no key for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from onefold.project.spec.check_bounds import Checks
from onefold.project.spec.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence


SqlDialect = Literal["snowflake", "bigquery", "redshift", "databricks", "postgres", "duckdb"]


PlaceholderIds = Literal["drop", "warn", "keep"]
"""What becomes of ids that look like a value for nothing; ``warn`` keeps and reports them (format C10)."""


class AuditThreshold(Record):
    """A threshold in the SQL of a model, for the audit to try others.

    Attributes:
        model: Path of the SQL model.
        variable: Name in its ``{% set name = 5 %}``.
        of: Id type that is left out.
        counts: Id type of which it has too many.
    """

    model: str
    variable: str
    of: str
    counts: str


class AuditSettings(Record):
    """What the audit cannot know from the format.

    Attributes:
        person: Id type that stands for a person, for all entities that have it or by entity; of an entity for which
            none is given, its first id type.
        weigh: Input whose rows say how much an id matters, such as ``inputs/orders``.
        truth: Folder of ``ids.parquet``, which says who really owns each id; the sample shop has one.
        thresholds: Thresholds that the project's own SQL applies.
    """

    person: str | dict[str, str] | None = None
    weigh: str | None = None
    truth: str | None = None
    thresholds: tuple[AuditThreshold, ...] = ()

    def person_of(self, entity: str, id_types: Sequence[str]) -> str:
        """The id type that stands for a person in an entity.

        Args:
            entity: The entity.
            id_types: Its id types, in order.
        """
        given = self.person.get(entity) if isinstance(self.person, dict) else self.person
        return given if given is not None and given in id_types else id_types[0]


class FileColumns(Record):
    """What is known of the data files of a table.

    Attributes:
        columns: Types of columns, in the author's dialect, by name. Text of other columns stays text.
    """

    columns: dict[str, str] = {}


class Settings(Record):
    """``onefold.yaml``, beside ``pb_project.yaml``: what the format has no key for (ADR 0004).

    Attributes:
        id_rules: The file of rules that include or exclude ids and pairs of ids, inside the project; there need not be
            one.
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

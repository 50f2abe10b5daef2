"""The steps of a plan that compute features: vars, cohorts, var tables and feature views.

The records are frozen, as in `onefold.plan.model`. Their SQL is rendered but not parsed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from onefold.plan.model import NOWHERE, SqlText, Step
from onefold.project.spec import MAIN_ID_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.errors import Location


@dataclass(frozen=True)
class VarWindow:
    """A window specification in the author's SQL."""

    partition_by: tuple[SqlText, ...] = ()
    order_by: tuple[SqlText, ...] = ()
    frame: SqlText | None = None


@dataclass(frozen=True)
class Var:
    """One value per profile.

    Attributes:
        select: Aggregate over the rows of a source, or an expression over other vars.
        where: Filter of rows; for a derived var, filter of profiles.
        default: Replaces NULL.
        data_type: Type that the value is cast to.
    """

    name: str
    select: SqlText
    where: SqlText | None = None
    window: VarWindow | None = None
    default: SqlText | None = None
    data_type: SqlText | None = None
    is_feature: bool = True
    description: str | None = None
    at: Location = NOWHERE


@dataclass(frozen=True)
class InputVar:
    """One value per row of a source; the attributes are those of `Var`."""

    name: str
    select: SqlText
    where: SqlText | None = None
    window: VarWindow | None = None
    default: SqlText | None = None
    data_type: SqlText | None = None
    at: Location = NOWHERE
    definition: str = ""

    def texts(self) -> tuple[SqlText, ...]:
        """All SQL texts that may name columns or input vars of the source."""
        window = (*self.window.partition_by, *self.window.order_by) if self.window else ()
        return tuple(t for t in (self.select, self.where, *window) if t is not None)


@dataclass(frozen=True)
class Condition:
    """A condition on profiles: SQL, or a combination of other conditions."""

    kind: Literal["text", "and", "or", "not"]
    parts: tuple[Condition, ...] = ()
    text: SqlText | None = None


@dataclass(frozen=True, kw_only=True)
class Cohort(Step):
    """The members of a cohort: all profiles of an entity, or those that filters keep.

    Attributes:
        base: Ref of the var table whose profiles are filtered; None for all profiles of the stitcher.
        condition: The combined filters.
    """

    KIND: ClassVar[str] = "entity_cohort"

    entity: str
    main_id: str
    stitcher: str
    base: str | None = None
    condition: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class EntityVars(Step):
    """All vars of one entity that are computed from one source, in one scan.

    Attributes:
        cohort: Path of the cohort.
        source: Ref of the input or model to scan.
        stitcher: Ref of the entity's stitcher, which assigns the main id of each row.
        known_vars: Ref of the var table whose values ``where`` and ``select`` use, or None.
        members_only: Skip rows of profiles that are not in ``known_vars``.
        input_vars: Columns to add to the rows first, each after those that it uses.
    """

    KIND: ClassVar[str] = "entity_vars"

    entity: str
    cohort: str
    main_id: str
    stitcher: str
    source: str
    vars: tuple[Var, ...]
    known_vars: str | None = None
    members_only: bool = False
    input_vars: tuple[InputVar, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VarTable(Step):
    """All vars of a cohort up to one stage, one row per profile.

    Attributes:
        cohort: Path of the cohort.
        base: Ref of the previous stage's var table, or of the stitcher.
        parts: Refs of the ``EntityVars`` steps of this stage.
        derived: Vars computed from other vars, in layers; a layer uses only the layers before it.
        carried: Names of the vars that ``base`` already has.
        renamed: Name in ``base`` of each var that is renamed here.
        members: Ref of the cohort that restricts ``base``, or None.
        parted: The vars of ``parts``, by step ref.
        earlier: Names of the vars that are read as of the start of a period, by ref of the earlier var table.
    """

    KIND: ClassVar[str] = "var_table"

    entity: str
    cohort: str
    main_id: str
    stitcher: str
    base: str
    parts: tuple[str, ...]
    parted: Mapping[str, tuple[Var, ...]]
    derived: tuple[tuple[Var, ...], ...]
    carried: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    members: str | None = None
    earlier: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FeatureView(Step):
    """Features of a cohort, one row per profile, or one row per id of one type.

    Attributes:
        cohort: Path of the cohort.
        features: Column names in the order of the view.
        id_type: The id type of a view by ids, or None. A type that stands for main ids gives the view by main id under
            its own name.
    """

    KIND: ClassVar[str] = "feature_view"

    entity: str
    cohort: str
    main_id: str
    stitcher: str
    var_table: str
    features: tuple[str, ...]
    descriptions: Mapping[str, str]
    id_type: str | None = None

    @property
    def by_profile(self) -> bool:
        """Whether it has one row per profile."""
        return self.id_type is None or self.id_type in MAIN_ID_TYPES


@dataclass(frozen=True, kw_only=True)
class VarRows(Step):
    """The vars of an entity as a table that models may read: ``user/all/var_table``.

    Attributes:
        main_id: Name of the main id column.
        var_table: Ref of the var table of the latest stage that those models can see; the root cohort if there is none.
        columns: Names of its vars.
    """

    KIND: ClassVar[str] = "var_table"

    entity: str
    main_id: str
    var_table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class RowOwner:
    """An entity that rows of an input belong to, with the input vars of its groups."""

    entity: str
    main_id: str
    stitcher: str
    input_vars: tuple[InputVar, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InputRows(Step):
    """The rows of an input with their main ids and input vars: ``inputs/orders/var_table``.

    Attributes:
        source: Ref of the input.
        owners: The owners by entity; each adds a main id column.
    """

    KIND: ClassVar[str] = "input_var_table"

    source: str
    owners: tuple[RowOwner, ...]

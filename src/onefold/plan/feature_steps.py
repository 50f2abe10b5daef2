"""The steps of a plan that compute features: features of rows and profiles, cohorts, feature views.

Frozen, as all records of a plan (`onefold.plan.model`). Their SQL is the author's text, rendered but not parsed.
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
    """A window in the author's SQL."""

    partition_by: tuple[SqlText, ...] = ()
    order_by: tuple[SqlText, ...] = ()
    frame: SqlText | None = None


@dataclass(frozen=True)
class Var:
    """One value per profile.

    Attributes:
        select: Aggregate over rows of a source, or an expression over other vars.
        where: Row filter (or profile filter for a derived var).
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
    """One value per row of a source; attributes as those of `Var`."""

    name: str
    select: SqlText
    where: SqlText | None = None
    window: VarWindow | None = None
    default: SqlText | None = None
    data_type: SqlText | None = None
    at: Location = NOWHERE
    definition: str = ""

    def texts(self) -> tuple[SqlText, ...]:
        """All texts that may name columns or input vars of the source."""
        window = (*self.window.partition_by, *self.window.order_by) if self.window else ()
        return tuple(t for t in (self.select, self.where, *window) if t is not None)


@dataclass(frozen=True)
class Condition:
    """A condition on profiles: SQL, or others combined."""

    kind: Literal["text", "and", "or", "not"]
    parts: tuple[Condition, ...] = ()
    text: SqlText | None = None


@dataclass(frozen=True, kw_only=True)
class Cohort(Step):
    """Profiles of an entity: all of them, or those that filters keep.

    Attributes:
        base: Ref of the var table whose profiles are filtered; None for all of the stitcher's.
        condition: What the filters say together.
    """

    KIND: ClassVar[str] = "entity_cohort"

    entity: str
    main_id: str
    stitcher: str
    base: str | None = None
    condition: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class EntityVars(Step):
    """All vars of one entity that one source gives, in one scan.

    Attributes:
        cohort: Path of the entity or cohort.
        source: Ref of the input or model that is scanned.
        stitcher: Ref of the entity's stitcher, which gives the rows their main id.
        known_vars: Ref of the var table whose values ``where`` and ``select`` use, or None.
        members_only: Rows of profiles that ``known_vars`` does not have are left out.
        input_vars: Columns that are laid over the rows first, each after those that it uses.
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
    """All vars of an entity up to one stage, one row per profile.

    Attributes:
        cohort: Path of the entity or cohort.
        base: The var table of the stage before, or the stitcher.
        parts: The ``EntityVars`` steps of this stage.
        derived: Vars computed from other vars, in layers: a layer only uses those before it.
        carried: Names of the vars that ``base`` already has.
        renamed: Name in ``base`` of those that go by another one here.
        members: Ref of the cohort that ``base`` is cut to, or None.
        parted: The vars of ``parts``, by step ref.
        earlier: Names of the vars that are read as of the beginning of a period, by the ref of the table of then.
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
    """Features of an entity, one row per profile, or one row per id of one type.

    Attributes:
        cohort: Path of the entity or cohort.
        features: Column names in the order of the view.
        id_type: None for the view by main id; one of the types that stand for main ids gives that view under its name.
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
        var_table: Ref of the var table of the stage that those models can see; of all profiles where there is none.
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
    """The rows of an input with the main ids that they belong to, and with input vars: ``inputs/orders/var_table``.

    Attributes:
        source: Ref of the input.
        owners: By entity; each is a column.
    """

    KIND: ClassVar[str] = "input_var_table"

    source: str
    owners: tuple[RowOwner, ...]

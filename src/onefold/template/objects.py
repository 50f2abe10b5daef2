"""What a template sees: entities, models, ``this``, ``warehouse``, times. Names as the format has them.

In: a scope, and the references that the rendering gathers. Out: objects whose text is a token or a SQL fragment. Opens no
file but through the scope.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jinja2.exceptions import TemplateRuntimeError

from onefold.template.go_time import STRING_LAYOUT, format_time
from onefold.template.references import (
    ColumnReference,
    ModelReference,
    NewReference,
    ObjectReference,
    Prerequisite,
    StoredReference,
    ThisReference,
    VarReference,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from onefold.template.references import Reference, References
    from onefold.template.scope import Scope

_TYPES: Mapping[str, Mapping[str, str]] = {
    "float": {"bigquery": "FLOAT64", "databricks": "DOUBLE", "redshift": "DOUBLE PRECISION", "postgres": "DOUBLE PRECISION"},
    "integer": {"bigquery": "INT64"},
    "text": {"bigquery": "STRING", "databricks": "STRING", "snowflake": "VARCHAR"},
    "boolean": {"bigquery": "BOOL"},
    "timestamp": {},
    "date": {},
}
"""Portable type names of ``warehouse.DataType``, where a dialect spells them its own way."""


class Named:
    """Something whose attributes are references: an entity, the ``from`` model, ``rowset``."""

    def __init__(self, name: str, token: Callable[[str], str]) -> None:
        self._name, self._token = name, token

    def Var(self, name: str) -> str:  # noqa: N802 - the format's name
        """The token of one of its values."""
        return self._token(str(name))

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._token(name)

    def __str__(self) -> str:
        raise TemplateRuntimeError(f'"{self._name}" alone is no value; name what you want of it: {self._name}.x')


class Time:
    """A moment of the run."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def Format(self, layout: str) -> str:  # noqa: N802 - Go's name
        """The time, laid out as Go does."""
        return format_time(self._moment, str(layout))

    def __str__(self) -> str:
        return self.Format(STRING_LAYOUT)


class Model:
    """What ``DeRef`` gives: a model's material, as text a token."""

    def __init__(self, reference: ModelReference, scope: Scope, references: References) -> None:
        self._reference, self._scope, self._references = reference, scope, references

    def IsEnabled(self) -> bool:  # noqa: N802
        """Whether the model takes part in the run."""
        return self._scope.enabled(self._reference)

    def IsNil(self) -> bool:  # noqa: N802
        """Whether there is no such model."""
        return not self.IsEnabled()

    def Except(self) -> Prerequisite:  # noqa: N802
        """The condition that the model is not there."""
        return Prerequisite(self._reference, negated=True)

    def GetTimeFilteringColSQL(self) -> str:  # noqa: N802
        """SQL of its time column."""
        return self._scope.time_column(self._reference)

    def as_prerequisite(self) -> Prerequisite:
        """The condition that the model is there."""
        return Prerequisite(self._reference)

    def __str__(self) -> str:
        return self._references.token(self._reference)


class Word:
    """A word that the format asks for by ``ToSQL()``."""

    def __init__(self, word: str) -> None:
        self._word = word

    def ToSQL(self) -> str:  # noqa: N802
        """The word in capitals."""
        return self._word.upper()

    ToSql = ToSQL

    def __str__(self) -> str:
        return self._word

    def __eq__(self, other: object) -> bool:
        return str(other) == self._word

    def __hash__(self) -> int:
        return hash(self._word)


class Materialization:
    """How the own model is kept."""

    def __init__(self, scope: Scope) -> None:
        self.OutputType = Word(scope.output_type)
        self.RunType = Word(scope.run_type)


class _Times:
    def __init__(self, scope: Scope) -> None:
        self.EndTime = Time(scope.end_time) if scope.end_time else None
        self.BeginTime = Time(scope.begin_time) if scope.begin_time else None


class _Context:
    def __init__(self, scope: Scope) -> None:
        self.TimeInfo = _Times(scope)


class This:
    """The model that the template belongs to."""

    def __init__(self, scope: Scope, references: References) -> None:
        self._scope, self._references = scope, references
        self.WhtCtx = _Context(scope)

    def DeRef(self, path: str | None = None, **given: Any) -> Model:  # noqa: N802
        """Another model's material; using it makes this model depend on it."""
        known = {
            "dependency", "prereqs", "pre_existing", "checkpoint_name", "baseline_name", "time_grain_spec",
            "skip_dependency", "contract",
        }  # fmt: skip
        for name in given:
            if name not in known:
                raise TemplateRuntimeError(f'DeRef has no argument "{name}"; it has {", ".join(sorted(known))}')
        dependency = given.pop("dependency", "normal")
        if dependency not in {"normal", "optional", "coercive"}:
            raise TemplateRuntimeError(f'dependency is normal, optional or coercive, not "{dependency}"')
        prereqs = tuple(_prerequisite(p) for p in given.pop("prereqs", ()))
        reference = ModelReference(str(path or self._scope.this), dependency=dependency, prereqs=prereqs, **given)
        return Model(reference, self._scope, self._references)

    def ReadFile(self, path: str) -> str:  # noqa: N802
        """The text of a file of the project."""
        if self._scope.files is None:
            raise TemplateRuntimeError("files cannot be read here")
        try:
            return self._scope.files(str(path))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise TemplateRuntimeError(f'cannot read "{path}": {reason}') from error

    def GetMaterialization(self) -> Materialization:  # noqa: N802
        """How the model is kept."""
        return Materialization(self._scope)

    def GetSelectTargetSQL(self) -> str:  # noqa: N802
        """A query of the model's rows."""
        return f"SELECT * FROM {self}"

    def __getattr__(self, name: str) -> str:
        if not self._scope.merging or name.startswith("_"):
            raise AttributeError(name)
        return self._references.token(NewReference(name))

    def __str__(self) -> str:
        return self._references.token(ThisReference())


class Warehouse:
    """The database, as far as a template may know it: it speaks the author dialect."""

    def __init__(self, scope: Scope, references: References) -> None:
        self._scope, self._references = scope, references

    def DatabaseType(self) -> str:  # noqa: N802
        """The author dialect."""
        return self._scope.author

    def DataType(self, name: str) -> str:  # noqa: N802
        """A type in the author dialect."""
        spellings = _TYPES.get(str(name).lower(), {})
        return spellings.get(self._scope.author, str(name).upper())

    def Timestamp(self, moment: Any) -> str:  # noqa: N802
        """A timestamp literal."""
        text = moment.Format("2006-01-02 15:04:05.999999") if isinstance(moment, Time) else str(moment)
        return timestamp_literal(text)

    def ObjRef(self, name: str) -> str:  # noqa: N802
        """An object of the output schema."""
        return self._references.token(ObjectReference(self._scope.schema, str(name)))

    def NamedWhObject(self, name: str, type: str | None = None) -> str:  # noqa: A002, N802 - the format's names
        """An object of the output schema, of a type."""
        return self._references.token(ObjectReference(self._scope.schema, str(name), type))

    def CreateReplaceTableAs(self, this: Any, sql: str) -> str:  # noqa: N802
        """A statement that makes a table."""
        return f"CREATE OR REPLACE TABLE {this} AS {sql}"

    def BeginEndBlock(self, sql: str) -> str:  # noqa: N802
        """Statements as one block."""
        return f"BEGIN {sql} END;"


def objects(scope: Scope, references: References) -> dict[str, Any]:
    """Everything that a template of a scope may name."""
    found: dict[str, Any] = {
        "this": This(scope, references),
        "warehouse": Warehouse(scope, references),
        "end_time": Time(scope.end_time) if scope.end_time else None,
        "begin_time": Time(scope.begin_time) if scope.begin_time else None,
        "BuildContract": build_contract,
    }
    if scope.end_time is not None:
        found["end_time_sql"] = timestamp_literal(found["end_time"].Format("2006-01-02 15:04:05.999999"))
    if scope.merging:
        found["rowset"] = Named("rowset", lambda name: references.token(StoredReference(name)))
    if scope.model is not None:
        found[scope.model] = Named(scope.model, _of(references, scope.model, ColumnReference))
    for entity in scope.entities:
        found[entity] = Named(entity, _of(references, entity, VarReference))
    return found


def _of(references: References, owner: str, kind: Callable[[str, str], Reference]) -> Callable[[str], str]:
    return lambda name: references.token(kind(owner, name))


def _prerequisite(value: Any) -> Prerequisite:
    if isinstance(value, Prerequisite):
        return value
    if isinstance(value, Model):
        return value.as_prerequisite()
    raise TemplateRuntimeError("prereqs is a list of what DeRef gives")


def timestamp_literal(text: str) -> str:
    """A timestamp without a zone, in every author dialect."""
    return f"CAST('{text}' AS TIMESTAMP)"


def build_contract(text: str) -> Any:
    """A contract from its JSON text."""
    from pydantic import ValidationError  # noqa: PLC0415 - rare

    from onefold.project.spec import Contract  # noqa: PLC0415

    try:
        return Contract.model_validate(json.loads(text))
    except (ValueError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise TemplateRuntimeError(f"BuildContract: {first}") from error

"""The objects that a template can use: entities, models, ``this``, ``warehouse``, times. Names follow the format.

Takes a scope, and a collection that receives the references of the rendering. Returns objects whose text is a token or
a SQL fragment. Opens files only through the scope.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2.exceptions import TemplateRuntimeError

from onefold.errors import Location
from onefold.template import arguments
from onefold.template.references import (
    ColumnReference,
    ModelReference,
    NewReference,
    Prerequisite,
    StoredReference,
    ThisReference,
    VarReference,
    refuse_tokens,
)
from onefold.template.warehouse import Time, Value, Warehouse, timestamp_literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from onefold.template.references import Reference, References
    from onefold.template.scope import TemplateScope


class Named(Value):
    """An object whose attributes are references: an entity, the ``from`` model, ``rowset``."""

    def __init__(self, name: str, token: Callable[[str], str]) -> None:
        self._name, self._token = name, token

    def Var(self, name: str) -> str:  # noqa: N802 - the format's name
        """The token of one of its values, by name or path: ``x``, ``./x``, ``~/entity/user/all/x``."""
        given = arguments.text("Var", "a name", name)
        found = re.fullmatch(rf"(?:\./|(?:~/)?(?:entity/)?{re.escape(self._name)}/(?:all/)?)(\w+)", given)
        return self._token(found[1] if found is not None else given)

    def named(self, attribute: str) -> str | None:
        """The token for ``name.attribute``; None if that is not the name of a value."""
        return None if attribute == "Var" or attribute.startswith("__") else self._token(attribute)

    def __str__(self) -> str:
        """Raises: an entity is not a value."""
        message = f'"{self._name}" is not a value; use one of its columns or vars: {self._name}.x'
        raise TemplateRuntimeError(message)


class Material(Value):
    """A material; its text is a token, which can be concatenated with other text."""

    def __add__(self, other: object) -> str:
        """The token followed by text."""
        return str(self) + str(other) if isinstance(other, str | Material) else NotImplemented

    def __radd__(self, other: object) -> str:
        """The token preceded by text."""
        return str(other) + str(self) if isinstance(other, str) else NotImplemented


class Declared:
    """A model as declared, whether or not it is enabled."""

    def __init__(self, reference: ModelReference, scope: TemplateScope) -> None:
        self._reference, self._scope = reference, scope

    def ModelType(self) -> str:  # noqa: N802
        """Its type, for example ``id_stitcher``."""
        found = self._scope.model_type(self._reference)
        if found is None:
            raise TemplateRuntimeError(f'there is no model "{self._reference.path}"')
        return found


class ModelObject(Material):
    """The result of ``DeRef``: the material of a model."""

    def __init__(self, reference: ModelReference, scope: TemplateScope, references: References) -> None:
        self._reference, self._scope, self._references = reference, scope, references
        self.Model = Declared(reference, scope)

    def IsEnabled(self) -> bool:  # noqa: N802
        """Whether the model is enabled in this run."""
        return self._scope.enabled(self._reference)

    def IsNil(self) -> bool:  # noqa: N802
        """Whether the model is not enabled."""
        return not self.IsEnabled()

    def Except(self) -> Prerequisite:  # noqa: N802
        """The condition that the model is not enabled."""
        return Prerequisite(self._reference, negated=True)

    def GetTimeFilteringColSQL(self) -> str:  # noqa: N802
        """SQL of its time column."""
        return self._scope.time_column(self._reference)

    def as_prerequisite(self) -> Prerequisite:
        """The condition that the model is enabled."""
        return Prerequisite(self._reference)

    def __str__(self) -> str:
        """The token of the material."""
        return self._references.token(self._reference)


class Word(Value):
    """A keyword that the format converts with ``ToSQL()``."""

    def __init__(self, word: str) -> None:
        self._word = word

    def ToSQL(self) -> str:  # noqa: N802
        """The keyword in capitals."""
        return self._word.upper()

    ToSql = ToSQL

    def __str__(self) -> str:
        """The keyword."""
        return self._word

    def __eq__(self, other: object) -> bool:
        """Whether the other is, or spells, the same keyword."""
        return isinstance(other, str | Word) and str(other) == self._word

    def __hash__(self) -> int:
        """The hash of the keyword."""
        return hash(self._word)


class MaterializationObject:
    """The materialization of the model itself."""

    def __init__(self, scope: TemplateScope) -> None:
        self.OutputType = Word(scope.output_type)
        self.RunType = Word(scope.run_type)


class Times:
    """The time window of the run."""

    def __init__(self, scope: TemplateScope) -> None:
        self.EndTime = Time(scope.end_time) if scope.end_time else None
        self.BeginTime = Time(scope.begin_time) if scope.begin_time else None


class ContextObject:
    """Facts about the run."""

    def __init__(self, scope: TemplateScope) -> None:
        self.TimeInfo = Times(scope)


class This(Material):
    """The model that the template belongs to."""

    def __init__(self, scope: TemplateScope, references: References, read: dict[str, str]) -> None:
        self._scope, self._references, self._read = scope, references, read
        self.Model = Declared(ModelReference(scope.this), scope)

    @property
    def WhtCtx(self) -> ContextObject:  # noqa: N802
        """Facts about the run."""
        return ContextObject(self._scope)

    def DeRef(  # noqa: N802 - the format's name and arguments
        self,
        path: Any = None,
        *,
        dependency: Any = "normal",
        prereqs: Any = (),
        pre_existing: Any = False,
        checkpoint_name: Any = None,
        baseline_name: Any = None,
        time_grain_spec: Any = None,
        skip_dependency: Any = False,
        contract: Any = None,
    ) -> ModelObject:
        """The material of another model; this model then depends on it."""
        if dependency not in ("normal", "optional", "coercive"):
            message = f'DeRef: dependency must be normal, optional or coercive, got "{dependency}"'
            raise TemplateRuntimeError(message)
        reference = ModelReference(
            self._scope.this if path is None else arguments.text("DeRef", "a path", path),
            dependency=dependency,
            prereqs=_prerequisites(prereqs),
            pre_existing=arguments.flag("pre_existing", pre_existing),
            checkpoint_name=arguments.optional_text("checkpoint_name", checkpoint_name),
            baseline_name=arguments.optional_text("baseline_name", baseline_name),
            time_grain_spec=arguments.optional_text("time_grain_spec", time_grain_spec),
            skip_dependency=arguments.flag("skip_dependency", skip_dependency),
            contract=arguments.contract(contract),
        )
        return ModelObject(reference, self._scope, self._references)

    def ReadFile(self, path: str) -> str:  # noqa: N802
        """The text of a file of the project."""
        if self._scope.files is None:
            raise TemplateRuntimeError("ReadFile is not available here")
        name = arguments.text("ReadFile", "a path", path)
        try:
            found = self._scope.files(name)
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not valid UTF-8"
            raise TemplateRuntimeError(f'cannot read "{name}": {reason}') from error
        refuse_tokens(found, Location(name, 1, 1))
        self._read[found.strip()] = name
        return found

    def GetMaterialization(self) -> MaterializationObject:  # noqa: N802
        """The materialization of the model."""
        return MaterializationObject(self._scope)

    def GetSelectTargetSQL(self) -> str:  # noqa: N802
        """A query of the model's rows."""
        return f"SELECT * FROM {self}"  # noqa: S608 - a token

    def named(self, attribute: str) -> str | None:
        """In a merge, the token of a newly computed value; otherwise None."""
        if not self._scope.merging or attribute.startswith("__"):
            return None
        return self._references.token(NewReference(attribute))

    def __str__(self) -> str:
        """The token of the model's own material."""
        return self._references.token(ThisReference())


def objects(scope: TemplateScope, references: References, read: dict[str, str]) -> dict[str, Any]:
    """All names that a template with this scope may use.

    Args:
        scope: The scope.
        references: Receives the references that the template makes.
        read: Receives the paths of the files that it reads, by their text.
    """
    found: dict[str, Any] = {
        "this": This(scope, references, read),
        "warehouse": Warehouse(scope, references),
        "end_time": Time(scope.end_time) if scope.end_time else None,
        "begin_time": Time(scope.begin_time) if scope.begin_time else None,
        "BuildContract": arguments.build_contract,
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


def _prerequisites(values: Any) -> tuple[Prerequisite, ...]:
    found = []
    for value in values if isinstance(values, list | tuple) else (values,):
        if not isinstance(value, Prerequisite | ModelObject):
            raise TemplateRuntimeError("DeRef: prereqs must be a list of results of DeRef")
        found.append(value.as_prerequisite() if isinstance(value, ModelObject) else value)
    return tuple(found)

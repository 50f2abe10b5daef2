"""What a template refers to, and the tokens that stand for it in the rendered text.

In: references as the template makes them. Out: one token per distinct reference, a plain identifier in every
SQL dialect, so that the SQL layer can parse the text first and put the real names into the tree. Knows no SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from onefold.errors import Finding, ProjectError

if TYPE_CHECKING:
    from onefold.errors import Location
    from onefold.project.spec import Contract

TOKEN = re.compile(r"__ref_\d+__", re.IGNORECASE)
"""How a token looks; literal text that looks so is refused."""

Dependency = Literal["normal", "optional", "coercive"]


@dataclass(frozen=True)
class VarReference:
    """The value of var ``name`` of an entity or cohort; case as written."""

    entity: str
    name: str


@dataclass(frozen=True)
class ColumnReference:
    """Column or input var ``name`` of the ``from`` model."""

    model: str
    name: str


@dataclass(frozen=True)
class StoredReference:
    """The stored value of var ``name``, in ``merge`` and ``merge_where`` (``rowset.x``)."""

    name: str


@dataclass(frozen=True)
class NewReference:
    """The newly computed value of var ``name``, in ``merge_where`` (``this.x``)."""

    name: str


@dataclass(frozen=True)
class Prerequisite:
    """A condition on another reference: ``of`` is there or, if ``negated`` (``.Except()``), is not there."""

    of: ModelReference
    negated: bool = False


@dataclass(frozen=True)
class ModelReference:
    """The material of a model (``this.DeRef``).

    Attributes:
        path: As written; the own model's path where the template gave none.
        dependency: ``optional`` and ``coercive`` let the model be missing; ``coercive`` also brings it about.
        prereqs: What must hold for this reference to be used.
        pre_existing: The material of an earlier run, which this run does not make.
        checkpoint_name: Name under which the end of this run is remembered.
        baseline_name: Checkpoint from which a delta counts.
        time_grain_spec: Grain of the material wanted.
        skip_dependency: The model need not be made before this one.
        contract: What the referenced model must have.
    """

    path: str
    dependency: Dependency = "normal"
    prereqs: tuple[Prerequisite, ...] = ()
    pre_existing: bool = False
    checkpoint_name: str | None = None
    baseline_name: str | None = None
    time_grain_spec: str | None = None
    skip_dependency: bool = False
    contract: Contract | None = field(default=None, hash=False)


@dataclass(frozen=True)
class ThisReference:
    """The material that the template makes."""


@dataclass(frozen=True)
class ObjectReference:
    """An object of the output schema by name (``warehouse.ObjRef``, ``warehouse.NamedWhObject``)."""

    schema: str
    name: str
    kind: str | None = None


Reference = (
    VarReference | ColumnReference | StoredReference | NewReference | ModelReference | ThisReference | ObjectReference
)


class References:
    """The references of one text, in the order in which the template makes them."""

    def __init__(self) -> None:
        self._tokens: dict[Reference, str] = {}

    def token(self, reference: Reference) -> str:
        """The token of a reference; equal references share one."""
        token = self._tokens.get(reference)
        if token is None:
            token = self._tokens[reference] = f"__ref_{len(self._tokens) + 1}__"
        return token

    def by_token(self) -> dict[str, Reference]:
        """What each token stands for."""
        return {token: reference for reference, token in self._tokens.items()}


def refuse_tokens(text: str, at: Location) -> None:
    """Refuse a text of the project that holds something which looks like a token.

    Raises:
        ProjectError: With the place of it.
    """
    found = TOKEN.search(text)
    if found is None:
        return
    before = text[: found.start()]
    where = at.inside(before.count("\n") + 1, found.start() - before.rfind("\n"))
    message = f'"{found[0]}" is a name that onefold keeps for itself'
    raise ProjectError(Finding("error", "reserved-name", message, where, "choose another name"))

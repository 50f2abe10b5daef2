"""The references of a template, and the tokens that stand for them in the rendered text.

Each distinct reference has one token, a plain identifier in every SQL dialect. The SQL layer can therefore parse the
text first and put the real names into the tree. Knows no SQL.
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
"""The form of a token; literal text of this form is rejected."""

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
    """A condition on another reference: ``of`` is enabled or, if ``negated`` (``.Except()``), is not."""

    of: ModelReference
    negated: bool = False


@dataclass(frozen=True)
class ModelReference:
    """The material of a model (``this.DeRef``).

    Attributes:
        path: The path as written; the model's own path if the template gave none.
        dependency: ``optional`` and ``coercive`` allow the model to be missing; ``coercive`` also causes it to be
            built.
        prereqs: Conditions for using this reference.
        pre_existing: The material is that of an earlier run; this run does not build it.
        checkpoint_name: Name under which the end time of this run is stored.
        baseline_name: Checkpoint at which a delta starts.
        time_grain_spec: Requested time grain of the material.
        skip_dependency: The model need not be built before this one.
        contract: The contract that the referenced model must meet.
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
    """The material that the template creates."""


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
        """The reference of each token."""
        return {token: reference for reference, token in self._tokens.items()}


def refuse_tokens(text: str, at: Location) -> None:
    """Reject a text of the project that contains something of a token's form.

    Raises:
        ProjectError: With its location.
    """
    found = TOKEN.search(text)
    if found is None:
        return
    before = text[: found.start()]
    where = at.inside(before.count("\n") + 1, found.start() - before.rfind("\n"))
    message = f'the name "{found[0]}" is reserved by onefold'
    raise ProjectError(Finding("error", "reserved-name", message, where, "choose another name"))

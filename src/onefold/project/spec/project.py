"""A whole validated project, as the rest of onefold reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onefold.project.spec.record import NOWHERE
from onefold.project.spec.settings import Settings
from onefold.project.unused_keys import Unread
from onefold.short_repr import Short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.errors import Finding, Location
    from onefold.project.spec.inputs import Input
    from onefold.project.spec.model_file import Macro, Optimizations
    from onefold.project.spec.models import AnyModel
    from onefold.project.spec.project_file import IdStitcherRules, ProjectFile
    from onefold.project.spec.vars import VarGroup


@dataclass(frozen=True)
class SwitchedOff:
    """An input of a package that the project runs without.

    Attributes:
        ref: The ref that paths to it resolve to.
        reason: The reason, as a clause.
        at: Where the project declares it.
    """

    ref: str
    reason: str
    at: Location


@dataclass(frozen=True)
class IdRule:
    """A manual rule: an id, or a pair of ids, that is included or excluded regardless of the sources.

    Attributes:
        entity: The entity.
        id1: An id.
        id1_type: Its type.
        id2: The other id of a pair; blank for a rule about one id.
        id2_type: Type of the other id; blank likewise.
        action: ``INCLUDE`` or ``EXCLUDE``.
        reason: The reason; may be blank.
        author: The author; may be blank.
        date: The date in ISO 8601; may be blank.
        at: Its line in the file.
    """

    entity: str
    id1: str
    id1_type: str
    id2: str = ""
    id2_type: str = ""
    action: str = "EXCLUDE"
    reason: str = ""
    author: str = ""
    date: str = ""
    at: Location = field(default=NOWHERE, compare=False)

    @property
    def key(self) -> tuple[object, ...]:
        """The subject of the rule; a pair has no direction."""
        ends = sorted(((self.id1_type, self.id1), (self.id2_type, self.id2))) if self.id2 else ()
        return (self.entity.lower(), *(ends or ((self.id1_type, self.id1),)))


@dataclass(frozen=True)
class IdRules:
    """The file of id rules.

    Attributes:
        file: Its path, relative to the project.
        rules: The rules in the order of the file.
    """

    file: str
    rules: tuple[IdRule, ...]


@dataclass(frozen=True, repr=False)
class ProjectSpec(Short):
    """A whole validated project.

    Attributes:
        root: Absolute folder of ``pb_project.yaml``.
        file: ``pb_project.yaml``.
        settings: ``onefold.yaml``, or its defaults.
        inputs: All inputs in reading order (files by name, then position).
        models: All models in the same order.
        var_groups: All var groups in the same order.
        macros: All macros.
        optimizations: The ``optimizations`` mapping, if any.
        notes: Warnings and notes found while loading (old spellings, keys without effect).
        aliases: The refs of paths into packages, by lower-case path ``packages/<package>/...``.
        switched_off: Inputs of packages that are mapped to nothing.
        package_roots: Absolute folder of each package, by name.
        id_rules: The file of id rules; None if there is none.
        unread: Records that could not be read; empty in a project that `load_project` returns.
    """

    root: str
    file: ProjectFile
    settings: Settings = field(default_factory=Settings)
    inputs: tuple[Input, ...] = ()
    models: tuple[AnyModel, ...] = ()
    var_groups: tuple[VarGroup, ...] = ()
    macros: tuple[Macro, ...] = ()
    optimizations: Optimizations | None = None
    notes: tuple[Finding, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    switched_off: tuple[SwitchedOff, ...] = ()
    package_roots: Mapping[str, str] = field(default_factory=dict)
    id_rules: IdRules | None = None
    unread: Unread = field(default_factory=Unread)

    @property
    def stitcher_rules(self) -> IdStitcherRules:
        """``id_stitcher_rules``; by default they are enabled if the project has a file of rules."""
        given = self.file.id_stitcher_rules
        if self.id_rules is None or "enabled" in given.model_fields_set:
            return given
        return given.model_copy(update={"enabled": True})

"""Packages: other projects whose inputs, models, vars, id types and entities are merged into this one (format B2.5).

Takes a project and its packages, loaded; returns one project. Paths in a package are relative to it: ``inputs/x`` is
its input x, or its replacement in ``inputsMap``. In the project that path is ``packages/<package>/inputs/x``. Locations
in a package's files are shown as ``<package>:<file>``. Reads no file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from onefold.errors import Finding, suggest
from onefold.project import spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

R = TypeVar("R", bound=spec.Record)

OFF = frozenset({None, "nil", "null", ""})
"""The values in ``inputsMap`` that switch an input off."""


@dataclass(frozen=True)
class Loaded:
    """A package as declared, and the project at its url."""

    declared: spec.Package
    project: spec.ProjectSpec


def merge(app: spec.ProjectSpec, packages: Iterable[Loaded], findings: list[Finding]) -> spec.ProjectSpec:
    """One project from a project and its packages; conflicts go to ``findings``."""
    merged = app
    for package in packages:
        merged = _merged(merged, package, findings)
    return merged


def _merged(app: spec.ProjectSpec, package: Loaded, findings: list[Finding]) -> spec.ProjectSpec:
    name = package.declared.name
    other = _overridden(package, findings)
    off_inputs = dict.fromkeys(_switched_off(package))
    inputs_map = {**package.declared.inputs_map, **off_inputs}
    aliases, off = dict(app.aliases), list(app.switched_off)
    taken = {i.name.lower(): i for i in app.inputs}
    inputs = []
    for record in other.inputs:
        path = f"packages/{name}/inputs/{record.name}".lower()
        if record.name in inputs_map:
            target = inputs_map[record.name]
            aliases[path] = path if target in OFF else str(target)
            if target in OFF:
                off.append(spec.SwitchedOff(path, f"package {name} runs without it", package.declared.at.start))
            continue
        if record.name.lower() in taken:
            first = taken[record.name.lower()].at.start
            message = f'input "{record.name}" of package {name} has the same name as the input at {first}'
            hint = f"map it: inputsMap: {{{record.name}: inputs/{record.name}}}"
            findings.append(Finding("error", "duplicate-name", message, package.declared.at.start, hint))
        aliases[path] = f"inputs/{record.name}"
        inputs.append(_own_file(record, name))
    known = {i.name for i in other.inputs}
    unknown = [n for n in package.declared.inputs_map if n not in known and not other.unread.may_have("input", n)]
    for given in unknown:
        at = package.declared.at.value("inputsMap")
        findings.append(Finding("error", "unknown-input", f'package {name} has no input "{given}"', at))
    for model in other.models:
        aliases[f"packages/{name}/models/{model.name}".lower()] = f"models/{model.name}"
    own = _Own(name, aliases)
    return replace(
        app,
        file=_file(app.file, own.project_file(other.file), findings),
        inputs=(*app.inputs, *inputs),
        models=(*app.models, *(own.model(m) for m in other.models)),
        var_groups=(*app.var_groups, *(own.var_group(g) for g in other.var_groups)),
        macros=(*app.macros, *(m for m in other.macros if m.name not in {a.name for a in app.macros})),
        aliases=aliases,
        switched_off=tuple(off),
        package_roots={**app.package_roots, name: other.root},
        notes=(*app.notes, *other.notes),
        unread=app.unread | other.unread,
    )


def _switched_off(package: Loaded) -> list[str]:
    """Names of the inputs that overrides disable."""
    statuses = _statuses(package)
    return [i.name for i in package.project.inputs if statuses.get(f"inputs/{i.name}".lower()) == "disabled"]


def _statuses(package: Loaded) -> dict[str, spec.EnableStatus]:
    """The requested overrides, by path in the package."""
    return {
        path.strip().strip("/").lower(): given.requested_enable_status
        for given in package.declared.overrides
        for path in given.models
    }


def _overridden(package: Loaded, findings: list[Finding]) -> spec.ProjectSpec:
    """The package with the enable status of its models and vars overridden by the project."""
    statuses, project = _statuses(package), package.project
    there = {f"inputs/{i.name}".lower() for i in project.inputs}

    def kept(record: R, path: str) -> R:
        there.add(path.lower())
        status = statuses.get(path.lower())
        held = record.materialization if status is not None else None  # type: ignore[attr-defined]
        return record if held is None else _with(record, materialization=_with(held, enable_status=status))

    def model(given: spec.AnyModel) -> spec.AnyModel:
        if isinstance(given, spec.PluginModel):
            return given
        body: Any = given.model_spec
        return _with(given, model_spec=kept(body, f"models/{given.name}"))

    def entry(given: spec.VarEntry, entity: str | None) -> spec.VarEntry:
        var = given.entity_var
        return given if var is None else _with(given, entity_var=kept(var, f"{entity}/all/{var.name}"))

    models = tuple(map(model, project.models))
    groups = tuple(_with(g, vars=tuple(entry(e, g.entity_key) for e in g.vars)) for g in project.var_groups)
    for given in package.declared.overrides:
        for number, path in enumerate(given.models):
            plain = path.strip().strip("/").lower()
            kind = {"inputs": "input", "models": "model"}.get(plain.partition("/")[0], "var")
            is_unread = project.unread.may_have(kind, plain.rpartition("/")[2])
            if plain not in there and not is_unread:
                message = f'package {package.declared.name} has no model or var "{path}" to override'
                hint = suggest(path, there) or "use its path in the package: models/x, inputs/x or user/all/x"
                findings.append(Finding("error", "unknown-model", message, given.at.item("models", number), hint))
    return replace(project, models=models, var_groups=groups)


@dataclass(frozen=True)
class _Own:
    """Rewrites the paths of a package's records for the merged project."""

    package: str
    aliases: dict[str, str]

    def path(self, path: str | None) -> str | None:
        if path is None:
            return None
        plain = path.strip().removeprefix("~/").removeprefix("./").strip("/")
        return self.aliases.get(f"packages/{self.package}/{plain}".lower(), path)

    def project_file(self, file: spec.ProjectFile) -> spec.ProjectFile:
        entities = tuple(_with(e, id_stitcher=self.path(e.id_stitcher)) for e in file.entities)
        types = tuple(_with(t, filters=tuple(self._filter(f) for f in t.filters)) for t in file.id_types)
        return _with(file, entities=entities, id_types=types)

    def _filter(self, given: spec.IdFilter) -> spec.IdFilter:
        return given if given.sql is None else _with(given, sql=_with(given.sql, from_=self.path(given.sql.from_)))

    def model(self, model: spec.AnyModel) -> spec.AnyModel:
        if isinstance(model, spec.IdStitcherModel):
            sources = tuple(_with(s, from_=self.path(s.from_)) for s in model.model_spec.edge_sources)
            return _with(model, model_spec=_with(model.model_spec, edge_sources=sources))
        if isinstance(model, spec.EntityCohortModel):
            return _with(model, model_spec=_with(model.model_spec, extends=self.path(model.model_spec.extends)))
        if isinstance(model, spec.SqlTemplateModel | spec.FeatureTableModel):
            body: Any = _with(model.model_spec, entity_cohort=self.path(model.model_spec.entity_cohort))
            return _with(model, model_spec=body)
        return model

    def var_group(self, group: spec.VarGroup) -> spec.VarGroup:
        entries = tuple(
            _with(
                entry,
                entity_var=entry.entity_var and _with(entry.entity_var, from_=self.path(entry.entity_var.from_)),
                input_var=entry.input_var and _with(entry.input_var, from_=self.path(entry.input_var.from_)),
            )
            for entry in group.vars
        )
        return _with(group, vars=entries, entity_cohort=self.path(group.entity_cohort))


def _own_file(record: spec.Input, package: str) -> spec.Input:
    """The input with the path of its CSV file in the merged project: ``<package>:<path>``."""
    app = record.app_defaults
    return record if app.csv is None else _with(record, app_defaults=_with(app, csv=f"{package}:{app.csv}"))


def _with(record: R, **changes: Any) -> R:
    return record.model_copy(update=changes)


def _file(app: spec.ProjectFile, other: spec.ProjectFile, findings: list[Finding]) -> spec.ProjectFile:
    return _with(
        app,
        entities=tuple(_entities(app, other)),
        id_types=tuple(_id_types(app, other, findings)),
        available_tags=(*app.available_tags, *other.available_tags),
    )


def _entities(app: spec.ProjectFile, other: spec.ProjectFile) -> Iterator[spec.Entity]:
    """Entities of the same name are merged: the project's keys win, and the id types are combined."""
    theirs = {e.name.lower(): e for e in other.entities}
    for entity in app.entities:
        same = theirs.pop(entity.name.lower(), None)
        if same is None:
            yield entity
            continue
        types = (*entity.id_types, *(t for t in same.id_types if t not in entity.id_types))
        yield _with(entity, id_types=types, id_stitcher=entity.id_stitcher or same.id_stitcher)
    yield from theirs.values()


def _id_types(app: spec.ProjectFile, other: spec.ProjectFile, findings: list[Finding]) -> Iterator[spec.IdType]:
    """The id types of both; one of the project may be, or extend, that of the package with the same name."""
    theirs = {t.name: t for t in other.id_types}
    for id_type in app.id_types:
        same = theirs.pop(id_type.name, None)
        extends = (id_type.extends or "").rsplit("/", 1)[-1] == id_type.name
        if same is not None and not extends and _rules_of(id_type) != _rules_of(same):
            message = f'id type "{id_type.name}" differs from that of a package, at {same.at.start}'
            hint = f"add extends: {id_type.name}, or remove it to use that of the package"
            findings.append(Finding("error", "duplicate-name", message, id_type.at.start, hint))
        yield id_type if same is None else extended(id_type, same)
    yield from theirs.values()


def _rules_of(id_type: spec.IdType) -> dict[str, Any]:
    """The declared properties of an id type."""
    return id_type.model_dump(exclude={"description"})


def extended(id_type: spec.IdType, base: spec.IdType) -> spec.IdType:
    """An id type that extends another: its own keys win, the others are inherited."""
    return _with(
        id_type,
        extends=None,
        filters=id_type.filters or base.filters,
        maximum_edges=id_type.maximum_edges or base.maximum_edges,
    )

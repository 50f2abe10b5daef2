"""Rules about how the records of a project fit together.

``RULES`` lists them; each takes a project and returns findings. Rules look only at names in YAML. References in
templates are checked by the planner.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from onefold.errors import Finding, Location, ProjectError, suggest
from onefold.project import spec
from onefold.project.files import path_within
from onefold.project.id_rules import rule_mistakes
from onefold.project.packages import OFF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from onefold.project.unused_keys import Unread

_Named = tuple[str, Location]

_PARTS_BELOW_CATALOG = 2
"""Schema and table."""


def _unique(what: str, items: Iterable[_Named]) -> Iterator[Finding]:
    """Report items that share a name, case-insensitively."""
    first: dict[str, Location] = {}
    for name, at in items:
        before = first.setdefault(name.lower(), at)
        if before is not at:
            message = f'{what} "{name}" is declared twice; first at {before}'
            yield Finding("error", "duplicate-name", message, at, "rename one of them")


def _known(what: str, name: str, known: Iterable[str], at: Location, unread: Unread) -> Iterator[Finding]:
    """Report a ``name`` that is not in ``known`` (case-sensitive), unless its declaration could not be read."""
    names = list(known)
    if name not in names and not unread.may_have(what, name):
        hint = suggest(name, names) or (f"available: {', '.join(sorted(set(names)))}" if names else "there is none")
        yield Finding("error", f"unknown-{what.replace(' ', '-')}", f'{what} "{name}" is not declared', at, hint)


def schema_version_is_read(project: spec.ProjectSpec) -> Iterator[Finding]:
    """The schema version must be supported."""
    version = project.file.schema_version
    if not spec.OLDEST_SCHEMA <= version <= spec.NEWEST_SCHEMA:
        message = f"schema_version {version} is not supported (supported: {spec.OLDEST_SCHEMA} to {spec.NEWEST_SCHEMA})"
        hint = (
            "install a newer onefold"
            if version > spec.NEWEST_SCHEMA
            else "update the project to a later schema version"
        )
        yield Finding("error", "schema-version", message, project.file.at.value("schema_version"), hint)


def unique_names(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Names are unique within their kind."""
    file = project.file
    yield from _unique("entity", [(e.name, e.at.key("name")) for e in file.entities])
    yield from _unique("id type", [(t.name, t.at.key("name")) for t in file.id_types])
    yield from _unique("input", [(i.name, i.at.key("name")) for i in project.inputs])
    yield from _unique("model", [(m.name, m.at.key("name")) for m in project.models])
    yield from _unique("macro", [(m.name, m.at.key("name")) for m in project.macros])
    for owner, items in _vars_by_owner(project).items():
        yield from _unique(f"var of {owner}", items)
    yield from _unique("view", _views(project))


def _vars_by_owner(project: spec.ProjectSpec) -> dict[str, list[_Named]]:
    found: dict[str, list[_Named]] = {}
    for group in project.var_groups:
        for entry in group.vars:
            var = entry.entity_var or entry.input_var
            assert var is not None  # noqa: S101 - the record checked it
            owner = group.entity_key or group.entity_cohort or "" if entry.entity_var else f"input {var.from_}"
            found.setdefault(owner.lower(), []).append((var.name, var.at.key("name")))
    return found


def _views(project: spec.ProjectSpec) -> Iterator[_Named]:
    """Names of all views that a run creates."""
    for model in project.models:
        yield model.name, model.at.key("name")
    for entity in project.file.entities:
        views = entity.feature_views
        name = views.name or f"{entity.name}_feature_view"
        yield name, entity.at.key("name")
        for view in views.using_ids:
            if view.id != entity.main_id_column or view.name not in {None, name}:
                yield view.name or f"{name}_with_{view.id}", view.at.start


def entities_have_id_types(project: spec.ProjectSpec) -> Iterator[Finding]:
    """An entity must have id types, unless a package that also declares it has them."""
    for entity in project.file.entities:
        is_told = entity.id_types or "id_types" in entity.at.keys
        if not is_told and not project.unread.may_have("entity", entity.name):
            message = f'entity "{entity.name}" has no id_types, and no package provides them'
            yield Finding("error", "missing-key", message, entity.at.start, "add id_types: …")


def known_id_types(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Every id type in use must be declared or built in; an id of a type that its entity lacks is not used."""
    types = [t.name for t in project.file.id_types]
    entities = {e.name: e for e in project.file.entities}
    for entity in project.file.entities:
        for number, name in enumerate(entity.id_types):
            at = entity.at.item("id_types", number)
            if name not in spec.MAIN_ID_TYPES:
                yield from _known("id type", name, types, at, project.unread)
            if name in entity.id_types[:number]:
                message = f'entity "{entity.name}" lists id type "{name}" twice'
                yield Finding("error", "duplicate-name", message, at, "remove one of them")
    for select in _id_selects(project):
        if select.entity is None:
            continue
        yield from _known("entity", select.entity, list(entities), select.at.value("entity"), project.unread)
        owner = entities.get(select.entity)
        if owner is None or select.type in owner.id_types or select.type in spec.MAIN_ID_TYPES:
            continue
        at = select.at.value("type")
        if select.type in types:
            message = f'entity "{owner.name}" does not have id type "{select.type}", so this id is not used'
            hint = f"add {select.type} to id_types of entity {owner.name}, or remove the id"
            yield Finding("warning", "unused-id", message, at, hint)
        else:
            yield from _known("id type", select.type, owner.id_types, at, project.unread)


def extended_types_exist(project: spec.ProjectSpec) -> Iterator[Finding]:
    """The id type that an id type extends must exist."""
    types = [t.name for t in project.file.id_types]
    for id_type in project.file.id_types:
        base = (id_type.extends or "").rsplit("/", 1)[-1]
        if base and base not in spec.BUILT_IN_ID_TYPES:
            yield from _known("id type", base, types, id_type.at.value("extends"), project.unread)


def _id_selects(project: spec.ProjectSpec) -> Iterator[spec.IdSelect | spec.EdgeId]:
    for given in project.inputs:
        yield from given.app_defaults.ids
    for model in project.models:
        if isinstance(model, spec.SqlTemplateModel):
            yield from model.model_spec.ids
        if isinstance(model, spec.IdStitcherModel):
            for source in model.model_spec.edge_sources:
                yield from source.ids or ()


def known_entities(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Models and var groups must name an existing entity; an entity must name its own stitcher."""
    names = [e.name for e in project.file.entities]
    for group in project.var_groups:
        if group.entity_key is not None:
            yield from _known("entity", group.entity_key, names, group.at.value("entity_key"), project.unread)
        elif group.entity_cohort is None:
            message = f'var group "{group.name}" has neither entity_key nor entity_cohort'
            yield Finding("error", "missing-key", message, group.at.start, "add entity_key")
    for model in project.models:
        if isinstance(model, spec.PluginModel):
            continue
        key = model.model_spec.entity_key
        if key is not None:
            yield from _known("entity", key, names, model.model_spec.at.value("entity_key"), project.unread)
    linked = {(e.id_stitcher or "").lower().rsplit("/", 1)[-1] for e in project.file.entities}
    for model in project.models:
        if isinstance(model, spec.IdStitcherModel) and model.name.lower() not in linked:
            message = f'no entity uses id_stitcher "{model.name}", so it does not run'
            hint = f"set id_stitcher: models/{model.name} on entity {model.model_spec.entity_key}"
            yield Finding("warning", "unused-stitcher", message, model.at.start, hint)


def vars_are_not_main_ids(project: spec.ProjectSpec) -> Iterator[Finding]:
    """A var must not have the name of the main id column of the same table."""
    main_ids = {entity.name: entity.main_id_column.lower() for entity in project.file.entities}
    for group in project.var_groups:
        for var in (entry.entity_var for entry in group.vars):
            if var is not None and var.name.lower() == main_ids.get(group.entity_key or ""):
                message = f'"{var.name}" is the name of the main id column, so no var of this entity can have it'
                yield Finding("error", "duplicate-name", message, var.at.value("name"), "rename the var")


def features_have_an_owner(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Features of a SQL model must belong to an entity or a cohort."""
    for model in project.models:
        if not isinstance(model, spec.SqlTemplateModel) or not model.model_spec.features:
            continue
        body = model.model_spec
        if body.entity_cohort is None and spec.entity_of_features(body) is None:
            has = "ids of several entities" if body.ids else "no ids"
            message = f'the features of model "{model.name}" are in no view: it has {has} and no entity_key'
            hint = "add entity_key, and ids of that entity"
            yield Finding("warning", "features-of-nobody", message, body.at.key("features"), hint)


def mapped_inputs_lead_somewhere(project: spec.ProjectSpec) -> Iterator[Finding]:
    """The replacement for a package's input in ``inputsMap`` must exist."""
    known = [f"inputs/{i.name}" for i in project.inputs] + [f"models/{m.name}" for m in project.models]
    folders = {"inputs", "models", *(f.strip("/").rsplit("/", 1)[-1].lower() for f in project.file.model_folders)}
    for package in project.file.packages:
        for name, target in package.inputs_map.items():
            if target in OFF:
                continue
            path = str(target).strip().removeprefix("~/").removeprefix("./").strip("/").lower()
            folder, _, last = path.rpartition("/")
            plain = f"{'inputs' if folder == 'inputs' else 'models'}/{last}" if folder in folders else path
            kind = "input" if plain.startswith("inputs/") else "model"
            is_unread = project.unread.may_have(kind, last) or (
                path.startswith("packages/") and bool(project.unread.records)
            )
            if plain not in {k.lower() for k in known} and path not in project.aliases and not is_unread:
                message = f'inputsMap replaces "{name}" of package {package.name} with "{target}", which does not exist'
                hint = suggest(path, known) or "use an input or a model, or nil to run without it"
                yield Finding("error", "unknown-model", message, package.at.value("inputsMap"), hint)


def stitchers_have_sources(project: spec.ProjectSpec) -> Iterator[Finding]:
    """An id_stitcher must have edge sources."""
    for model in project.models:
        if isinstance(model, spec.IdStitcherModel) and not model.model_spec.edge_sources:
            message = f'id_stitcher "{model.name}" has no edge_sources'
            yield Finding("error", "missing-key", message, model.model_spec.at.start, "add edge_sources")


def regexes_compile(project: spec.ProjectSpec) -> Iterator[Finding]:
    """The regex of an id filter must be valid.

    Python's syntax is a superset of what engines share, except for POSIX classes.
    """
    for id_type in project.file.id_types:
        for given in id_type.filters:
            if given.regex is None:
                continue
            try:
                with warnings.catch_warnings(action="ignore"):  # "possible nested set": not an error
                    re.compile(re.sub(r"\[:\w+:\]", "a-z", given.regex))
            except (re.error, OverflowError, RecursionError) as error:
                message = f'invalid regex of id type "{id_type.name}": {error}'
                yield Finding(
                    "error",
                    "bad-regex",
                    message,
                    given.at.value("regex"),
                    "escape special characters with \\",
                )


def windows_have_order(project: spec.ProjectSpec) -> Iterator[Finding]:
    """An entity var with a window needs an order, and must not be partitioned (format A2)."""
    for group in project.var_groups:
        for entry in group.vars:
            var = entry.entity_var
            if var is None or var.window is None or var.from_ is None:
                continue
            if not var.window.order_by:
                message = f'the window of var "{var.name}" needs order_by'
                yield Finding(
                    "error",
                    "missing-key",
                    message,
                    var.window.at.start,
                    "add order_by with the column that orders its rows",
                )
            if var.window.partition_by:
                message = (
                    f'the window of var "{var.name}" is always partitioned by profile; partition_by is not allowed'
                )
                yield Finding("error", "wrong-value", message, var.window.at.key("partition_by"), "remove it")


def file_names_are_safe(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Names become names of tables, views and files; only letters, digits and underscores are allowed."""
    named = [
        *((f"input {i.name}", i.name, i.at.value("name")) for i in project.inputs),
        *((f"model {m.name}", m.name, m.at.value("name")) for m in project.models),
        *((f"entity {e.name}", e.name, e.at.value("name")) for e in project.file.entities),
        *((f"id type {t.name}", t.name, t.at.value("name")) for t in project.file.id_types),
        *(
            (f"var {v.name}", v.name, v.at.value("name"))
            for g in project.var_groups
            for entry in g.vars
            if (v := entry.entity_var or entry.input_var) is not None
        ),
    ]
    for what, name, at in named:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            message = f"the name of {what!r} may contain only letters, digits and _"
            yield Finding("error", "bad-name", message.replace("'", '"'), at, "rename it")


def checks_name_id_types(project: spec.ProjectSpec) -> Iterator[Finding]:
    """The id types in ``checks`` of onefold.yaml must exist."""
    checks, names = project.settings.checks, [t.name for t in project.file.id_types]
    for given in (checks.ids, checks.stitch_rate, checks.drift.ids, checks.drift.stitch_rate):
        for name, bounds in given.items():
            if name not in names:
                others = [n for n in names if n.lower() != name.lower()]
                yield from _known("id type", name, others, bounds.at.start, project.unread)


def csv_files_are_inside(project: spec.ProjectSpec) -> Iterator[Finding]:
    """The CSV file of an input must be inside the project, or inside its package; links are followed."""
    for given in project.inputs:
        path = given.app_defaults.csv
        if path is None:
            continue
        at = given.app_defaults.at.value("csv")
        try:
            path_within(path, Path(project.root), project.package_roots)
        except ProjectError as error:
            for found in error.findings:
                yield replace(found, where=at)
        except OSError as error:
            yield Finding("error", "unreadable-file", f'"{path}" is not a valid path: {error.strerror or error}', at)


def file_types_name_tables(project: spec.ProjectSpec) -> Iterator[Finding]:
    """The tables in ``files`` of onefold.yaml must belong to a declared catalog."""
    settings = project.settings
    for name, given in settings.files.items():
        at = given.at.start
        catalog, *rest = name.split(".")
        if len(rest) != _PARTS_BELOW_CATALOG:
            message = f'files: "{name}" is not a table of a declared catalog'
            yield Finding("error", "wrong-value", message, at, "write it as catalog.schema.table")
        else:
            yield from _known("catalog", catalog, settings.catalogs, at, project.unread)


def moot_optimizations(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Optimization hints for another engine are accepted, with a note that they have no effect."""
    given = project.optimizations
    if given is not None and given.model_fields_set - {"at"}:
        keys = ", ".join(sorted(given.model_fields_set - {"at"}))
        why = "onefold scans each source once for all vars and reads only the columns in use"
        message = f"{keys} has no effect: {why}"
        yield Finding("note", "moot", message, given.at.start)


def id_rules_fit(project: spec.ProjectSpec) -> Iterator[Finding]:
    """Id rules must name existing entities, id types and actions, and must not contradict each other."""
    if project.id_rules is None:
        return
    yield from rule_mistakes(project.id_rules.rules, project.file, project.unread)
    if project.id_rules.rules and not project.stitcher_rules.enabled:
        message = f"the rules in {project.id_rules.file} have no effect: id_stitcher_rules are not enabled"
        at = project.file.id_stitcher_rules.at.value("enabled")
        yield Finding("warning", "id-rules-off", message, at, "set enabled to true, or remove this key")


RULES: tuple[Callable[[spec.ProjectSpec], Iterator[Finding]], ...] = (
    schema_version_is_read,
    unique_names,
    file_names_are_safe,
    entities_have_id_types,
    known_id_types,
    extended_types_exist,
    known_entities,
    vars_are_not_main_ids,
    features_have_an_owner,
    mapped_inputs_lead_somewhere,
    stitchers_have_sources,
    regexes_compile,
    windows_have_order,
    checks_name_id_types,
    csv_files_are_inside,
    file_types_name_tables,
    moot_optimizations,
    id_rules_fit,
)

"""Converts old spellings of the format to today's, so that schema versions 34 to 99 load without a migration.

Takes mappings as read. Returns mappings with today's keys in the places of the old ones, and a note for each changed
key. Keys that have lost their effect are dropped, with a note. The changes are kept in ``changes``, from which
``migrate`` rewrites the file. All rules are in the tables below.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from onefold.errors import Finding
from onefold.project.source import YamlMap
from onefold.project.spec import GRAINS, Positions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from onefold.errors import Location

RENAMED: dict[str, dict[str, str]] = {
    "project": {"profile": "connection", "tags": "available_tags"},
    "package": {"gitUrl": "url"},
    "id_view": {"id_served": "id"},
    "var": {"default": "default_value"},
}
"""Old key -> new key, by kind of mapping."""

ENABLE_STATUS: dict[str, str] = {"not_needed": "only_if_necessary"}
"""Old value -> new value of ``materialization.enable_status``."""

DROPPED: dict[str, dict[str, str]] = {
    "project": {
        "include_untimed": "rows without a time are always read",
        "rebase_incremental": "it is a command-line flag",
    },
    "model_spec": {
        "validity_time": "results are kept until they are cleaned up",
        "include_untimed": "rows without a time are always read",
    },
    "default_id_stitcher": {"validity_time": "results are kept until they are cleaned up"},
    "feature_table_model": {"compatibility_mode": "feature tables have a single form"},
}
"""Old key -> why it was removed, by kind of mapping."""


@dataclass(frozen=True)
class Change:
    """One change of an old spelling.

    Attributes:
        kind: ``rename``: rename a key. ``value``: change the value of a key. ``drop``: remove a key. ``nest``: move
            keys into a new mapping. ``unwrap``: replace a key by its content. ``add``: add a key after another, or one
            whose ``default`` has changed. ``group``: move the vars of a feature table into a var group. ``move``: move
            a list to the end of the file's list ``new``.
        keys: Locations of the keys.
        new: The new key or value, the key of the new mapping, or for ``add`` and ``default`` the whole entry.
        names: New names of nested keys that change.
        entity: The entity of a var group.
    """

    kind: Literal["rename", "value", "drop", "nest", "unwrap", "add", "default", "group", "move"]
    keys: tuple[Location, ...]
    new: str = ""
    names: tuple[tuple[str, str], ...] = field(default=())
    entity: str = ""


NAMED_VIEWS = 94
"""The first schema version that names a view by ids after the entity's own view."""

DEFAULT_STITCHER = 46
"""The first schema version in which ids belong to the default stitcher by default."""

BARE_NAMES = 43
"""The first schema version in which a bare name always means a column, and vars are only named in templates."""

FEATURES = 49
"""The first schema version in which vars are features by default."""

DEFAULT_GRAIN = 87
"""The first schema version in which a project with time grains must declare the default grain."""

_OF_APP_DEFAULTS = ("table", "view", "csv", "s3", "occurred_at_col", "row_identifier", "ids")


class Legacy:
    """Rewrites mappings and collects notes.

    Args:
        version: The schema version of model files; a project file states its own.
        features: Lower-case names of vars that feature tables list, in any file.
        grains: The time grains in use, in any file.
    """

    def __init__(
        self,
        version: int = NAMED_VIEWS,
        features: frozenset[str] = frozenset(),
        grains: frozenset[str] = frozenset(),
    ) -> None:
        self.notes: list[Finding] = []
        self.changes: dict[Change, None] = {}
        self.version = version
        self.features = features
        self.grains = grains

    def project_file(self, root: YamlMap) -> YamlMap:
        """``pb_project.yaml``."""
        version = root.get("schema_version")
        self.version = version if isinstance(version, int) else NAMED_VIEWS
        root = self._default_grain(self._plain("project", root))
        root = _each(root, "packages", lambda p: self._plain("package", p))
        return _each(root, "entities", self._entity)

    def model_file(self, root: YamlMap) -> YamlMap:
        """A file in a model folder."""
        root = _each(root, "inputs", self._input)
        root = _each(root, "models", self._model)
        groups = _each(root, "var_groups", self._var_group)
        return self._vars_of_feature_tables(self._macros_of_feature_tables(groups))

    # --- kinds of mappings ---

    def _default_grain(self, root: YamlMap) -> YamlMap:
        """The project file with the default time grain of its schema version, if grains are used."""
        key = "default_time_grain"
        if self.version >= DEFAULT_GRAIN or not self.grains or key in root:
            return root
        finest = min(self.grains, key=GRAINS.index)
        grain = min(finest, "day", key=GRAINS.index)
        message = f"before schema version {DEFAULT_GRAIN}, {key} defaults to the finest time grain in use"
        at = root.positions.key("schema_version")
        self._note(f"{message}, but at most a day", at, f"add {key}: {grain}")
        self._change(Change("default", (at,), f"{key}: {grain}"))
        return _put(root, key, grain)

    def _plain(self, kind: str, given: YamlMap) -> YamlMap:
        """Apply the two tables."""
        for old, new in RENAMED.get(kind, {}).items():
            if old in given and new not in given:
                self._note(f'"{old}" is now "{new}"', given.positions.key(old))
                self._change(Change("rename", (given.positions.key(old),), new))
                given = _renamed(given, old, new)
        for old, why in DROPPED.get(kind, {}).items():
            if old in given:
                self._note(f'"{old}" has no effect: {why}', given.positions.key(old), "remove it")
                self._change(Change("drop", (given.positions.key(old),)))
                given = _without(given, (old,))
        if isinstance(given.get("materialization"), YamlMap):
            given = _put(given, "materialization", self._materialization(given["materialization"]))
        return given

    def _materialization(self, given: YamlMap) -> YamlMap:
        key = "enable_status"
        old = given.get(key)
        if isinstance(old, str) and old in ENABLE_STATUS:
            self._note(f'"{old}" is now "{ENABLE_STATUS[old]}"', given.positions.value(key))
            self._change(Change("value", (given.positions.key(key),), ENABLE_STATUS[old]))
            given = _put(given, key, ENABLE_STATUS[old])
        return given

    def _entity(self, entity: YamlMap) -> YamlMap:
        default = "feature_view_with_{id}" if self.version < NAMED_VIEWS else None
        if isinstance(entity.get("serve_traits_360"), YamlMap) and "feature_views" not in entity:
            at = entity.positions.key("serve_traits_360")
            self._note('"serve_traits_360" is now "feature_views"', at)
            self._change(Change("rename", (at,), "feature_views"))
            entity = _renamed(entity, "serve_traits_360", "feature_views")
        for old in ("serve_traits", "serve_traits_360"):
            if old in entity and "feature_views" not in entity:
                default = "{id}_{entity}_default_entity_serve_360" if old == "serve_traits" else default
                at = entity.positions.key(old)
                self._note(f'"{old}" is now "feature_views", with the list under "using_ids"', at)
                self._change(Change("nest", (at,), "feature_views", ((old, "using_ids"),)))
                ids = _each(entity, old, lambda v: self._plain("id_view", v))
                entity = _nested(ids, (old,), "feature_views", at, {old: "using_ids"})
        entity = self._feature_views(entity)
        if isinstance(entity.get("feature_views"), YamlMap):
            views = _each(entity["feature_views"], "using_ids", lambda v: self._plain("id_view", v))
            if default is not None and "name" not in views:
                pattern = default
                views = _each(views, "using_ids", lambda v: self._named_view(v, entity, pattern))
            entity = _put(entity, "feature_views", views)
        if isinstance(entity.get("default_id_stitcher"), YamlMap):
            stitcher = self._plain("default_id_stitcher", entity["default_id_stitcher"])
            entity = _put(entity, "default_id_stitcher", stitcher)
        return entity

    def _named_view(self, view: YamlMap, entity: YamlMap, pattern: str) -> YamlMap:
        """A view by ids with the name that its schema version gives it, if it has none of its own."""
        main_id = entity.get("id_column_name") or f"{entity.get('name')}_main_id"
        if view.get("name") is not None or not isinstance(view.get("id"), str) or view["id"] == main_id:
            return view
        name = pattern.format(id=view["id"], entity=entity.get("name"))
        at = view.positions.key("id")
        self._note(f'schema version {self.version} names this view by ids "{name}"', at)
        self._change(Change("add", (at,), f"name: {name}"))
        return _put(view, "name", name)

    def _feature_views(self, owner: YamlMap) -> YamlMap:
        """A list of views, as some pages of the format write it, becomes the list under ``using_ids``."""
        if not isinstance(owner.get("feature_views"), list):
            return owner
        at = owner.positions.key("feature_views")
        self._note('the list of "feature_views" belongs under "using_ids"', at)
        self._change(Change("nest", (at,), "feature_views", (("feature_views", "using_ids"),)))
        return _nested(owner, ("feature_views",), "feature_views", at, {"feature_views": "using_ids"})

    def _input(self, given: YamlMap) -> YamlMap:
        given = self._ids(given)
        if isinstance(given.get("app_defaults"), YamlMap):
            given = _put(given, "app_defaults", self._ids(given["app_defaults"]))
        loose = tuple(key for key in _OF_APP_DEFAULTS if key in given)
        if loose and "app_defaults" not in given:
            self._change(Change("nest", tuple(given.positions.key(key) for key in loose), "app_defaults"))
            return _nested(given, loose, "app_defaults", given.positions.key(loose[0]), {})
        inner = given.get("app_defaults")
        if loose and isinstance(inner, YamlMap) and not any(key in inner for key in loose):
            at = given.positions.key("app_defaults")
            self._note(f"{', '.join(loose)} of an input belong under app_defaults", given.positions.key(loose[0]))
            self._change(Change("unwrap", (at,)))
            outer = _nested(given, loose, "app_defaults", at, {})
            return _put(outer, "app_defaults", _joined(inner, outer["app_defaults"]))
        return given

    def _ids(self, owner: YamlMap) -> YamlMap:
        """Ids with the default of ``to_default_stitcher`` in their schema version."""
        key, ids = "to_default_stitcher", owner.get("ids")
        if self.version >= DEFAULT_STITCHER or not isinstance(ids, list):
            return owner
        if any(isinstance(one, YamlMap) and one and key not in one for one in ids):
            message = f"before schema version {DEFAULT_STITCHER}, ids do not belong to the default stitcher by default"
            self._note(message, owner.positions.key("ids"), f"add {key}: true or false")
        return _each(owner, "ids", lambda one: self._with_default(one, key))

    def _with_default(self, given: YamlMap, key: str) -> YamlMap:
        """The mapping with ``key: false``, which is no longer the default."""
        if key in given or not given:
            return given
        self._change(Change("default", (given.positions.key(list(given)[-1]),), f"{key}: false"))
        return _put(given, key, False)

    def _model(self, model: YamlMap) -> YamlMap:
        if not isinstance(model.get("model_spec"), YamlMap):
            return model
        spec = self._plain("model_spec", model["model_spec"])
        spec = self._ids(self._plain(str(model.get("model_type")), spec))
        if "main_id_type" in spec and model.get("model_type") == "id_stitcher":
            message = '"main_id_type" has no effect: "id_column_name" of the entity names the main id column'
            self._note(message, spec.positions.key("main_id_type"), "remove it")
            self._change(Change("drop", (spec.positions.key("main_id_type"),)))
            spec = _without(spec, ("main_id_type",))
        if model.get("model_type") == "feature_view":
            spec = self._without_sources(spec)
        if model.get("model_type") == "entity_cohort":
            spec = self._feature_views(spec)
        return _put(model, "model_spec", spec)

    def _without_sources(self, spec: YamlMap) -> YamlMap:
        """A feature view always has all features of its entity, so a list of features has no effect."""
        key, listed = "features", spec.get("features")
        if not isinstance(listed, list) or not any(isinstance(one, YamlMap) for one in listed):
            return spec
        at = spec.positions.key(key)
        hint = "remove it; to select features, use a feature_table_model"
        self._note(f'"{key}" has no effect: a feature view has all features of its entity', at, hint)
        self._change(Change("drop", (at,)))
        return _without(spec, (key,))

    def _var_group(self, group: YamlMap) -> YamlMap:
        return _each(group, "vars", lambda entry: self._var_entry(self._feature(entry)))

    def _feature(self, entry: YamlMap) -> YamlMap:
        """A var of a group with the default of ``is_feature`` in its schema version."""
        key, var = "is_feature", entry.get("entity_var")
        if self.version >= FEATURES or not isinstance(var, YamlMap) or key in var:
            return entry
        if str(var.get("name")).lower() in self.features:
            return entry
        message = f"before schema version {FEATURES}, a var is a feature only if a feature table lists it"
        self._note(message, var.positions.key("name"), f"add {key}: true or false")
        return _put(entry, "entity_var", self._with_default(var, key))

    def _var_entry(self, entry: YamlMap) -> YamlMap:
        for kind in ("entity_var", "input_var"):
            if isinstance(entry.get(kind), YamlMap):
                entry = _put(entry, kind, self._plain("var", entry[kind]))
        return entry

    def _macros_of_feature_tables(self, root: YamlMap) -> YamlMap:
        """``macros`` inside a feature table are macros of the whole project."""
        macros = root.get("macros") or []
        if not isinstance(macros, list):
            return root
        found = [*macros]

        def without(model: YamlMap) -> YamlMap:
            spec = model.get("model_spec")
            if model.get("model_type") != "feature_table_model" or not isinstance(spec, YamlMap):
                return model
            if not isinstance(spec.get("macros"), list):
                return model
            at = spec.positions.key("macros")
            self._note('"macros" of a feature table belong to the whole project', at, "move them under macros")
            self._change(Change("move", (at,), "macros"))
            found.extend(spec["macros"])
            return _put(model, "model_spec", _without(spec, ("macros",)))

        moved = _each(root, "models", without)
        return root if len(found) == len(macros) else _put(moved, "macros", found)

    def _vars_of_feature_tables(self, root: YamlMap) -> YamlMap:
        """``vars`` inside a feature table become a var group of its entity."""
        models = root.get("models")
        if not isinstance(models, list):
            return root
        written = root.get("var_groups") or []
        groups: list[Any] = [*written] if isinstance(written, list) else [written]
        kept: list[Any] = []
        for given in models:
            model = given
            spec = model.get("model_spec") if isinstance(model, YamlMap) else None
            if isinstance(spec, YamlMap) and model.get("model_type") == "feature_table_model" and "vars" in spec:
                self._note('"vars" of a feature table now belong under "var_groups"', spec.positions.key("vars"))
                where, names = spec.positions.key("vars"), (f"{model.get('name')}_vars", str(spec.get("entity_key")))
                self._change(Change("group", (where,), names[0], entity=names[1]))
                group = {
                    "name": f"{model.get('name')}_vars",
                    "entity_key": spec.get("entity_key"),
                    "vars": spec["vars"],
                }
                positions = Positions(spec.positions.start, dict(spec.positions.values), dict(spec.positions.keys))
                positions.items["vars"] = spec.positions.items.get("vars", ())
                groups.append(self._var_group(YamlMap(group, positions)))
                model = _put(model, "model_spec", _without(spec, ("vars",)))
            kept.append(model)
        if any(kept[number] is not given for number, given in enumerate(models)):
            root = _put(_put(root, "models", kept), "var_groups", groups)
        return root

    def _change(self, change: Change) -> None:
        self.changes[change] = None

    def _note(self, message: str, at: Location, hint: str | None = None) -> None:
        self.notes.append(Finding("note", "old-spelling", message, at, hint))


def grains_used(roots: Iterable[Any]) -> frozenset[str]:
    """The time grains that some files use."""
    found: set[str] = set()
    for part in roots:
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        found |= grains_used(inner)
        if isinstance(part, dict) and part.get("time_grain") in GRAINS:
            found.add(part["time_grain"])
    return frozenset(found)


def listed_features(roots: Iterable[YamlMap]) -> frozenset[str]:
    """Lower-case names of vars that the feature tables of some files list."""
    found: set[str] = set()
    for root in roots:
        models = root.get("models")
        for model in models if isinstance(models, list) else ():
            spec = model.get("model_spec") if isinstance(model, YamlMap) else None
            if isinstance(spec, YamlMap) and model.get("model_type") == "feature_table_model":
                listed = spec.get("features")
                found |= {str(name).lower() for name in listed} if isinstance(listed, list) else set()
    return frozenset(found)


# --- mappings with one change ---


def _copy(given: YamlMap, values: dict[str, Any]) -> YamlMap:
    p = given.positions
    return YamlMap(values, Positions(p.start, dict(p.values), dict(p.keys), dict(p.items)))


def _renamed(given: YamlMap, old: str, new: str) -> YamlMap:
    made = _copy(given, {(new if key == old else key): value for key, value in given.items()})
    p = made.positions
    p.values.update({new: p.values[old]} if old in p.values else {})
    p.keys.update({new: p.keys[old]} if old in p.keys else {})
    p.items.update({new: p.items[old]} if old in p.items else {})
    return made


def _without(given: YamlMap, keys: Iterable[str]) -> YamlMap:
    gone = set(keys)
    return _copy(given, {key: value for key, value in given.items() if key not in gone})


def _put(given: YamlMap, key: str, value: Any) -> YamlMap:
    return _copy(given, {**given, key: value})


def _joined(first: YamlMap, second: YamlMap) -> YamlMap:
    """The entries of both."""
    made = _copy(first, {**first, **second})
    made.positions.values.update(second.positions.values)
    made.positions.keys.update(second.positions.keys)
    made.positions.items.update(second.positions.items)
    return made


def _nested(given: YamlMap, keys: tuple[str, ...], under: str, at: Location, names: dict[str, str]) -> YamlMap:
    """The mapping with some keys moved into a new mapping ``under``."""
    inner = _without(given, [k for k in given if k not in keys])
    for old, new in names.items():
        inner = _renamed(inner, old, new)
    outer = _put(_without(given, keys), under, inner)
    outer.positions.values[under] = outer.positions.keys[under] = at
    return outer


def _each(given: YamlMap, key: str, change: Callable[[YamlMap], YamlMap]) -> YamlMap:
    """The mapping with ``change`` applied to each mapping in the list under ``key``."""
    items = given.get(key)
    if not isinstance(items, list):
        return given
    return _put(given, key, [change(item) if isinstance(item, YamlMap) else item for item in items])

"""Loads a project: takes a folder, returns the whole project typed, or every error in all of its files at once.

The packages of the project are merged in. Reads YAML files inside the folder and those of its packages, and no other.
Opens no database.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from onefold.errors import Finding, Location, ProjectError
from onefold.project import spec
from onefold.project.fetch import package_folder
from onefold.project.id_rules import read_rules
from onefold.project.legacy import Legacy, grains_used, listed_features
from onefold.project.packages import Loaded, extended, merge
from onefold.project.rules import RULES
from onefold.project.source import YamlMap, read_yaml
from onefold.project.typed import typed, typed_in_part
from onefold.project.unused_keys import ANYTHING, Lost, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

R = TypeVar("R", bound=spec.Record)

_ENDINGS = (".yaml", ".yml")


def load_project(folder: Path) -> spec.ProjectSpec:
    """Load the project in a folder.

    Raises:
        ProjectError: With every error found, sorted by location.
    """
    project, errors = read_project(folder)
    if errors:
        raise ProjectError(errors)
    return project


def read_project(folder: Path) -> tuple[spec.ProjectSpec, tuple[Finding, ...]]:
    """The valid part of the project in a folder, and every error found, sorted by location."""
    findings: list[Finding] = []
    project = _read(folder.resolve(), findings)
    packages = [_package(declared, folder.resolve(), findings) for declared in project.file.packages]
    project = merge(project, [p for p in packages if p is not None], findings)
    if None in packages:
        project = replace(project, unread=Unread(ANYTHING))
    project = _with_extended_types(project)
    found = [f for rule in RULES for f in rule(project)]
    errors = [f for f in (*findings, *found) if f.severity == "error"]
    notes = tuple(f for f in found if f.severity != "error")
    project = replace(project, notes=(*project.notes, *notes))
    return project, by_place(errors)


def by_place(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of files and lines; those without a location last."""
    return tuple(sorted(findings, key=lambda f: (str(f.where is None), _order(f))))


def _read(root: Path, findings: list[Finding], package: str = "") -> spec.ProjectSpec:
    """The records of one folder, unchecked."""
    reader = _ProjectReader(root, f"{package}:" if package else "", findings)
    given = reader.project_root()
    files = [found for path in reader.model_files() if (found := reader.mapping(path)) is not None]
    reader.legacy.features, reader.legacy.grains = listed_features(files), grains_used([given, *files])
    file = reader.project_file(given)
    for found in files:
        reader.model_file(found)
    settings = reader.settings()
    return spec.ProjectSpec(
        root=str(root),
        file=file,
        settings=settings,
        id_rules=reader.id_rules(settings) if not package else None,
        inputs=tuple(reader.inputs),
        models=tuple(reader.models),
        var_groups=tuple(reader.var_groups),
        macros=tuple(reader.macros),
        optimizations=reader.optimizations,
        notes=tuple(reader.legacy.notes),
        unread=Unread(frozenset(reader.unread)),
    )


def yaml_files(folder: Path) -> list[Path]:
    """The project file and the model files of a project, in reading order.

    Raises:
        ProjectError: If there is no project file, or a file or folder cannot be read.
    """
    reader = _ProjectReader(folder.resolve())
    reader.project_root()
    found = reader.model_files()
    unreadable = [f for f in reader.findings if f.code in {"no-project", "unreadable-file", "outside-project"}]
    if unreadable:
        raise ProjectError(unreadable)
    return [folder.resolve() / "pb_project.yaml", *found]


def _package(declared: spec.Package, root: Path, findings: list[Finding]) -> Loaded | None:
    """The content of a package; None, and a finding, if it is not available."""
    try:
        folder = package_folder(declared, root)
    except ProjectError as error:
        findings.extend(error.findings)
        return None
    project = _read(folder, findings, declared.name)
    if project.file.packages:
        message = f'package "{declared.name}" has packages of its own, which is not supported'
        at = project.file.packages[0].at.start
        findings.append(Finding("error", "not-run", message, at, "declare them in the project itself"))
    return Loaded(declared, project)


def _with_extended_types(project: spec.ProjectSpec) -> spec.ProjectSpec:
    """The project with the id types of ``extends`` resolved."""
    types = {t.name: t for t in project.file.id_types}
    made = []
    for id_type in project.file.id_types:
        base = types.get((id_type.extends or "").rsplit("/", 1)[-1])
        made.append(extended(id_type, base) if base is not None and base is not id_type else id_type)
    file = project.file.model_copy(update={"id_types": tuple(made)})
    return replace(project, file=file)


def _order(finding: Finding) -> tuple[str, int, int]:
    where = finding.where
    return (where.file, where.line, where.column) if isinstance(where, Location) else (str(where), 0, 0)


@dataclass
class _ProjectReader:
    """Reads the files of one project; collects records and findings.

    Attributes:
        shown: Prefix of file names in messages: the package, if it is one.
    """

    root: Path
    shown: str = ""
    findings: list[Finding] = field(default_factory=list)
    legacy: Legacy = field(default_factory=Legacy)
    inputs: list[spec.Input] = field(default_factory=list)
    models: list[Any] = field(default_factory=list)
    var_groups: list[spec.VarGroup] = field(default_factory=list)
    macros: list[spec.Macro] = field(default_factory=list)
    optimizations: spec.Optimizations | None = None
    unread: set[tuple[str, str | None]] = field(default_factory=set)
    folders: list[tuple[str, Location]] = field(default_factory=lambda: [("models", spec.NOWHERE)])

    def project_root(self) -> YamlMap | None:
        """The project file as written, which names the other files; None if it cannot be read."""
        path = self.root / "pb_project.yaml"
        if not path.is_file():
            message = "there is no pb_project.yaml in this folder"
            hint = "pass the project's folder with -p, or create a project with `pb init pb-project`"
            self.findings.append(Finding("error", "no-project", message, str(self.root.name or self.root), hint))
            self.unread |= ANYTHING
            return None
        root = self.mapping(path)
        folders = root.get("model_folders") if root is not None else None
        if root is not None and isinstance(folders, list):
            places = [root.positions.item("model_folders", number) for number in range(len(folders))]
            self.folders = [(str(name), at) for name, at in zip(folders, places, strict=True)]
        return root

    def project_file(self, root: YamlMap | None) -> spec.ProjectFile:
        """The valid part of the project file; empty if it cannot be read."""
        nothing = spec.ProjectFile(name="", schema_version=spec.NEWEST_SCHEMA)
        if root is None:
            return nothing
        instead = {"name": nothing.name, "schema_version": nothing.schema_version}
        return self._in_part(spec.ProjectFile, self.legacy.project_file(root), instead) or nothing

    def settings(self) -> spec.Settings:
        path = self.root / "onefold.yaml"
        root = self.mapping(path) if path.is_file() else None
        found = self._in_part(spec.Settings, root) if root is not None else None
        return found or spec.Settings()

    def _in_part(self, cls: type[R], root: YamlMap, instead: Mapping[str, Any] = MappingProxyType({})) -> R | None:
        """The valid part of a file as a record; errors are recorded."""
        record, lost = typed_in_part(cls, root, self.findings, instead=instead)
        for part in lost:
            self.unread |= part.records()
        if record is None:
            self.unread |= ANYTHING
        return record

    def id_rules(self, settings: spec.Settings) -> spec.IdRules | None:
        """The file of id rules; None if there is none."""
        name, at = settings.id_rules, settings.at.values.get("id_rules")
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root):
            message = f'the file of id rules "{name}" is outside the project'
            self.findings.append(Finding("error", "outside-project", message, at or name, "move it into the project"))
            return None
        if not path.is_file():
            if at is not None:
                hint = "`pb idstitch rules add` creates it"
                self.legacy.notes.append(Finding("warning", "no-id-rules", f'there is no file "{name}"', at, hint))
            return None
        return spec.IdRules(name, read_rules(path, self.shown + name, self.findings))

    def model_files(self) -> list[Path]:
        """YAML files directly in the model folders, by name; also if the rest of the project file is invalid."""
        paths: list[Path] = []
        for name, at in self.folders:
            try:
                found = self._files_in(name, at)
            except (OSError, ValueError, RuntimeError) as error:  # too long, contains a NUL, cyclic links
                reason = getattr(error, "strerror", None) or "this is not a valid path"
                message = f"cannot read a model folder: {reason}"
                self.findings.append(Finding("error", "unreadable-file", message, at, "remove it"))
                self.unread |= ANYTHING
            else:
                paths += [p for p in found if p not in paths]
        return paths

    def _files_in(self, name: str, at: Location) -> list[Path]:
        folder = (self.root / name).resolve()
        if not folder.is_relative_to(self.root):
            message = f'model folder "{name}" is outside the project'
            self.findings.append(Finding("error", "outside-project", message, at, "move it into the project"))
            self.unread |= ANYTHING
            return []
        if not folder.is_dir():
            message = f'model folder "{name}" does not exist'
            self.legacy.notes.append(Finding("warning", "no-folder", message, at, "create it, or remove it"))
            return []
        own = {self.root / "pb_project.yaml", self.root / "onefold.yaml"}
        return sorted(p for p in folder.iterdir() if p.suffix.lower() in _ENDINGS and p not in own and p.is_file())

    def model_file(self, root: YamlMap) -> None:
        """Collect the records of a file in a model folder."""
        root = self.legacy.model_file(root)
        file = self._in_part(spec.ModelFile, root)
        if file is None:
            return
        self.inputs += file.inputs
        self.var_groups += file.var_groups
        self.macros += file.macros
        if file.optimizations is not None:
            if self.optimizations is not None:
                message = f"optimizations are declared in two files; the other is {self.optimizations.at.start}"
                at = root.positions.key("optimizations")
                self.findings.append(Finding("error", "duplicate-name", message, at, "remove one of them"))
            self.optimizations = file.optimizations
        models = root.get("models")  # those of the record have no locations
        for given in models if isinstance(models, list) else ():
            if isinstance(given, YamlMap):
                self._model(given)

    def _model(self, given: YamlMap) -> None:
        cls = spec.MODEL_CLASSES.get(str(given.get("model_type")), spec.PluginModel)
        model = typed(cls, given, self.findings)
        if model is not None:
            self.models.append(model)
        else:
            self.unread |= Lost("models", given).records()

    def mapping(self, path: Path) -> YamlMap | None:
        """The mapping in a file; an empty file is an empty mapping.

        Records that may be lost with a file are recorded.
        """
        before = len(self.findings)
        found = self._read(path)
        if len(self.findings) > before:
            self.unread |= ANYTHING
        return found

    def _read(self, path: Path) -> YamlMap | None:
        shown = self.shown + path.relative_to(self.root).as_posix()
        if not path.resolve().is_relative_to(self.root):
            message = "this file is a link to a place outside the project"
            self.findings.append(Finding("error", "outside-project", message, shown, "copy it into the project"))
            return None
        try:
            content = path.read_bytes()
        except OSError as error:
            reason = error.strerror or "unknown reason"
            self.findings.append(Finding("error", "unreadable-file", f"cannot be read: {reason}", shown))
            return None
        source = read_yaml(content, shown)
        self.findings += source.findings
        return source.root

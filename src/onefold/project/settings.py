"""Connections: reads ``siteconfig.yaml``, resolves the connection of a project, and writes new connections.

Reads files outside the project, which hold secrets. Returns a `ResolvedConnection`, whose secrets are never shown. The
connection ``local`` exists without any file.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from onefold.errors import Finding, ProjectError, UsageError, suggest
from onefold.project import spec
from onefold.project.source import YamlFloat, YamlInt, plain, read_yaml
from onefold.project.typed import typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onefold.project.spec import ProjectSpec

LOCAL = "local"
"""Name of the connection that needs no configuration."""

LOCAL_TARGET = "dev"
"""Its only target."""

TYPES = ("duckdb", "snowflake", "postgres", "redshift", "databricks", "bigquery")
"""Connection types allowed in the file; not all of them can run."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "duckdb": ("path", "schema"),
    "snowflake": ("account", "dbname", "schema", "warehouse", "role", "user"),
}
"""Required keys by connection type."""

SECRETS = frozenset(
    {
        "password",
        "privateKey",
        "privateKeyPassphrase",
        "access_token",
        "secret_access_key",
        "session_token",
        "credentials",
    }
)
"""Keys whose values are prompted for without echo and never shown."""

_TARGET = re.compile(r"[\w-]+(?:\.+[\w-]+)*")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class ResolvedConnection:
    """One target of one connection.

    Attributes:
        name: Name of the connection.
        target: Name of the target.
        type: ``duckdb``, ``snowflake`` and so on.
        options: The keys of its output; may contain secrets.
    """

    name: str
    target: str
    type: str
    options: Mapping[str, Any] = field(repr=False)


def default_siteconfig() -> Path:
    """``~/.pb/siteconfig.yaml``; without a home folder, as in some containers, ``.pb`` in the working folder."""
    try:
        home = Path.home()
    except RuntimeError:
        home = Path()
    return home / ".pb" / "siteconfig.yaml"


def load_siteconfig(path: str | Path | None = None) -> spec.SiteConfig:
    """Read the connections file; if there is none at the default path, it is treated as empty.

    Raises:
        UsageError: If a file was given and does not exist, or cannot be read.
        ProjectError: If it is not a valid connections file.
    """
    chosen = Path(path).expanduser() if path is not None else default_siteconfig()
    if not chosen.exists() and path is None:
        return spec.SiteConfig()
    try:
        content = chosen.read_bytes()
    except OSError as error:
        message = f"the connections file cannot be read: {error.strerror}"
        raise UsageError(
            Finding("error", "no-siteconfig", message, str(chosen), "create one with `pb init connection`")
        ) from error
    source = read_yaml(content, str(chosen))
    findings = list(source.findings)
    found = typed(spec.SiteConfig, source.root, findings) if source.root is not None else None
    if found is None or findings:
        raise ProjectError(findings)
    return found


def resolve_connection(
    project: ProjectSpec, siteconfig: spec.SiteConfig, target: str | None = None
) -> ResolvedConnection:
    """The connection of a project, at a target.

    Raises:
        UsageError: If the connection or target does not exist, or a key or an environment variable of it is missing.
    """
    name = project.file.connection or LOCAL
    connection = siteconfig.connections.get(name)
    if connection is None and name == LOCAL:
        if target not in {None, LOCAL_TARGET}:
            message = f'connection "{LOCAL}" has no target "{target}"'
            hint = suggest(str(target), (LOCAL_TARGET,)) or f"its only target is {LOCAL_TARGET}"
            hint += "; create a connection with other targets by `pb init connection`"
            raise UsageError(Finding("error", "unknown-target", message, hint=hint))
        options = {"path": "output/warehouse.duckdb", "schema": "profiles"}
        return ResolvedConnection(LOCAL, LOCAL_TARGET, "duckdb", options)
    if connection is None:
        at = project.file.at.value("connection")
        known = [*siteconfig.connections, LOCAL]
        hint = suggest(name, known) or f"available: {', '.join(known)}; create one with `pb init connection`"
        raise UsageError(Finding("error", "unknown-connection", f'there is no connection "{name}"', at, hint))
    chosen = connection.target if target is None else target
    output = connection.outputs.get(chosen)
    if output is None:
        hint = suggest(chosen, connection.outputs) or f"available: {', '.join(connection.outputs)}"
        raise UsageError(Finding("error", "unknown-target", f'connection "{name}" has no target "{chosen}"', hint=hint))
    _check_target(chosen, name)
    options = {
        key: _with_environment(value, f"{name}.{chosen}.{key}") for key, value in output.items() if key != "type"
    }
    kind = str(output.get("type", ""))
    _check_keys(kind, options, connection.at.value("outputs"), name)
    return ResolvedConnection(name, chosen, kind, options)


def connection_to_compile(
    project: ProjectSpec, siteconfig: str | Path | None, target: str | None
) -> tuple[ProjectSpec, ResolvedConnection]:
    """The connection to compile for. If it cannot run in this version, the embedded engine replaces it.

    Returns:
        The project, with a note if the embedded engine is used instead, and the connection.

    Raises:
        ProjectError: If the connections file exists and is invalid.
    """
    options: dict[str, Any] = {"path": "output/warehouse.duckdb", "schema": "profiles"}
    try:
        found = resolve_connection(project, load_siteconfig(siteconfig), target)
    except UsageError as error:
        reason = error.findings[0].message
    else:
        if found.type == "duckdb":
            return project, found
        options["schema"] = str(found.options.get("schema") or "profiles")
        reason, target = f'connection "{found.name}" is of type {found.type}', found.target
    at = project.file.at.value("connection")
    message = f"the SQL is for duckdb, the only engine of this version: {reason}"
    note = Finding("warning", "embedded-engine", message, at)
    chosen = LOCAL_TARGET if target is None else target
    _check_target(chosen, LOCAL)
    stand_in = ResolvedConnection(LOCAL, chosen, "duckdb", options)
    return replace(project, notes=(*project.notes, note)), stand_in


def _check_target(target: str, connection: str) -> None:
    """Reject a target name that is not a plain folder name: files of a run are stored in ``output/<target>``."""
    if _TARGET.fullmatch(target) is None:
        message = f'connection "{connection}": "{target}" is not allowed as a target name, which is also a folder name'
        hint = "use letters, digits, -, _ and inner dots"
        raise UsageError(Finding("error", "bad-target", message, hint=hint))


def _check_keys(kind: str, options: Mapping[str, Any], at: Any, name: str) -> None:
    if kind not in TYPES:
        hint = suggest(kind, TYPES) or f"available: {', '.join(TYPES)}"
        raise UsageError(
            Finding("error", "unknown-type", f'connection "{name}" has the unknown type "{kind}"', at, hint)
        )
    missing = [key for key in REQUIRED.get(kind, ()) if not options.get(key)]
    if missing:
        message = f'connection "{name}" of type {kind} has no {", ".join(missing)}'
        raise UsageError(Finding("error", "missing-key", message, at, "add them, or run `pb init connection` again"))


def _with_environment(value: Any, key: str) -> Any:
    """The value with ``${NAME}`` replaced by environment variables."""
    if not isinstance(value, str):
        return value

    def replace(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if found is None:
            message = f"{key} needs the environment variable {match[1]}, which is not set"
            raise UsageError(Finding("error", "no-variable", message, hint=f"export {match[1]}=…"))
        return found

    return _VARIABLE.sub(replace, value)


class _Dumper(yaml.SafeDumper):
    """Writes YAML that `read_yaml` reads back unchanged: numbers as written, text that looks like a number quoted."""

    def ignore_aliases(self, _: Any) -> bool:
        return True

    def represent_data(self, data: Any) -> yaml.Node:
        if isinstance(data, YamlInt | YamlFloat):
            kind = "int" if isinstance(data, YamlInt) else "float"
            return self.represent_scalar(f"tag:yaml.org,2002:{kind}", data.text)
        if isinstance(data, dict):
            return self.represent_dict(data)
        if isinstance(data, list):
            return self.represent_list(data)
        if isinstance(data, str):
            is_plain = isinstance(plain(data), str) and data.isprintable()
            return self.represent_scalar("tag:yaml.org,2002:str", data, None if is_plain else '"')
        return super().represent_data(data)


def write_connection(path: Path, name: str, target: str, output: Mapping[str, Any]) -> None:
    """Add or replace one target of one connection; everything else in the file is kept.

    The file is replaced atomically, and only its owner may read it.

    Raises:
        ProjectError: If the existing file is not a valid connections file.
    """
    content: dict[str, Any] = {}
    if path.exists():
        load_siteconfig(path)
        content.update(read_yaml(path.read_bytes(), str(path)).root or {})
    connections = dict(content.get("connections") or {})
    connection = {"target": target, **connections.get(name, {})}
    connection["outputs"] = {**connection.get("outputs", {}), target: dict(output)}
    content["connections"] = {**connections, name: connection}
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes the file readable only by its owner before anything is written.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".siteconfig")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yaml.dump(content, file, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

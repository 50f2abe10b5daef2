"""Validates a mapping of a file and converts it to a typed record.

Takes a record class and a `YamlMap`; returns the record, or findings with locations: unknown keys with the nearest
known key, missing keys, wrong types. Translates the errors of pydantic; knows no rule of the format.
"""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import ValidationError

from onefold.errors import Finding, Location, suggest
from onefold.project.source import YamlMap
from onefold.project.spec import Record, keys_of
from onefold.project.unused_keys import Lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic_core import ErrorDetails

R = TypeVar("R", bound=Record)

_WANTED = {
    "string_type": "text", "bool_type": "true or false", "bool_parsing": "true or false", "int_type": "a whole number",
    "int_parsing": "a whole number", "tuple_type": "a list", "list_type": "a list", "dict_type": "a mapping",
    "model_type": "a mapping", "model_attributes_type": "a mapping", "float_type": "a number",
}  # fmt: skip


def typed(cls: type[R], given: YamlMap, findings: list[Finding]) -> R | None:
    """The record, or None and findings."""
    try:
        return cls.model_validate(given)
    except ValidationError as error:
        _tell(cls, given, error, findings)
        return None


def typed_in_part(
    cls: type[R], given: YamlMap, findings: list[Finding], *, instead: Mapping[str, Any]
) -> tuple[R | None, tuple[Lost, ...]]:
    """The record of a whole file without its invalid parts, and those parts.

    An invalid entry of a top-level list is dropped alone; of a var group, only the invalid var is dropped. Errors
    elsewhere drop the whole top-level key.

    Args:
        cls: Record class of the file.
        given: The file.
        findings: Receives the errors.
        instead: Substitutes for missing required keys.

    Returns:
        The record, or None if the error cannot be attributed to a part.
    """
    lost: list[Lost] = []
    while True:
        try:
            return cls.model_validate(given), tuple(lost)
        except ValidationError as error:
            _tell(cls, given, error, findings)
            details = error.errors(include_url=False)
            parts = {part for detail in details if (part := _part(given, _path(detail)))}
            filled = {key: value for key, value in instead.items() if any(d["loc"][:1] == (key,) for d in details)}
        if not parts and not filled:
            return None, tuple(lost)
        lost += [_lost(given, part) for part in parts]
        given = _without(given, parts)
        given = YamlMap({**given, **filled}, given.positions)


def _tell(cls: type[Record], given: YamlMap, error: ValidationError, findings: list[Finding]) -> None:
    found = [_finding(cls, given, detail) for detail in error.errors(include_url=False)]
    findings.extend(f for f in dict.fromkeys(found) if f not in findings)


_Part = tuple[int | str, ...]
_DIVISIBLE = {"var_groups": "vars"}
"""Top-level lists whose entries can be dropped one by one."""


def _part(given: YamlMap, path: _Part) -> _Part:
    """The part of a file to drop for an error at ``path``; empty for the whole file."""
    if not path or path[0] not in given:
        return ()
    key, *rest = path
    entries = given[str(key)]
    if not (isinstance(entries, list | tuple) and rest and isinstance(rest[0], int) and rest[0] < len(entries)):
        return (key,)
    inner = _DIVISIBLE.get(str(key))
    is_inner = len(rest) > 2 and rest[1] == inner and isinstance(rest[2], int)  # noqa: PLR2004 - entry, key, entry
    return (key, *rest[:3]) if is_inner and isinstance(entries[rest[0]], YamlMap) else (key, rest[0])


def _lost(given: YamlMap, part: _Part) -> Lost:
    key = str(part[0])
    return Lost(key) if len(part) == 1 else Lost(key, given[key][part[1]])


def _without(given: YamlMap, parts: Iterable[_Part]) -> YamlMap:
    """The mapping without some of its keys and some entries of its lists."""
    values, items = {}, dict(given.positions.items)
    for key, value in given.items():
        inner = [part[1:] for part in parts if part[0] == key]
        if () in inner:
            continue
        values[key] = value
        if inner:
            kept = [n for n in range(len(value)) if (n,) not in inner]
            values[key] = [
                _without(value[n], deeper) if (deeper := [p[1:] for p in inner if p[0] == n]) else value[n]
                for n in kept
            ]
            items[key] = tuple(given.positions.item(key, n) for n in kept)
    return YamlMap(values, replace(given.positions, items=items))


def _path(detail: ErrorDetails) -> _Part:
    """The location of an error. For a key with the name of an attribute, pydantic reports only its mapping."""
    return (*detail["loc"], "at") if detail["type"] == "key_at" else detail["loc"]


def _finding(cls: type[Record], root: YamlMap, detail: ErrorDetails) -> Finding:
    kind, path = detail["type"], _path(detail)
    if kind == "key_at":  # an attribute of the record itself, so pydantic accepts it
        kind = "extra_forbidden"
    key = str(path[-1]) if path else ""
    at = _place(root, path, is_key=kind == "extra_forbidden")
    if kind == "extra_forbidden":
        known = keys_of(_class_at(cls, path[:-1]))
        hint = suggest(key, known) or f"known keys: {', '.join(known)}"
        return Finding("error", "unknown-key", f'unknown key "{key}"', at, hint)
    if kind == "missing":
        return Finding("error", "missing-key", f'missing key "{key}"', at, f"add {key}: …")
    if kind == "literal_error":
        allowed = str(detail.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
        hint = suggest(str(detail["input"]), allowed.split(", ")) or f"allowed: {allowed}"
        return Finding("error", "wrong-value", f'"{_shown(detail["input"])}" is not a valid value of "{key}"', at, hint)
    if kind in _WANTED:
        message = f"{_named(root, path)} must be {_WANTED[kind]}, not {_kind_of(detail['input'], _WANTED[kind])}"
        return Finding("error", "wrong-type", message, at)
    if kind == "value_error":
        return Finding("error", "wrong-value", str(detail["ctx"]["error"]), at)
    message = detail["msg"]
    return Finding("error", "wrong-value", f"{_named(root, path)}: {message[:1].lower()}{message[1:]}", at)


def _named(root: YamlMap, path: tuple[int | str, ...]) -> str:
    """A readable name for a pydantic path: a key, or an entry of its list; union tags are skipped."""
    node: Any = root
    key, is_entry = "this", False
    for part in path:
        if isinstance(node, YamlMap) and part in node:
            key, is_entry, node = f'"{part}"', False, node[str(part)]
        elif isinstance(node, list | tuple) and isinstance(part, int) and part < len(node):
            is_entry, node = True, node[part]
    return f"an entry of {key}" if is_entry else key


def _kind_of(value: Any, wanted: str) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, float) and wanted == "a whole number":
        return "a fraction"
    for types, words in (
        (bool, "true or false"), (str, "text"), (int | float, "a number"), (list | tuple, "a list"),
        (dict, "a mapping"),
    ):  # fmt: skip
        if isinstance(value, types):
            return words
    return type(value).__name__


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 - part of one line


def _place(root: YamlMap, path: tuple[int | str, ...], *, is_key: bool) -> Location:
    """The location of a pydantic path; for a missing key, that of its mapping."""
    node: Any = root
    at, owner, owner_key = root.positions.start, root, ""
    for number, part in enumerate(path):
        if isinstance(node, YamlMap) and part in node:
            last = number == len(path) - 1
            at = node.positions.key(str(part)) if is_key and last else node.positions.value(str(part))
            owner, owner_key, node = node, str(part), node[str(part)]
        elif isinstance(node, list | tuple) and isinstance(part, int) and part < len(node):
            at, node = owner.positions.item(owner_key, part), node[part]
    return at


def _class_at(cls: type[Record], path: tuple[int | str, ...]) -> type[Record]:
    for part in path:
        field = keys_of(cls).get(str(part))
        inner = _record_in(field.annotation) if field is not None else None
        cls = inner or cls
    return cls


def _record_in(annotation: Any) -> type[Record] | None:
    if inspect.isclass(annotation) and issubclass(annotation, Record):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _record_in(arg)) is not None), None)

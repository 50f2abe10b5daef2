"""A mapping of a file -> a typed record, or findings with the place of each mistake.

In: a record class and a `YamlMap`. Out: the record, or what is wrong in the user's words: unknown keys with the nearest
known one, missing keys, wrong types. Knows pydantic's errors; no rule of the format.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import ValidationError

from onefold.errors import Finding, Location, suggest
from onefold.project.source import YamlMap
from onefold.project.spec import Record, keys_of

if TYPE_CHECKING:
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
        found = [_finding(cls, given, detail) for detail in error.errors(include_url=False)]
        findings.extend(f for f in dict.fromkeys(found) if f not in findings)
        return None


def _finding(cls: type[Record], root: YamlMap, detail: ErrorDetails) -> Finding:
    kind, path = detail["type"], detail["loc"]
    if kind == "key_at":  # a record's own attribute, so pydantic knows it
        kind, path = "extra_forbidden", (*path, "at")
    key = str(path[-1]) if path else ""
    at = _place(root, path, is_key=kind == "extra_forbidden")
    if kind == "extra_forbidden":
        known = keys_of(_class_at(cls, path[:-1]))
        hint = suggest(key, known) or f"known keys: {', '.join(known)}"
        return Finding("error", "unknown-key", f'unknown key "{key}"', at, hint)
    if kind == "missing":
        return Finding("error", "missing-key", f'the key "{key}" is missing', at, f"add {key}: …")
    if kind == "literal_error":
        allowed = str(detail.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
        hint = suggest(str(detail["input"]), allowed.split(", ")) or f"allowed: {allowed}"
        return Finding("error", "wrong-value", f'"{_shown(detail["input"])}" is no value of "{key}"', at, hint)
    if kind in _WANTED:
        message = f"{_named(root, path)} takes {_WANTED[kind]}, not {_kind_of(detail['input'], _WANTED[kind])}"
        return Finding("error", "wrong-type", message, at)
    if kind == "value_error":
        return Finding("error", "wrong-value", str(detail["ctx"]["error"]), at)
    message = detail["msg"]
    return Finding("error", "wrong-value", f"{_named(root, path)}: {message[:1].lower()}{message[1:]}", at)


def _named(root: YamlMap, path: tuple[int | str, ...]) -> str:
    """What a path of pydantic's leads to, in words: a key, or an entry of its list; union tags are neither."""
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
        return "one with a fraction"
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
    """Where a path of pydantic's leads; as far as it leads, for a key that is missing."""
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

"""Validates the arguments that templates pass to the format's functions: text, flags, names.

Takes an argument of any type; returns it typed, or raises an error that names the function and the expected type.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jinja2.exceptions import TemplateRuntimeError

if TYPE_CHECKING:
    from onefold.project.spec import Contract


def text(function: str, what: str, value: Any) -> str:
    """An argument that must be non-empty text."""
    found = str(value)  # raises if the value is unknown
    if not isinstance(value, str) or not found.strip():
        raise TemplateRuntimeError(f'{function}: expected {what} in quotes, got "{found}"')
    return found


def optional_text(argument: str, value: Any) -> str | None:
    """Text, or None."""
    return None if value is None else text(argument, "a name", value)


def flag(argument: str, value: Any) -> bool:
    """A boolean."""
    if not isinstance(value, bool):
        raise TemplateRuntimeError(f'DeRef: {argument} must be true or false, got "{value}"')
    return value


def contract(value: Any) -> Contract | None:
    """The result of ``BuildContract``, or None."""
    from onefold.project.spec import Contract  # noqa: PLC0415 - already imported if there is a contract

    if value is None or isinstance(value, Contract):
        return value
    str(value)  # raises if the value is unknown
    raise TemplateRuntimeError("DeRef: contract must be the result of BuildContract")


def build_contract(written: Any) -> Any:
    """A contract from its JSON text."""
    from pydantic import ValidationError  # noqa: PLC0415 - rare

    from onefold.project.spec import Contract  # noqa: PLC0415

    try:
        return Contract.model_validate(json.loads(text("BuildContract", "JSON", written)))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        message = f"BuildContract: {key + ': ' if key else ''}{first['msg'].lower()}"
        raise TemplateRuntimeError(message) from error
    except ValueError as error:
        raise TemplateRuntimeError(f"BuildContract: not valid JSON: {error}") from error

"""What a template may pass to the functions of the format: text, flags, names.

In: an argument of any kind. Out: it, typed; or an error that names the function and what it wants.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jinja2.exceptions import TemplateRuntimeError

if TYPE_CHECKING:
    from onefold.project.spec import Contract


def text(function: str, what: str, value: Any) -> str:
    """An argument that must be text with something in it."""
    found = str(value)  # raises where the value is not known
    if not isinstance(value, str) or not found.strip():
        raise TemplateRuntimeError(f'{function}: {what} in quotes is wanted, not "{found}"')
    return found


def optional_text(argument: str, value: Any) -> str | None:
    """Text, or nothing."""
    return None if value is None else text(argument, "a name", value)


def flag(argument: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise TemplateRuntimeError(f'DeRef: {argument} is true or false, not "{value}"')
    return value


def contract(value: Any) -> Contract | None:
    """What ``BuildContract`` gives, or nothing."""
    from onefold.project.spec import Contract  # noqa: PLC0415 - already there where there is a contract

    if value is None or isinstance(value, Contract):
        return value
    str(value)  # raises where the value is not known
    raise TemplateRuntimeError("DeRef: contract is what BuildContract gives")


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
        raise TemplateRuntimeError(f"BuildContract: no JSON: {error}") from error

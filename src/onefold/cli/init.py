"""``pb init``: creates connections and projects from options and prompts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefold.cli import console

if TYPE_CHECKING:
    from collections.abc import Mapping

# By connection type: the keys to prompt for, with defaults.
QUESTIONS: Mapping[str, Mapping[str, str | None]] = {
    "duckdb": {"path": "output/warehouse.duckdb", "schema": "profiles"},
    "snowflake": {
        "account": None, "user": None, "role": None, "warehouse": None, "dbname": None, "schema": None,
    },
    "postgres": {"host": "localhost", "port": "5432", "dbname": None, "user": None, "password": None, "schema": None},
    "redshift": {"host": None, "port": "5439", "dbname": None, "user": None, "password": None, "schema": None},
    "databricks": {
        "host": None, "port": "443", "http_endpoint": None, "access_token": None, "catalog": None, "user": None,
        "schema": None,
    },
    "bigquery": {"project_id": None, "user": None, "schema": None},
}  # fmt: skip


@click.group()
def init() -> None:
    """Create a connection or a project."""


@init.command()
@click.option(
    "-c", "--siteconfig_path", type=click.Path(), help="Path of the connections file  [default: ~/.pb/siteconfig.yaml]"
)
def connection(siteconfig_path: str | None) -> None:
    """Create a connection from prompts and write it to the connections file.

    Only you can read the file. To keep a secret out of it, answer with ${NAME}: each run then reads the secret from
    that environment variable. Other connections in the file are unchanged.
    """
    from onefold.project.settings import SECRETS, TYPES, default_siteconfig, write_connection  # noqa: PLC0415

    path = Path(siteconfig_path).expanduser() if siteconfig_path else default_siteconfig()
    name = click.prompt("Name of the connection", err=True)
    target = click.prompt("Target (a connection may have several, such as dev and prod)", default="dev", err=True)
    kind = click.prompt("Type", type=click.Choice(TYPES), default="duckdb", err=True)
    output: dict[str, Any] = {"type": kind}
    for key, default in QUESTIONS[kind].items():
        output[key] = _answer(key, default, is_secret=key in SECRETS)
    if kind == "snowflake":
        output |= _snowflake_login()
    if kind == "bigquery":
        output["credentials"] = _service_account()
    write_connection(path, name, target, output)
    console.outcome(f"connection {name}, target {target}, written to {path}")
    console.say(f"next: add `connection: {name}` to pb_project.yaml, then run `pb validate access`")


def _answer(key: str, default: str | None, *, is_secret: bool = False) -> Any:
    answer = click.prompt(key, default=default, hide_input=is_secret, err=True)
    return int(answer) if key == "port" and str(answer).isdecimal() else answer


def _file(question: str) -> str:
    """Prompt for an existing file."""
    return str(click.prompt(question, type=click.Path(exists=True, dir_okay=False), err=True))


def _service_account() -> dict[str, Any]:
    """The key of a service account, from its JSON file."""
    file = _file("File of the service account key (JSON)")
    try:
        return dict(json.loads(Path(file).read_text(encoding="utf-8")))
    except ValueError as error:
        raise click.UsageError(f"{file} is not JSON") from error


def _snowflake_login() -> dict[str, Any]:
    """A key pair, as Snowflake recommends, or a password."""
    if not click.confirm("Log in with a key pair", default=True, err=True):
        return {"password": _answer("password", None, is_secret=True)}
    file = _file("File of the private key (PEM)")
    found = {"useKeyPairAuth": True, "privateKey": Path(file).read_text(encoding="utf-8")}
    passphrase = click.prompt("Passphrase, if it has one", default="", hide_input=True, show_default=False, err=True)
    return found | ({"privateKeyPassphrase": passphrase} if passphrase else {})


@init.command("pb-project")
@click.option("-o", "--output", default="my_profiles", show_default=True, help="Project folder to create.")
@click.option(
    "--from",
    "starter",
    type=click.Choice(["ecommerce", "minimal"]),
    default="ecommerce",
    show_default=True,
    help="Template: the e-commerce project, or a minimal one with two small tables.",
)
@click.option(
    "--people",
    default=5000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Number of customers in the sample shop.",
)
def pb_project(output: str, starter: str, people: int) -> None:
    """Create a project with sample data.

    \b
    pb init pb-project -o my_shop                  create the e-commerce project and its sample shop
    pb init pb-project -o small --from minimal     create the smallest useful project
    """  # noqa: D301 - click's mark for lines to keep
    from onefold.starters import start  # noqa: PLC0415

    folder = Path(output)
    files = start(starter, folder)
    if starter == "ecommerce":
        from onefold.sample.shop import generate  # noqa: PLC0415

        generate(folder / "sample_data", people=people)
    for file in files:
        console.outcome(str(folder / file))
    console.say(f"next: cd {folder} && pb run")

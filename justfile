# Recipes for contributors and for the build (.ci/run). `uv run just` lists them.
# `uv sync` installs `just`; an installed `just` works as well.

# List the recipes.
default:
    @just --list --unsorted

# Run the fast checks: style, spelling, types, import layers.
check: lint types layers

# Check style, formatting and spelling, without changing files.
lint:
    uv run ruff check .
    uv run ruff format --check .
    uv run codespell

# Fix style problems automatically, and format.
format:
    uv run ruff check --fix .
    uv run ruff format .

# Check the types of the package, its tests, and its public interface as users see it (typing_tests/).
types:
    uv run mypy

# Check that imports only go down.
layers:
    uv run lint-imports

# Run the pre-commit hooks on all files.
hooks:
    uv run pre-commit run --all-files

# Run the README's main job on the sample shop.
job *flags:
    uv run pb run {{flags}}

# Run the tests; arguments go to pytest, such as a file or `-k words`.
test *arguments:
    uv run pytest {{arguments}}

# Run the property-based tests, with a share of their random examples: 1 by default, 0.2 in `just test`.
properties share="1":
    ONEFOLD_EXAMPLES={{share}} uv run pytest -m "hypothesis and not parity"

# Run the commands, queries and Python of the documents, and the examples in docstrings.
docs *arguments:
    uv run pytest tests/docs {{arguments}}

# Kill commands at many moments, and check the state that they leave.
kills number="100":
    ONEFOLD_KILLS={{number}} uv run pytest tests/main_job/test_kill.py

# Compare onefold with the format's own command on PostgreSQL, which must be installed.
parity *arguments:
    uv run pytest --dist load -m parity tests/parity {{arguments}}

# Open the report in Chromium, which must be installed.
browser *arguments:
    uv run pytest -n 0 -m browser tests/report {{arguments}}

# Build the wheel, install it alone in an environment of its own, and run the main job with it.
minimal:
    uv run --isolated --no-dev --no-editable --reinstall-package onefold python tests/minimal_install.py

# Run the fast tests with the lowest versions that pyproject.toml allows; arguments are files in their place.
lowest *files="tests/unit tests/main_job/test_main_job.py":
    uv venv --quiet --clear .cache/lowest
    uv pip install --quiet --python .cache/lowest --resolution lowest-direct --editable . --group dev
    uv run --no-project --python .cache/lowest python -m pytest {{files}}

# Run the same tests with the newest versions that pyproject.toml allows.
newest *files="tests/unit tests/main_job/test_main_job.py":
    uv venv --quiet --clear .cache/newest
    uv pip install --quiet --python .cache/newest --upgrade --editable . --group dev
    uv run --no-project --python .cache/newest python -m pytest {{files}}

# Measure the main job on simulated people.
bench people="100000" repeat="3":
    uv run benchmarks/main_job.py --people {{people}} --repeat {{repeat}}

# Rewrite the list of statements of the key jobs (tests/statements.sql); review the diff.
inventory:
    uv run python -m tests.inventory

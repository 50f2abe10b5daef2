# What a contributor runs, and what the build runs: .ci/run calls these verbs. `uv run just` lists them.
# (`just` comes with `uv sync`; a `just` that is installed already does as well.)

# List the verbs.
default:
    @just --list --unsorted

# Everything that is quick to check: style, spelling, types, layers.
check: lint types layers

# Check style, formatting and spelling; change nothing.
lint:
    uv run ruff check .
    uv run ruff format --check .
    uv run codespell

# Mend what can be mended by a tool, and format.
format:
    uv run ruff check --fix .
    uv run ruff format .

# Check types: the package, its tests, and how the public interface looks to those who use it (typing_tests/).
types:
    uv run mypy

# Check that imports go down only.
layers:
    uv run lint-imports

# Run the hooks that `uv run pre-commit install` puts before each commit, on all files.
hooks:
    uv run pre-commit run --all-files

# Run the README's main job on the sample shop.
job *flags:
    uv run pb run {{flags}}

# Run the tests; arguments go to pytest, such as a file or `-k words`.
test *arguments:
    uv run pytest {{arguments}}

# Run the property-based tests alone, with a share of their random examples: all of them, or 0.2 as `just test` does.
properties share="1":
    ONEFOLD_EXAMPLES={{share}} uv run pytest -m "hypothesis and not parity"

# Run what the documents show: their commands, queries and Python, and the examples in docstrings.
docs *arguments:
    uv run pytest tests/docs {{arguments}}

# Kill commands at a number of moments, and look at what is left.
kills number="100":
    ONEFOLD_KILLS={{number}} uv run pytest tests/main_job/test_kill.py

# Compare with the format's reference command on PostgreSQL, which has to be installed.
parity *arguments:
    uv run pytest --dist load -m parity tests/parity {{arguments}}

# Open the report in a Chromium, which has to be installed.
browser *arguments:
    uv run pytest -n 0 -m browser tests/report {{arguments}}

# Time the main job on simulated people.
bench people="100000" repeat="3":
    uv run benchmarks/main_job.py --people {{people}} --repeat {{repeat}}

# Rewrite the list of statements of the key jobs (tests/statements.sql); review the diff.
inventory:
    uv run python -m tests.inventory

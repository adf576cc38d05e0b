# `make` lists what there is to do. Everything happens in .venv; nothing outside this directory is touched.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := aanjager activities configuration domain readmodel web workers workflows
PIP := $(BIN)/python -m pip --disable-pip-version-check
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras --build-deps-for editable \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
INSTALLED := $(VENV)/.installed
INSTALLED_FOR_TESTS := $(VENV)/.installed-for-tests

.DEFAULT_GOAL := help
.PHONY: help run test check format-check lint types imports wheel bench pictures format lock clean

help: ## list what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) ## the whole engine on this machine with the example city; Ctrl-C stops it, the next run goes on
	@exec $(BIN)/aanjager up

test: $(INSTALLED_FOR_TESTS) ## the tests
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: format-check lint types imports test wheel ## everything that must hold before a change is taken

format-check: $(INSTALLED_FOR_TESTS)
	$(BIN)/ruff format --check .

lint: $(INSTALLED_FOR_TESTS)
	$(BIN)/ruff check .

types: $(INSTALLED_FOR_TESTS)
	$(BIN)/mypy

imports: $(INSTALLED_FOR_TESTS)
	$(BIN)/lint-imports --no-cache

wheel: $(INSTALLED_FOR_TESTS) ## build the wheel and run it from elsewhere, in an environment of its own
	rm -rf dist
	$(BIN)/hatchling build -t wheel
	@elsewhere=$$(mktemp -d) && trap 'rm -rf "$$elsewhere"' EXIT && set -ex && \
	$(PYTHON) -m venv "$$elsewhere/venv" && \
	"$$elsewhere/venv/bin/pip" --disable-pip-version-check install --quiet --require-hashes -r requirements.lock && \
	"$$elsewhere/venv/bin/pip" --disable-pip-version-check install --quiet --no-deps dist/*.whl && \
	cd "$$elsewhere" && \
	venv/bin/aanjager --help > /dev/null && \
	venv/bin/aanjager city check "$$(venv/bin/python -c 'from aanjager.example import example_city; print(example_city())')"

bench: $(INSTALLED_FOR_TESTS) ## the measurements of docs/performance.md
	$(BIN)/python -m benchmarks

pictures: $(INSTALLED_FOR_TESTS) ## the pictures of the documentation, from a real browser
	$(BIN)/python -m docs.make_pictures

format: $(INSTALLED_FOR_TESTS) ## put the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(INSTALLED_FOR_TESTS) ## settle the versions anew within pyproject.toml (UPGRADE=--upgrade for the newest)
	$(COMPILE) $(UPGRADE) --output-file requirements.lock pyproject.toml
	$(COMPILE) $(UPGRADE) --extra test --extra dev --constraint requirements.lock --output-file requirements-dev.lock \
		pyproject.toml

clean: ## remove the environment and what was built; data/ stays
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find $(PACKAGES) tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Aanjager needs Python 3.11 or later; name it with: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || \
		{ echo "This Python cannot make environments: install its venv package (Debian: python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(INSTALLED): $(VENV)/.made requirements.lock pyproject.toml
	$(PIP) install --quiet --no-compile --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_FOR_TESTS): $(VENV)/.made requirements-dev.lock pyproject.toml
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

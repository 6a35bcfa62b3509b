# make run    environment, install, index, web chat on http://127.0.0.1:8000
# make test   environment, install, all tests; says at the end which of them could not run here (JOBS=2: side by side)
# make check  environment, install, format, lint, types, import contracts, wheel
# make drills what is killed and damaged on purpose: index builds, storage; figures at the end
# make fuzz   the API by its own description, 5,000 cases and more
# make load   what a service bears on two cores: capacity, times at 80% of it, what happens at 200%
# make soak   a service under steady load for an hour (MINUTES=10: for ten minutes)
# make audit  environment, install, bandit and pip-audit
# make eval   environment, install, question sets asked and scored
# make screenshots  pictures of every state of the chat, into ./screenshots
# make lighthouse  figures of the chat page
# make clean  everything that these made, taken away
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= 0
MINUTES ?= 60
DEBIAN := $(shell [ "$$(id -u)" = 0 ] && command -v apt-get)

.PHONY: run test check drills fuzz load soak audit eval screenshots lighthouse browser database clean
run: $(STAMP)
	$(BIN)/label-assistant serve

test: $(STAMP) browser database
	$(BIN)/python -m pytest -n $(JOBS) -rs
	@$(BIN)/python scripts/missing_parts.py

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_wheel.py

drills: $(STAMP)
	$(BIN)/python tests/drills.py

fuzz: $(STAMP)
	FUZZ=900 $(BIN)/python -m pytest -rs tests/test_http_fuzz.py

load: $(STAMP)
	$(BIN)/python scripts/load.py

soak: $(STAMP)
	$(BIN)/python scripts/soak.py --minutes $(MINUTES)

audit: $(STAMP)
	$(BIN)/bandit -q -r assistant -c pyproject.toml
	$(BIN)/pip-audit --skip-editable --progress-spinner off

eval: $(STAMP)
	$(BIN)/label-assistant eval

screenshots: $(STAMP) browser
	$(BIN)/python scripts/screenshots.py

# figures of the chat page: Lighthouse, bytes, milliseconds to paint
lighthouse: $(STAMP) browser
	$(BIN)/python scripts/page_figures.py

# subtle: torch first and by itself, so that no dependency draws in another build of it.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed. Name one: make PYTHON=python3.12' >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(if $(DEBIAN),{ apt-get update -qq && apt-get install -y -qq python3-venv; },\
	  { echo '$(PYTHON) has no venv. On Debian: apt-get install python3-venv' >&2; exit 2; })
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable '.[build,dev]'
	touch $(STAMP)

# A browser for the browser tests: Debian's, where we may install it. Without one they don't run, which the last lines say.
browser:
	@command -v chromium >/dev/null || $(if $(DEBIAN),{ echo 'installing chromium' && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; },false) || true

# A database server for the tests of storage, likewise.
database:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || $(if $(DEBIAN),{ \
	  echo 'installing postgresql' && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; },false) || true

# What readers asked is no product of these: kept/ stays.
clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find index -mindepth 1 ! -name README.md -delete

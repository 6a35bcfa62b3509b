# make run    environment, install, index, web chat on http://127.0.0.1:8000
# make test   environment, install, all tests
# make check  format, lint, types, import contract, wheel
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test check system eval clean
run: $(STAMP)
	$(BIN)/label-assistant serve

test: $(STAMP) system
	$(BIN)/python -m pytest
	@$(BIN)/python scripts/missing_parts.py

check: $(STAMP)
	$(BIN)/ruff format --check assistant tests scripts
	$(BIN)/ruff check assistant tests scripts
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_wheel.py

eval: $(STAMP)
	$(BIN)/label-assistant eval

# subtle: torch first and by itself, so that no dependency draws in another build of it.
$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable '.[build,dev]'
	touch $(STAMP)

# A browser for the browser tests: Debian's, where we may install it.
system:
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null || \
	  echo 'chromium could not be installed: the browser tests will not run'; fi

clean:
	rm -rf $(VENV) build dist index/built-* index/current

# Souffleur. `make demo` shows everything; `make test` proves it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo install install-dev test check lock clean help

help:  ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: install  ## install, load the demo season, serve, play a call, serve until Ctrl-C
	@$(BIN)/souffleur demo

test: check  ## everything that can be wrong: make check, then all tests
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

check: install-dev  ## style, types, import rules, flows, prompts, documentation
	@$(MAKE) --no-print-directory -j2 $(CHECKS)

CHECKS := check-types check-style check-imports check-flows check-prompts check-docs
.PHONY: $(CHECKS)
check-types:; $(BIN)/mypy
check-style:; $(BIN)/ruff check
check-imports:; $(BIN)/lint-imports
check-flows:; $(BIN)/souffleur flows check
check-prompts:; $(BIN)/souffleur prompts check
check-docs:; $(BIN)/pytest -q tests/test_docs.py

install:
	@command -v $(PYTHON) >/dev/null || { echo "Python was not found: install Python 3.11 or newer (sudo apt install python3 python3-venv)."; exit 1; }
	@$(PYTHON) install.py

install-dev:
	@command -v $(PYTHON) >/dev/null || { echo "Python was not found: install Python 3.11 or newer (sudo apt install python3 python3-venv)."; exit 1; }
	@$(PYTHON) install.py --dev

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: install-dev  ## pin every package anew, with hashes
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt

clean:  ## remove what was installed and cached; the data in var/ stay
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

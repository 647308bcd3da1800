# Two commands do everything on a machine with Python 3.11+, pip and make: `make claims` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
LOWEST := .venv-lowest

.DEFAULT_GOAL := help
.PHONY: help claims test slow lowest lint format types clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

claims: $(INSTALLED)  ## generate, measure and judge: pytest hypotheses/
	$(BIN)/pytest hypotheses/

# Two workers with one thread each: for two cores.
test: $(INSTALLED)  ## the software's own tests, without the slow ones
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/ -m "not slow" -n 2

slow: $(INSTALLED)  ## the tests that take minutes
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/ -m slow -n 2

lowest:  ## the tests with the lowest versions that pyproject.toml allows
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/pip install --quiet --constraint constraints-lowest.txt --editable ".[test]"
	OMP_NUM_THREADS=1 $(LOWEST)/bin/pytest tests/ -m "not slow" -n 2

lint: $(INSTALLED)  ## form, rules, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/typos

format: $(INSTALLED)  ## mend form and what rules can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(INSTALLED)  ## mypy, strict
	$(BIN)/mypy

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:  ## remove the environments, the store and the reports
	rm -rf .venv $(LOWEST) .ctlab reports/[0-9]* reports/latest

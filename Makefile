# Two commands do everything on a machine with Python 3.11+, pip and make: `make claims` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: claims test slow lint types clean

claims: $(INSTALLED)  ## generate, measure and judge: pytest hypotheses/
	$(BIN)/pytest hypotheses/

test: $(INSTALLED)  ## the software's own tests, without the slow ones
	$(BIN)/pytest tests/ -m "not slow"

slow: $(INSTALLED)  ## the tests that take minutes
	$(BIN)/pytest tests/ -m slow

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED)
	$(BIN)/mypy

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv .ctlab reports/[0-9]* reports/latest

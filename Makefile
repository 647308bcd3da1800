# Two commands do everything on a machine with Python 3.11+, pip and make: `make claims` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: claims test slow lint types clean

claims: $(INSTALLED)  ## generate, measure and judge: pytest hypotheses/
	$(BIN)/pytest hypotheses/

# Two workers with one thread each: for two cores.
test: $(INSTALLED)  ## the software's own tests, without the slow ones
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/ -m "not slow" -n 2

slow: $(INSTALLED)  ## the tests that take minutes
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/ -m slow -n 2

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

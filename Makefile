# Two commands do everything on a machine with Python 3.11.5+, pip and make: `make claims` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
LOWEST := .venv-lowest

.DEFAULT_GOAL := help
.PHONY: help claims wide test slow long faults lowest mutants lint format types build docs example clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A gate: of a model or problem set without accepted verdicts a run is red here, which is a mere look elsewhere.
claims: $(INSTALLED)  ## generate, measure and judge: pytest hypotheses/ --ctlab-gate
	$(BIN)/pytest hypotheses/ --ctlab-gate

wide: $(INSTALLED)  ## the claims that a bare run leaves out: pytest hypotheses/ -m wide --ctlab-gate
	$(BIN)/pytest hypotheses/ -m wide --ctlab-gate

# Two workers with one thread each: for two cores.
test: $(INSTALLED)  ## the software's own tests, without the slow ones
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/ -m "not slow and not long" -n 2

slow: $(INSTALLED)  ## the tests that take minutes
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/ -m slow -n 2

# Never in the gate: the numbers of its last run stand in docs/long.md, docs/reliability.md and docs/mutants.md.
long: $(INSTALLED) mutants faults  ## what takes longer than a gate may: exhaustive tests, faults, mutants
	OMP_NUM_THREADS=1 $(BIN)/pytest tests/ -m long -n 2

lowest:  ## the tests with the lowest versions that pyproject.toml allows
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/pip install --quiet --constraint constraints-lowest.txt --editable ".[test]"
	OMP_NUM_THREADS=1 $(LOWEST)/bin/pytest tests/ -m "not slow and not long" -n 2

faults: $(INSTALLED)  ## what comes of every kind of fault: writes docs/reliability.md
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.faults

# The seed was written down before its first run (docs/mutants.md).
mutants: $(INSTALLED)  ## do the tests notice when one small thing changes?
	$(BIN)/python -m benchmarks.mutants --count 60 --seed 23 ctlab/claims ctlab/statistics ctlab/certify

lint: $(INSTALLED)  ## form, rules, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/typos

format: $(INSTALLED)  ## mend form and what rules can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(INSTALLED)  ## mypy, strict
	$(BIN)/mypy

# Without isolation: setuptools is the one of constraints.txt, and nothing is fetched. The wheel is made from the sdist.
build: $(INSTALLED)  ## the wheel and the sdist, into dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation

# A warning, such as of a link that leads nowhere, ends it (with --quiet it would not). The banner that is left out is about
# a later version of mkdocs than the pinned one.
docs: $(INSTALLED)  ## the pages of docs/ as a site, into .site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

example: $(INSTALLED)  ## write docs/example anew, as `ctlab new` writes a suite
	rm -rf docs/example docs/my-paper
	$(BIN)/ctlab new docs/my-paper
	mv docs/my-paper docs/example

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:  ## remove the environments, the store and the reports
	rm -rf .venv $(LOWEST) .ctlab .site dist reports/[0-9]* reports/latest reports/published

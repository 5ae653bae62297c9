# Everything sets itself up: a .venv with the locked versions, nothing else to install.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: demo test check soak format bench mutants lock texts clean

demo: $(READY)
	$(BIN)/gridbot demo $(ARGS)

# Two workers a core: half of a test's time goes by while it waits for a browser, a disk or a process.
test: $(READY)
	$(BIN)/pytest -n $$($(PYTHON) -c 'import os; print(2 * os.cpu_count())') --dist worksteal

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

# Ten minutes of faults, with other dice in each round.
soak: $(READY)
	$(BIN)/python -m tests.faults $(ARGS)

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m bench $(ARGS)

# What the tests do not notice of the rules of alerts, climbing and delivery (docs/mutants.md); ten minutes.
# Its tool is big and seldom wanted, so it is fetched when it is.
mutants: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check mutmut==3.8.1
	$(BIN)/mutmut run $(ARGS)
	$(BIN)/mutmut results

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Gridbot needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# New texts into the English catalogue, for somebody to translate; a test says which are missing.
texts: $(READY)
	$(BIN)/pybabel -q extract -k N_ --no-location --sort-output -o .venv/gridbot.pot domain lexicon storage handlers bot
	$(BIN)/pybabel -q update -l en --no-fuzzy-matching --ignore-obsolete --width 120 --ignore-pot-creation-date \
		-i .venv/gridbot.pot -o bot/locale/en/LC_MESSAGES/gridbot.po

# Needs uv; run by hand when a dependency changes.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv mutants .mypy_cache .ruff_cache .pytest_cache

# Two commands do everything: `make site` and `make test`. Both set up what they need in .venv.

VENV := .venv
PY := $(VENV)/bin/python
SITE := build/site
SHEETS := build/sheets
# One process of tests more than there are cores: those of browsers and commands wait for a fifth of their time.
JOBS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Stamps follow the project file, so that a changed dependency is installed anew.
READY := $(VENV)/.ready

# Tests start hundreds of processes: without compiled modules each would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: site sheets test lint ruff mypy pyright coverage docs first noninterference bench clean

$(READY): pyproject.toml tools/make_venv.sh
	sh tools/make_venv.sh $(VENV)
	touch $@

site: $(READY)
	$(VENV)/bin/sphinx-postmortem build example_site $(SITE) --format html,pdf --fail-on-warning

# What a review meeting and an exercise need of one incident of the example site.
sheets: $(READY)
	$(VENV)/bin/sphinx-postmortem agenda example_site INC-2026-009 --format html,pdf --out $(SHEETS)
	$(VENV)/bin/sphinx-postmortem drill example_site INC-2026-009 --edition leadership --format html,pdf --out $(SHEETS)

# A file is run by one process, so that what its tests share is built once; the longest files go first (tests/conftest.py).
test: $(READY)
	$(PY) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -q

# Each uses one processor: `make -j2 lint` runs them side by side.
lint: ruff mypy pyright

ruff: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

mypy: $(READY)
	$(VENV)/bin/mypy

pyright: $(READY)
	$(VENV)/bin/pyright --project pyproject.toml

# The built wheel, as a new user gets it.
first: $(READY)
	PYTHON=$(PY) sh tools/first_postmortem.sh build/first-postmortem

# The long form of the promises' proof: over a thousand hidden places are mutated or deleted.
noninterference: $(READY)
	POSTMORTEM_ALL_CASES=1 NONINTERFERENCE_EXAMPLES=150 $(PY) -m pytest tests/noninterference -q -s

# Programs that the tests start are measured too. The report is for people; there is no limit to pass.
# Tests of the time that something takes are left out: measuring slows them down.
coverage: $(READY)
	$(PY) -m pip install --quiet --disable-pip-version-check --group coverage
	rm -f .coverage .coverage.*
	$(PY) -m coverage run -m pytest -q --ignore=tests/browser -k "not bounded_time" $(TESTS)
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report

# The documentation holds the editions of the example site; they are built where they are not there yet.
docs: $(READY)
	test -f $(SITE)/public/html/index.html || $(MAKE) site
	test -f $(SHEETS)/drill-inc-2026-009-participants.pdf || $(MAKE) sheets
	$(VENV)/bin/sphinx-build -q -W --keep-going -b html -d build/doctrees-docs -D example_editions=$(SITE) \
		-D example_sheets=$(SHEETS) docs build/docs

clean:
	rm -rf build $(VENV)

# Measures builds side by side and writes docs/benchmarks.md. More: make bench BENCH="--sizes 1600 6400 --vcdb ARCHIVE"
bench: $(READY)
	$(PY) -m pip install --quiet --disable-pip-version-check --group bench
	$(PY) -m benchmarks.run $(BENCH)

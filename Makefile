# Two commands do everything: `make site` and `make test`. Both set up what they need in .venv.

VENV := .venv
PY := $(VENV)/bin/python
SITE := build/site
# Stamps follow the project file, so that a changed dependency is installed anew.
READY := $(VENV)/.ready

.PHONY: site test lint bench clean

$(READY): pyproject.toml tools/make_venv.sh
	sh tools/make_venv.sh $(VENV)
	touch $@

site: $(READY)
	$(VENV)/bin/sphinx-postmortem build example_site $(SITE) --format html,pdf --fail-on-warning

test: $(READY)
	$(PY) -m pytest -n auto -q

lint: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pyright

clean:
	rm -rf build $(VENV)

# Measures builds side by side and writes docs/benchmarks.md. More: make bench BENCH="--sizes 1600 6400 --vcdb ARCHIVE"
bench: $(READY)
	$(PY) -m pip install --quiet --disable-pip-version-check --group bench
	$(PY) -m benchmarks.run $(BENCH)

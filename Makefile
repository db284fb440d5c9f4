# `make demo` runs Rightsbook; `make test` proves it.  Both need Python 3.11+ and make, and no more.
.PHONY: demo demo-reset test lint check faults bench lock clean help
.DEFAULT_GOAL := help
PY := .venv/bin/python
PORT ?= 8000
PYTEST_ARGS ?=

demo: .venv/.run               ## run the whole application with its story (PORT=8000)
	@$(PY) -m config.launch demo --port $(PORT)

demo-reset: .venv/.run         ## forget what the demo stored
	@$(PY) -m config.launch reset

test: .venv/.test browser      ## every test, browser included, on servers of its own
	$(PY) -m pytest -n auto --dist loadfile -m "not faults" $(PYTEST_ARGS)

lint: .venv/.test              ## layout, types, the direction of imports, missing migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	DEBUG=1 $(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m config.launch run -- $(PY) manage.py makemigrations --check --dry-run

check: lint test               ## what CI runs

faults: .venv/.test            ## kill and starve the running system
	$(PY) -m pytest tests/faults $(PYTEST_ARGS)

bench: .venv/.test             ## measure
	@$(PY) -m config.launch run --migrated -- $(PY) -m bench $(BENCH)

# Made once; made again when the list of packages changes.
.venv/.run: requirements/run.txt scripts/bootstrap.sh
	@# the test list holds all of the run list: do not take its packages away again
	@if [ -e .venv/.test ] && [ .venv/.test -nt requirements/test.txt ]; then :; \
	else scripts/bootstrap.sh requirements/run.txt; rm -f .venv/.test; fi
	@touch $@

.venv/.test: requirements/test.txt scripts/bootstrap.sh
	@scripts/bootstrap.sh requirements/test.txt
	@touch $@ .venv/.run

.PHONY: browser
browser: .venv/.test
	@scripts/chromium.sh

# Names no package index, so that the lists install through any.
COMPILE = .tools/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml

lock: .venv/.test              ## pin every package anew from pyproject.toml (UPGRADE=--upgrade)
	$(COMPILE) $(UPGRADE) -o requirements/run.txt
	$(COMPILE) $(UPGRADE) --extra test -c requirements/run.txt -o requirements/test.txt

clean:                         ## remove what was installed (the demo's data stays)
	rm -rf .venv .tools

help:
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 20

# `make demo` and `make test` need nothing but Python 3.11 to 3.13 with venv.
PYTHON ?= python3
VENV := .venv
REPLAY := .venv-replay
BENCH := .venv-bench
BENCH_CRAWL := .venv-bench-crawl
BIN := $(VENV)/bin
PIP_INSTALL := pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: install desk demo test test-fast layers check format bench bench-growth bench-stages bench-rebuild \
	bench-reading bench-verify bench-search lock dictionary clean

install: $(VENV)/installed

# Datasette and the columnar formats, for `cacnp-archive explore`, `desk` and `export`.
desk: $(VENV)/installed-desk

demo: install
	$(BIN)/cacnp-archive demo

# On several cores, a file's tests in one process. They start some hundred programs, so that it pays
# to keep what is compiled, whatever the environment says.
test: $(VENV)/installed-dev $(REPLAY)/installed
	tests/browser/install
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 \
		--dist loadfile --no-loadscope-reorder

# What takes long is left out: whole crawls, crashes, browsers, pywb, deployment, benchmarks.
test-fast: $(VENV)/installed-dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -m "not slow" --numprocesses auto \
		--maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Which room may import which, and where each library is used: the contracts in pyproject.toml.
layers: $(VENV)/installed-dev
	$(BIN)/lint-imports --no-cache

check: $(VENV)/installed-dev layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python tests/wheel_check.py

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Our crawl beside others; nginx and wget are used where they are installed.
bench: install $(BENCH_CRAWL)/installed
	$(BIN)/python -m benchmarks.crawl $(ARGS)

bench-growth: install
	$(BIN)/python -m benchmarks.growth $(ARGS)

bench-stages: install
	$(BIN)/python -m benchmarks.stages $(ARGS)

bench-rebuild: install
	$(BIN)/python -m benchmarks.rebuilding $(ARGS)

# `verify` beside `warcio check`; needs 2 GB for temporary files.
bench-verify: install
	$(BIN)/python -m benchmarks.verifying $(ARGS)

# The desk's questions and searches; ARGS="--data FOLDER" keeps the archive that they are asked of.
bench-search: desk
	$(BIN)/python -m benchmarks.searching $(ARGS)

# ARGS="--write" puts the table into docs/reading.md.
bench-reading: $(BENCH)/installed
	$(BENCH)/bin/python -m benchmarks.reading $(ARGS)

# After a change of pyproject.toml's dependencies; needs uv. No registry's address is written.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" pyproject.toml
lock:
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --extra desk --constraint requirements-dev.lock --output-file requirements-desk.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --group pyproject.toml:replay \
		--output-file requirements-replay.lock
	$(COMPILE) benchmarks/requirements-reading.in --override benchmarks/overrides-reading.txt \
		--output-file benchmarks/requirements-reading.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" benchmarks/requirements-crawl.in \
		--output-file benchmarks/requirements-crawl.txt

dictionary: $(VENV)/installed-dev
	$(BIN)/python -m cacnp_archive.storage.dictionary >docs/data-dictionary.md

clean:
	rm -rf $(VENV) $(REPLAY) $(BENCH) $(BENCH_CRAWL) .browser demo build dist *.egg-info

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) \
		and "Python 3.11 to 3.13 is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(PIP_INSTALL) -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(BIN)/$(PIP_INSTALL) -r requirements-dev.lock
	touch $@

$(VENV)/installed-desk: $(VENV)/installed requirements-desk.lock
	$(BIN)/$(PIP_INSTALL) -r requirements-desk.lock
	touch $@

$(REPLAY)/installed: requirements-replay.lock
	$(PYTHON) -m venv $(REPLAY)
	$(REPLAY)/bin/$(PIP_INSTALL) -r requirements-replay.lock
	touch $@

# Without dependencies: all are listed, and of both one asks for what it is not given.
$(BENCH)/installed: benchmarks/requirements-reading.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/$(PIP_INSTALL) --no-deps -r benchmarks/requirements-reading.txt
	touch $@

$(BENCH_CRAWL)/installed: benchmarks/requirements-crawl.txt
	$(PYTHON) -m venv $(BENCH_CRAWL)
	$(BENCH_CRAWL)/bin/$(PIP_INSTALL) --no-deps -r $<
	touch $@

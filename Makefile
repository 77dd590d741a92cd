# `make demo` and `make test` need nothing but Python 3.11 to 3.13 with venv.
PYTHON ?= python3
VENV := .venv
REPLAY := .venv-replay
BENCH := .venv-bench
BENCH_CRAWL := .venv-bench-crawl
BIN := $(VENV)/bin
PIP_INSTALL := pip install --disable-pip-version-check

# Runs a command, and prints its output only if it fails.
QUIETLY := sh -c 'output=$$("$$@" 2>&1) || { printf "%s\n" "$$output" >&2; exit 1; }' quietly

.PHONY: install replay demo test test-fast layers check format bench bench-growth bench-stages bench-rebuild \
	bench-reading bench-verify bench-search lock dictionary clean

# Everything to crawl, search, open the desk and draw charts.
install: $(VENV)/installed

# pywb, for `cacnp-archive replay` and for replay in the desk.
replay: $(REPLAY)/installed

demo: install
	@$(BIN)/cacnp-archive demo

# A file's tests run in one process. They start hundreds of programs, so compiled modules are kept,
# whatever the environment says.
# Four processes on two cores: tests often wait, for a server, a disk or a browser.
test: $(VENV)/installed-dev $(REPLAY)/installed
	tests/install
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses 4 \
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

# The crawl beside other crawlers; nginx and wget are used where they are installed.
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

# The desk's sample queries and searches; ARGS="--data FOLDER" keeps the archive.
bench-search: install
	$(BIN)/python -m benchmarks.searching $(ARGS)

# ARGS="--write" updates the table in docs/reading.md.
bench-reading: $(BENCH)/installed
	$(BENCH)/bin/python -m benchmarks.reading $(ARGS)

# After a change of the dependencies; needs uv. The locks hold no address of a package index.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"
lock:
	$(COMPILE) pyproject.toml --all-extras --group build --group dev \
		--output-file requirements-dev.lock
	$(COMPILE) pyproject.toml --all-extras --group build --constraint requirements-dev.lock \
		--output-file requirements-full.lock
	$(COMPILE) pyproject.toml --group build --constraint requirements-dev.lock \
		--output-file requirements.lock
	$(COMPILE) --group pyproject.toml:replay --output-file requirements-replay.lock
	$(COMPILE) pyproject.toml benchmarks/requirements-reading.in \
		--override benchmarks/overrides-reading.txt \
		--output-file benchmarks/requirements-reading.txt
	$(COMPILE) benchmarks/requirements-crawl.in --output-file benchmarks/requirements-crawl.txt

dictionary: $(VENV)/installed-dev
	$(BIN)/python -m cacnp_archive.storage.dictionary >docs/data-dictionary.md

clean:
	rm -rf $(VENV) $(REPLAY) $(BENCH) $(BENCH_CRAWL) .browser demo build dist *.egg-info

$(VENV)/installed: requirements-full.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) \
		and "Python 3.11 to 3.13 is needed: make PYTHON=python3.11")'
	@echo "Installing into $(VENV), which takes a minute or two ..."
	@$(QUIETLY) $(PYTHON) -m venv $(VENV)
	@$(QUIETLY) $(BIN)/$(PIP_INSTALL) --require-hashes -r requirements-full.lock
	@$(QUIETLY) $(BIN)/$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@echo "Installing the tools for tests and checks into $(VENV) ..."
	@$(QUIETLY) $(BIN)/$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

$(REPLAY)/installed: requirements-replay.lock
	@echo "Installing pywb into $(REPLAY), because it needs other versions ..."
	@$(QUIETLY) $(PYTHON) -m venv $(REPLAY)
	@$(QUIETLY) $(REPLAY)/bin/$(PIP_INSTALL) --require-hashes -r requirements-replay.lock
	@touch $@

# Without dependencies: the file lists all of them, and both have a package that requires a version
# which the file overrides.
$(BENCH)/installed: benchmarks/requirements-reading.txt
	@$(QUIETLY) $(PYTHON) -m venv $(BENCH)
	@$(QUIETLY) $(BENCH)/bin/$(PIP_INSTALL) --require-hashes --no-deps -r $<
	@touch $@

$(BENCH_CRAWL)/installed: benchmarks/requirements-crawl.txt
	@$(QUIETLY) $(PYTHON) -m venv $(BENCH_CRAWL)
	@$(QUIETLY) $(BENCH_CRAWL)/bin/$(PIP_INSTALL) --require-hashes --no-deps -r $<
	@touch $@

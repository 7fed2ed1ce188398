# make report: the environment, then the workbook.  make test: the environment, then the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
PYTHON := python
BIN := $(VENV)/Scripts
endif

.PHONY: report test slow lint bench same pictures schema lock

report: $(VENV)/ready
	$(BIN)/python build_model.py

test: $(VENV)/ready
	$(BIN)/python -m pytest -n auto --dist worksteal

# The long loops: a hundred kills, thousands of broken files, hundreds of edits; about half an hour.
slow: $(VENV)/ready
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow

lint: $(VENV)/ready
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

bench: $(VENV)/ready
	$(BIN)/python benchmarks/bench.py

# Whether every output is byte for byte what was recorded; make same RECORD=--record records anew.
same: $(VENV)/ready
	$(BIN)/python benchmarks/same.py $(RECORD)

# The README's pictures: sheets as LibreOffice prints them; needs soffice, pdftotext and pdftoppm.
pictures: report
	$(BIN)/python benchmarks/readme_pictures.py

# What editors complete and check the YAML files by, made from the fields of the model.
schema: $(VENV)/ready
	$(BIN)/python -m threegates.inputs.editor

$(VENV)/ready: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo ready > $@

# Rewrites requirements.lock for every platform, with hashes and without addresses; needs uv.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet --output-file requirements.lock

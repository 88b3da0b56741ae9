# `make demo` and `make test` do all the set-up on a fresh machine; the rest is for people who change the code.
PYTHON = .venv/bin/python
SOURCE ?= ../shared/data
# What the demo is called with, e.g. make demo ARGS="--images 60"
ARGS ?=

.PHONY: demo test test-slow setup lint types bench package clean

setup: .venv/.ready

.venv/.ready: pyproject.toml packaging/constraints.txt packaging/bootstrap.sh
	@sh packaging/bootstrap.sh

demo: setup
	@.venv/bin/defectstudio demo $(ARGS)

test: setup
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest

test-slow: setup
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -m slow

lint: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: setup
	$(PYTHON) -m mypy

# Figures on real data; each script prints one JSON object. SOURCE is the folder that holds ksdd/ and mtd/.
bench: setup
	$(PYTHON) benchmarks/ksdd.py --source $(SOURCE)/ksdd --segmented 0 5 33 --seeds 0 1 2
	$(PYTHON) benchmarks/mtd.py --source $(SOURCE)/mtd --segmented 0 16 all --seeds 0 1 2
	$(PYTHON) benchmarks/mentor.py --source $(SOURCE)/mtd --keep build/mentor
	$(PYTHON) benchmarks/inference.py --source $(SOURCE)/ksdd
	$(PYTHON) benchmarks/mining.py
	$(PYTHON) benchmarks/ui.py

package: setup
	$(PYTHON) -m pip install --quiet --constraint packaging/constraints.txt '.[package]'
	$(PYTHON) -m PyInstaller --noconfirm --distpath dist --workpath build packaging/defectstudio.spec
	dist/defectstudio/defectstudio --help >/dev/null && du -sh dist/defectstudio

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Two commands: `make serve` and `make test`. Everything lives in .venv.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --prefer-binary --constraint requirements.lock

.PHONY: serve test lint bench bench-search clean system

serve: .venv/run
	$(BIN)/wence serve

test: .venv/dev system
	$(BIN)/python -m pytest -n auto --dist worksteal
	$(BIN)/wence eval eval/questions/minhang.jsonl --least 0.85

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/dev
	$(BIN)/python -m bench.startup
	$(BIN)/python -m bench.ingest ../shared/data/statutes.jsonl.xz

# Search beside LangChain and txtai, and BM25 engines alone: a quarter of an hour on a quiet machine.
bench-search: .venv/bench
	$(BIN)/python -m bench.search --all --data ../shared/data --out docs/search.json >/dev/null

# The tests use Debian's Chromium and LibreOffice; without them some are skipped and say so.
system:
	@command -v chromium >/dev/null && command -v soffice >/dev/null || { [ "$$(id -u)" = 0 ] \
		&& command -v apt-get >/dev/null && apt-get update -qq \
		&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		chromium fonts-noto-cjk libreoffice-writer-nogui libreoffice-calc-nogui >/dev/null; } \
		|| echo "chromium or LibreOffice is not installed: some tests will be skipped"

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Wence needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python pyproject.toml requirements.lock
	$(INSTALL) --editable .
	@touch $@

.venv/dev: .venv/run
	$(INSTALL) --editable '.[dev,ocr,onnx]'
	@touch $@

.venv/bench: .venv/dev
	$(INSTALL) --editable '.[bench]'
	@touch $@

clean:
	rm -rf .venv *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

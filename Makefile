# Two commands do everything: `make start` and `make test`. The others are for those who change things.
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
DEMO ?= var/demo
PORT ?= 8888
SITE ?= var/site
HUB ?= var/hub
# Else what the hub's settings say: 8000. It takes the three ports after it as well.
HUB_PORT ?=
ARGS ?=

.PHONY: start hub test soak matrix setup book book-check map messages bench lint format clean

start: setup ## set up, create the demo course, open it
	@$(BIN)/python tools/start.py --demo "$(DEMO)" --site "$(SITE)" --port "$(PORT)"

hub: setup ## set up, create a demo hub where everybody signs in, open it
	@$(BIN)/python tools/hub.py --hub "$(HUB)" --site "$(SITE)" --port "$(HUB_PORT)"

# ARGS are pytest's: `make test ARGS="tests/roster -k joining"` runs these tests alone, at once.
ifeq ($(ARGS),)
test: setup ## everything that must hold, the linters among it
	@$(BIN)/python tools/test.py
else
test:
	@$(BIN)/python tools/test.py $(ARGS)
endif

soak: setup ## what takes too long for `make test`: nbgrader's own tests, and those marked soak
	@$(BIN)/python tools/soak.py

matrix: setup ## the wheel with the oldest and the newest JupyterLab 4, each in an environment of its own
	@$(BIN)/python tools/matrix.py

setup: ## prepare .venv, Node packages and bundles; nothing else
	@$(PYTHON) tools/bootstrap.py

book: setup ## build both editions of the course into $(SITE)
	@$(BIN)/python -m ustaz.book build "$(SITE)"

book-check: setup ## the learner edition by Jupyter Book itself, in an environment of its own
	@$(BIN)/python tools/book_check.py

map: setup ## docs/map.md: the rooms and what each uses, from the imports
	@$(BIN)/python tools/map.py

messages: setup ## bring the catalogues up to date with the texts
	@$(BIN)/python -m ustaz.catalogs update

bench: setup ## the figures that docs/benchmarks.md speaks of, beside their peers
	@$(BIN)/python -m benchmarks

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/node node_modules/typescript/bin/tsc --noEmit -p tsconfig.json
	@$(BIN)/node node_modules/@biomejs/biome/bin/biome ci --error-on-warnings widgets

format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/node node_modules/@biomejs/biome/bin/biome check --write widgets

clean: ## what the commands above made, the demo course excepted
	rm -rf node_modules .venv .venv-book widgets/ustaz_widgets/static src/ustaz/hub/bundled var/site

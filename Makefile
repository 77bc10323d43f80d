# The verbs of this project. `make` or `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
BOT_PYTHON := bot/.venv/bin/python

.PHONY: help setup demo test lint train bench catalogues migration

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install both environments (the first time: several minutes, 2.5 GB)
	@scripts/bootstrap

train: setup ## Train the reader if its inputs have changed
	@$(BOT_PYTHON) -m bot.train --if-changed

demo: train ## Start everything on this machine, with a small LMS to click in
	@exec $(PYTHON) -m cli.main demo run

test: train ## Run all tests (needs PostgreSQL and Chromium; says so if they are missing)
	@$(PYTHON) scripts/run_tests.py $(TESTS)

lint: setup ## Check style, types, imports and training data
	@scripts/lint

bench: train ## Measure a turn through web, bot and actions, the bot alone, launches and pages (needs PostgreSQL)
	@$(PYTHON) -m bench

catalogues: setup ## Bring the translations up to date with the texts, and say what is missing
	@PYTHONPATH=. $(PYTHON) scripts/catalogues.py

migration: setup ## Write a migration: make migration MESSAGE="add a column" [REWRITE=1]
	@test -n "$(MESSAGE)" || { echo 'Say what changes: make migration MESSAGE="add a column"'; exit 2; }
	@PYTHONPATH=. $(PYTHON) scripts/new_migration.py $(if $(REWRITE),--rewrite) "$(MESSAGE)"

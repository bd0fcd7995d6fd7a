# `make gate` does the job, `make test` proves it; both start from a bare Debian 12 with git and make.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash -eu -o pipefail
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc 2>/dev/null || echo 2)

RELEASE := build/release
BINARY := $(RELEASE)/bin/fastcart-guardrails
LAUNCHER := pulumi-analyzer-policy-cpp
STACK := build/fastcart-stack.json
PY := build/venv/bin/python
CACHE := $(if $(shell command -v ccache),-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)

.DEFAULT_GOAL := help

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

gate: binary ## Render the FastCart stack offline, judge it, print the report
	@scripts/venv stack/requirements.txt
	@cd stack && ../$(PY) -m offline --output ../$(STACK)
	@$(BINARY) check $(STACK)

test: build ## Build everything and run all tests but the end-to-end ones
	@ctest --preset release --parallel $(CMAKE_BUILD_PARALLEL_LEVEL)
	@scripts/venv stack/requirements.txt tests/requirements.txt
	@scripts/bootstrap zsh fish mandoc groff-base || true  # what is missing, its tests name and skip
	@$(PY) -m pytest -q -rs tests/unit tests/protocol
	@$(PY) -m pytest -q -rs tests/terminal  # by itself: each folder has a conftest of its own
	@command -v go >/dev/null \
	  && echo "End-to-end tests not run here: 'make e2e' runs them (it builds the Pulumi CLI once, about five minutes)." \
	  || echo "End-to-end tests skipped, Go is missing: install it (https://go.dev/dl), then run 'make e2e'."

e2e: cli binary ## Run the tests with the real Pulumi CLI (needs Go; builds the CLI once)
	@scripts/venv stack/requirements.txt tests/requirements.txt tests/e2e/requirements.txt
	@$(PY) -m pytest -q tests/e2e --numprocesses $(CMAKE_BUILD_PARALLEL_LEVEL) --dist loadfile --no-loadscope-reorder --durations 10

package: binary ## Make the .deb and the .tar.gz, in build/package
	@scripts/bootstrap dpkg-dev
	@cmake --build --preset release --target share
	@cpack --config $(RELEASE)/CPackConfig.cmake -B build/package >build/package.log || { cat build/package.log; exit 1; }
	@rm -rf build/package/_CPack_Packages && ls build/package/*

test-package: package ## Install the .deb in a clean Debian and gate a stack with it (needs root)
	@scripts/bootstrap debootstrap lintian || true  # what is missing, its tests name and skip
	@scripts/venv stack/requirements.txt tests/requirements.txt tests/e2e/requirements.txt
	@$(PY) -m pytest -q -rs tests/package

reports: binary ## Test the HTML report in headless Chromium, and SARIF by its schema (needs Go)
	@scripts/bootstrap chromium chromium-driver fonts-dejavu-core
	@scripts/venv stack/requirements.txt tests/requirements.txt tests/reports/requirements.txt
	@$(PY) -m pytest -q tests/reports

deploy-local: cli binary ## Deploy FastCart to an AWS emulator on this machine, gated (needs Go)
	@scripts/venv stack/requirements.txt tests/requirements.txt tests/e2e/requirements.txt
	@$(PY) tests/e2e/deploy_local.py

docs: binary ## Write docs/guardrails from the guardrails themselves
	@scripts/docs $(BINARY) docs/guardrails

bench: configure ## Measure against floors and peers, write docs/benchmarks.md (about ten minutes)
	@cmake --build --preset release --target bench
	@bench/run

clean: ## Remove everything that was built
	rm -rf build

bootstrap:
	@scripts/bootstrap

configure: bootstrap
	@[ -e $(RELEASE)/build.ninja ] || cmake --preset release $(CACHE)

# First of all where it is needed: without Go it says so at once, instead of after the build.
cli:
	@tests/e2e/tools/build >/dev/null

binary: configure
	@cmake --build --preset release --target fastcart-guardrails $(LAUNCHER)

build: configure
	@cmake --build --preset release

.PHONY: help gate test e2e reports package test-package deploy-local docs bench clean bootstrap configure cli binary build

# Kamaelia Compose: the commands for a clean checkout. `make` without a target lists them.

CARGO   ?= cargo
PROJECT ?= projects/meow-mix.json
# How long `make run` runs the project in the terminal when there is no display.
SECONDS_WITHOUT_DISPLAY ?= 10
# Where setup.sh puts the linters.
TOOLS   := target/tools/bin
# cargo-nextest runs tests in parallel processes; without it, `cargo test` does the same work.
NEXTEST := $(shell $(CARGO) nextest --version >/dev/null 2>&1 && echo yes)

.DEFAULT_GOAL := help
.PHONY: help setup setup-build setup-lint build run test lint nightly bench screenshots manual

help: ## List the targets and what they do
	@echo "Kamaelia Compose"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' \
		| awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

setup: ## Install the system packages that building and testing need, or list them
	@sh tests/scripts/setup.sh build lint test

setup-build:
	@sh tests/scripts/setup.sh build

build: setup-build ## Build the release binary, target/release/kamaelia-compose
	$(CARGO) build --locked --release -p compose_app

run: build ## Build, then open the window with a project that runs at once (PROJECT=file.json for another)
	@sh tests/scripts/run.sh "$(PROJECT)" $(SECONDS_WITHOUT_DISPLAY)

setup-lint:
	@sh tests/scripts/setup.sh build lint

# Advisories are not checked, because their database is a Git repository and in no package registry. Where github.com can
# be reached, `cargo deny check advisories` checks them.
lint: setup-lint ## Check formatting, lints, licences, duplicate and unused dependencies and spelling
	$(CARGO) fmt --all --check
	$(TOOLS)/typos
	$(TOOLS)/cargo-deny --log-level error check licenses bans sources
	$(TOOLS)/cargo-machete --skip-target-dir .
	$(CARGO) clippy --locked --all-targets -- -D warnings

# The first command also builds the binary that tests start. Built separately, it would have other features, and everything
# would be compiled twice.
test: setup lint ## Run everything that must pass: lint, unit, property, GUI and end-to-end tests, doc tests, docs
	$(CARGO) build --locked --all-targets
ifeq ($(NEXTEST),yes)
	$(CARGO) nextest run --locked --no-fail-fast
else
	$(CARGO) test --locked --no-fail-fast --lib --bins --tests
endif
	$(CARGO) test --locked --doc
	$(CARGO) check --locked -p compose_app --no-default-features
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps

# Cases of each invariant in the nightly profile; everyday runs have 256.
CASES ?= 200000

# Miri can check the `unsafe` code of the ring, but it needs a nightly toolchain, and the tests here use a stable one. With a
# nightly toolchain installed, `cargo +nightly miri test -p compose_runtime ring` runs it. Without one, loom
# (`compose_models`) and the property tests check the ring.
nightly: setup ## Run the long forms of the tests: invariants with CASES cases each, a soak of ten minutes, models in more orders
	PROPTEST_CASES=$(CASES) $(CARGO) test --locked --release -p compose_runtime --test rules inv_
	PROPTEST_CASES=20000 $(CARGO) test --locked --release -p compose_runtime
	PROPTEST_CASES=20000 $(CARGO) test --locked --release -p compose_components
	PROPTEST_CASES=50000 $(CARGO) test --locked --release -p compose_fuzz
	COMPOSE_SOAK_SECONDS=600 $(CARGO) test --locked --release -p compose_runtime --test system soak
	LOOM_MAX_PREEMPTIONS=5 $(CARGO) test --locked --release -p compose_models
	COMPOSE_GUIDE_IN_FULL=1 $(CARGO) test --locked -p compose_tests --test suite contributing

bench: ## Measure this build and the systems it is compared with; writes target/bench.json
	@sh tests/scripts/setup.sh build test bench
	$(CARGO) build --locked --release -p compose_app
	$(CARGO) run --locked --release -p compose_peers -- target/bench.json

screenshots: build setup ## Take new screenshots for the documentation, into docs/screenshots/
	@bash tests/scripts/screenshots.sh target/release/kamaelia-compose docs/screenshots

manual: setup-build ## Write the manual of all components into docs/components/
	@rm -f docs/components/*.md
	$(CARGO) run --locked -q -p compose_app -- manual docs/components
	@echo "docs/components/README.md"

# Kamaelia Compose: everything one does with a clean checkout. `make` alone lists the targets.

CARGO   ?= cargo
PROJECT ?= projects/meow-mix.json
# How long `make run` runs the project in the terminal when there is no display.
SECONDS_WITHOUT_DISPLAY ?= 10
# Where setup.sh puts the linters.
TOOLS   := target/tools/bin
# cargo-nextest runs tests in parallel processes; plain `cargo test` does the same work where it is absent.
NEXTEST := $(shell $(CARGO) nextest --version >/dev/null 2>&1 && echo yes)

.DEFAULT_GOAL := help
.PHONY: help setup setup-build setup-lint build run test lint nightly bench screenshots manual

help: ## List the targets and what they do
	@echo "Kamaelia Compose"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' \
		| awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

setup: ## Install the system packages that building and testing need, or say which they are
	@sh tests/scripts/setup.sh build lint test

setup-build:
	@sh tests/scripts/setup.sh build

build: setup-build ## Build the release binary, target/release/kamaelia-compose
	$(CARGO) build --locked --release -p compose_app

run: build ## Build, then open the window with a project that runs at once (PROJECT=file.json for another)
	@sh tests/scripts/run.sh "$(PROJECT)" $(SECONDS_WITHOUT_DISPLAY)

setup-lint:
	@sh tests/scripts/setup.sh build lint

# Advisories are not checked: their database is a Git repository, and no registry has it. `cargo deny check advisories`
# checks them wherever github.com can be reached.
lint: setup-lint ## Check formatting, lints, licences, duplicate and unused dependencies and spelling
	$(CARGO) fmt --all --check
	$(TOOLS)/typos
	$(TOOLS)/cargo-deny --log-level error check licenses bans sources
	$(TOOLS)/cargo-machete --skip-target-dir .
	$(CARGO) clippy --locked --all-targets -- -D warnings

# The binary that tests start is built together with them: with features of its own, everything would be compiled twice.
test: setup lint ## Everything that must pass: lint, unit, property, GUI and end-to-end tests, doc tests, docs
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

# Miri would check the `unsafe` code of the ring. It exists for nightly toolchains only, and the code of a stable release
# is what is tested here: with a nightly toolchain at hand, `cargo +nightly miri test -p compose_runtime ring` runs it.
# Until then loom (`compose_models`) and the property tests of the ring stand in for it.
nightly: setup ## The long forms: invariants with CASES cases each, a soak of ten minutes, models in more orders
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

screenshots: build setup ## Take the pictures of the documentation anew, into docs/screenshots/
	@bash tests/scripts/screenshots.sh target/release/kamaelia-compose docs/screenshots

manual: setup-build ## Write the manual of all components into docs/components/
	@rm -f docs/components/*.md
	$(CARGO) run --locked -q -p compose_app -- manual docs/components
	@echo "docs/components/README.md"

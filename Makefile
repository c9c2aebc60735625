# The commands of the house; each one installs what it needs. The work is done in scripts/.

.PHONY: help run test check fuzz fmt bench mutants web setup clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

run: ## builds, starts a server with two sample videos, prints their links
	@scripts/run.sh

test: ## every test: rooms, house, player, clients, browser
	@scripts/test.sh

check: ## format, lints, house rules: quick, needs only Rust and a C compiler
	cargo fmt --all --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo test -p tidy
	cargo test --workspace --test openapi --test suite

fuzz: ## mutates what is shown as a credential, 20 s for each reader
	@scripts/fuzz.sh

fmt: ## formats the Rust sources
	cargo fmt --all
	cargo fmt --manifest-path fuzz/Cargo.toml

bench: ## every benchmark
	@scripts/bench.sh

mutants: ## changes what believes a token, bit by bit: some test must notice each; takes an hour
	@scripts/mutants.sh

web: ## the web bundles that the binary embeds
	@scripts/setup.sh run
	@scripts/web.sh

setup: ## what a Debian machine with only Rust lacks
	@scripts/setup.sh test

clean: ## removes what was built, keeps ./admit-data
	cargo clean
	rm -rf web/*/dist web/*/node_modules tests/browser/node_modules tests/clients/node/node_modules tests/signers/node/node_modules examples/*/node_modules

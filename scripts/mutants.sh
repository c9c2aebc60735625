#!/usr/bin/env bash
# Changes what believes a token, one operator or answer at a time, and fails where no test notices (.cargo/mutants.toml
# says where). Takes the better part of an hour. Arguments go to cargo-mutants: `scripts/mutants.sh --list`.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

version=27.1.0

scripts/setup.sh run
[ "$("$tools/bin/cargo-mutants" mutants --version 2>/dev/null)" = "cargo-mutants $version" ] ||
  step "building cargo-mutants $version" cargo install --locked --debug --version "=$version" --root "$tools" cargo-mutants

# Not where everybody builds: cargo would take what was built of a changed source for the source itself.
export CARGO_TARGET_DIR=$root/target/mutants
export ADMIT_TEST_MUTATIONS=2000 PROPTEST_DISABLE_FAILURE_PERSISTENCE=1
code=0
"$tools/bin/cargo-mutants" mutants --package admit-domain --jobs 1 --no-shuffle --output "$root/target" "$@" || code=$?
# 3: some tests ran on and on, which is to notice; all others failed.
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || die "not every change was noticed: see target/mutants.out"

#!/usr/bin/env bash
# Every test there is, on a machine that has only Rust: rooms, house, player, other people's clients, and a real browser.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

scripts/setup.sh test
# Setup may just have brought a Node.js of its own.
[ ! -x "$tools/bin/node" ] || PATH=$tools/bin:$PATH
scripts/web.sh

export ADMIT_TEST_CLIPS=$root/target/clips
[ -e "$ADMIT_TEST_CLIPS/bikes.mp4" ] || step "fetching real film for the tests" clips "$ADMIT_TEST_CLIPS"

say "testing the player"
packages web/player
npm --prefix web/player test

say "fetching what else signs and verifies credentials"
ADMIT_TEST_SIGNERS=$(scripts/signers.sh)
export ADMIT_TEST_SIGNERS

trap 'scripts/postgres.sh stop' EXIT
trap 'exit 130' INT TERM
say "starting a PostgreSQL for the tests"
ADMIT_TEST_POSTGRES=$(scripts/postgres.sh start)
export ADMIT_TEST_POSTGRES

# The stories' program is the one that is built here: by itself it would have other features, and everything below it too.
# Stories wait for programs more than they compute, so two are told at a time for each core.
say "testing the rooms and the house"
RUST_TEST_THREADS=${RUST_TEST_THREADS:-$((2 * $(nproc)))} cargo test --workspace

say "fuzzing what reads credentials"
scripts/fuzz.sh

export ADMIT_BIN=$root/target/debug/admit
rm -rf target/clients/answers
[ -e target/clients/media/done ] || step "making the films that the clients' suites upload" tests/clients/media.sh target/clients/media
say "running the node client's own suite"
packages tests/clients/node
npm --prefix tests/clients/node test
say "running our suite over the Python client"
suites_in_python
(cd tests/clients/python && "$python/bin/pytest")
say "holding every answer against the published specification"
"$python/bin/python" tests/clients/python/answers.py target/clients/answers
say "asking for everything that our own document allows"
"$python/bin/python" tests/clients/python/contract.py

say "telling the stories in a browser"
packages tests/browser
for example in gallery mux cloudflare-stream; do packages "examples/$example"; done
ADMIT_CHROMIUM=$(command -v chromium) npm --prefix tests/browser test
say "all tests passed"

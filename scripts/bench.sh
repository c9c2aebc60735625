#!/usr/bin/env bash
# Every benchmark there is, on a release build; what each one measures stands in its own file.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

scripts/setup.sh test
scripts/rivals.sh
scripts/web.sh

trap 'scripts/postgres.sh stop' EXIT
trap 'exit 130' INT TERM
say "starting a PostgreSQL to measure"
ADMIT_TEST_POSTGRES=$(scripts/postgres.sh start)
export ADMIT_TEST_POSTGRES

say "building for speed"
cargo bench -p admit --bench house
say "measuring how soon access ends"
cargo bench -p admit --bench revocation
say "measuring delivery beside other servers"
cargo bench -p admit --bench edge

#!/usr/bin/env bash
# Installs the servers that `make bench` measures ours beside, from Debian's packages and without starting any of them,
# and what counts their instructions. Whatever cannot be had costs only its row.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

"$root/scripts/setup.sh" rivals

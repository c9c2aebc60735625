#!/usr/bin/env bash
# Installs other people's libraries that sign and verify credentials, as tests/signers/ pins them, and prints the folder
# that ADMIT_TEST_SIGNERS names; and nginx, HAProxy, Varnish, PHP and Ruby from Debian. What is installed already is left
# alone.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

cd "$root"
signers=$root/target/signers

in_python() {
  local wanted=$root/tests/signers/python/requirements.txt
  ! cmp -s "$wanted" "$signers/python/.admit-lock" || return 0
  step "fetching the packages of tests/signers/python" fetch_in_python "$wanted"
}
fetch_in_python() {
  rm -rf "$signers/python"
  python3 -m venv "$signers/python"
  "$signers/python/bin/pip" install --disable-pip-version-check --no-deps --only-binary :all: --requirement "$1"
  cp "$1" "$signers/python/.admit-lock"
}

mkdir -p "$signers"
# The words of progress go where they are read; the folder alone is what a caller catches.
{
  scripts/setup.sh signers
  packages tests/signers/node
  in_python
} >&2
# Scripts find their packages beside themselves.
ln -sfn ../../tests/signers/node "$signers/node"
echo "$signers"

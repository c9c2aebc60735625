#!/usr/bin/env bash
# Fuzzes what reads credentials, guided by coverage: `fuzz.sh [SECONDS [TARGET…]]`, each target of fuzz/ for 20 seconds by
# default and for 300 with ADMIT_TEST_DEEP=1; one for each core at a time. What is found lies below target/fuzz, and so do
# the corpora.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

targets=("${@:2}")
[ "${#targets[@]}" -gt 0 ] || targets=(jws_split jwt_verify signed_url_verify opaque_parse kid_parse claims_parse)
seconds=${1:-$([ -n "${ADMIT_TEST_DEEP:-}" ] && echo 300 || echo 20)}
# A little more than TOKEN_BYTES_MAX, so that what is too long is shown as well.
bytes_max=4352
memory_mb=512
# By the wall clock: on a machine that does much else, five seconds pass without any for us.
one_input_seconds=20

cores=$(nproc)
host=$(rustc -vV | sed -n 's/^host: //p')
programs=target/fuzz/build/$host/debug

# Naming the machine keeps the counters out of build scripts and macros.
build() {
  local coverage=-Cpasses=sancov-module what
  for what in level=4 inline-8bit-counters pc-table trace-compares; do
    coverage+=" -Cllvm-args=-sanitizer-coverage-$what"
  done
  RUSTFLAGS="$coverage --cfg fuzzing -Cdebug-assertions -Coverflow-checks" \
    cargo build --manifest-path fuzz/Cargo.toml --target-dir target/fuzz/build --target "$host"
}

dictionary() {
  case $1 in
  opaque_parse) ;;
  signed_url_verify) echo -dict=fuzz/dictionaries/addresses.dict ;;
  *) echo -dict=fuzz/dictionaries/tokens.dict ;;
  esac
}

# In the background: the job is the fuzzer itself, so that it ends with this script.
fuzz() {
  mkdir -p "target/fuzz/corpus/$1"
  # shellcheck disable=SC2046 # there may be no dictionary
  exec "$programs/$1" "target/fuzz/corpus/$1" $(dictionary "$1") -max_total_time="$seconds" -max_len="$bytes_max" \
    -timeout="$one_input_seconds" -rss_limit_mb="$memory_mb" -artifact_prefix="target/fuzz/found/$1-" \
    -print_final_stats=1 >"target/fuzz/$1.log" 2>&1
}

report() {
  local log=target/fuzz/$1.log runs seen
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  seen=$(sed -n 's/.* cov: \([0-9]*\) .* corp: \([0-9]*\).*/\1 places reached, \2 inputs kept/p' "$log" | tail -n 1)
  printf '    %-18s %9s runs, %s\n' "$1" "${runs:-?}" "${seen:-nothing reached}"
}

scripts/setup.sh fuzz
step "building the fuzz targets" build

say "fuzzing ${#targets[@]} targets for $seconds s each"
mkdir -p target/fuzz/found
rm -f target/fuzz/found/*
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM
failed=()
for ((at = 0; at < ${#targets[@]}; at += cores)); do
  declare -A running=()
  for target in "${targets[@]:at:cores}"; do
    fuzz "$target" &
    running[$target]=$!
  done
  for target in "${targets[@]:at:cores}"; do
    wait "${running[$target]}" || failed+=("$target")
    report "$target"
  done
done

for target in ${failed[@]+"${failed[@]}"}; do
  grep -v '^#' "target/fuzz/$target.log" | tail -n 40 >&2
  for found in "target/fuzz/found/$target"-*; do
    [ ! -e "$found" ] || say "again: $programs/$target $found" >&2
  done
done
[ "${#failed[@]}" -eq 0 ] || die "found something: ${failed[*]}"

#!/usr/bin/env bash
# From a fresh machine to a film in the browser: builds admit, starts it, uploads two samples through its public API
# and prints their links. ADMIT_RUN_ONCE=1 stops again after printing.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

data=${ADMIT_DATA:-$root/admit-data}
log=$root/target/run.log
clip=$root/target/sample.mp4
# The samples of earlier runs, so that a second run finds them instead of uploading them again.
samples=$data/make-run.samples
server=''

stop_server() {
  [ -n "$server" ] || return 0
  local pid=$server waited
  server=''
  kill -TERM "$pid" 2>/dev/null || return 0
  for ((waited = 0; waited < 150; waited++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

give_up() {
  tail -n 40 "$log" >&2
  die "$1 (the server's log: $log)"
}

start_server() {
  local waited
  # In a session of its own, so that Ctrl-C reaches it once: by stop_server, not also by the terminal.
  setsid "$admit" serve --data "$data" --listen "127.0.0.1:$port" >"$log" 2>&1 </dev/null &
  server=$!
  # Its ready line is the one that holds its address.
  for ((waited = 0; waited < 300; waited++)); do
    kill -0 "$server" 2>/dev/null || give_up "admit did not start"
    if grep -qF "$url" "$log"; then return; fi
    sleep 0.1
  done
  give_up "admit was not ready within 30 s"
}

# Ten seconds that show motion and, where a font is at hand, their own clock.
make_clip() {
  local font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf clock=null
  if [ -e "$font" ] && ffmpeg -hide_banner -filters 2>/dev/null | grep -q drawtext; then
    clock="drawtext=fontfile=$font:text='admit  %{pts\\:hms}':fontsize=56:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=16:x=(w-tw)/2:y=h-th-48"
  fi
  ffmpeg -nostdin -hide_banner -loglevel error -y \
    -f lavfi -i testsrc2=size=1280x720:rate=30:duration=10 -f lavfi -i sine=frequency=330:sample_rate=48000:duration=10 \
    -vf "$clock" -c:v libx264 -preset veryfast -pix_fmt yuv420p -g 60 -c:a aac -b:a 128k -movflags +faststart "$clip.part.mp4"
  mv "$clip.part.mp4" "$clip"
}

# ask PATH: the management API's answer. The key travels by a pipe: arguments can be read by every user of the machine.
ask() { curl -fsS --config <(printf 'user = "%s:"\n' "$key") "$url$1"; }

# field PATH: one field of the JSON on standard input, such as assets.player.
field() {
  node -e 'let v = JSON.parse(require("fs").readFileSync(0)); for (const k of process.argv[1].split(".")) v = v?.[k]; console.log(v ?? "")' "$1"
}

# sample NAME FLAGS…: the id of that sample; uploads it where an earlier run has not.
sample() {
  local name=$1 id
  shift
  id=$(awk -v name="$name" '$1 == name { id = $2 } END { print id }' "$samples" 2>/dev/null || true)
  if [ -z "$id" ] || ! ask "/videos/$id" >/dev/null 2>&1; then
    local said
    said=$("$admit" video upload "$clip" "$@" --server "$url" --api-key "$key") || die "the upload failed: $said"
    id=$(grep -oE '\bvi[0-9A-Za-z]{8,}\b' <<<"$said" | head -n 1) || die "the upload named no video: $said"
    echo "$name $id" >>"$samples"
  fi
  echo "$id"
}

wait_until_playable() {
  local waited
  for ((waited = 0; waited < 240; waited++)); do
    [ "$(ask "/videos/$1/status" | field encoding.playable)" != true ] || return 0
    sleep 0.5
  done
  give_up "the sample was not playable within 120 s"
}

scripts/setup.sh run
# Setup may just have brought a Node.js of its own.
[ ! -x "$tools/bin/node" ] || PATH=$tools/bin:$PATH
scripts/web.sh

say "building admit"
cargo build --release -p admit
admit=${CARGO_TARGET_DIR:-$root/target}/release/admit
[ -e "$clip" ] || step "making a sample film" make_clip

port=$(free_port 8080)
url=http://127.0.0.1:$port
trap stop_server EXIT
trap 'exit 0' INT TERM
say "starting admit at $url"
mkdir -p "$data"
start_server
key=$("$admit" api-key create --data "$data" --name sample)

say "uploading a private and a public sample"
private=$(sample private --private --title "A private sample")
public=$(sample public --title "A public sample")
wait_until_playable "$private"
wait_until_playable "$public"

cat <<END

  admit is running at $url

  private video, one-time link   $(ask "/videos/$private" | field assets.player)
                                 (open it once; a second viewer is refused)
  public video                   $(ask "/videos/$public" | field assets.player)
  API key of this run            $key
  data                           $data
  log                            $log

END
if [ "${ADMIT_RUN_ONCE:-}" = 1 ]; then
  say "stopping, as ADMIT_RUN_ONCE=1 asks"
  exit 0
fi
echo "  Ctrl-C stops it; 'make run' starts it again with the same data."
wait "$server" || give_up "admit ended by itself"

#!/usr/bin/env bash
# A private PostgreSQL for the tests: `postgres.sh start` prints its URL, `postgres.sh stop` ends it and removes its data.
# It listens on loopback only and trusts whoever comes from there; fsync stays on, since crash tests stand on it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

# Names the folder of the cluster that is running, for a later `stop`.
note=$root/target/postgres.folder

# The newest installed; Debian keeps the server's programs out of PATH.
programs=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1) || die "PostgreSQL is missing: run 'make setup'"

# PostgreSQL refuses to run as root; Debian's package made a user for it.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

# target/postgres, unless the postgres user cannot come there (a home of mode 0700) or the socket's path grows too long.
make_folder() {
  local folder=$root/target/postgres
  rm -rf "$folder"
  mkdir -p "$folder"
  [ "$(id -u)" -ne 0 ] || chown postgres: "$folder"
  if [ "${#folder}" -gt 80 ] || ! as_postgres test -w "$folder"; then
    rm -rf "$folder"
    folder=$(mktemp -d "${TMPDIR:-/tmp}/admit-postgres.XXXXXX")
    [ "$(id -u)" -ne 0 ] || chown postgres: "$folder"
  fi
  chmod 700 "$folder"
  echo "$folder" >"$note"
}

start() {
  stop
  make_folder
  local folder port
  folder=$(cat "$note")
  as_postgres "$programs/initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --no-locale \
    >"$folder.initdb.log" 2>&1 || {
    cat "$folder.initdb.log" >&2
    die "initdb failed"
  }
  rm -f "$folder.initdb.log"
  port=$(free_port $((20000 + RANDOM % 20000)))
  # As plain text, since pg_ctl hands it to a shell.
  local settings="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=200"
  as_postgres "$programs/pg_ctl" --pgdata "$folder/data" --log "$folder/server.log" --options "$settings" --wait --timeout 60 start \
    >/dev/null || {
    as_postgres cat "$folder/server.log" >&2
    die "PostgreSQL did not start"
  }
  echo "postgres://postgres@127.0.0.1:$port/postgres"
}

stop() {
  [ -e "$note" ] || return 0
  local folder
  folder=$(cat "$note")
  if [ -e "$folder/data/postmaster.pid" ]; then
    as_postgres "$programs/pg_ctl" --pgdata "$folder/data" --mode fast --wait stop >/dev/null || true
  fi
  rm -rf "$folder" "$note"
}

case ${1:-} in
start) start ;;
stop) stop ;;
*) die "usage: postgres.sh start|stop" ;;
esac

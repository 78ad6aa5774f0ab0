#!/bin/bash
# After a failure: packages' scripts do not promise that a downgrade works, so nothing is downgraded here. Says how to go back by hand, and what is still to be had.
set -euo pipefail
[ -n "${APT_CONFIG:-}" ] || unset APT_CONFIG
export LC_ALL=C

wanted=()
while read -r name old _; do
    if [ -z "$name" ] || [ "$old" = none ]; then continue; fi
    if apt-cache madison "${name%%:*}" | awk -F '|' -v version="$old" '{ gsub(/ /, "", $2) } $2 == version { found = 1 } END { exit !found }'; then
        wanted+=("$name=$old")
    else
        echo "$name $old can no longer be fetched; look in /var/cache/apt/archives, or at a snapshot of the archive"
    fi
done < <(tr ';' '\n' <<<"$CHANGES")
[ ${#wanted[@]} -eq 0 ] || echo "To go back: apt-get install --allow-downgrades ${wanted[*]}"
echo "Then hold what must not come again: apt-mark hold PACKAGE"

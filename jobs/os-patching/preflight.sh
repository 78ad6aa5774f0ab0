#!/bin/bash
# Refuses to begin on a host where the upgrade would stop half way: no space, a locked or broken package database.
set -euo pipefail
[ -n "${APT_CONFIG:-}" ] || unset APT_CONFIG
export LC_ALL=C

fail() { echo "preflight: $*" >&2; exit 1; }
if [ "$PENDING" = 0 ]; then echo "nothing is pending"; exit 0; fi

eval "$(apt-config shell STATUS Dir::State::status/f CACHE Dir::Cache::archives/d ROOT Dir/d)"
admin=$(dirname -- "$STATUS")

[ "$(id -u)" -eq 0 ] || fail "packages can only be installed by root; this runner is $(id -un). Set 'runAs' or run the agent as root."

for lock in "$admin/lock-frontend" "$admin/lock"; do
    [ -e "$lock" ] || continue
    exec {handle}<>"$lock"
    # dpkg and apt use record locks; Python is the shortest way to ask for one without taking it.
    holder=$(python3 - "$lock" <<'PYTHON'
import fcntl, struct, sys
with open(sys.argv[1], "rb+") as lock:
    wanted = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
    kind, _, _, _, pid = struct.unpack("hhqqi4x", fcntl.fcntl(lock, fcntl.F_GETLK, wanted))
    print("" if kind == fcntl.F_UNLCK else pid)
PYTHON
)
    exec {handle}>&-
    [ -z "$holder" ] || fail "process $holder ($(cat "/proc/$holder/comm" 2>/dev/null || echo gone)) holds $lock; this step is tried again later"
done

for place in "$ROOT" "$CACHE" "${ROOT%/}/boot"; do
    [ -d "$place" ] || continue
    free=$(($(stat -f -c '%a * %S' -- "$place") / 1048576))
    [ "$free" -ge "$MIN_FREE_MB" ] || fail "only $free MB are free at $place, $MIN_FREE_MB are wanted; 'apt-get clean' may help"
done

audit=$(dpkg --admindir="$admin" --audit)
[ -z "$audit" ] || fail "the package database needs repair first ('dpkg --configure -a'): $audit"

held=$(dpkg-query --admindir="$admin" -W -f '${db:Status-Want} ${Package}\n' | awk '$1 == "hold" { printf "%s%s", sep, $2; sep = " " }')
[ -z "$held" ] || echo "held back by an administrator: $held"
echo "held=$held" >>"$MAINTENANCE_OUTPUT"
echo "ready: $PENDING upgrades"

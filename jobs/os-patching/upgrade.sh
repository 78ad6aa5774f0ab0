#!/bin/bash
# Upgrades exactly the listed packages and records each change of a version, from the package database and not from the plan.
set -euo pipefail
[ -n "${APT_CONFIG:-}" ] || unset APT_CONFIG
export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l

fail() { echo "upgrade: $*" >&2; exit 1; }
if [ -z "$PACKAGES" ]; then
    echo "nothing to upgrade"
    printf 'upgraded=0\nchanges=\n' >>"$MAINTENANCE_OUTPUT"
    exit 0
fi

eval "$(apt-config shell STATUS Dir::State::status/f)"
versions() { dpkg-query --admindir="$(dirname -- "$STATUS")" -W -f '${binary:Package} ${Version} ${db:Status-Status}\n' | awk '$3 == "installed" { print $1, $2 }' | sort; }

before=$(versions)
read -r -a names <<<"$PACKAGES"
if [ "$DRY_RUN" = true ]; then
    echo "would run: apt-get install --only-upgrade --no-remove -- ${names[*]}"
    printf 'upgraded=0\nchanges=\n' >>"$MAINTENANCE_OUTPUT"
    exit 0
fi

# --only-upgrade: a package that was removed since the list was made does not come back. Changed configuration files are kept.
code=0
apt-get install -q -y --only-upgrade --no-remove \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=600 \
    -- "${names[@]}" || code=$?

# Also after a failure: what was changed was changed.
changes=$(join -a 1 -a 2 -e none -o 0,1.2,2.2 <(echo "$before") <(versions) | awk '$2 != $3 { printf "%s%s %s -> %s", sep, $1, $2, $3; sep = "; " }')
count=0
[ -z "$changes" ] || count=$(($(tr -cd ';' <<<"$changes" | wc -c) + 1))
tr ';' '\n' <<<"$changes" | sed '/^ *$/d; s/^ */changed: /'
{
    echo "upgraded=$count"
    echo "changes=${changes:0:20000}"
} >>"$MAINTENANCE_OUTPUT"
[ "$code" -eq 0 ] || fail "apt-get ended with $code after $count changes; its message is above. 'dpkg --configure -a' finishes what was unpacked."
echo "$count packages changed"

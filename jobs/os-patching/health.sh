#!/bin/bash
# The package database must be whole, and what the host is for must work: that is what the input 'healthCheck' looks at.
set -euo pipefail
[ -n "${APT_CONFIG:-}" ] || unset APT_CONFIG
export LC_ALL=C

fail() { echo "health: $*" >&2; exit 1; }

eval "$(apt-config shell STATUS Dir::State::status/f)"
audit=$(dpkg --admindir="$(dirname -- "$STATUS")" --audit)
[ -z "$audit" ] || fail "packages are left half installed ('dpkg --configure -a'): $audit"

if [ -n "$HEALTH_CHECK" ]; then
    [ -x "$HEALTH_CHECK" ] || fail "$HEALTH_CHECK cannot be run on $(uname -n); set the input 'healthCheck' to a program"
    code=0
    "$HEALTH_CHECK" || code=$?
    [ "$code" -eq 0 ] || fail "$HEALTH_CHECK ended with $code after the upgrade; what it said is above"
    echo "$HEALTH_CHECK is content"
fi

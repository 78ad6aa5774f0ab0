#!/bin/bash
# Says what still runs the old code: the host (a flag that kernel packages leave), and processes whose program or library was replaced.
set -euo pipefail
[ -n "${APT_CONFIG:-}" ] || unset APT_CONFIG

eval "$(apt-config shell ROOT Dir/d)"
host=false
if [ -e "${ROOT%/}/run/reboot-required" ] || [ -e "${ROOT%/}/var/run/reboot-required" ]; then host=true; fi

services=()
if [ "${ROOT:-/}" = / ]; then
    for maps in /proc/[0-9]*/maps; do
        pid=${maps#/proc/} pid=${pid%/maps}
        # Only files of packages count: a deleted file under /tmp or in memory is no library.
        grep -qE ' /(usr|lib|lib64|bin|sbin|opt)/.* \(deleted\)$' "$maps" 2>/dev/null || continue
        unit=$(sed -n 's#.*/\([^/]*\.service\).*#\1#p' "/proc/$pid/cgroup" 2>/dev/null | head -n 1) || continue
        services+=("${unit:-$(cat "/proc/$pid/comm" 2>/dev/null || echo "process $pid")}")
    done
fi
list=$(printf '%s\n' "${services[@]}" | sed '/^$/d' | sort -u | paste -s -d ' ')

[ "$host" = false ] || echo "the host needs a restart"
[ -z "$list" ] || echo "these still run replaced files and need a restart: $list"
if [ "$host" = false ] && [ -z "$list" ]; then echo "nothing needs a restart"; fi
{
    echo "restart_host=$host"
    echo "restart_services=${list:0:10000}"
} >>"$MAINTENANCE_OUTPUT"

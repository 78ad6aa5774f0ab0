#!/bin/bash
# Lists what would be upgraded, without changing anything, by asking apt for the plan.
set -euo pipefail
[ -n "${APT_CONFIG:-}" ] || unset APT_CONFIG
export LC_ALL=C

fail() { echo "list: $*" >&2; exit 1; }
excluded() { case " $EXCLUDE " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

plan=$(apt-get --simulate -q upgrade) || fail "apt cannot plan the upgrade; its message is above. 'apt-get --fix-broken install' may be needed."

# A line of the plan: Inst NAME [OLD] (NEW ARCHIVE [ARCHITECTURE])
inst='^Inst ([^ ]+) \[([^ ]+)\] \(([^ ]+) (.*)\)'
packages=() lines=()
while IFS= read -r line; do
    [[ $line =~ $inst ]] || continue
    name=${BASH_REMATCH[1]} old=${BASH_REMATCH[2]} new=${BASH_REMATCH[3]} archive=${BASH_REMATCH[4]}
    if excluded "$name"; then echo "left out as asked: $name $old -> $new"; continue; fi
    if [ "$ONLY" = security ] && ! [[ ${archive,,} == *security* ]]; then echo "no security upgrade: $name $old -> $new"; continue; fi
    packages+=("$name") lines+=("$name $old -> $new")
done <<<"$plan"

# Upgrades that a hold keeps back; apt names them only in words, so each held package is asked for.
held=()
while read -r name; do
    [ -n "$name" ] || continue
    policy=$(apt-cache policy "$name")
    installed=$(sed -n 's/^  Installed: //p' <<<"$policy") candidate=$(sed -n 's/^  Candidate: //p' <<<"$policy")
    [ "$installed" = "$candidate" ] || held+=("$name $installed -> $candidate")
done < <(apt-mark showhold)
for line in "${held[@]}"; do echo "held back by an administrator: $line"; done

for line in "${lines[@]}"; do echo "pending: $line"; done
echo "${#packages[@]} upgrades pending"
{
    echo "pending=${#packages[@]}"
    echo "packages=${packages[*]}"
    echo "held_upgrades=${#held[@]}"
} >>"$MAINTENANCE_OUTPUT"
if [ "$FAIL_ON_HELD" = true ] && [ ${#held[@]} -gt 0 ]; then
    fail "${#held[@]} upgrades are held back; 'apt-mark unhold PACKAGE', or set the input 'failOnHeld' to false"
fi

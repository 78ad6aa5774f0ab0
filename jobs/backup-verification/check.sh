#!/bin/bash
# Runs the checks against the restored database. Each row that the file's queries return is one check:
# its name, true or false, and (if you like) a detail that is shown.
set -euo pipefail
[ -n "${PGPASSFILE:-}" ] || unset PGPASSFILE
export PGCONNECT_TIMEOUT=15

fail() { echo "check: $*" >&2; exit 1; }

if [ -z "$CHECKS" ]; then
    echo "no checks were asked for; the restore itself was the check"
    echo "checks=0" >>"$MAINTENANCE_OUTPUT"
    exit 0
fi
[ -r "$CHECKS" ] || fail "cannot read $CHECKS on $(uname -n); set the input 'checks' to a SQL file"

rows=$(psql -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 --dbname "$SCRATCH" --file "$CHECKS") || fail "$CHECKS stopped with the error above"

passed=0 failed=()
while IFS=$'\t' read -r name result detail; do
    [ -n "$name$result" ] || continue
    case $result in
        t) passed=$((passed + 1)); echo "ok      $name${detail:+ ($detail)}" ;;
        f) failed+=("$name${detail:+ ($detail)}"); echo "FAILED  $name${detail:+ ($detail)}" ;;
        *) fail "$CHECKS returned a row that is no check: '$name' '$result'. A check is: name, true or false, optional detail." ;;
    esac
done <<<"$rows"

[ $((passed + ${#failed[@]})) -gt 0 ] || fail "$CHECKS returned no rows, so nothing was checked"
echo "checks=$((passed + ${#failed[@]}))" >>"$MAINTENANCE_OUTPUT"
if [ ${#failed[@]} -gt 0 ]; then
    printf -v list '%s; ' "${failed[@]}"
    fail "${#failed[@]} of $((passed + ${#failed[@]})) checks failed: ${list%; }"
fi

#!/bin/bash
# One step of the verification: step.sh locate|checksum|restore|check|drop. Each kind of backup is a file that holds these five.
set -euo pipefail

fail() { echo "$step: $*" >&2; exit 1; }
give() { printf '%s=%s\n' "$@" >>"$MAINTENANCE_OUTPUT"; } # give NAME VALUE…

# The age and size that make a backup unfit, whatever its kind: fit PATH SECONDS-SINCE-1970 BYTES
fit() {
    local age=$(($(date +%s) - $2))
    echo "newest: $1, $3 bytes, $((age / 60)) minutes old"
    [ "$age" -le "$MAX_AGE" ] || fail "the newest backup is too old: $1 was written $((age / 3600)) h $((age % 3600 / 60)) min ago, allowed are $((MAX_AGE / 3600)) h $((MAX_AGE % 3600 / 60)) min. Look at the job that writes the backups."
    [ "$3" -ge "$MIN_BYTES" ] || fail "the newest backup is too small: $1 has $3 bytes, expected are at least $MIN_BYTES"
    give path "$1" dump_bytes "$3" dump_age_seconds "$age"
}

# The newest of the files that are named: newest FILE…
newest() {
    local file time found='' found_time=0
    for file; do
        time=$(stat -c %Y -- "$file")
        if [ "$time" -gt "$found_time" ]; then found=$file found_time=$time; fi
    done
    printf '%s' "$found"
}

started() { begun=${EPOCHREALTIME/[.,]/}; }
seconds() { local took=$(((${EPOCHREALTIME/[.,]/} - begun) / 1000)); printf '%d.%03d' $((took / 1000)) $((took % 1000)); }

# Rows of checks from standard input: a name, true or false, and (if you like) a detail that is shown.
judge() {
    local passed=0 failed=() name result detail list
    while IFS=$'\t' read -r name result detail; do
        [ -n "$name$result" ] || continue
        case $result in
            t | 1) passed=$((passed + 1)); echo "ok      $name${detail:+ ($detail)}" ;;
            f | 0) failed+=("$name${detail:+ ($detail)}"); echo "FAILED  $name${detail:+ ($detail)}" ;;
            *) fail "$CHECKS returned a row that is no check: '$name' '$result'. A check is: name, true or false, optional detail." ;;
        esac
    done
    [ $((passed + ${#failed[@]})) -gt 0 ] || fail "$CHECKS returned no rows, so nothing was checked"
    give checks $((passed + ${#failed[@]}))
    [ ${#failed[@]} -gt 0 ] || return 0
    printf -v list '%s; ' "${failed[@]}"
    fail "${#failed[@]} of $((passed + ${#failed[@]})) checks failed: ${list%; }"
}

step=$1
[ "$step" != locate ] || [ -e "$DIRECTORY" ] || [[ $KIND = @(restic|borg) && $DIRECTORY = *:* ]] \
    || fail "there is no $DIRECTORY on $(uname -n); set the input 'directory'"
if [ "$step" = check ] && [ -z "$CHECKS" ]; then
    echo "no checks were asked for; the restore itself was the check"
    give checks 0
    exit 0
fi
[ "$step" != check ] || [ -r "$CHECKS" ] || fail "cannot read $CHECKS on $(uname -n); set the input 'checks'"
case $DRY_RUN,$step in
    true,restore) echo "would restore $BACKUP into $SCRATCH_FOLDER or the database $SCRATCH"; exit 0 ;;
    true,check | true,drop) exit 0 ;;
esac

# shellcheck source=/dev/null
. "./$KIND.sh"
"$step"

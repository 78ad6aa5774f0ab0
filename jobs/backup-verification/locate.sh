#!/bin/bash
# Finds the newest dump of $DATABASE in $DIRECTORY and refuses one that is too old or too small.
# A file that was written to within the last seconds may still be growing, so its size is read twice.
set -euo pipefail

fail() { echo "locate: $*" >&2; exit 1; }

[ -d "$DIRECTORY" ] || fail "there is no folder $DIRECTORY on $(uname -n); set the input 'directory'"

newest='' newest_time=0
shopt -s nullglob
for file in "$DIRECTORY/$DATABASE"[._-]*.dump "$DIRECTORY/$DATABASE"[._-]*.sql "$DIRECTORY/$DATABASE"[._-]*.sql.gz \
    "$DIRECTORY/$DATABASE".dump "$DIRECTORY/$DATABASE".sql "$DIRECTORY/$DATABASE".sql.gz; do
    [ -f "$file" ] || continue
    time=$(stat -c %Y -- "$file")
    if [ "$time" -gt "$newest_time" ]; then newest=$file newest_time=$time; fi
done
[ -n "$newest" ] || fail "no dump of $DATABASE in $DIRECTORY (looked for $DATABASE*.dump, .sql and .sql.gz)"

age=$(($(date +%s) - newest_time))
size=$(stat -c %s -- "$newest")
echo "newest dump: $newest, $size bytes, $((age / 60)) minutes old"

[ "$age" -le "$MAX_AGE" ] || fail "the newest dump is too old: $newest was written $((age / 3600)) h $((age % 3600 / 60)) min ago, allowed are $((MAX_AGE / 3600)) h $((MAX_AGE % 3600 / 60)) min. Look at the job that writes the backups."
[ "$size" -ge "$MIN_BYTES" ] || fail "the newest dump is too small: $newest has $size bytes, expected are at least $MIN_BYTES"

if [ "$age" -lt 10 ]; then
    sleep 2
    [ "$(stat -c %s -- "$newest")" -eq "$size" ] || fail "$newest is still being written; run again later"
fi

{
    echo "path=$newest"
    echo "dump_bytes=$size"
    echo "dump_age_seconds=$age"
} >>"$MAINTENANCE_OUTPUT"

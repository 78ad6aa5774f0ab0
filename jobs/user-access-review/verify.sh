#!/bin/bash
# Looks again: what a person accepted must be what is there now, not what was there when the question was put.
set -euo pipefail

asked=$MAINTENANCE_OUTPUT
MAINTENANCE_OUTPUT=$TMPDIR/again bash ./review.sh
now=$(sed -n 's/^hash=//p' "$TMPDIR/again")
cat "$TMPDIR/again" >>"$asked"

[ "$DRY_RUN" != true ] || { echo "dry run: nobody was asked"; exit 0; }
[ "$now" = "$HASH" ] || { echo "verify: the differences changed since the question was put (above is how they are now); run the review again" >&2; exit 1; }
if [ "$DIFFERENCES" -gt 0 ] && [ "$ON_DIFFERENCES" = fail ]; then
    echo "verify: $DIFFERENCES differences; take the access away, or add it to $APPROVED with a reason" >&2
    exit 1
fi

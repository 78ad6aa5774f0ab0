#!/bin/sh
# What works without the files keeps working when they are deleted.
set -eu
[ -x "$HEALTH_CHECK" ] || { echo "check: $HEALTH_CHECK cannot be run on $(uname -n); set the input 'healthCheck' to a program" >&2; exit 1; }
code=0
"$HEALTH_CHECK" || code=$?
[ "$code" -eq 0 ] || { echo "check: $HEALTH_CHECK ended with $code while the files were set aside; they are put back" >&2; exit 1; }
echo "$HEALTH_CHECK is content"

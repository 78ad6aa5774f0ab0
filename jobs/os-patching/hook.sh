#!/bin/sh
# Runs the site's own program that takes this host out of service or puts it back.
set -eu
if [ "$DRY_RUN" = true ]; then echo "would run: $HOOK"; exit 0; fi
[ -x "$HOOK" ] || { echo "hook: $HOOK cannot be run on $(uname -n); set the inputs 'drain' and 'undrain' to programs" >&2; exit 1; }
exec "$HOOK"

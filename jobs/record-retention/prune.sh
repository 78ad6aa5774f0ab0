#!/bin/bash
# Deletes in small steps what the settings do not keep, and says how much that was.
set -euo pipefail

options=()
[ -z "$CONFIG" ] || options+=(--config "$CONFIG")
[ -z "$DATA_FOLDER" ] || options+=(--data "$DATA_FOLDER")
if [ "$DRY_RUN" = true ]; then
    echo "would run: $PROGRAM records prune ${options[*]}"
    exit 0
fi
command -v "$PROGRAM" >/dev/null || { echo "prune: there is no program $PROGRAM on $(uname -n); set the input 'program'" >&2; exit 127; }

said=$("$PROGRAM" records prune --json "${options[@]}")
echo "$said"
for name in runs outputs messages; do
    count=$(grep -o "\"$name\": *[0-9]*" <<<"$said" | grep -o '[0-9]*$') || { echo "prune: the answer has no number of $name" >&2; exit 64; }
    echo "$name=$count" >>"$MAINTENANCE_OUTPUT"
done

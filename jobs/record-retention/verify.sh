#!/bin/bash
# The records can still be read, and this run is among them: nothing was deleted that is young.
set -euo pipefail
[ "$DRY_RUN" != true ] || { echo "dry run: nothing was deleted"; exit 0; }

options=()
[ -z "$CONFIG" ] || options+=(--config "$CONFIG")
[ -z "$DATA_FOLDER" ] || options+=(--data "$DATA_FOLDER")
"$PROGRAM" show "$MAINTENANCE_RUN_ID" "${options[@]}" >/dev/null \
    || { echo "verify: the record of this very run cannot be read any more; are 'config' and 'dataFolder' those of this installation?" >&2; exit 1; }
echo "the record of this run is there"

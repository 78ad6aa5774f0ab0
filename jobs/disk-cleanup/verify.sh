#!/bin/bash
# Nothing of this run is left over, and there is as much room as was asked for.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=folders.sh
. ./folders.sh
read_folders

for folder in "${roots[@]}"; do
    left=$(find -P "$folder" -xdev -type f -name ".*.$MARK" | wc -l)
    [ "$left" -eq 0 ] || fail "$left files in $folder are set aside and not deleted"
    read -r blocks available < <(stat -f -c '%b %a' -- "$folder")
    free=$((available * 100 / blocks))
    echo "$free % are free at $folder"
    [ "$DRY_RUN" = true ] || [ "$free" -ge "$UNTIL_FREE_PERCENT" ] \
        || fail "only $free % are free at $folder, $UNTIL_FREE_PERCENT are wanted, and no more files match; look for what else grows there: du -x --max-depth 2 $folder"
    echo "free_percent=$free" >>"$MAINTENANCE_OUTPUT"
done

#!/bin/bash
# Deletes what this run set aside. find descends without following links and deletes relative to where it is.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=folders.sh
. ./folders.sh
read_folders

deleted=0
for folder in "${roots[@]}"; do
    deleted=$((deleted + $(find -P "$folder" -xdev -type f -name ".*.$MARK" -delete -printf x | wc -c)))
done
echo "$deleted files deleted"
echo "deleted=$deleted" >>"$MAINTENANCE_OUTPUT"

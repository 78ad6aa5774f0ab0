#!/bin/bash
# Gives the files that are still set aside their names back: after a failure, and after a cancelled run. What is deleted is deleted.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=folders.sh
. ./folders.sh
read_folders

back=0 failed=0
for folder in "${roots[@]}"; do
    while IFS= read -r -d '' path; do
        hidden=${path##*/}
        name=${hidden#.} name=${name%".$MARK"}
        if enter "$folder" "${path%/*}" && [ ! -e "./$name" ] && mv -n -T -- "./$hidden" "./$name"; then
            back=$((back + 1))
        else
            echo "cannot put back $path: is there a new file $name beside it?" >&2
            failed=$((failed + 1))
        fi
    done < <(find -P "$folder" -xdev -type f -name ".*.$MARK" -print0)
done

echo "$back files put back"
[ "$failed" -eq 0 ] || fail "$failed files are still set aside as .NAME.$MARK; look at the lines above"

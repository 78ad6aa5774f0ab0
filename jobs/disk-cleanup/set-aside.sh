#!/bin/bash
# Chooses the files, oldest first, and renames each in its own directory to a hidden name with the mark of this run. Nothing is deleted yet.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=folders.sh
. ./folders.sh
read_folders

mapfile -t globs <<<"$PATTERNS"
names=()
for glob in "${globs[@]}"; do names+=(${names:+-o} -name "$glob"); done
before=$(($(date +%s) - OLDER_THAN))
# Files that some process has open: deleting them frees nothing and may hurt. Other users' processes are seen by root only.
in_use=$(find /proc/[0-9]*/fd -maxdepth 1 -type l -printf '%l\n' 2>/dev/null | sort -u) || true

set_aside() { find -P "$1" -xdev -type f -name ".*.$MARK" -printf '%s\n' | awk '{ bytes += $1 } END { print NR, bytes + 0 }'; }

count=0 total=0
for folder in "${roots[@]}"; do
    wanted=-1
    if [ "$UNTIL_FREE_PERCENT" -gt 0 ]; then
        read -r blocks available size < <(stat -f -c '%b %a %S' -- "$folder")
        wanted=$(((blocks * UNTIL_FREE_PERCENT / 100 - available) * size))
    fi
    # What an earlier attempt set aside counts.
    read -r aside_count aside_bytes < <(set_aside "$folder")
    count=$((count + aside_count)) total=$((total + aside_bytes)) wanted=$((wanted - aside_bytes))
    mapfile -d '' -t found < <(find -P "$folder" -xdev -type f \( "${names[@]}" \) ! -name '.*.aside-*' -printf '%T@ %s %p\0' | sort -z -n)
    candidates=$((${#found[@]} - KEEP_NEWEST))
    for ((i = 0; i < candidates; i++)); do
        read -r changed bytes path <<<"${found[i]//$'\n'/?}"
        path=${found[i]#* } path=${path#* }
        [ "${changed%.*}" -lt "$before" ] || break
        [ "$UNTIL_FREE_PERCENT" -eq 0 ] || [ "$wanted" -gt 0 ] || break
        [ "$bytes" -ge "$MIN_BYTES" ] || continue
        if grep -qxF -- "$path" <<<"$in_use"; then echo "in use, stays: $path"; continue; fi
        if [ "$DRY_RUN" = true ]; then
            echo "would delete $path ($bytes bytes, changed $(date -u -d "@${changed%.*}" +%Y-%m-%d))"
        else
            name=${path##*/}
            enter "$folder" "${path%/*}" || { echo "gone meanwhile: $path"; continue; }
            mv -n -T -- "./$name" "./.$name.$MARK" || fail "$path could not be renamed; see above"
            cd "$OLDPWD"
            echo "set aside $path ($bytes bytes)"
        fi
        count=$((count + 1)) total=$((total + bytes)) wanted=$((wanted - bytes))
    done
done

echo "$count files, $total bytes"
printf 'files=%s\nbytes=%s\n' "$count" "$total" >>"$MAINTENANCE_OUTPUT"

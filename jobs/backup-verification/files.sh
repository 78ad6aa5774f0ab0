#!/bin/bash
# An archive of files (.tar, .tar.gz, .tar.zst) with a list SHA256SUMS inside: unpacked to a scratch folder, and each file compared with the list.

locate() {
    shopt -s nullglob
    local found
    found=$(newest "$DIRECTORY/$DATABASE"*.{tar,tar.gz,tgz,tar.zst})
    [ -n "$found" ] || fail "no archive in $DIRECTORY (looked for $DATABASE*.tar, .tar.gz, .tgz and .tar.zst)"
    fit "$found" "$(stat -c %Y -- "$found")" "$(stat -c %s -- "$found")"
}

checksum() { tar --list --file "$BACKUP" >/dev/null || fail "$BACKUP is damaged: tar cannot read it to its end"; }

restore() {
    rm -rf -- "$SCRATCH_FOLDER"
    mkdir -m 0700 -- "$SCRATCH_FOLDER"
    started
    tar --extract --no-same-owner --file "$BACKUP" --directory "$SCRATCH_FOLDER" || fail "tar could not unpack $BACKUP"
    compare_restored
}

# Also for repositories: what came back, and whether it is what was put in.
compare_restored() {
    local files sums list
    files=$(find "$SCRATCH_FOLDER" -type f | wc -l)
    give restore_seconds "$(seconds)" restored_bytes "$(du -sb -- "$SCRATCH_FOLDER" | cut -f 1)" files "$files"
    [ "$files" -gt 0 ] || fail "$BACKUP could be restored, but there is no file in it"
    sums=$(find "$SCRATCH_FOLDER" -type f -name SHA256SUMS)
    [ -n "$sums" ] || [ "$REQUIRE_CHECKSUM" != true ] || fail "there is no SHA256SUMS in $BACKUP; write one into the folder before each backup, or set the input 'requireChecksum' to false"
    while IFS= read -r list; do
        [ -z "$list" ] || (cd -- "${list%/*}" && sha256sum --check --strict --quiet SHA256SUMS) || fail "files of $BACKUP are damaged or missing; see above"
    done <<<"$sums"
    echo "restored $files files${sums:+, all as SHA256SUMS says}"
}

# The checks of files are a program: it gets the restored folder and prints a check a line, as name, tab, t or f, tab, detail.
check() {
    local rows
    rows=$(bash "$CHECKS" "$SCRATCH_FOLDER") || fail "$CHECKS stopped with the error above"
    judge <<<"$rows"
}

drop() { rm -rf -- "$SCRATCH_FOLDER"; }

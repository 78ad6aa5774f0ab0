#!/bin/bash
# The newest archive of a borg repository.
# shellcheck source-path=SCRIPTDIR source=files.sh
. ./files.sh
export BORG_REPO=$DIRECTORY BORG_CACHE_DIR=$TMPDIR/cache BORG_SECURITY_DIR=$TMPDIR/security BORG_RELOCATED_REPO_ACCESS_IS_OK=yes BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
BORG_PASSCOMMAND="cat $(printf %q "$PASSWORD_FILE")"
[ -z "$PASSWORD_FILE" ] || export BORG_PASSCOMMAND

locate() {
    local found
    found=$(borg list --last 1 --format '{archive}{TAB}{time}{NL}' :: 2>&1) || fail "borg cannot read $DIRECTORY: $found"
    [ -n "$found" ] || fail "there is no archive in $DIRECTORY"
    fit "${found%%$'\t'*}" "$(date -d "${found#*$'\t'*, }" +%s)" "$(borg info --json "::${found%%$'\t'*}" | grep -o '"original_size": *[0-9]*' | head -n 1 | grep -o '[0-9]*$')"
}

checksum() { borg check --archives-only --last 1 || fail "the repository $DIRECTORY is damaged; see above"; }

restore() {
    rm -rf -- "$SCRATCH_FOLDER"
    mkdir -m 0700 -- "$SCRATCH_FOLDER"
    started
    (cd -- "$SCRATCH_FOLDER" && borg extract "::$BACKUP") || fail "borg could not extract the archive $BACKUP"
    compare_restored
}

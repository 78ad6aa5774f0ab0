#!/bin/bash
# The newest snapshot of a restic repository.
# shellcheck source-path=SCRIPTDIR source=files.sh
. ./files.sh
export RESTIC_REPOSITORY=$DIRECTORY RESTIC_PASSWORD_FILE=$PASSWORD_FILE RESTIC_CACHE_DIR=$TMPDIR

locate() {
    local found time
    found=$(restic snapshots --no-lock --json latest) || fail "restic cannot read $DIRECTORY; see above"
    time=$(grep -o '"time":"[^"]*"' <<<"$found" | tail -n 1 | cut -d '"' -f 4)
    [ -n "$time" ] || fail "there is no snapshot in $DIRECTORY"
    fit "$(grep -o '"id":"[^"]*"' <<<"$found" | tail -n 1 | cut -d '"' -f 4)" "$(date -d "$time" +%s)" \
        "$(restic stats --no-lock --json latest | grep -o '"total_size":[0-9]*' | cut -d : -f 2)"
}

checksum() { restic check --no-lock --quiet --read-data-subset=5% || fail "the repository $DIRECTORY is damaged; see above"; }

restore() {
    rm -rf -- "$SCRATCH_FOLDER"
    mkdir -m 0700 -- "$SCRATCH_FOLDER"
    started
    restic restore --no-lock --quiet --verify --target "$SCRATCH_FOLDER" "$BACKUP" || fail "restic could not restore the snapshot $BACKUP"
    compare_restored
}

#!/bin/bash
# A copy of an SQLite database (made by '.backup' or 'vacuum into'), copied to a scratch folder and read there.

locate() {
    [ -n "$DATABASE" ] || fail "which database? Set the input 'database' to what the files' names begin with"
    shopt -s nullglob
    local found
    found=$(newest "$DIRECTORY/$DATABASE"[._-]*.{db,sqlite,sqlite3} "$DIRECTORY/$DATABASE".{db,sqlite,sqlite3})
    [ -n "$found" ] || fail "no copy of $DATABASE in $DIRECTORY (looked for $DATABASE*.db, .sqlite and .sqlite3)"
    [ ! -s "$found-wal" ] || fail "$found has a -wal file beside it: it was copied while it was in use. Copy it by sqlite3 $DATABASE '.backup FILE'"
    fit "$found" "$(stat -c %Y -- "$found")" "$(stat -c %s -- "$found")"
}

checksum() {
    [ -f "$BACKUP.sha256" ] || [ "$REQUIRE_CHECKSUM" != true ] || fail "there is no $BACKUP.sha256 to compare with"
    [ -f "$BACKUP.sha256" ] || { echo "no $BACKUP.sha256 to compare with"; return 0; }
    [ "$(sha256sum -- "$BACKUP" | cut -d ' ' -f 1)" = "$(cut -d ' ' -f 1 <"$BACKUP.sha256")" ] || fail "$BACKUP is damaged: it is not what $BACKUP.sha256 says"
}

restore() {
    rm -rf -- "$SCRATCH_FOLDER"
    mkdir -m 0700 -- "$SCRATCH_FOLDER"
    started
    cp -- "$BACKUP" "$SCRATCH_FOLDER/copy.db"
    local found tables
    found=$(sqlite3 -bail "$SCRATCH_FOLDER/copy.db" 'pragma integrity_check; pragma foreign_key_check;') || fail "$BACKUP is damaged or no database: $found"
    [ "$found" = ok ] || fail "$BACKUP is damaged: $(head -n 5 <<<"$found")"
    give restore_seconds "$(seconds)" restored_bytes "$(stat -c %s -- "$SCRATCH_FOLDER/copy.db")"
    tables=$(sqlite3 "$SCRATCH_FOLDER/copy.db" "select count(*) from sqlite_schema where type = 'table'")
    [ "$tables" -gt 0 ] || fail "$BACKUP can be read, but there is no table in it"
    give tables "$tables"
    echo "$tables tables, no damage"
}

check() {
    local rows
    rows=$(sqlite3 -bail -readonly -tabs "$SCRATCH_FOLDER/copy.db" <"$CHECKS") || fail "$CHECKS stopped with the error above"
    judge <<<"$rows"
}

drop() { rm -rf -- "$SCRATCH_FOLDER"; }

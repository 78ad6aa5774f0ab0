#!/bin/bash
# A base backup of pg_basebackup with its archived WAL: started on a copy, recovered to the end of the WAL, and read to its last row.
bin=$(pg_config --bindir 2>/dev/null) || bin=
[ -n "$bin" ] && [ -x "$bin/pg_ctl" ] || bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)

# Postgres refuses to run as root.
as_owner() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
sql() { as_owner "$bin/psql" -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 -h "$SCRATCH_FOLDER" -U postgres "$@"; }
start() { as_owner "$bin/pg_ctl" --pgdata="$SCRATCH_FOLDER/data" --wait --timeout=3600 --log="$SCRATCH_FOLDER/log" start >/dev/null || fail "the restored server does not start: $(tail -n 5 "$SCRATCH_FOLDER/log")"; }
stop() { as_owner "$bin/pg_ctl" --pgdata="$SCRATCH_FOLDER/data" --wait --mode=fast stop >/dev/null; }

# The newest folder with a backup_manifest, which pg_basebackup writes last.
locate() {
    shopt -s nullglob
    local found
    found=$(newest "$DIRECTORY"/*/backup_manifest)
    [ -n "$found" ] || fail "no base backup in $DIRECTORY (looked for */backup_manifest; plain format)"
    fit "${found%/*}" "$(stat -c %Y -- "$found")" "$(du -sb -- "${found%/*}" | cut -f 1)"
}

checksum() { "$bin/pg_verifybackup" --quiet --no-parse-wal "$BACKUP" || fail "$BACKUP is damaged: see the message above"; }

restore() {
    rm -rf -- "$SCRATCH_FOLDER"
    mkdir -m 0700 -- "$SCRATCH_FOLDER"
    started
    cp -R -- "$BACKUP" "$SCRATCH_FOLDER/data"
    cat >"$SCRATCH_FOLDER/data/postgresql.conf" <<CONFIG
# Only what is needed to read: nobody but this step comes in, and nothing is archived from here.
listen_addresses = ''
unix_socket_directories = '$SCRATCH_FOLDER'
archive_mode = off
fsync = off
restore_command = 'cp "$WAL_FOLDER/%f" "%p"'
recovery_target_action = 'promote'
CONFIG
    : >"$SCRATCH_FOLDER/data/postgresql.auto.conf"
    echo 'local all all trust' >"$SCRATCH_FOLDER/data/pg_hba.conf"
    rm -f -- "$SCRATCH_FOLDER/data/postmaster.pid" "$SCRATCH_FOLDER/data/standby.signal"
    : >"$SCRATCH_FOLDER/data/recovery.signal"
    chmod 0700 "$SCRATCH_FOLDER/data"
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$SCRATCH_FOLDER"

    start
    until [ "$(sql postgres -c 'select pg_is_in_recovery()')" = f ]; do
        as_owner "$bin/pg_ctl" --pgdata="$SCRATCH_FOLDER/data" status >/dev/null || fail "the restored server ended while it recovered: $(tail -n 5 "$SCRATCH_FOLDER/log")"
        sleep 0.2
    done
    give restore_seconds "$(seconds)" restored_bytes "$(du -sb -- "$SCRATCH_FOLDER/data" | cut -f 1)"
    # Reads every row of every table; a damaged page or a missing file ends it.
    as_owner "$bin/pg_dumpall" -h "$SCRATCH_FOLDER" -U postgres >/dev/null || fail "the restored server cannot be read to its end; see above"
    give recovered_until "$(sql postgres -c "select coalesce(pg_last_xact_replay_timestamp()::text, 'the end of the base backup')")"
    stop
    echo "recovered and read every row"
}

check() {
    start
    local rows
    rows=$(sql "${DATABASE:-postgres}" <"$CHECKS") || { stop; fail "$CHECKS stopped with the error above"; }
    stop
    judge <<<"$rows"
}

drop() { rm -rf -- "$SCRATCH_FOLDER"; }

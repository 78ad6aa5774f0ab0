#!/bin/bash
# A dump of pg_dump (.dump, .sql, .sql.gz), restored into a scratch database of a server.
[ -n "${PGPASSFILE:-}" ] || unset PGPASSFILE
export PGCONNECT_TIMEOUT=15 PGDATABASE=postgres

locate() {
    [ -n "$DATABASE" ] || fail "which database? Set the input 'database'"
    shopt -s nullglob
    local found size
    found=$(newest "$DIRECTORY/$DATABASE"[._-]*.{dump,sql,sql.gz} "$DIRECTORY/$DATABASE".{dump,sql,sql.gz})
    [ -n "$found" ] || fail "no dump of $DATABASE in $DIRECTORY (looked for $DATABASE*.dump, .sql and .sql.gz)"
    size=$(stat -c %s -- "$found")
    fit "$found" "$(stat -c %Y -- "$found")" "$size"
    # A file that was written to within the last seconds may still be growing, so its size is read twice.
    [ $(($(date +%s) - $(stat -c %Y -- "$found"))) -ge 10 ] || sleep 2
    [ "$(stat -c %s -- "$found")" -eq "$size" ] || fail "$found is still being written; run again later"
}

checksum() {
    local sum expected
    sum=$(sha256sum -- "$BACKUP" | cut -d ' ' -f 1)
    if [ -f "$BACKUP.sha256" ]; then
        expected=$(cut -d ' ' -f 1 <"$BACKUP.sha256" | head -n 1)
        [ "$sum" = "$expected" ] || fail "$BACKUP is damaged: its SHA-256 is $sum, but $BACKUP.sha256 says $expected"
        echo "checksum matches $BACKUP.sha256"
    elif [ "$REQUIRE_CHECKSUM" = true ]; then
        fail "there is no $BACKUP.sha256 to compare with; write one with 'sha256sum', or set the input 'requireChecksum' to false"
    else
        echo "no $BACKUP.sha256 to compare with"
    fi
    case $BACKUP in
        *.dump) pg_restore --list -- "$BACKUP" >/dev/null || fail "pg_restore cannot read $BACKUP: it is damaged or no custom-format dump" ;;
        *.gz) gzip --test -- "$BACKUP" || fail "$BACKUP is damaged: gzip cannot read it to its end" ;;
    esac
    give dump_sha256 "$sum"
}

restore() {
    psql -X -q -c 'select 1' >/dev/null || fail "Postgres at $PGHOST:$PGPORT does not let user $PGUSER in; see the message above"
    # A repeated attempt begins from nothing.
    psql -X -q -v ON_ERROR_STOP=1 -v name="$SCRATCH" <<'SQL'
select format('drop database if exists %I with (force)', :'name') \gexec
select format('create database %I template template0', :'name') \gexec
SQL
    started
    case $BACKUP in
        *.dump) pg_restore --exit-on-error --no-owner --no-privileges --dbname "$SCRATCH" -- "$BACKUP" || fail "pg_restore could not restore $BACKUP" ;;
        *.gz) gzip --decompress --stdout -- "$BACKUP" | psql -X -q -v ON_ERROR_STOP=1 --dbname "$SCRATCH" >/dev/null || fail "psql could not restore $BACKUP" ;;
        *) psql -X -q -v ON_ERROR_STOP=1 --dbname "$SCRATCH" --file "$BACKUP" >/dev/null || fail "psql could not restore $BACKUP" ;;
    esac
    give restore_seconds "$(seconds)"
    count_rows
}

count_rows() {
    local tables=0 rows=0 name count bytes
    bytes=$(psql -X -A -t --dbname "$SCRATCH" -c 'select pg_database_size(current_database())')
    while IFS=$'\t' read -r name count; do
        tables=$((tables + 1)) rows=$((rows + count))
        if [ $tables -le 100 ] && [[ $name =~ ^[A-Za-z0-9_.]+$ ]]; then give "rows_${name//./_}" "$count"; fi
    done < <(psql -X -A -t -F $'\t' -v ON_ERROR_STOP=1 --dbname "$SCRATCH" <<'SQL'
select format('select %L, count(*) from %I.%I', schemaname || '.' || tablename, schemaname, tablename)
from pg_tables
where schemaname not in ('pg_catalog', 'information_schema')
order by schemaname, tablename \gexec
SQL
    )
    [ $tables -gt 0 ] || fail "$BACKUP restored without an error, but there is no table in it"
    echo "restored $tables tables with $rows rows, $bytes bytes"
    give database_bytes "$bytes" restored_bytes "$bytes" tables "$tables" rows "$rows"
}

check() {
    local rows
    rows=$(psql -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 --dbname "$SCRATCH" --file "$CHECKS") || fail "$CHECKS stopped with the error above"
    judge <<<"$rows"
}

drop() {
    psql -X -q -v ON_ERROR_STOP=1 -v name="$SCRATCH" <<'SQL'
select format('drop database if exists %I with (force)', :'name') \gexec
SQL
    echo "scratch database $SCRATCH is gone"
}

#!/bin/bash
# Restores the dump into a scratch database of this run, and measures how long that takes and what came back.
set -euo pipefail
[ -n "${PGPASSFILE:-}" ] || unset PGPASSFILE
export PGCONNECT_TIMEOUT=15 PGDATABASE=postgres

fail() { echo "restore: $*" >&2; exit 1; }

psql -X -q -c 'select 1' >/dev/null || fail "Postgres at $PGHOST:$PGPORT does not let user $PGUSER in; see the message above"

# A repeated attempt begins from nothing.
psql -X -q -v ON_ERROR_STOP=1 -v name="$SCRATCH" <<'SQL'
select format('drop database if exists %I with (force)', :'name') \gexec
select format('create database %I template template0', :'name') \gexec
SQL

started=$EPOCHREALTIME
case $DUMP in
    *.dump) pg_restore --exit-on-error --no-owner --no-privileges --dbname "$SCRATCH" -- "$DUMP" || fail "pg_restore could not restore $DUMP" ;;
    *.gz) gzip --decompress --stdout -- "$DUMP" | psql -X -q -v ON_ERROR_STOP=1 --dbname "$SCRATCH" >/dev/null || fail "psql could not restore $DUMP" ;;
    *) psql -X -q -v ON_ERROR_STOP=1 --dbname "$SCRATCH" --file "$DUMP" >/dev/null || fail "psql could not restore $DUMP" ;;
esac
milliseconds=$(((${EPOCHREALTIME/[.,]/} - ${started/[.,]/}) / 1000))

bytes=$(psql -X -A -t --dbname "$SCRATCH" -c 'select pg_database_size(current_database())')
tables=0 rows=0 details=()
while IFS=$'\t' read -r name count; do
    tables=$((tables + 1)) rows=$((rows + count))
    if [ $tables -le 100 ] && [[ $name =~ ^[A-Za-z0-9_.]+$ ]]; then details+=("rows_${name//./_}=$count"); fi
done < <(psql -X -A -t -F $'\t' -v ON_ERROR_STOP=1 --dbname "$SCRATCH" <<'SQL'
select format('select %L, count(*) from %I.%I', schemaname || '.' || tablename, schemaname, tablename)
from pg_tables
where schemaname not in ('pg_catalog', 'information_schema')
order by schemaname, tablename \gexec
SQL
)
[ $tables -gt 0 ] || fail "$DUMP restored without an error, but there is no table in it"

seconds=$((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000)))
echo "restored $tables tables with $rows rows, $bytes bytes, in $seconds s"
{
    echo "restore_seconds=$seconds"
    echo "database_bytes=$bytes"
    echo "tables=$tables"
    echo "rows=$rows"
    printf '%s\n' "${details[@]}"
} >>"$MAINTENANCE_OUTPUT"

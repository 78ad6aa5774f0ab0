#!/bin/sh
# Vacuums one table. It never stands in a queue for longer than LOCK_TIMEOUT, because everybody behind it would stand there too:
# exit code 75 means that the table was held (or the server away) and that another try is worth it.
set -eu
[ -n "${PGPASSFILE:-}" ] || unset PGPASSFILE
export PGCONNECT_TIMEOUT=15 PGOPTIONS="-c lock_timeout=${LOCK_TIMEOUT}s -c statement_timeout=${TABLE_TIMEOUT}s"

if [ "$DRY_RUN" = true ]; then
    echo "would run: vacuum (analyze) $TABLE"
    exit 0
fi

# regclass writes the name as SQL wants it, and refuses what is no table: nothing is glued together here.
code=0
psql -X -q -A -t -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -v name="$TABLE" -v age_percent="$AGE_PERCENT" >"$TMPDIR/said" 2>&1 <<'SQL' || code=$?
select format('vacuum (analyze%s) %s', case when 100 * age(relfrozenxid)::bigint >= :age_percent * current_setting('autovacuum_freeze_max_age')::bigint then ', freeze' end, oid::regclass)
from pg_class where oid = :'name'::regclass \gexec
SQL
cat "$TMPDIR/said"
[ "$code" -ne 0 ] || { echo "vacuumed and analyzed $TABLE"; exit 0; }

case $code,$(cat "$TMPDIR/said") in
    *55P03*) echo "vacuum: somebody holds $TABLE for longer than $LOCK_TIMEOUT s" >&2; exit 75 ;;
    2,*) echo "vacuum: Postgres at $PGHOST:$PGPORT went away" >&2; exit 75 ;;
    *57014*) echo "vacuum: $TABLE took longer than $TABLE_TIMEOUT s; raise the input 'tableTimeout'" >&2; exit 1 ;;
    *) exit 1 ;;
esac

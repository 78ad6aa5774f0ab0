#!/bin/sh
# Lists the tables that need it, the worst first. The output 'tables' is a JSON array of names, quoted as SQL wants them.
set -eu
[ -n "${PGPASSFILE:-}" ] || unset PGPASSFILE
export PGCONNECT_TIMEOUT=15

found=$(psql -X -q -A -t -F ' | ' -v ON_ERROR_STOP=1 \
    -v dead_percent="$DEAD_PERCENT" -v min_dead_rows="$MIN_DEAD_ROWS" -v age_percent="$AGE_PERCENT" -v tables="$TABLES" <<'SQL'
create temporary table candidate as
select * from (
    select c.oid::regclass::text as name, s.n_dead_tup as dead, 100 * s.n_dead_tup / greatest(s.n_live_tup + s.n_dead_tup, 1) as dead_percent,
        100 * age(c.relfrozenxid)::bigint / current_setting('autovacuum_freeze_max_age')::bigint as age_percent, pg_total_relation_size(c.oid) as bytes
    from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    where c.relkind in ('r', 'm') and c.relpersistence = 'p') as known
where dead >= :min_dead_rows and dead_percent >= :dead_percent or age_percent >= :age_percent
order by age_percent >= :age_percent desc, dead desc, name
limit :tables;
select 'found', name, dead || ' dead rows (' || dead_percent || ' %)', 'age ' || age_percent || ' % of the limit', pg_size_pretty(bytes) from candidate;
select 'begun=' || now();
select 'tables=' || coalesce(json_agg(name), '[]') from candidate;
select 'candidates=' || count(*) || E'\ndead_rows=' || coalesce(sum(dead), 0) || E'\nbytes=' || coalesce(sum(bytes), 0) from candidate;
select 'database_age_percent=' || 100 * age(datfrozenxid)::bigint / current_setting('autovacuum_freeze_max_age')::bigint
from pg_database where datname = current_database();
SQL
) || { echo "inspect: Postgres at $PGHOST:$PGPORT could not be asked as user $PGUSER; see the message above" >&2; exit 1; }

echo "$found" | grep '^found' || echo "no table needs it"
echo "$found" | grep -E '^[a-z_]+=' >>"$MAINTENANCE_OUTPUT"

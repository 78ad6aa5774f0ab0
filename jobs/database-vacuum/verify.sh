#!/bin/sh
# Each table was vacuumed by this run, and its dead rows are gone. Rows that a vacuum had to leave are held by somebody: says by whom.
set -eu
[ -n "${PGPASSFILE:-}" ] || unset PGPASSFILE
export PGCONNECT_TIMEOUT=15
[ "$DRY_RUN" != true ] || { echo "dry run: nothing was done, so there is nothing to verify"; exit 0; }

ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 -v begun="$BEGUN" -v tables="$TABLES" -v dead_percent="$DEAD_PERCENT" -v min_dead_rows="$MIN_DEAD_ROWS"; }

ask >>"$MAINTENANCE_OUTPUT" <<'SQL'
select 'vacuumed=' || count(*) filter (where s.last_vacuum >= :'begun') || E'\ndead_rows=' || coalesce(sum(s.n_dead_tup), 0)
    || E'\nbytes=' || coalesce(sum(pg_total_relation_size(s.relid)), 0)
from json_array_elements_text(:'tables') t(name) join pg_stat_user_tables s on s.relid = to_regclass(t.name);
SQL

left=$(ask <<'SQL'
select s.relid::regclass || case when s.last_vacuum >= :'begun' then ': ' || s.n_dead_tup || ' dead rows are left' else ': was not vacuumed' end
from json_array_elements_text(:'tables') t(name) join pg_stat_user_tables s on s.relid = to_regclass(t.name)
where s.last_vacuum is null or s.last_vacuum < :'begun'
    or s.n_dead_tup >= :min_dead_rows and 100 * s.n_dead_tup / greatest(s.n_live_tup + s.n_dead_tup, 1) >= :dead_percent;
SQL
)
[ -n "$left" ] || { echo "all tables are vacuumed"; exit 0; }

echo "$left" >&2
echo "these hold old rows:" >&2
ask >&2 <<'SQL'
select 'process ' || pid || ', user ' || coalesce(usename, '?') || ', transaction of ' || date_trunc('second', now() - xact_start) || ': ' || left(query, 80)
from pg_stat_activity where backend_xmin is not null and pid <> pg_backend_pid() order by age(backend_xmin) desc limit 3;
select 'prepared transaction ' || gid || ' of ' || prepared from pg_prepared_xacts order by prepared limit 3;
select 'replication slot ' || slot_name || case when active then '' else ' (nobody reads it)' end from pg_replication_slots where xmin is not null or catalog_xmin is not null limit 3;
SQL
echo "verify: $(echo "$left" | wc -l) tables are not clean; end what holds them, or run again later" >&2
exit 1

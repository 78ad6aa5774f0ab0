#!/bin/bash
# Drops the scratch database of this run, if it is there.
set -euo pipefail
[ -n "${PGPASSFILE:-}" ] || unset PGPASSFILE
export PGCONNECT_TIMEOUT=15 PGDATABASE=postgres

psql -X -q -v ON_ERROR_STOP=1 -v name="$SCRATCH" <<'SQL'
select format('drop database if exists %I with (force)', :'name') \gexec
SQL
echo "scratch database $SCRATCH is gone"

#!/bin/sh
# Brings the schemas of Temporal's two databases to the version of these admin tools. Safe to repeat.
set -eu

for database in temporal:temporal temporal_visibility:visibility; do
    name=${database%%:*}
    tool() { temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database "$name" "$@"; }
    # Leaves a schema that has a later version as it is.
    tool setup-schema --version 0.0
    tool update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/${database##*:}/versioned"
done

#!/bin/bash
# Runs once, when the Postgres volume is new: a role and its databases for Temporal, and for the records.
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=temporal_password="$TEMPORAL_DB_PASSWORD" --set=maintenance_password="$MAINTENANCE_DB_PASSWORD" <<'SQL'
create role temporal login password :'temporal_password';
create role maintenance login password :'maintenance_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
create database maintenance owner maintenance;
SQL

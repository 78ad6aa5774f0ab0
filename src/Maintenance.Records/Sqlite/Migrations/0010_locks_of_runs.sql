-- The locks a run wanted: read with the run, never searched, so a list and not a table.

alter table run add column locks text not null default '[]' check (json_valid(locks));

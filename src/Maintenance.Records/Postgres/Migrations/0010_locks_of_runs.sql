-- The locks a run wanted: read with the run, never searched, so a list and not a table.

alter table run add column locks json not null default '[]';

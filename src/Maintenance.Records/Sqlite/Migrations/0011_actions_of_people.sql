-- What people did to a run on its way: read with the run, never searched, so a list and not a table.

alter table run add column actions text not null default '[]' check (json_valid(actions));

-- Who may answer and what was shown to them: read with the approval, never searched, so one value and no tables.
alter table approval add column detail text not null default '{}' check (json_valid(detail));

-- people.json as it was applied, each version of it; the newest is in force.
create table people (
    sequence   integer primary key autoincrement,
    hash       text not null,
    content    text not null,
    git_commit text,
    applied_at integer not null, -- UTC microseconds
    applied_by text not null
) strict;

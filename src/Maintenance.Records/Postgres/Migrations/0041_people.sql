-- Who may answer and what was shown to them: read with the approval, never searched, so one value and no tables.
alter table approval add column detail json not null default '{}';

-- people.json as it was applied, each version of it; the newest is in force.
create table people (
    sequence   bigint generated always as identity primary key,
    hash       text not null,
    content    text not null,
    git_commit text,
    applied_at timestamptz not null,
    applied_by text not null
);

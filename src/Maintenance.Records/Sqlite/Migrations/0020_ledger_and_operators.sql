-- Who does what only one may do, and until when nobody else takes it over.
create table lease (
    name       text primary key,
    holder     text not null,
    expires_at integer not null -- UTC microseconds
) strict;

-- What operators did to schedules, apart from what git says: pauses, skipped due times, extra runs.
create table schedule_hold (
    hold_id      text primary key,
    installation text not null,
    schedule_id  text not null,
    kind         text not null check (kind in ('pause', 'skip', 'run_at')),
    who          text not null,
    reason       text,
    created_at   integer not null, -- UTC microseconds
    until        integer, -- UTC microseconds
    count        integer not null check (count >= 0),
    workflow_id  text,
    ended_at     integer, -- UTC microseconds
    ended_by     text
) strict;
create index schedule_hold_open on schedule_hold (installation, schedule_id) where ended_at is null;
create index schedule_hold_ended on schedule_hold (installation, ended_at) where ended_at is not null;

-- What is wrong now and needs a person: one row as long as it lasts.
create table alarm (
    installation text not null,
    name         text not null,
    message      text not null,
    since        integer not null, -- UTC microseconds
    seen_at      integer not null, -- UTC microseconds
    primary key (installation, name)
) strict;

-- Every due time before accounted_until has its row.
create table ledger (
    installation    text primary key,
    accounted_until integer not null, -- UTC microseconds
    seen_at         integer not null  -- UTC microseconds
) strict;

-- When nobody kept the ledger, so that nothing may have started either.
create table outage (
    installation text not null,
    began_at     integer not null, -- UTC microseconds
    ended_at     integer not null, -- UTC microseconds
    reason       text not null,
    primary key (installation, began_at)
) strict;

create index occurrence_open on occurrence (installation, due_at) where status in ('due', 'running');

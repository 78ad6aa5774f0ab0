-- Who does what only one may do, and until when nobody else takes it over.
create table lease (
    name       text collate "C" primary key,
    holder     text not null,
    expires_at timestamptz not null
);

-- What operators did to schedules, apart from what git says: pauses, skipped due times, extra runs.
create table schedule_hold (
    hold_id      text collate "C" primary key,
    installation text collate "C" not null,
    schedule_id  text collate "C" not null,
    kind         text not null check (kind in ('pause', 'skip', 'run_at')),
    who          text not null,
    reason       text,
    created_at   timestamptz not null,
    until        timestamptz,
    count        integer not null check (count >= 0),
    workflow_id  text collate "C",
    ended_at     timestamptz,
    ended_by     text
);
create index schedule_hold_open on schedule_hold (installation, schedule_id) where ended_at is null;
create index schedule_hold_ended on schedule_hold (installation, ended_at) where ended_at is not null;

-- What is wrong now and needs a person: one row as long as it lasts.
create table alarm (
    installation text collate "C" not null,
    name         text collate "C" not null,
    message      text not null,
    since        timestamptz not null,
    seen_at      timestamptz not null,
    primary key (installation, name)
);

-- Every due time before accounted_until has its row.
create table ledger (
    installation    text collate "C" primary key,
    accounted_until timestamptz not null,
    seen_at         timestamptz not null
);

-- When nobody kept the ledger, so that nothing may have started either.
create table outage (
    installation text collate "C" not null,
    began_at     timestamptz not null,
    ended_at     timestamptz not null,
    reason       text not null,
    primary key (installation, began_at)
);

create index occurrence_open on occurrence (installation, due_at) where status in ('due', 'running');

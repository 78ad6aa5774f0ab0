-- Differs from Postgres: every column that ends in _at (and audit.at) is an integer, UTC microseconds since 1970-01-01;
-- booleans are 0 and 1; json is text. Keys compare byte by byte, SQLite's default.

create table run (
    run_id             text primary key,
    workflow_id        text not null,
    job                text not null,
    installation       text not null,
    schedule_id        text,
    due_at             integer, -- UTC microseconds
    cause              text not null check (cause in ('schedule', 'catch_up', 'backfill', 'manual', 'child')),
    requester          text,
    requester_verified integer not null check (requester_verified in (0, 1)),
    parent_run_id      text,
    bundle_hash        text,
    git_commit         text,
    status             text not null check (status in
                           ('running', 'succeeded', 'failed', 'cancelled', 'timed_out', 'terminated', 'skipped')),
    reason             text,
    started_at         integer not null, -- UTC microseconds
    finished_at        integer, -- UTC microseconds
    host_id            text,
    host_name          text,
    input              text not null check (json_valid(input)),
    outputs            text not null check (json_valid(outputs)),
    time_zone_version  text,
    constraint run_finished_when_final check ((status = 'running') = (finished_at is null))
) strict;
create index run_by_start on run (started_at desc, run_id desc);
create index run_by_job on run (job, started_at desc, run_id desc);
create index run_by_schedule on run (schedule_id, started_at desc, run_id desc) where schedule_id is not null;
create index run_by_status on run (status, started_at desc, run_id desc);
create index run_by_workflow on run (workflow_id, started_at desc);

create table step (
    run_id      text not null references run on delete cascade,
    position    integer not null check (position > 0),
    name        text not null,
    kind        text not null,
    part        text not null check (part in ('main', 'finally', 'undo')),
    status      text not null check (status in
                    ('pending', 'running', 'succeeded', 'failed', 'skipped', 'cancelled', 'timed_out', 'unknown')),
    started_at  integer, -- UTC microseconds
    finished_at integer, -- UTC microseconds
    reason      text,
    outputs     text not null check (json_valid(outputs)),
    primary key (run_id, position)
) strict;

create table attempt (
    run_id           text not null,
    position         integer not null,
    number           integer not null check (number > 0),
    execution_run_id text not null,
    activity_id      text not null,
    outcome          text not null check (outcome in
                         ('succeeded', 'failed', 'timed_out', 'cancelled', 'unknown', 'runner_error')),
    exit_code        integer,
    signal           integer,
    exit_unsure      integer not null check (exit_unsure in (0, 1)),
    host_id          text,
    host_name        text,
    started_at       integer, -- UTC microseconds
    finished_at      integer, -- UTC microseconds
    recovery         text not null check (recovery in ('started', 'adopted', 'ended_before_retry', 'unknown')),
    containment      text not null check (containment in ('none', 'cgroup', 'best_effort')),
    reason           text,
    primary key (run_id, position, number),
    foreign key (run_id, position) references step on delete cascade
) strict;

-- Apart from attempt, so that output can be deleted earlier; written before the run's row by the worker that has all of it.
create table attempt_output (
    execution_run_id text not null,
    activity_id      text not null,
    head             text not null default '',
    tail             text not null default '',
    total_bytes      integer not null default 0,
    cut_bytes        integer not null default 0,
    full_text        text,
    stored_at        integer not null, -- UTC microseconds
    primary key (execution_run_id, activity_id)
) strict;
create index attempt_output_by_age on attempt_output (stored_at);

create table approval (
    run_id        text not null references run on delete cascade,
    ordinal       integer not null,
    position      integer not null,
    step          text not null,
    message       text not null,
    evidence_hash text,
    decision      text not null check (decision in ('waiting', 'approved', 'rejected', 'expired', 'withdrawn')),
    decided_by    text,
    verified      integer not null check (verified in (0, 1)),
    reason        text,
    requested_at  integer not null, -- UTC microseconds
    decided_at    integer, -- UTC microseconds
    expires_at    integer, -- UTC microseconds
    primary key (run_id, ordinal),
    constraint approval_answer_has_a_name check (decision not in ('approved', 'rejected') or decided_by is not null)
) strict;

create table audit (
    audit_id text primary key,
    at       integer not null, -- UTC microseconds
    who      text not null,
    verified integer not null check (verified in (0, 1)),
    action   text not null,
    subject  text not null,
    reason   text,
    detail   text not null check (json_valid(detail))
) strict;
create index audit_by_time on audit (at desc, audit_id desc);
create index audit_by_subject on audit (subject, at desc, audit_id desc);

create table bundle (
    hash       text primary key,
    job        text not null,
    git_commit text,
    created_at integer not null, -- UTC microseconds
    content    blob not null check (length(content) <= 1048576)
) strict;

create table job (
    job         text primary key,
    bundle_hash text not null references bundle,
    git_commit  text,
    set_at      integer not null, -- UTC microseconds
    set_by      text
) strict;

create table outbox (
    message_id   text primary key,
    run_id       text not null,
    target       text not null,
    sequence     integer not null,
    kind         text not null,
    payload      text not null check (json_valid(payload)),
    created_at   integer not null, -- UTC microseconds
    not_before   integer not null, -- UTC microseconds
    failures     integer not null default 0,
    last_error   text,
    delivered_at integer, -- UTC microseconds
    dead_at      integer, -- UTC microseconds
    constraint outbox_delivered_or_dead check (delivered_at is null or dead_at is null)
) strict;
create index outbox_pending on outbox (target, created_at, run_id, sequence, message_id)
    where delivered_at is null and dead_at is null;
create index outbox_lane on outbox (target, run_id, sequence, message_id)
    where delivered_at is null and dead_at is null;
create index outbox_dead on outbox (dead_at) where dead_at is not null;
create index outbox_delivered on outbox (delivered_at) where delivered_at is not null;

create table applied_schedule (
    installation      text not null,
    schedule_id       text not null,
    applied_at        integer not null, -- UTC microseconds
    job               text not null,
    source            text not null,
    spec_hash         text not null,
    content_hash      text not null,
    bundle_hash       text,
    git_commit        text,
    time_zone_version text,
    applied_by        text,
    replaced_at       integer, -- UTC microseconds
    primary key (installation, schedule_id, applied_at)
) strict;
create unique index applied_schedule_in_force on applied_schedule (installation, schedule_id) where replaced_at is null;

create table occurrence (
    installation      text not null,
    schedule_id       text not null,
    due_at            integer not null, -- UTC microseconds
    last_due_at       integer not null, -- UTC microseconds
    count             integer not null check (count > 0),
    status            text not null check (status in ('due', 'running', 'ran', 'ran_late', 'skipped', 'missed')),
    cause             text,
    reason            text,
    run_id            text,
    started_at        integer, -- UTC microseconds
    spec_hash         text,
    time_zone_version text,
    updated_at        integer not null, -- UTC microseconds
    primary key (installation, schedule_id, due_at),
    constraint occurrence_row_in_order check (last_due_at >= due_at)
) strict;
create index occurrence_by_due on occurrence (installation, due_at, schedule_id);

-- Keys are compared byte by byte (collate "C"), so that order and prefix search are the same on every server.

create table run (
    run_id             text collate "C" primary key,
    workflow_id        text collate "C" not null,
    job                text collate "C" not null,
    installation       text collate "C" not null,
    schedule_id        text collate "C",
    due_at             timestamptz,
    cause              text not null check (cause in ('schedule', 'catch_up', 'backfill', 'manual', 'child')),
    requester          text,
    requester_verified boolean not null,
    parent_run_id      text collate "C",
    bundle_hash        text,
    git_commit         text,
    status             text not null check (status in
                           ('running', 'succeeded', 'failed', 'cancelled', 'timed_out', 'terminated', 'skipped')),
    reason             text,
    started_at         timestamptz not null,
    finished_at        timestamptz,
    host_id            text,
    host_name          text,
    input              json not null,
    outputs            json not null,
    time_zone_version  text,
    constraint run_finished_when_final check ((status = 'running') = (finished_at is null))
);
create index run_by_start on run (started_at desc, run_id desc);
create index run_by_job on run (job, started_at desc, run_id desc);
create index run_by_schedule on run (schedule_id, started_at desc, run_id desc) where schedule_id is not null;
create index run_by_status on run (status, started_at desc, run_id desc);
create index run_by_workflow on run (workflow_id, started_at desc);

create table step (
    run_id      text collate "C" not null references run on delete cascade,
    position    integer not null check (position > 0),
    name        text not null,
    kind        text not null,
    part        text not null check (part in ('main', 'finally', 'undo')),
    status      text not null check (status in
                    ('pending', 'running', 'succeeded', 'failed', 'skipped', 'cancelled', 'timed_out', 'unknown')),
    started_at  timestamptz,
    finished_at timestamptz,
    reason      text,
    outputs     json not null,
    primary key (run_id, position)
);

create table attempt (
    run_id           text collate "C" not null,
    position         integer not null,
    number           integer not null check (number > 0),
    execution_run_id text collate "C" not null,
    activity_id      text collate "C" not null,
    outcome          text not null check (outcome in
                         ('succeeded', 'failed', 'timed_out', 'cancelled', 'unknown', 'runner_error')),
    exit_code        integer,
    signal           integer,
    exit_unsure      boolean not null,
    host_id          text,
    host_name        text,
    started_at       timestamptz,
    finished_at      timestamptz,
    recovery         text not null check (recovery in ('started', 'adopted', 'ended_before_retry', 'unknown')),
    containment      text not null check (containment in ('none', 'cgroup', 'best_effort')),
    reason           text,
    primary key (run_id, position, number),
    foreign key (run_id, position) references step on delete cascade
);

-- Apart from attempt, so that output can be deleted earlier; written before the run's row by the worker that has all of it.
create table attempt_output (
    execution_run_id text collate "C" not null,
    activity_id      text collate "C" not null,
    head             text not null default '',
    tail             text not null default '',
    total_bytes      bigint not null default 0,
    cut_bytes        bigint not null default 0,
    full_text        text,
    stored_at        timestamptz not null,
    primary key (execution_run_id, activity_id)
);
create index attempt_output_by_age on attempt_output (stored_at);

create table approval (
    run_id        text collate "C" not null references run on delete cascade,
    ordinal       integer not null,
    position      integer not null,
    step          text not null,
    message       text not null,
    evidence_hash text,
    decision      text not null check (decision in ('waiting', 'approved', 'rejected', 'expired', 'withdrawn')),
    decided_by    text,
    verified      boolean not null,
    reason        text,
    requested_at  timestamptz not null,
    decided_at    timestamptz,
    expires_at    timestamptz,
    primary key (run_id, ordinal),
    constraint approval_answer_has_a_name check (decision not in ('approved', 'rejected') or decided_by is not null)
);

create table audit (
    audit_id text collate "C" primary key,
    at       timestamptz not null,
    who      text not null,
    verified boolean not null,
    action   text not null,
    subject  text collate "C" not null,
    reason   text,
    detail   json not null
);
create index audit_by_time on audit (at desc, audit_id desc);
create index audit_by_subject on audit (subject, at desc, audit_id desc);

create table bundle (
    hash       text collate "C" primary key,
    job        text collate "C" not null,
    git_commit text,
    created_at timestamptz not null,
    content    bytea not null check (octet_length(content) <= 1048576)
);

create table job (
    job         text collate "C" primary key,
    bundle_hash text collate "C" not null references bundle,
    git_commit  text,
    set_at      timestamptz not null,
    set_by      text
);

create table outbox (
    message_id   text collate "C" primary key,
    run_id       text collate "C" not null,
    target       text collate "C" not null,
    sequence     integer not null,
    kind         text not null,
    payload      json not null,
    created_at   timestamptz not null,
    not_before   timestamptz not null,
    failures     integer not null default 0,
    last_error   text,
    delivered_at timestamptz,
    dead_at      timestamptz,
    constraint outbox_delivered_or_dead check (delivered_at is null or dead_at is null)
);
create index outbox_pending on outbox (target, created_at, run_id, sequence, message_id)
    where delivered_at is null and dead_at is null;
create index outbox_lane on outbox (target, run_id, sequence, message_id)
    where delivered_at is null and dead_at is null;
create index outbox_dead on outbox (dead_at) where dead_at is not null;
create index outbox_delivered on outbox (delivered_at) where delivered_at is not null;

create table applied_schedule (
    installation      text collate "C" not null,
    schedule_id       text collate "C" not null,
    applied_at        timestamptz not null,
    job               text not null,
    source            text not null,
    spec_hash         text not null,
    content_hash      text not null,
    bundle_hash       text,
    git_commit        text,
    time_zone_version text,
    applied_by        text,
    replaced_at       timestamptz,
    primary key (installation, schedule_id, applied_at)
);
create unique index applied_schedule_in_force on applied_schedule (installation, schedule_id) where replaced_at is null;

create table occurrence (
    installation      text collate "C" not null,
    schedule_id       text collate "C" not null,
    due_at            timestamptz not null,
    last_due_at       timestamptz not null,
    count             integer not null check (count > 0),
    status            text not null check (status in ('due', 'running', 'ran', 'ran_late', 'skipped', 'missed')),
    cause             text,
    reason            text,
    run_id            text collate "C",
    started_at        timestamptz,
    spec_hash         text,
    time_zone_version text,
    updated_at        timestamptz not null,
    primary key (installation, schedule_id, due_at),
    constraint occurrence_row_in_order check (last_due_at >= due_at)
);
create index occurrence_by_due on occurrence (installation, due_at, schedule_id);

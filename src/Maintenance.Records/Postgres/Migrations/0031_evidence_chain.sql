-- A link for each finished run: the hash of its record and of the link before. Retention deletes runs, never links.
create table evidence (
    sequence      bigint primary key check (sequence > 0),
    kind          text not null check (kind in ('run', 'pruned')),
    run_id        text not null,
    at            timestamptz not null,
    outputs       text not null,
    content_hash  text not null,
    marks         text not null,
    previous_hash text not null,
    hash          text not null,
    pruned_by     bigint
);
create index evidence_by_run on evidence (run_id, sequence);
create index evidence_by_time on evidence (at);
create index evidence_by_pruning on evidence (pruned_by, sequence) where pruned_by is not null;

-- Runs that finished before there was a chain: nothing vouches for their content. Their number begins the chain.
create table evidence_before (
    run_id text primary key
);
insert into evidence_before (run_id)
select run_id from run where finished_at is not null;

-- One row: who appends a link holds it until the commit.
create table evidence_head (
    only_row      integer primary key check (only_row = 1),
    sequence      bigint not null,
    previous_hash text not null,
    hash          text not null
);
insert into evidence_head (only_row, sequence, previous_hash, hash)
select 1, 0, '', 'runs before the chain: ' || count(*) from evidence_before;

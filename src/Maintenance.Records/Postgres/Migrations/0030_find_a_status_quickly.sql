-- A status that is not "succeeded" may be rare (running, timed_out) or frequent (skipped); each is found without reading the others.

drop index run_by_trouble;
drop index run_by_job_trouble;
create index run_by_other_status on run (status, started_at desc, run_id desc) where status <> 'succeeded';
create index run_by_job_and_other_status on run (job, status, started_at desc, run_id desc) where status <> 'succeeded';
create index run_by_schedule_and_other_status on run (schedule_id, status, started_at desc, run_id desc)
    where status <> 'succeeded' and schedule_id is not null;

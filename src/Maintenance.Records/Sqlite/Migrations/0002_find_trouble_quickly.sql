-- Nearly all runs succeed, so only the others are worth an index by status. A query that says so in words
-- ("status <> 'succeeded'") gets it, and a run that succeeds costs one index entry less.

drop index run_by_status;
create index run_by_trouble on run (started_at desc, run_id desc) where status <> 'succeeded';
create index run_by_job_trouble on run (job, started_at desc, run_id desc) where status <> 'succeeded';

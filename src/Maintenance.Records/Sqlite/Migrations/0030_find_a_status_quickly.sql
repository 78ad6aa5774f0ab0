-- One status among those that are not "succeeded" may be rare (running, terminated) or frequent (skipped): found without reading the others.
create index run_by_other_status on run (status, started_at desc, run_id desc) where status <> 'succeeded';

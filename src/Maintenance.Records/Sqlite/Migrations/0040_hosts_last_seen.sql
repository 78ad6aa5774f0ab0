-- When a host was last heard of: the end of its last attempt.
create index attempt_by_host on attempt (host_id, finished_at desc);

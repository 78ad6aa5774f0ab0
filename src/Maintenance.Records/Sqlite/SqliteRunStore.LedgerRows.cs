namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    const string MoveLedger = """
        insert into ledger (installation, accounted_until, seen_at)
        select @Installation, @until, @seenAt
        where @isNew or exists (select 1 from ledger where installation = @Installation)
        on conflict (installation) do update set accounted_until = excluded.accounted_until, seen_at = excluded.seen_at
        where not @isNew and ledger.accounted_until = @from
        """;

    const string InsertOutage = """
        insert into outage (installation, began_at, ended_at, reason)
        values (@installation, @beganAt, @endedAt, @Reason)
        on conflict (installation, began_at) do update set ended_at = excluded.ended_at, reason = excluded.reason
        """;

    static object LedgerValues(LedgerWrite write) => new
    {
        write.Installation,
        isNew = write.From is null,
        from = StoredTime.ToMicroseconds(write.From ?? DateTimeOffset.UnixEpoch),
        until = StoredTime.ToMicroseconds(write.Until),
        seenAt = StoredTime.ToMicroseconds(write.SeenAt),
    };

    static object OutageValues(string installation, Outage outage) => new
    {
        installation, beganAt = StoredTime.ToMicroseconds(outage.BeganAt), endedAt = StoredTime.ToMicroseconds(outage.EndedAt),
        outage.Reason,
    };

    sealed record LedgerRow
    {
        public long AccountedUntil { get; init; }
        public long SeenAt { get; init; }
    }

    sealed record OutageRow
    {
        public long BeganAt { get; init; }
        public long EndedAt { get; init; }
        public required string Reason { get; init; }
    }

    sealed record ScheduledRunRow
    {
        public required string RunId { get; init; }
        public required string WorkflowId { get; init; }
        public required string ScheduleId { get; init; }
        public long? DueAt { get; init; }
        public required string Cause { get; init; }
        public required string Status { get; init; }
        public string? Reason { get; init; }
        public long StartedAt { get; init; }
        public long? FinishedAt { get; init; }

        public ScheduledRun ToScheduledRun() => new()
        {
            RunId = RunId,
            WorkflowId = WorkflowId,
            ScheduleId = ScheduleId,
            DueAt = StoredTime.FromMicroseconds(DueAt),
            Cause = StoredWord<RunCause>.Read(Cause),
            Status = StoredWord<RunStatus>.Read(Status),
            Reason = Reason,
            StartedAt = StoredTime.FromMicroseconds(StartedAt),
            FinishedAt = StoredTime.FromMicroseconds(FinishedAt),
        };
    }
}

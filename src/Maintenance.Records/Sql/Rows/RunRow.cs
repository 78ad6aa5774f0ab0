namespace Maintenance.Records;

sealed record RunRow
{
    public required string RunId { get; init; }
    public required string WorkflowId { get; init; }
    public required string Job { get; init; }
    public required string Installation { get; init; }
    public string? ScheduleId { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public required string Cause { get; init; }
    public string? Requester { get; init; }
    public bool RequesterVerified { get; init; }
    public string? ParentRunId { get; init; }
    public string? BundleHash { get; init; }
    public string? GitCommit { get; init; }
    public required string Status { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? HostId { get; init; }
    public string? HostName { get; init; }
    public required string Input { get; init; }
    public required string Outputs { get; init; }
    public string? TimeZoneVersion { get; init; }
    public required string Locks { get; init; }
    public required string Actions { get; init; }

    public static RunRow Of(RunRecord run) => new()
    {
        RunId = run.RunId,
        WorkflowId = StoredText.Clean(run.WorkflowId),
        Job = StoredText.Clean(run.Job),
        Installation = run.Installation,
        ScheduleId = run.ScheduleId,
        DueAt = StoredTime.Of(run.DueAt),
        Cause = StoredWord<RunCause>.Write(run.Cause),
        Requester = StoredText.CleanOrNull(run.Requester),
        RequesterVerified = run.RequesterVerified,
        ParentRunId = run.ParentRunId,
        BundleHash = run.BundleHash,
        GitCommit = run.GitCommit,
        Status = StoredWord<RunStatus>.Write(run.Status),
        Reason = StoredText.CleanOrNull(run.Reason),
        StartedAt = StoredTime.Of(run.StartedAt),
        FinishedAt = StoredTime.Of(run.FinishedAt),
        HostId = run.HostId,
        HostName = StoredText.CleanOrNull(run.HostName),
        Input = StoredJson.Text(run.InputJson),
        Outputs = StoredJson.Dictionary(run.Outputs),
        TimeZoneVersion = run.TimeZoneVersion,
        Locks = StoredJson.List(run.Locks),
        Actions = StoredJson.List(run.Actions),
    };

    public RunRecord ToRun() => new()
    {
        RunId = RunId,
        WorkflowId = WorkflowId,
        Job = Job,
        Installation = Installation,
        ScheduleId = ScheduleId,
        DueAt = DueAt,
        Cause = StoredWord<RunCause>.Read(Cause),
        Requester = Requester,
        RequesterVerified = RequesterVerified,
        ParentRunId = ParentRunId,
        BundleHash = BundleHash,
        GitCommit = GitCommit,
        Status = StoredWord<RunStatus>.Read(Status),
        Reason = Reason,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        HostId = HostId,
        HostName = HostName,
        InputJson = Input,
        Outputs = StoredJson.ToDictionary(Outputs),
        TimeZoneVersion = TimeZoneVersion,
        Locks = StoredJson.ToList<LockRecord>(Locks),
        Actions = StoredJson.ToList<RunAction>(Actions),
    };
}

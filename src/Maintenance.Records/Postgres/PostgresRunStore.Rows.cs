namespace Maintenance.Records;

sealed partial class PostgresRunStore
{
    static RunRow FinishedRow(RunRecord run)
    {
        RunFilter.RequireFinished(run);
        return RunRow.Of(run);
    }

    sealed record RunRow
    {
        public required string RunId { get; init; }
        public required string WorkflowId { get; init; }
        public required string Job { get; init; }
        public required string Installation { get; init; }
        public string? ScheduleId { get; init; }
        public DateTime? DueAt { get; init; }
        public required string Cause { get; init; }
        public string? Requester { get; init; }
        public bool RequesterVerified { get; init; }
        public string? ParentRunId { get; init; }
        public string? BundleHash { get; init; }
        public string? GitCommit { get; init; }
        public required string Status { get; init; }
        public string? Reason { get; init; }
        public DateTime StartedAt { get; init; }
        public DateTime? FinishedAt { get; init; }
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
            DueAt = StoredTime.ToUtc(run.DueAt),
            Cause = StoredWord<RunCause>.Write(run.Cause),
            Requester = StoredText.CleanOrNull(run.Requester),
            RequesterVerified = run.RequesterVerified,
            ParentRunId = run.ParentRunId,
            BundleHash = run.BundleHash,
            GitCommit = run.GitCommit,
            Status = StoredWord<RunStatus>.Write(run.Status),
            Reason = StoredText.CleanOrNull(run.Reason),
            StartedAt = StoredTime.ToUtc(run.StartedAt),
            FinishedAt = StoredTime.ToUtc(run.FinishedAt),
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
            DueAt = StoredTime.FromUtc(DueAt),
            Cause = StoredWord<RunCause>.Read(Cause),
            Requester = Requester,
            RequesterVerified = RequesterVerified,
            ParentRunId = ParentRunId,
            BundleHash = BundleHash,
            GitCommit = GitCommit,
            Status = StoredWord<RunStatus>.Read(Status),
            Reason = Reason,
            StartedAt = StoredTime.FromUtc(StartedAt),
            FinishedAt = StoredTime.FromUtc(FinishedAt),
            HostId = HostId,
            HostName = HostName,
            InputJson = Input,
            Outputs = StoredJson.ToDictionary(Outputs),
            TimeZoneVersion = TimeZoneVersion,
            Locks = StoredJson.ToList<LockRecord>(Locks),
            Actions = StoredJson.ToList<RunAction>(Actions),
        };
    }

    sealed record StepRow
    {
        public int Position { get; init; }
        public required string Name { get; init; }
        public required string Kind { get; init; }
        public required string Part { get; init; }
        public required string Status { get; init; }
        public DateTime? StartedAt { get; init; }
        public DateTime? FinishedAt { get; init; }
        public string? Reason { get; init; }
        public required string Outputs { get; init; }

        public static StepRow Of(StepRecord step) => new()
        {
            Position = step.Position,
            Name = StoredText.Clean(step.Name),
            Kind = StoredText.Clean(step.Kind),
            Part = StoredWord<StepPart>.Write(step.Part),
            Status = StoredWord<StepStatus>.Write(step.Status),
            StartedAt = StoredTime.ToUtc(step.StartedAt),
            FinishedAt = StoredTime.ToUtc(step.FinishedAt),
            Reason = StoredText.CleanOrNull(step.Reason),
            Outputs = StoredJson.Dictionary(step.Outputs),
        };

        public StepRecord ToStep(IReadOnlyList<AttemptRecord> attempts) => new()
        {
            Position = Position,
            Name = Name,
            Kind = Kind,
            Part = StoredWord<StepPart>.Read(Part),
            Status = StoredWord<StepStatus>.Read(Status),
            StartedAt = StoredTime.FromUtc(StartedAt),
            FinishedAt = StoredTime.FromUtc(FinishedAt),
            Reason = Reason,
            Outputs = StoredJson.ToDictionary(Outputs),
            Attempts = attempts,
        };
    }

    sealed record AttemptRow
    {
        public int Position { get; init; }
        public int Number { get; init; }
        public required string ExecutionRunId { get; init; }
        public required string ActivityId { get; init; }
        public required string Outcome { get; init; }
        public int? ExitCode { get; init; }
        public int? Signal { get; init; }
        public bool ExitUnsure { get; init; }
        public string? HostId { get; init; }
        public string? HostName { get; init; }
        public DateTime? StartedAt { get; init; }
        public DateTime? FinishedAt { get; init; }
        public required string Recovery { get; init; }
        public required string Containment { get; init; }
        public string? Reason { get; init; }

        /// <summary>Null when there is no row in attempt_output.</summary>
        public string? Head { get; init; }
        public string? Tail { get; init; }
        public long? TotalBytes { get; init; }
        public long? CutBytes { get; init; }

        public static AttemptRow Of(string runId, int position, AttemptRecord attempt) => new()
        {
            Position = position,
            Number = attempt.Number,
            ExecutionRunId = attempt.ExecutionRunId ?? runId,
            ActivityId = attempt.ActivityId,
            Outcome = StoredWord<AttemptOutcome>.Write(attempt.Outcome),
            ExitCode = attempt.ExitCode,
            Signal = attempt.Signal,
            ExitUnsure = attempt.ExitUnsure,
            HostId = attempt.HostId,
            HostName = StoredText.CleanOrNull(attempt.HostName),
            StartedAt = StoredTime.ToUtc(attempt.StartedAt),
            FinishedAt = StoredTime.ToUtc(attempt.FinishedAt),
            Recovery = StoredWord<AttemptRecovery>.Write(attempt.Recovery),
            Containment = StoredWord<Containment>.Write(attempt.Containment),
            Reason = StoredText.CleanOrNull(attempt.Reason),
        };

        public AttemptRecord ToAttempt(string runId) => new()
        {
            Number = Number,
            ExecutionRunId = ExecutionRunId == runId ? null : ExecutionRunId,
            ActivityId = ActivityId,
            Outcome = StoredWord<AttemptOutcome>.Read(Outcome),
            ExitCode = ExitCode,
            Signal = Signal,
            ExitUnsure = ExitUnsure,
            HostId = HostId,
            HostName = HostName,
            StartedAt = StoredTime.FromUtc(StartedAt),
            FinishedAt = StoredTime.FromUtc(FinishedAt),
            Recovery = StoredWord<AttemptRecovery>.Read(Recovery),
            Containment = StoredWord<Containment>.Read(Containment),
            Reason = Reason,
            Output = Head is null
                ? null
                : new() { Head = Head, Tail = Tail ?? "", TotalBytes = TotalBytes ?? 0, CutBytes = CutBytes ?? 0 },
        };
    }

    sealed record OutputRow
    {
        public required string ExecutionRunId { get; init; }
        public required string ActivityId { get; init; }
        public required string Head { get; init; }
        public required string Tail { get; init; }
        public long TotalBytes { get; init; }
        public long CutBytes { get; init; }

        public static OutputRow Of(RunRecord run, AttemptRecord attempt) => new()
        {
            ExecutionRunId = attempt.ExecutionRunId ?? run.RunId,
            ActivityId = attempt.ActivityId,
            Head = StoredText.Clean(attempt.Output?.Head ?? ""),
            Tail = StoredText.Clean(attempt.Output?.Tail ?? ""),
            TotalBytes = attempt.Output?.TotalBytes ?? 0,
            CutBytes = attempt.Output?.CutBytes ?? 0,
        };

        public AttemptOutput ToOutput() => new() { Head = Head, Tail = Tail, TotalBytes = TotalBytes, CutBytes = CutBytes };
    }

    sealed record ApprovalRow
    {
        public int Ordinal { get; init; }
        public int Position { get; init; }
        public required string Step { get; init; }
        public required string Message { get; init; }
        public string? EvidenceHash { get; init; }
        public required string Decision { get; init; }
        public string? DecidedBy { get; init; }
        public bool Verified { get; init; }
        public string? Reason { get; init; }
        public DateTime RequestedAt { get; init; }
        public DateTime? DecidedAt { get; init; }
        public DateTime? ExpiresAt { get; init; }
        public required string Detail { get; init; }

        public static ApprovalRow Of(ApprovalRecord approval, int ordinal) => new()
        {
            Ordinal = ordinal,
            Position = approval.Position,
            Step = StoredText.Clean(approval.Step),
            Message = StoredText.Clean(approval.Message),
            EvidenceHash = approval.EvidenceHash,
            Decision = StoredWord<ApprovalDecision>.Write(approval.Decision),
            DecidedBy = StoredText.CleanOrNull(approval.By),
            Verified = approval.Verified,
            Reason = StoredText.CleanOrNull(approval.Reason),
            RequestedAt = StoredTime.ToUtc(approval.RequestedAt),
            DecidedAt = StoredTime.ToUtc(approval.DecidedAt),
            ExpiresAt = StoredTime.ToUtc(approval.ExpiresAt),
            Detail = ApprovalDetail.Of(approval),
        };

        public ApprovalRecord ToApproval() => ApprovalDetail.Into(Detail, new()
        {
            Position = Position,
            Step = Step,
            Message = Message,
            EvidenceHash = EvidenceHash,
            Decision = StoredWord<ApprovalDecision>.Read(Decision),
            By = DecidedBy,
            Verified = Verified,
            Reason = Reason,
            RequestedAt = StoredTime.FromUtc(RequestedAt),
            DecidedAt = StoredTime.FromUtc(DecidedAt),
            ExpiresAt = StoredTime.FromUtc(ExpiresAt),
        });
    }
}

namespace Maintenance.Records.Tests;

/// <summary>Records whose details do not matter to the test.</summary>
static class Some
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    public static RunRecord RunningRun(string id, string job = "backup", DateTimeOffset? startedAt = null) => new()
    {
        RunId = id,
        WorkflowId = $"wf-{id}",
        Job = job,
        Cause = RunCause.Schedule,
        Status = RunStatus.Running,
        StartedAt = startedAt ?? Start,
    };

    public static RunRecord FinishedRun(
        string id, string job = "backup", RunStatus status = RunStatus.Succeeded, DateTimeOffset? startedAt = null) =>
        RunningRun(id, job, startedAt) with
        {
            Status = status,
            FinishedAt = (startedAt ?? Start).AddSeconds(42),
        };

    /// <summary>Every field set, every collection filled.</summary>
    public static RunRecord FullRun(string id) => FinishedRun(id, status: RunStatus.Failed) with
    {
        Installation = "site-1",
        ScheduleId = "nightly",
        DueAt = Start.AddSeconds(-3),
        Cause = RunCause.CatchUp,
        Requester = "ada",
        RequesterVerified = true,
        ParentRunId = "parent",
        BundleHash = new string('a', 64),
        GitCommit = "abc123",
        Reason = "Step 'restore' failed: exit code 2. See `maintenance logs`.",
        HostId = "h-1",
        HostName = "db1",
        InputJson = """{ "database": "orders", "n": 1.50 }""",
        Outputs = new Dictionary<string, string> { ["rows"] = "12", ["path"] = "/x/ä" },
        TimeZoneVersion = "2026b",
        Steps =
        [
            new()
            {
                Position = 1,
                Name = "restore",
                Kind = "run",
                Status = StepStatus.Failed,
                StartedAt = Start,
                FinishedAt = Start.AddSeconds(30),
                Reason = "exit code 2",
                Outputs = new Dictionary<string, string> { ["size"] = "7" },
                Attempts =
                [
                    Attempt(1, "restore/1") with { Outcome = AttemptOutcome.TimedOut, Signal = 9, ExitUnsure = true, ExitCode = null },
                    Attempt(2, "restore/2") with { ExecutionRunId = "later-execution", Recovery = AttemptRecovery.Adopted },
                ],
            },
            new() { Position = 2, Name = "drop", Kind = "run", Part = StepPart.Finally, Status = StepStatus.Skipped },
        ],
        Approvals =
        [
            new()
            {
                Position = 1,
                Step = "restore",
                Message = "Go?",
                EvidenceHash = "e",
                Decision = ApprovalDecision.Approved,
                By = "grace",
                Verified = true,
                Reason = "looks fine",
                RequestedAt = Start,
                DecidedAt = Start.AddSeconds(5),
                ExpiresAt = Start.AddHours(4),
                Needed = 2,
                Approvers = ["group:dba", "grace"],
                Evidence = [new() { Name = "steps.plan.outputs.hash", Digest = "d1", Text = "9f" }],
                Votes =
                [
                    new() { At = Start.AddSeconds(4), By = "ann", Approves = true, OnBehalfOf = "bob" },
                    new() { At = Start.AddSeconds(5), By = "grace", Approves = true, Verified = true, Reason = "looks fine", Token = "a.b.c", PeopleHash = "p1" },
                ],
                Reminders = 3,
                EscalatedAt = Start.AddSeconds(3),
            },
        ],
        Locks =
        [
            new()
            {
                Name = "restore-host", Slots = 1, AskedAt = Start, GrantedAt = Start.AddSeconds(9), ReleasedAt = Start.AddSeconds(60),
                Token = 1_763_000_000_000, HeldBy = "run r0",
            },
            new() { Name = "disk", Step = "restore" },
        ],
        Actions = [new() { At = Start.AddSeconds(4), Action = "pause", By = "ada", Verified = true, Reason = "the disk is full", Step = "restore" }],
    };

    public static AttemptRecord Attempt(int number, string activityId) => new()
    {
        Number = number,
        ActivityId = activityId,
        Outcome = AttemptOutcome.Failed,
        ExitCode = 2,
        HostId = "h-1",
        HostName = "db1",
        StartedAt = Start,
        FinishedAt = Start.AddSeconds(10),
        Containment = Containment.Cgroup,
        Reason = "said no",
        Output = new() { Head = $"first of {activityId}", Tail = "last", TotalBytes = 5_000_000_000, CutBytes = 4_999_999_000 },
    };

    public static OutboxMessage Message(string id, string run = "r1", int sequence = 1, string target = "seq") => new()
    {
        Id = id,
        RunId = run,
        Target = target,
        Sequence = sequence,
        Kind = "run-finished",
        PayloadJson = """{"a":1}""",
        CreatedAt = Start.AddSeconds(sequence),
    };

    public static AppliedSchedule Applied(string id, string content, DateTimeOffset at) => new()
    {
        ScheduleId = id,
        Job = "backup",
        SourceJson = "{ \"id\": 1, // a comment\n }",
        SpecHash = "s",
        ContentHash = content,
        AppliedAt = at,
    };

    public static Maintenance.Records.Reports.ApprovalNews News(string run, string workflow, string job) =>
        new(run, workflow, job, FullRun(run).Approvals[0]) { At = Start };
}

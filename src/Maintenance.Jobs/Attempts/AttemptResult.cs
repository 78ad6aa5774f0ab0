namespace Maintenance.Jobs.Attempts;

/// <summary>What the worker reports about one attempt; the return value of the step's activity and so part of the run's history.</summary>
public sealed record AttemptResult
{
    public required AttemptOutcome Outcome { get; init; }
    public required string HostId { get; init; }
    public required string HostName { get; init; }
    public int? Pid { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>
    /// What the script wrote, redacted; head and tail with a line about the cut between them when it was longer than allowed.
    /// </summary>
    public string Output { get; init; } = "";

    /// <summary>How much it wrote in all.</summary>
    public long OutputBytes { get; init; }
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Which guarantee held that nothing of the script lived on: "cgroup" or "session".</summary>
    public string Containment { get; init; } = "";

    /// <summary>Processes that were still there when the script had ended, and were ended with it.</summary>
    public int LeftoversKilled { get; init; }

    /// <summary>A worker that had not started the script waited for its end.</summary>
    public bool Adopted { get; init; }

    /// <summary>The script had ended before any worker looked again.</summary>
    public bool EndedUnseen { get; init; }

    /// <summary>What a reader of the record should know: adopted after a restart, an output line that could not be read…</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

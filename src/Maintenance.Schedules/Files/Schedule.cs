namespace Maintenance.Schedules;

/// <summary>What happens at a due time while the run before still runs; the names are Temporal's.</summary>
public enum Overlap
{
    Skip,
    BufferOne,
    BufferAll,
    CancelOther,
    TerminateOther,
    AllowAll,
}

/// <summary>
/// One entry of schedules.json with all defaults filled in. What is in here is right: a file with a problem gives no schedules.
/// </summary>
public sealed record Schedule
{
    public required string Id { get; init; }
    public required string Job { get; init; }
    public required IReadOnlyList<Timing> Timings { get; init; }
    public required Zone TimeZone { get; init; }
    public DstRules Dst { get; init; } = DstRules.Auto;

    /// <summary>The job's input as a JSON object.</summary>
    public string InputJson { get; init; } = "{}";

    public Overlap Overlap { get; init; } = Overlap.Skip;

    /// <summary>A due time that was missed is made up when it is no older than this.</summary>
    public TimeSpan CatchUp { get; init; } = ScheduleDefaults.CatchUp;

    public TimeSpan Jitter { get; init; }

    /// <summary>A run that could not start so long after its due time does not start at all; null: no limit.</summary>
    public TimeSpan? StartBy { get; init; }

    /// <summary>A run that is not finished so long after its due time is reported; null: no expectation.</summary>
    public TimeSpan? FinishBy { get; init; }

    public bool PauseOnFailure { get; init; }

    /// <summary>Why the file says that it is paused; null when it does not.</summary>
    public string? PausedReason { get; init; }

    public string? Description { get; init; }
    public string? Owner { get; init; }
    public string? Runbook { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<DayCalendar> Exclude { get; init; } = [];
    public IReadOnlyList<DayCalendar> Only { get; init; } = [];

    /// <summary>The entry as it stands in the file, for people.</summary>
    public string SourceText { get; init; } = "";

    /// <summary>
    /// The entry as JSON with everything that it takes from elsewhere written into it, so that it can be read on its own
    /// (<see cref="ScheduleFile.ReadResolved"/>): what a run needs to check its own due time.
    /// </summary>
    public string ResolvedJson { get; init; } = "";

    /// <summary>Where the entry stands; further problems (an unknown job, a wrong input) are reported there.</summary>
    public required Node Node { get; init; }
}

public static class ScheduleDefaults
{
    public static readonly TimeSpan CatchUp = TimeSpan.FromHours(1);

    /// <summary>A Temporal server keeps no shorter window.</summary>
    public static readonly TimeSpan CatchUpMin = TimeSpan.FromSeconds(10);
}

/// <summary>All schedules of a file.</summary>
public sealed record ScheduleSet(string File, Zone TimeZone, IReadOnlyList<Schedule> Schedules)
{
    /// <summary>Full paths of all files that were read, the first one first.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public Schedule? Find(string id) => Schedules.FirstOrDefault(s => s.Id == id);

    /// <summary>Adds a problem for each schedule whose job is none of these.</summary>
    internal void CheckJobs(IReadOnlyCollection<string> jobs, ProblemList problems)
    {
        // One without a job has its problem already.
        foreach (var schedule in Schedules.Where(s => s.Job.Length > 0 && !jobs.Contains(s.Job)))
        {
            var suggestion = jobs.Count == 0
                ? "There is no job yet; add a folder jobs/NAME with a job.json."
                : NearestName.Suggest(schedule.Job, jobs);
            problems.Add(
                schedule.Node.Find("job") ?? schedule.Node, ScheduleCodes.UnknownJob, $"There is no job '{schedule.Job}'.", suggestion);
        }
    }
}

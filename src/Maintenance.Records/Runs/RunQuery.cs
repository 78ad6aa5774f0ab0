namespace Maintenance.Records;

/// <summary>Which runs to list: every given part narrows the list. Newest start first.</summary>
public sealed record RunQuery
{
    public const int LimitMax = 1000;

    public string? Job { get; init; }
    public string? ScheduleId { get; init; }
    public RunStatus? Status { get; init; }

    /// <summary>Started at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Started before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>1 to <see cref="LimitMax"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>The <see cref="RunPage.Next"/> of the page before.</summary>
    public RunCursor? After { get; init; }

    /// <summary>The <see cref="RunPage.Previous"/> of the page behind; not together with <see cref="After"/>.</summary>
    public RunCursor? Before { get; init; }
}

/// <summary>Where a page ended: a row's sort key, so that new runs neither shift nor repeat rows.</summary>
public sealed record RunCursor(DateTimeOffset StartedAt, string RunId)
{
    public static RunCursor Of(RunRecord run) => new(run.StartedAt, run.RunId);
}

/// <param name="Runs">Without steps, attempts and approvals; <see cref="IRunStore.GetRunAsync"/> has those.</param>
/// <param name="Next">Where older runs begin; null on the last page.</param>
/// <param name="Previous">Where newer runs end; null on a first page.</param>
public sealed record RunPage(IReadOnlyList<RunRecord> Runs, RunCursor? Next, RunCursor? Previous);

/// <summary>What an id typed by a person led to.</summary>
/// <param name="Run">Null when nothing or more than one matched.</param>
/// <param name="Candidates">The run ids that begin as asked, when there is more than one; at most <see cref="CandidatesMax"/>.</param>
public sealed record RunLookup(RunRecord? Run, IReadOnlyList<string> Candidates)
{
    public const int CandidatesMax = 10;

    /// <summary>Shorter prefixes are not looked for: they would match by accident.</summary>
    public const int PrefixLengthMin = 4;
}

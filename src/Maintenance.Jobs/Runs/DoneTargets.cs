using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>The targets of an earlier run's steps that need not run again, with their outputs.</summary>
public sealed record DoneTargets
{
    public required string RunId { get; init; }

    /// <summary>By the name of the target's record, such as <c>patch[web-1]</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Outputs { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    public static DoneTargets Of(RunRecord earlier)
    {
        // An undo that failed may have taken back half of it: that target runs again too.
        var undone = earlier.Steps.Where(s => s.Part == StepPart.Undo).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        return new DoneTargets
        {
            RunId = earlier.RunId,
            Outputs = earlier.Steps
                .Where(s =>
                    s is { Part: StepPart.Main, Status: StepStatus.Succeeded } && s.Name.EndsWith(']')
                        && !undone.Contains($"undo-{s.Name}"))
                .ToDictionary(s => s.Name, s => s.Outputs),
        };
    }
}

using System.Globalization;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// The step once for each item: of a list in a text (<see cref="Items"/>), of a written list, or of hosts. The items are settled when the
/// step starts.
/// </summary>
public sealed record ForEachPlan
{
    /// <summary>One reference whose value is a list: a JSON array, lines, or words.</summary>
    public string? Items { get; init; }
    public IReadOnlyList<string> List { get; init; } = [];
    public HostSelection? Hosts { get; init; }
    public int MaxParallel { get; init; } = 1;

    /// <summary>Sizes one after the other; the last one repeats. Empty means one wave.</summary>
    public IReadOnlyList<Share> Waves { get; init; } = [];

    /// <summary>Between two waves: a pause, a question, or both in this order.</summary>
    public TimeSpan? PauseBetween { get; init; }
    public ApprovalStep? ApprovalBetween { get; init; }

    /// <summary>So many targets may fail before no further one is started.</summary>
    public Share FailureBudget { get; init; } = new(0, IsPercent: false);

    /// <summary>Of all steps of a run together: its record has to fit one payload.</summary>
    public const int TargetsMax = 1000;
}

/// <summary>
/// A number, or a part of all in percent. A part is rounded up for a wave and down for a budget, so that both stay careful.
/// </summary>
public sealed record Share(int Value, bool IsPercent)
{
    public int WaveOf(int total) => Math.Max(1, IsPercent ? (int)Math.Ceiling(total * (Value / 100.0)) : Value);

    public int BudgetOf(int total) => IsPercent ? (int)Math.Floor(total * (Value / 100.0)) : Value;

    public static Share? Parse(string text) =>
        int.TryParse(text.EndsWith('%') ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && (!text.EndsWith('%') || number <= 100)
            ? new Share(number, text.EndsWith('%'))
            : null;

    public override string ToString() => IsPercent ? $"{Value} %" : $"{Value}";
}

/// <summary>Hosts of the inventory: all that fit every given part.</summary>
public sealed record HostSelection
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public string? Group { get; init; }

    /// <summary>Names, with references; a reference may stand for a list.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    public IReadOnlyList<string> Except { get; init; } = [];

    public override string ToString() => string.Join(
        " and ",
        Labels.Select(l => $"label {l.Key}={l.Value}").Concat(Group is null ? [] : [$"group '{Group}'"])
            .Concat(Names.Count == 0 ? [] : [$"names {string.Join(", ", Names)}"]).DefaultIfEmpty("any host"));
}

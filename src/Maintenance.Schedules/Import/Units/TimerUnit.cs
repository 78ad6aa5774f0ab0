namespace Maintenance.Schedules;

/// <summary>A timer unit, as systemd loads it. Spans are seconds.</summary>
public sealed record TimerUnit(string Name)
{
    static readonly Dictionary<string, bool> _booleans = new(StringComparer.OrdinalIgnoreCase)
    {
        ["1"] = true, ["yes"] = true, ["y"] = true, ["true"] = true, ["t"] = true, ["on"] = true,
        ["0"] = false, ["no"] = false, ["n"] = false, ["false"] = false, ["f"] = false, ["off"] = false,
    };

    // Settings of a timer that say nothing about when or what.
    static readonly HashSet<string> _others = ["RemainAfterElapse", "WakeSystem", "OnClockChange", "OnTimezoneChange"];

    public IReadOnlyList<(int Line, OnCalendarExpression Expression)> OnCalendar { get; init; } = [];

    /// <summary>OnBootSec and its kin, by their names: so long after something that happened.</summary>
    public IReadOnlyList<(int Line, string Key, decimal Seconds)> Monotonic { get; init; } = [];

    public bool Persistent { get; init; }
    public decimal AccuracySeconds { get; init; } = 60;
    public decimal RandomizedDelaySeconds { get; init; }
    public bool FixedRandomDelay { get; init; }
    public string? Description { get; init; }

    /// <summary>The unit that it starts.</summary>
    public required string Unit { get; init; }

    /// <summary>Lines that systemd leaves out and goes on.</summary>
    public IReadOnlyList<UnitProblem> Ignored { get; init; } = [];

    public static TimerUnit Parse(ReadOnlySpan<byte> content, string name, IEnumerable<UnitDropIn>? dropIns = null)
    {
        var (file, unit) = (UnitFile.Parse(content, dropIns ?? []), new UnitName(name));
        var ignored = file.Ignored.ToList();
        var timer = new TimerUnit(name) { Unit = unit.WithoutSuffix + ".service", Description = file.Last("Unit", "Description") };
        foreach (var line in file.In("Timer"))
        {
            if (Read(timer, line, unit) is { } next)
                timer = next;
            else
                ignored.Add(line.Problem(Reason(line, unit)));
        }

        return timer with { Ignored = [.. ignored.OrderBy(i => i.Line)] };
    }

    /// <summary>The times after the instant, over all expressions, equal ones once; in order and lazily.</summary>
    public IEnumerable<DateTimeOffset> After(DateTimeOffset instant, Zone zone)
    {
        var timings = OnCalendar.Select(e => e.Expression.ToTiming(zone, DstRules.Auto)).ToList();
        for (var at = instant.ToUnixTimeSeconds(); ;)
        {
            var next = timings.Select(t => t.After(at).FirstOrDefault(e => e.Kind == TimingEventKind.Due))
                .Where(e => e.Kind == TimingEventKind.Due && e.At > at)
                .ToList();
            if (next.Count == 0)
                yield break;
            yield return DateTimeOffset.FromUnixTimeSeconds(at = next.Min(e => e.At));
        }
    }

    /// <summary>Null when systemd ignores the line.</summary>
    static TimerUnit? Read(TimerUnit timer, UnitAssignment line, UnitName unit) => line.Key switch
    {
        "OnCalendar" or "OnActiveSec" or "OnBootSec" or "OnStartupSec" or "OnUnitActiveSec"
            or "OnUnitInactiveSec" when line.Value.Length == 0
            // An empty one resets them all, whatever its kind.
            => timer with { OnCalendar = [], Monotonic = [] },
        "OnCalendar" => OnCalendarExpression.TryParse(unit.Expand(line.Value), out var expression, out _)
            ? timer with { OnCalendar = [.. timer.OnCalendar, (line.Line, expression)] }
            : null,
        "OnActiveSec" or "OnBootSec" or "OnStartupSec" or "OnUnitActiveSec" or "OnUnitInactiveSec" => UnitTimeSpan.Parse(
            unit.Expand(line.Value)) is { } span
            ? timer with { Monotonic = [.. timer.Monotonic, (line.Line, line.Key, span)] }
            : null,
        "AccuracySec" => UnitTimeSpan.Parse(line.Value) is { } span ? timer with { AccuracySeconds = span } : null,
        "RandomizedDelaySec" => UnitTimeSpan.Parse(line.Value) is { } span ? timer with { RandomizedDelaySeconds = span } : null,
        "Persistent" => _booleans.TryGetValue(line.Value, out var yes) ? timer with { Persistent = yes } : null,
        "FixedRandomDelay" => _booleans.TryGetValue(line.Value, out var yes) ? timer with { FixedRandomDelay = yes } : null,
        "Unit" =>
            unit.Expand(line.Value) is { Length: > 0 } named && named.Contains('.', StringComparison.Ordinal)
                ? timer with { Unit = named }
                : null,
        _ when _others.Contains(line.Key) => _booleans.ContainsKey(line.Value) ? timer : null,
        _ when line.Key.StartsWith("X-", StringComparison.Ordinal) => timer,
        _ => null,
    };

    static string Reason(UnitAssignment line, UnitName unit) => line.Key switch
    {
        "OnCalendar" when !OnCalendarExpression.TryParse(unit.Expand(line.Value), out _, out var errors) =>
            $"OnCalendar={line.Value}: {errors[0].Message}",
        "Persistent" or "FixedRandomDelay" or "RemainAfterElapse" or "WakeSystem" or "OnClockChange" or "OnTimezoneChange" =>
            $"{line.Key}={line.Value}: neither yes nor no",
        "Unit" => $"Unit={line.Value}: no name of a unit",
        _ when line.Key.EndsWith("Sec", StringComparison.Ordinal) => $"{line.Key}={line.Value}: no time span, or no setting of a timer",
        _ => $"{line.Key}: no setting of a timer",
    };
}

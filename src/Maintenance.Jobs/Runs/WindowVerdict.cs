using System.Globalization;
using Maintenance.Jobs.Definition;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Runs;

/// <summary>Whether a step may start now, and when the window opens next.</summary>
public sealed record WindowVerdict
{
    public required bool Fits { get; init; }

    /// <summary>Completes "the step may not start: …".</summary>
    public string Reason { get; init; } = "";
    public DateTimeOffset OpensAt { get; init; }
    public TimeSpan? Usual { get; init; }

    const int DaysLookedAt = 15;

    /// <param name="window">As declared.</param>
    /// <param name="zone">Its time zone.</param>
    /// <param name="now">The moment that is asked about.</param>
    /// <param name="usual">What the step takes in 95 of 100 runs; null when nobody knows.</param>
    public static WindowVerdict Of(WindowPlan window, Zone zone, DateTimeOffset now, TimeSpan? usual)
    {
        var spans = Spans(window, zone, now).ToList();
        var open = spans.Find(s => s.From <= now && now < s.To);
        var next = spans.Where(s => s.From > now).Select(s => s.From).FirstOrDefault();
        if (open == default)
            return new WindowVerdict
            {
                Fits = false, OpensAt = next, Usual = usual, Reason = $"its window is closed until {Text(next, zone)}",
            };
        if (usual is { } time && now + time > open.To && time <= open.To - open.From)
            return new WindowVerdict
            {
                Fits = false,
                OpensAt = next,
                Usual = usual,
                Reason =
                    $"its window closes at {Text(open.To, zone)}, and by its own history it takes up to {Durations.Format(Rounded(time))}",
            };
        // A step that is longer than the whole window would never start; the beginning of the window is then the best there is.
        return usual is { } longer && longer > open.To - open.From && now - open.From > (open.To - open.From) / 10
            ? new WindowVerdict
            {
                Fits = false, OpensAt = next, Usual = usual,
                Reason = $"it takes up to {Durations.Format(Rounded(longer))}, longer than its window, so it starts only as that opens",
            }
            : new WindowVerdict { Fits = true, OpensAt = open.From, Usual = usual };
    }

    /// <summary>Null when there is nothing to go by.</summary>
    public static TimeSpan? Percentile95(IReadOnlyList<TimeSpan> durations) =>
        durations.Count == 0 ? null : durations.Order().ElementAt((int)Math.Ceiling(durations.Count * 0.95) - 1);

    static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Spans(WindowPlan window, Zone zone, DateTimeOffset now)
    {
        var (from, to) = (Time(window.From), Time(window.To));
        foreach (var day in LocalTimes.Days(zone, now, first: -1).Take(DaysLookedAt))
        {
            if (window.Days.Count > 0 && !window.Days.Contains(day.DayOfWeek.ToString()[..3].ToLowerInvariant()))
                continue;
            var end = to > from ? day : day.AddDays(1);
            yield return (LocalTimes.ToInstant(day.ToDateTime(from), zone), LocalTimes.ToInstant(end.ToDateTime(to), zone));
        }
    }

    static TimeOnly Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);

    static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));

    static string Text(DateTimeOffset at, Zone zone) =>
        zone.ToLocal(at.ToUnixTimeSeconds()).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + $" {zone.Id}";
}

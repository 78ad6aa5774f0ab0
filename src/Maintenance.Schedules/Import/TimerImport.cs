using System.Globalization;
using System.Text.Json.Nodes;

namespace Maintenance.Schedules;

/// <summary>Turns a systemd timer and its service into a schedule and a job with one script that does what the service does.</summary>
public static class TimerImport
{
    public static ImportedLines Of(TimerUnit timer, ServiceUnit? service, ImportOrigin origin, IEnumerable<string> taken)
    {
        var refused = timer.Ignored.Select(
            line => new RefusedLine(line.Line, $"Systemd ignores the line: {line.Reason}.", "Repair it, or leave it out.")).ToList();
        refused.AddRange(timer.Monotonic.Where(m => !IsInterval(timer, m.Key)).Select(m => new RefusedLine(
            m.Line, $"{m.Key} counts from an event of the machine and is no time.",
            "Leave such work to systemd; or say when it shall run.")));
        if (Refusal(timer, service) is { } refusal)
            return new ImportedLines([], [.. refused.Append(refusal).OrderBy(r => r.Line)]);

        var name = new JobNames(taken, origin.Host).Named(new UnitName(timer.Name).WithoutSuffix);
        var job = new ImportedJob(0, name, origin)
        {
            Description = service!.Description ?? timer.Description,
            Timing = Timing(timer),
            CatchUp = timer.Persistent ? "30d" : null,
            Jitter = timer.RandomizedDelaySeconds >= 1 ? Span(timer.RandomizedDelaySeconds) : null,
            RunAs = service.User,
            Timeout = service.TimeoutStartSeconds is { } timeout ? Span(Math.Max(1, timeout)) : "24h",
            Script = ServiceScript.Write(service, origin.Source),
            Warnings = [.. Warnings(timer, service)],
        };
        return new ImportedLines([job.ToLine()], [.. refused.OrderBy(r => r.Line)]);
    }

    static RefusedLine? Refusal(TimerUnit timer, ServiceUnit? service)
    {
        if (service is null)
            return new RefusedLine(
                0, $"The timer starts {timer.Unit}, which is not beside it.", "Copy the service's file into the same folder.");
        if (service.Refusal is { } refusal)
            return new RefusedLine(refusal.Line, $"Systemd does not load {service.Name}: {refusal.Reason}.", "Repair the service.");
        return timer.OnCalendar.Count == 0 && !timer.Monotonic.Any(m => IsInterval(timer, m.Key))
            ? new RefusedLine(0, "The timer is never due by the clock.", "Leave it to systemd; or say when it shall run.")
            : null;
    }

    /// <summary>So long after the last run comes down to an interval, where nothing else says when.</summary>
    static bool IsInterval(TimerUnit timer, string key) => timer.OnCalendar.Count == 0 && key is "OnUnitActiveSec" or "OnUnitInactiveSec";

    static IReadOnlyList<(string, JsonNode)> Timing(TimerUnit timer)
    {
        if (timer.OnCalendar.Count == 1)
            return [("onCalendar", timer.OnCalendar[0].Expression.Text)];
        return timer.OnCalendar.Count > 1
            ? [("onCalendar", new JsonArray([.. timer.OnCalendar.Select(e => JsonValue.Create(e.Expression.Text))]))]
            : [("every", Span(Math.Max(1, timer.Monotonic.First(m => IsInterval(timer, m.Key)).Seconds)))];
    }

    static IEnumerable<string> Warnings(TimerUnit timer, ServiceUnit service)
    {
        if (timer.OnCalendar.Count == 0)
            yield return "systemd counts the interval from the last run; here it is counted from 1970, whatever the runs do";
        if (timer.Persistent)
            yield return "Persistent=: a run that was missed is made up within 30 days (\"catchUp\")";
        if (timer.AccuracySeconds > 60)
            yield return $"AccuracySec={Span(timer.AccuracySeconds)} let systemd start it so much later; here it starts when it is due";
        if (timer.RandomizedDelaySeconds >= 1 && !timer.FixedRandomDelay)
            yield return "RandomizedDelaySec= is drawn anew by systemd for each run; \"jitter\" is the same for all runs of a schedule";
        foreach (var line in service.NotCarried)
            yield return $"{service.Name}{(line.Line > 0 ? $":{line.Line}" : "")}: not carried over: {line.Reason}";
        foreach (var line in service.Ignored)
            yield return $"{service.Name}{(line.Line > 0 ? $":{line.Line}" : "")}: systemd ignores it: {line.Reason}";
        if (service.Pre.Concat(service.Start).Concat(service.Post).Any(c => c.Privileged))
            yield return "a command has more rights than the service's user ('+' or '!' before it); here all have the same";
    }

    /// <summary>Whole seconds, in the largest unit that divides them.</summary>
    static string Span(decimal seconds)
    {
        var whole = (long)Math.Min(Math.Ceiling(seconds), 315_360_000);
        var (count, unit) = whole % 86_400 == 0
            ? (whole / 86_400, "d")
            : whole % 3600 == 0 ? (whole / 3600, "h") : whole % 60 == 0 ? (whole / 60, "m") : (whole, "s");
        return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
    }
}

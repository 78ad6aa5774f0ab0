using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>How runs and their parts are worded for people.</summary>
static class RunText
{
    /// <summary>Long enough to be the only one that begins so, short enough to type.</summary>
    public static string ShortId(string runId) => runId.Length > 8 ? runId[..8] : runId;

    public static string Of(RunStatus status) => status switch
    {
        RunStatus.TimedOut => "timed out",
        _ => Word(status),
    };

    public static string Of(StepStatus status) => status switch
    {
        StepStatus.TimedOut => "timed out",
        _ => Word(status),
    };

    /// <summary>As the commands take it.</summary>
    public static string Time(DateTimeOffset? time) =>
        time is { } known ? Instants.Format(known) : "-";

    public static string Duration(TimeSpan? duration) => duration switch
    {
        null => "-",
        { TotalSeconds: < 1 } d => $"{d.TotalMilliseconds:0} ms",
        { TotalMinutes: < 1 } d => $"{d.TotalSeconds:0.0} s",
        { TotalHours: < 1 } d => $"{d.Minutes} min {d.Seconds} s",
        { TotalDays: < 1 } d => $"{d.Hours} h {d.Minutes} min",
        { } d => $"{(int)d.TotalDays} d {d.Hours} h",
    };

    /// <summary>Why the run exists, with the due time it stands for and how late it began.</summary>
    public static string Cause(RunRecord run)
    {
        var due = run.DueAt is { } time ? $", due {Time(time)}{Lateness(run.StartedAt - time)}" : "";
        return run.Cause switch
        {
            RunCause.Schedule => $"schedule {run.ScheduleId}{due}",
            RunCause.CatchUp => $"catch-up of {run.ScheduleId}{due}",
            RunCause.Backfill => $"backfill of {run.ScheduleId}{due}",
            RunCause.Child => $"step of run {ShortId(run.ParentRunId ?? "?")}",
            _ => $"started by {run.Requester ?? "somebody"}{(run.RequesterVerified ? "" : " (unverified)")}",
        };
    }

    /// <summary>How an attempt ended, as exactly as is known.</summary>
    public static string Ending(AttemptRecord attempt) => attempt switch
    {
        { ExitUnsure: true, ExitCode: { } code } => $"exit code {code} (or signal {code - 128}: the shell reports both alike)",
        { Signal: { } signal } => $"signal {signal}",
        { ExitCode: { } code } => $"exit code {code}",
        _ => Word(attempt.Outcome),
    };

    public static string Word<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString()));

    static string Lateness(TimeSpan late) => late.TotalSeconds < 5 ? "" : $", {Duration(late)} late";
}

using System.Globalization;
using System.Text.Json;

namespace Maintenance.Records.Reports;

/// <summary>
/// The words of a notification, in the shape of Slack's incoming webhooks (which Mattermost and Rocket.Chat take as well).
/// </summary>
static class SlackMessage
{
    /// <summary>Slack's limit for the text of a section is 3,000 characters.</summary>
    const int TextCharsMax = 2900;

    public static string OfFailure(RunNotice run, int inARow)
    {
        var count = inARow > 1 ? $", {inARow.ToString(CultureInfo.InvariantCulture)} times in a row" : "";
        var where = run.FailedStep is null ? "" : $" in step `{Escape(run.FailedStep)}`";
        return Write(
            $"{run.Job} {Words(run.Status)}{count}",
            $":red_circle: *{Escape(Name(run))}* {Words(run.Status)}{where}{count}{After(run.Duration)}.",
            run.Reason,
            run.Link,
            $"maintenance show {run.RunId}");
    }

    public static string OfRecovery(RunNotice run, int failures) => Write(
        $"{run.Job} works again",
        $":large_green_circle: *{Escape(Name(run))}* works again after {failures.ToString(CultureInfo.InvariantCulture)} "
            + $"failed {(failures == 1 ? "run" : "runs")}{After(run.Duration)}.",
        null,
        run.Link,
        $"maintenance show {run.RunId}");

    public static string OfOverdue(FinishOverdue run) => Write(
        $"{run.Job} is not finished",
        $":hourglass: *{Escape(run.Job)} ({Escape(run.ScheduleId)})*, due {run.DueAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC, should be finished "
            + $"by {run.FinishBy.UtcDateTime:HH:mm} UTC and is not.",
        null,
        run.Link,
        $"maintenance show {run.RunId}");

    public static string OfApproval(ApprovalNeeded approval)
    {
        var until = approval.ExpiresAt is { } at ? $" until {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "";
        var still = approval.Reminder > 0 || approval.Escalated.Count > 0 ? "still waits" : "waits";
        var who = approval.Approvers.Count == 0 ? "" : $" It is for {Escape(string.Join(", ", approval.Approvers))}.";
        var escalated = approval.Escalated.Count == 0
            ? ""
            : $" Nobody answered, so it is also for {Escape(string.Join(", ", approval.Escalated))} now.";
        var notFor = approval.Requester is null ? "" : $" Not for {Escape(approval.Requester)}, who started it.";
        // The command says what the message is about: when that changes meanwhile, nothing is answered.
        var evidence = approval.EvidenceHash is { } hash ? $" --evidence {hash[..Math.Min(12, hash.Length)]}" : "";
        return Write(
            $"{approval.Job} {still} for approval of {approval.Step}",
            $":raised_hand: *{Escape(approval.Job)}* {still} for approval of "
                + $"step `{Escape(approval.Step)}`{until}.{(escalated.Length > 0 ? escalated : who)}{notFor}",
            approval.Message,
            approval.Link,
            $"maintenance approve {approval.RunId}{evidence}",
            $"maintenance reject {approval.RunId}");
    }

    static string Write(string plain, string headline, string? detail, string? link, params string[] commands)
    {
        var lines = new List<string> { headline };
        if (!string.IsNullOrWhiteSpace(detail))
            lines.Add($"> {Escape(Cut(detail)).ReplaceLineEndings("\n> ")}");
        lines.Add(
            string.Join("  ", commands.Select(command => $"`{Escape(command)}`"))
                + (link is null ? "" : $"  <{Escape(link)}|Open the run>"));
        return JsonSerializer.Serialize(new
        {
            text = plain,
            blocks = new[] { new { type = "section", text = new { type = "mrkdwn", text = string.Join('\n', lines) } } },
        });
    }

    static string Name(RunNotice run) => run.ScheduleId is { } schedule && schedule != run.Job ? $"{run.Job} ({schedule})" : run.Job;

    static string Words(RunStatus status) => status switch
    {
        RunStatus.TimedOut => "ran out of time",
        RunStatus.Terminated => "was terminated",
        _ => "failed",
    };

    static string After(TimeSpan? duration) => duration switch
    {
        null => "",
        { TotalSeconds: < 120 } value => $" after {value.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s",
        { } value => $" after {value.TotalMinutes.ToString("0", CultureInfo.InvariantCulture)} min",
    };

    static string Cut(string text) => text.Length <= TextCharsMax / 2 ? text : text[..(TextCharsMax / 2)] + " …";

    /// <summary>These three are markup; unescaped, <c>&lt;!channel&gt;</c> in a reason would wake everybody.</summary>
    static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}

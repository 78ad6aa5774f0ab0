using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Jobs.Runs;

namespace Maintenance.Host.Cli;

/// <summary>How it is said what an open run does now.</summary>
static class RunNowText
{
    /// <summary>The answer of the workflow, with what the server knows beside it.</summary>
    public static JsonObject Json(RunNow now)
    {
        var json = now.Status is { } status ? JsonSerializer.SerializeToNode(status, Terminal.Json)!.AsObject() : [];
        json["troubles"] = JsonSerializer.SerializeToNode(now.Troubles);
        if (now.Silence is { } silence)
            json["silence"] = silence;
        return json;
    }

    /// <summary>The head (job, run, status and phase, when a worker answers), then as <see cref="TellSteps"/>.</summary>
    public static void Tell(RunNow now, Terminal terminal)
    {
        if (now.Status is { } status)
            terminal.Result($"{status.Job}  {RunText.ShortId(status.RunId)}  {RunText.Of(status.Status)}, {status.Phase}");
        TellSteps(now, terminal);
    }

    /// <summary>A line for each step, for what is waited for, for each trouble, and the open question with how to answer it.</summary>
    public static void TellSteps(RunNow now, Terminal terminal)
    {
        foreach (var step in now.Status?.Steps ?? [])
            terminal.Result($"  {Text(step)}");
        if (Wait(now, TimeProvider.System.GetUtcNow()) is { } wait)
            terminal.Result(wait);
        foreach (var trouble in now.Troubles)
            terminal.Result($"! {trouble}");
        if (now.Silence is { } silence)
            terminal.Result($"! {silence}");
        if (now.Status?.Question is { } question)
        {
            ApprovalText.Tell(question, terminal);
            terminal.Say($"  answer with `maintenance approve {RunText.ShortId(now.Status.RunId)} --reason TEXT`, or `reject`");
        }
    }

    /// <summary>The step's name and status, and which attempt it is unless the reason says so itself.</summary>
    static string Text(StepStatusView step)
    {
        var attempt = step.Attempts > 1 && step.Reason?.Contains($"attempt {step.Attempt} of", StringComparison.Ordinal) != true
            ? $", attempt {step.Attempt} of {step.Attempts}"
            : "";
        return $"{step.Name}  {RunText.Of(step.Status)}{attempt}{(step.Reason is { } reason ? $": {reason}" : "")}";
    }

    /// <summary>What it waits for, in one line; null when it waits for nothing.</summary>
    public static string? Wait(RunNow now, DateTimeOffset time)
    {
        if (now.Status is not { } status)
            return null;
        if (status.Paused is { } pause)
            return $"paused by {pause.By}{(pause.Reason is { Length: > 0 } why ? $": {why}" : "")}; `maintenance run resume` lets it go on";
        if (status.WaitingFor is not { } wait)
            return null;
        var what = $"waits for {wait.Kind}{(wait.Step is { } step ? $" of {step}" : "")}{(wait.Message is { } message ? $": {message}" : "")}";
        // The limit of a script begins with the script: one that could not start yet is not late.
        return wait.Until is { } until && until > time && now.Troubles.Count == 0 ? $"{what}, until {RunText.Time(until)} at the latest" : what;
    }
}

using Maintenance.Jobs.Locks;
using Maintenance.Records;

namespace Maintenance.Host.Cli;

/// <summary>Locks in a line.</summary>
static class LockText
{
    /// <summary>What became of a lock that a run wanted.</summary>
    public static string Of(LockRecord one)
    {
        var kind = one.Slots switch { null => " (shared)", 1 => "", { } slots => $" (one of {slots})" };
        var step = one.Step is { } name ? $" for step {name}" : "";
        var state = one switch
        {
            { LostTo: { } who } => $"token {one.Token}, taken away by {who}",
            { Token: { } token } => $"token {token}, after {RunText.Duration(one.Waited)}",
            { AskedAt: null } => "not asked for",
            _ => "not got",
        };
        return $"{one.Name}{kind}{step}: {state}{(one.HeldBy is { } holder ? $", held by {holder} before" : "")}";
    }

    public static string Use(LockStatusView one) => one switch
    {
        { Holders.Count: 0 } => "free",
        { Slots: { } slots } => $"{one.Holders.Count} of {slots}",
        _ => $"{one.Holders.Count} shared",
    };

    public static string Who(LockRequest request) =>
        $"{RunText.ShortId(request.RunId)} {request.Job}{(request.Step is { } step ? $"/{step}" : "")}";

    public static string Waiting(LockRequest request, DateTimeOffset now)
    {
        var priority = request.Priority == LockPriority.Normal ? "" : $", {RunText.Word(request.Priority)}";
        return $"{Who(request)} ({RunText.Duration(now - request.AskedAt)}{priority})";
    }
}

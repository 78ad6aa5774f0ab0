using System.Text;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>The server's default limits.</summary>
static class HistoryLimits
{
    /// <summary>What stays of a failure that is too large, less what surrounds its message.</summary>
    public const int CutFailureBytes = 512 * 1024 - 8;

    public const int FairnessKeyLength = 64;

    /// <summary>In bytes, of ids and names.</summary>
    public const int IdLength = 1000;
    public const int BlobBytes = 2 * 1024 * 1024;
    public const int SearchAttributeBytes = 2 * 1024;
    public const int SearchAttributesTotalBytes = 40 * 1024;
    public const int SearchAttributeKeys = 100;
    public const long Events = 51_200;
    public const long Bytes = 50L * 1024 * 1024;
    public const long SuggestAtEvents = 4 * 1024;
    public const long SuggestAtBytes = 4L * 1024 * 1024;
    public const int SuggestAtUpdates = 1800;
    public const int Updates = 2000;
    public const int UpdatesInFlight = 10;
    public const int UpdatesInFlightBytes = 20 * 1024 * 1024;
    public const int Pending = 2000;
    public const int BufferedEvents = 100;
    public const int BufferedBytes = 2 * 1024 * 1024;
    public const long Signals = 10_000;
    public static readonly TimeSpan TaskTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan TaskTimeoutMax = TimeSpan.FromSeconds(120);
    public static readonly TimeSpan TaskHeartbeatTimeout = TimeSpan.FromMinutes(30);

    public static int LengthOf(string id) => Encoding.UTF8.GetByteCount(id);

    public static bool IsTooLong(string id) => LengthOf(id) > IdLength;

    /// <summary>Why the run must end, or null. The size is that before the current changes, as on the real server.</summary>
    public static string? Exceeded(WorkflowRun run)
    {
        if (!run.IsOpen)
            return null;
        if (run.HistorySize > Bytes)
            return "Workflow history size exceeds limit.";
        return run.NextEventId - 1 > Events ? "Workflow history count exceeds limit." : null;
    }

    public static bool SuggestContinueAsNew(WorkflowRun run) => Reasons(run).Count > 0;

    public static List<SuggestContinueAsNewReason> Reasons(WorkflowRun run)
    {
        var reasons = new List<SuggestContinueAsNewReason>();
        if (run.HistorySize >= SuggestAtBytes)
            reasons.Add(SuggestContinueAsNewReason.HistorySizeTooLarge);
        if (run.NextEventId - 1 >= SuggestAtEvents)
            reasons.Add(SuggestContinueAsNewReason.TooManyHistoryEvents);
        if (run.UpdateEvents.Count >= SuggestAtUpdates)
            reasons.Add(SuggestContinueAsNewReason.TooManyUpdates);
        return reasons;
    }
}

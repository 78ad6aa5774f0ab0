using System.Globalization;

namespace Maintenance.Host.Reconcile;

/// <summary>The words for why a due time ran or did not; docs/ledger.md explains each.</summary>
static class LedgerCauses
{
    public const string Schedule = "schedule";
    public const string CatchUp = "catch-up";
    public const string Backfill = "backfill";
    public const string Excluded = "excluded";
    public const string Dst = "dst";
    public const string Overlap = "overlap";
    public const string Paused = "paused";
    public const string SkippedByOperator = "skip-next";
    public const string Replaced = "replaced";
    public const string StartBy = "start-by";
    public const string Lock = "lock";
    public const string RunDecided = "run-decided";
    public const string Edited = "edited";
    public const string Gone = "gone";
    public const string Down = "down";
    public const string NotStarted = "not-started";

    /// <summary>The id that a server gives to the run of a due time.</summary>
    public static string WorkflowId(string scheduleId, DateTimeOffset dueAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{scheduleId}-{dueAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
}

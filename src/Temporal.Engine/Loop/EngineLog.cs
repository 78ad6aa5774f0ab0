using Microsoft.Extensions.Logging;

namespace Temporal.Engine;

static partial class EngineLog
{
    [LoggerMessage(
        4001, LogLevel.Information,
        "Engine started on {DataDirectory} with SQLite {SqliteVersion}: {OpenWorkflows} open workflows loaded in {ElapsedMs} ms")]
    public static partial void Started(ILogger log, string dataDirectory, string sqliteVersion, int openWorkflows, long elapsedMs);

    [LoggerMessage(
        4002, LogLevel.Error,
        "The engine cannot write to {DataDirectory}: {Reason}. Nothing is acknowledged until it can: callers are told to retry, timers and "
            + "schedules wait. Make space there, or repair the disk; the engine tries again every second and needs no restart")]
    public static partial void CommitFailed(ILogger log, string dataDirectory, string reason, Exception exception);

    [LoggerMessage(4003, LogLevel.Error, "A request could not be applied and changed nothing")]
    public static partial void CommandFailed(ILogger log, Exception exception);

    [LoggerMessage(4004, LogLevel.Error, "A timer could not be applied and changed nothing; it is tried again in {RetryAfter}")]
    public static partial void TimerFailed(ILogger log, TimeSpan retryAfter, Exception exception);

    [LoggerMessage(4005, LogLevel.Debug, "Deleted {Count} closed workflows past their retention")]
    public static partial void RetentionDeleted(ILogger log, int count);

    [LoggerMessage(4006, LogLevel.Warning, "The engine can write to {DataDirectory} again, after {Outage}; what waited goes on")]
    public static partial void DiskRecovered(ILogger log, string dataDirectory, TimeSpan outage);

    [LoggerMessage(
        4007, LogLevel.Warning,
        "A commit took {ElapsedMs} ms: the disk of {DataDirectory} is slow or overloaded, and everything waits for it")]
    public static partial void DiskSlow(ILogger log, long elapsedMs, string dataDirectory);

    [LoggerMessage(4008, LogLevel.Critical, "The engine ends its process: {Reason}")]
    public static partial void Fatal(ILogger log, string reason, Exception exception);
}

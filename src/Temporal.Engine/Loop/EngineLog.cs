using Microsoft.Extensions.Logging;

namespace Temporal.Engine;

static partial class EngineLog
{
    [LoggerMessage(4001, LogLevel.Information, "Engine started on {DataDirectory} with SQLite {SqliteVersion}: {OpenWorkflows} open workflows loaded in {ElapsedMs} ms")]
    public static partial void Started(ILogger log, string dataDirectory, string sqliteVersion, int openWorkflows, long elapsedMs);

    [LoggerMessage(4002, LogLevel.Error, "A commit failed; its changes were taken back and its callers told to retry")]
    public static partial void CommitFailed(ILogger log, Exception exception);

    [LoggerMessage(4003, LogLevel.Error, "A request could not be applied and changed nothing")]
    public static partial void CommandFailed(ILogger log, Exception exception);

    [LoggerMessage(4004, LogLevel.Error, "A timer could not be applied and changed nothing; it is tried again in {RetryAfter}")]
    public static partial void TimerFailed(ILogger log, TimeSpan retryAfter, Exception exception);

    [LoggerMessage(4005, LogLevel.Debug, "Deleted {Count} closed workflows past their retention")]
    public static partial void RetentionDeleted(ILogger log, int count);
}

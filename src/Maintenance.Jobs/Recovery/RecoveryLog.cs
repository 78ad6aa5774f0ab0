using Microsoft.Extensions.Logging;

namespace Maintenance.Jobs.Recovery;

/// <summary>Events 3050-3099: attempts that an earlier worker, or an interrupted activity, left behind.</summary>
static partial class RecoveryLog
{
    [LoggerMessage(3050, LogLevel.Information, "Attempt {ActivityId} of run {RunId} was taken up and is reported by this worker")]
    public static partial void TakenUp(ILogger logger, string activityId, string runId);

    [LoggerMessage(
        3051, LogLevel.Information,
        "Attempt {ActivityId} belongs to run {RunId}, which is closed: what is left of it is ended and deleted")]
    public static partial void Contained(ILogger logger, string activityId, string runId);

    [LoggerMessage(3052, LogLevel.Debug, "The server could not be asked about attempt {ActivityId} of run {RunId}: {Reason}")]
    public static partial void ServerAway(ILogger logger, string activityId, string runId, string reason);

    [LoggerMessage(3054, LogLevel.Warning, "Attempt {ActivityId} of run {RunId} waits to be looked after: {Reason}")]
    public static partial void NoRoom(ILogger logger, string activityId, string runId, string reason);

    [LoggerMessage(3053, LogLevel.Error, "Attempt {ActivityId} of run {RunId} could not be taken up; its folder stays as it is")]
    public static partial void Failed(ILogger logger, string activityId, string runId, Exception exception);
}

using Microsoft.Extensions.Logging;

namespace Temporal.Engine.Schedules;

static partial class ScheduleLog
{
    [LoggerMessage(EventId = 4101, Message = "Schedule {ScheduleId} could not start {WorkflowId}; this due time is dropped: {Reason}")]
    public static partial void StartRefused(ILogger log, LogLevel level, string scheduleId, string workflowId, string reason);

    [LoggerMessage(4102, LogLevel.Information, "Schedule {ScheduleId} could not end the run before: {Reason}")]
    public static partial void RequestRefused(ILogger log, string scheduleId, string reason);

    [LoggerMessage(4103, LogLevel.Information, "Schedule {ScheduleId} had nothing left to do for a week and ended")]
    public static partial void Finished(ILogger log, string scheduleId);

    [LoggerMessage(
        4104, LogLevel.Error,
        "Schedule {ScheduleId} cannot be used, because its spec is invalid here: {Reason}. It stays as it is; update its spec to run it "
            + "again")]
    public static partial void Unusable(ILogger log, string scheduleId, string reason);
}

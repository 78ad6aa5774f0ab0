using Microsoft.Extensions.Logging;

namespace Maintenance.Jobs.Runs;

/// <summary>Events 2000-2099: runs of jobs.</summary>
static partial class RunLog
{
    [LoggerMessage(2001, LogLevel.Information, "Run {RunId} of {JobName} began on {HostName}")]
    public static partial void RunBegan(ILogger logger, string jobName, string runId, string hostName);

    [LoggerMessage(2002, LogLevel.Information, "Run {RunId} of {JobName} ended: {Status}")]
    public static partial void RunEnded(ILogger logger, string jobName, string runId, string status);

    [LoggerMessage(2003, LogLevel.Warning, "Run {RunId} of {JobName} ended: {Status}. {Reason}")]
    public static partial void RunEndedBadly(ILogger logger, string jobName, string runId, string status, string reason);

    [LoggerMessage(
        2004, LogLevel.Warning, "The record of run {RunId} could not be opened now; it will be written when the run ends. {Reason}")]
    public static partial void RecordNotOpened(ILogger logger, string runId, string reason);

    [LoggerMessage(2005, LogLevel.Debug, "The notice that step {StepName} waits for an approval was no longer needed")]
    public static partial void LogApprovalNoticeDropped(this ILogger logger, string stepName);

    [LoggerMessage(2022, LogLevel.Warning, "The answer of {Person} by signal was refused: {Reason}")]
    public static partial void LogAnswerRefused(this ILogger logger, string person, string reason);

    [LoggerMessage(
        2006, LogLevel.Warning,
        "The full output of {ActivityId} in run {RunId} could not be stored; its head and tail are in the record. {Reason}")]
    public static partial void OutputNotStored(ILogger logger, string activityId, string runId, string reason);

    [LoggerMessage(
        2021, LogLevel.Warning, "The audit record {AuditId} could not be written now; it will be when the run ends. {Reason}")]
    public static partial void LogNotAudited(this ILogger logger, string auditId, string reason);

    [LoggerMessage(2020, LogLevel.Warning, "The lock {LockName} could not be given back: {Reason}")]
    public static partial void LogLockNotReleased(this ILogger logger, string lockName, string reason);
}

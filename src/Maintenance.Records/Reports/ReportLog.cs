using Microsoft.Extensions.Logging;

namespace Maintenance.Records.Reports;

/// <summary>Events 5100-5199: delivery of reports and notifications.</summary>
static partial class ReportLog
{
    [LoggerMessage(5101, LogLevel.Warning, "{Target} does not take messages (failure {Failures}): {Reason}. They wait and are tried again")]
    public static partial void ReceiverAway(ILogger logger, string target, int failures, string reason);

    [LoggerMessage(5102, LogLevel.Information, "{Target} takes messages again after {Failures} failures")]
    public static partial void ReceiverBack(ILogger logger, string target, int failures);

    [LoggerMessage(5103, LogLevel.Error, "Message {MessageId} to {Target} about run {RunId} is given up: {Reason}")]
    public static partial void MessageGivenUp(ILogger logger, string messageId, string target, string runId, string reason);

    [LoggerMessage(5104, LogLevel.Warning, "The outbox for {Target} cannot be read: {Reason}")]
    public static partial void StoreAway(ILogger logger, string target, string reason);

    [LoggerMessage(5105, LogLevel.Error, "Delivering to {Target} failed unexpectedly and is tried again in {Wait}")]
    public static partial void TurnFailed(ILogger logger, string target, TimeSpan wait, Exception exception);
}

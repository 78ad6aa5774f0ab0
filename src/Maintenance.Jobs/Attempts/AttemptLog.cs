using Microsoft.Extensions.Logging;

namespace Maintenance.Jobs.Attempts;

/// <summary>Events 3000-3049: attempts of steps on this host.</summary>
static partial class AttemptLog
{
    [LoggerMessage(3001, LogLevel.Debug, "Attempt {Attempt} of step {StepName} of {JobName} started in run {RunId}, supervisor {Pid}")]
    public static partial void Started(ILogger logger, string jobName, string stepName, int attempt, string runId, int pid);

    [LoggerMessage(3002, LogLevel.Information, "Attempt {ActivityId} of run {RunId} is still running; attached to its supervisor {Pid}")]
    public static partial void Adopted(ILogger logger, string activityId, string runId, int pid);

    [LoggerMessage(
        3003, LogLevel.Warning,
        "Step {StepName} of {JobName} cannot start in run {RunId} (try {Times}): {Reason}. It starts by itself once it can")]
    public static partial void CannotStartYet(ILogger logger, string stepName, string jobName, string runId, int times, string reason);
}

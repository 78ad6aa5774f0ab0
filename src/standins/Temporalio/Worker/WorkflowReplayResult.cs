using Temporalio.Common;

namespace Temporalio.Worker;

/// <summary>How a replay went.</summary>
/// <param name="History">The history.</param>
/// <param name="ReplayFailure">What went wrong; null when the code fits the history.</param>
public record WorkflowReplayResult(WorkflowHistory History, Exception? ReplayFailure);

using Temporalio.Api.History.V1;
using Temporalio.Worker.Execution;

namespace Temporalio.Worker.Operations;

/// <summary>
/// Something that a workflow asked for: it produces commands, recognizes them in history, and turns later events into a result.
/// </summary>
abstract class Operation
{
    /// <summary>How the event that records a command differs from what the code asked for; null when it does not.</summary>
    public virtual string? Difference(HistoryEvent recorded) => null;

    /// <summary>A command of this operation is in history.</summary>
    public virtual void OnRecorded(HistoryEvent recorded)
    {
    }

    /// <summary>A later event refers to the one that recorded this operation.</summary>
    public virtual void OnEvent(HistoryEvent happened, ActivationJobs jobs)
    {
    }

    protected static string? Differ(string what, string inHistory, string inCode) =>
        inHistory == inCode ? null : $"{what} is '{inHistory}' in history and '{inCode}' in code";
}

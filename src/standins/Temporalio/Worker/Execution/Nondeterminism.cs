using Temporalio.Api.History.V1;
using Temporalio.Exceptions;

namespace Temporalio.Worker.Execution;

/// <summary>The errors about code that does not fit its history: which event, what it says, what the code did, why that may be.</summary>
static class Nondeterminism
{
    const string LikelyCause =
        "Likely cause: the workflow's code was changed while this run was open; put the change behind Workflow.Patched. Otherwise the code "
        + "uses something that is not the same on every replay: time, random numbers, tasks or data from outside of Workflow.";

    public static WorkflowNondeterminismException Different(HistoryEvent recorded, OutgoingCommand command, string difference) =>
        Error($"event {recorded.EventId} is {EventText.Describe(recorded)}, but the code's next command is {command}: {difference}.");

    public static WorkflowNondeterminismException NoCommand(HistoryEvent recorded) =>
        Error($"event {recorded.EventId} is {EventText.Describe(recorded)}, but the code produced no further command here.");

    public static WorkflowNondeterminismException NoEvent(OutgoingCommand command, long beforeEventId) =>
        Error($"the code produced the command {command}, but no event before event {beforeEventId} records it.");

    public static WorkflowNondeterminismException Unknown(HistoryEvent happened, long refersTo) =>
        Error($"event {happened.EventId} is {EventText.Describe(happened)} about event {refersTo}, but the code asked for nothing there.");

    static WorkflowNondeterminismException Error(string what) => new($"[TMPRL1100] Nondeterminism error: {what} {LikelyCause}");
}

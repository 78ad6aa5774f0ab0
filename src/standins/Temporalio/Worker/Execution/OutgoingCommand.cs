using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Worker.Operations;

namespace Temporalio.Worker.Execution;

/// <summary>A command that workflow code produced, until history has the event that records it.</summary>
/// <param name="Owner">The operation it belongs to.</param>
/// <param name="Proto">The command as sent.</param>
/// <param name="Event">The event that records it.</param>
/// <param name="Subject">What it is about, for error messages.</param>
sealed record OutgoingCommand(Operation Owner, Command Proto, EventType Event, string Subject)
{
    /// <summary>Whether a workflow task completed with it. Before, it can be withdrawn without a trace.</summary>
    public bool IsSent { get; set; }

    /// <summary>Whether a history without its event is as good: patches and what comes with them.</summary>
    public bool MayBeAbsent { get; init; }

    public override string ToString() => $"{Proto.CommandType} ({Subject})";
}

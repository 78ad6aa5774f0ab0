using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>What a run takes over from those that it continues: stages done, signals used up, and all that they have seen.</summary>
sealed record Carried(int Stages, int Consumed, IReadOnlyList<string> Seen)
{
    public static Carried Of(WorkflowExecutionStartedEventAttributes started) =>
        started.Input is { } input ? JsonSerializer.Deserialize<Carried>(input.Payloads_[0].Data.Span)! : new(0, 0, []);

    public Payloads ToInput() => new() { Payloads_ = { new Payload { Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(this)) } } };
}

/// <summary>A workflow as its code knows it: from its events, and from what it has just answered to updates.</summary>
sealed class WorkflowState
{
    readonly List<string> _completed;
    readonly HashSet<string> _accepted;

    public WorkflowState(IReadOnlyList<HistoryEvent> events)
    {
        Events = events;
        var started = events[0].WorkflowExecutionStartedEventAttributes;
        (WorkflowId, Plan, Before) = (started.WorkflowId, started.WorkflowType.Name, Carried.Of(started));
        var signals = events.Select(one => one.WorkflowExecutionSignaledEventAttributes?.SignalName).OfType<string>();
        Signals = [.. Before.Seen.Where(one => one.StartsWith("signal", StringComparison.Ordinal)), .. signals];
        _accepted = [.. events.Select(one => one.WorkflowExecutionUpdateAcceptedEventAttributes?.ProtocolInstanceId).OfType<string>()];
        _completed = [.. events.Select(one => one.WorkflowExecutionUpdateCompletedEventAttributes?.Meta.UpdateId).OfType<string>()];
    }

    public IReadOnlyList<HistoryEvent> Events { get; }

    public string WorkflowId { get; }

    public string Plan { get; }

    public Carried Before { get; }

    /// <summary>All signals of the chain of runs, in order.</summary>
    public IReadOnlyList<string> Signals { get; }

    /// <summary>Signals and accepted updates of the chain of runs: what a query answers. After a reset an update is done once more.</summary>
    public IEnumerable<string> Seen => Before.Seen.Concat(Signals).Concat(_accepted).Distinct();

    /// <summary>Updates that are accepted and not completed.</summary>
    public IEnumerable<string> Open => _accepted.Except(_completed);

    public bool IsUpdating => Open.Any();

    public bool HasAccepted(string update) => _accepted.Contains(update);

    public void Accept(string update) => _accepted.Add(update);

    public void Complete(string update) => _completed.Add(update);
}

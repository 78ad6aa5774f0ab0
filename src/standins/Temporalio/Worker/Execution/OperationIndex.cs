using Temporalio.Worker.Operations;

namespace Temporalio.Worker.Execution;

/// <summary>The open operations of a run by the event that recorded them.</summary>
sealed class OperationIndex
{
    readonly Dictionary<long, Operation> _byEvent = [];

    public int Count => _byEvent.Count;

    public void Add(long eventId, Operation operation) => _byEvent.Add(eventId, operation);

    public void Remove(long eventId) => _byEvent.Remove(eventId);

    public Operation? Find(long eventId) => _byEvent.GetValueOrDefault(eventId);
}

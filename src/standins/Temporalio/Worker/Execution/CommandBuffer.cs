using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Operations;

namespace Temporalio.Worker.Execution;

/// <summary>
/// The commands of a run in the order its code produced them. On the way out they fill the reply to a workflow task; on replay the
/// events of the history are held against them one by one. Any difference means that the code is not the code that made the history.
/// </summary>
sealed class CommandBuffer
{
    readonly LinkedList<OutgoingCommand> _queue = new();
    OutgoingCommand? _ending;
    bool _skipsPatchUpsert;

    public bool HasEnding => _ending is not null;

    /// <summary>The command that ends the run, once there is one.</summary>
    public OutgoingCommand? Ending => _ending;

    public OutgoingCommand Add(OutgoingCommand command)
    {
        _queue.AddLast(command);
        return command;
    }

    public void Withdraw(OutgoingCommand command) => _queue.Remove(command);

    /// <summary>Ends the run. It goes out after all other commands of the task; a second ending is dropped.</summary>
    public void End(OutgoingCommand command) => _ending ??= command;

    /// <summary>Commands that no workflow task has sent yet, with the ending last.</summary>
    public IEnumerable<OutgoingCommand> Unsent()
    {
        foreach (var command in _queue)
        {
            if (!command.IsSent)
                yield return command;
        }

        if (_ending is { IsSent: false } ending)
            yield return ending;
    }

    /// <summary>A workflow task completed: what it produced can no longer be withdrawn.</summary>
    public void MarkSent()
    {
        if (_ending is { IsSent: false } ending)
            _queue.AddLast(ending);
        for (var node = _queue.Last; node is { Value.IsSent: false }; node = node.Previous)
            node.Value.IsSent = true;
    }

    /// <summary>Takes the command that this event records.</summary>
    public void Take(HistoryEvent recorded)
    {
        if (SkipsDeprecatedPatch(recorded))
            return;

        while (_queue.First is { Value.IsSent: true } first)
        {
            var command = first.Value;
            var difference = command.Event == recorded.EventType ? command.Owner.Difference(recorded) : "another kind of command";
            if (difference is not null && !command.MayBeAbsent)
                throw Nondeterminism.Different(recorded, command, difference);

            _queue.RemoveFirst();
            if (difference is not null)
                continue;

            command.Owner.OnRecorded(recorded);
            return;
        }

        throw Nondeterminism.NoCommand(recorded);
    }

    /// <summary>Before a task begins, history has recorded everything that the tasks before it sent.</summary>
    public void RequireAllRecorded(long beforeEventId)
    {
        while (_queue.First is { Value: { IsSent: true } command })
        {
            if (!command.MayBeAbsent)
                throw Nondeterminism.NoEvent(command, beforeEventId);
            _queue.RemoveFirst();
        }
    }

    // A deprecated patch may be removed from the code before the last history with its marker is gone.
    bool SkipsDeprecatedPatch(HistoryEvent recorded)
    {
        if (recorded.EventType == EventType.UpsertWorkflowSearchAttributes && _skipsPatchUpsert
            && PatchMarker.IsChangeVersionUpsert(recorded))
        {
            _skipsPatchUpsert = false;
            return true;
        }

        _skipsPatchUpsert = false;
        if (PatchMarker.Read(recorded) is not { Deprecated: true })
            return false;
        if (_queue.First is { Value: { IsSent: true, Event: EventType.MarkerRecorded } first } && first.Owner.Difference(recorded) is null)
            return false;

        _skipsPatchUpsert = true;
        return true;
    }
}

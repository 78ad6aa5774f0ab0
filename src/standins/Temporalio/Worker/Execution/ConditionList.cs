namespace Temporalio.Worker.Execution;

/// <summary>What workflow code waits for by condition, in the order it began to wait.</summary>
sealed class ConditionList
{
    readonly LinkedList<(Func<bool> Check, TaskCompletionSource Met)> _waiting = new();

    public int Count => _waiting.Count;

    /// <summary>Waits until the condition is true. It is not asked before the workflow has run as far as it can.</summary>
    public Task Wait(Func<bool> check, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);

        var met = new TaskCompletionSource();
        var node = _waiting.AddLast((check, met));
        if (!cancellationToken.CanBeCanceled)
            return met.Task;

        var registration = cancellationToken.Register(() =>
        {
            if (met.TrySetCanceled(cancellationToken))
                Remove(node);
        });
        return Finish(met.Task, registration);

        static async Task Finish(Task task, CancellationTokenRegistration registration)
        {
            try
            {
                await task;
            }
            finally
            {
                registration.Dispose();
            }
        }
    }

    /// <summary>Ends the wait of the first condition that is true. Only one, because whoever wakes may make the next one false.</summary>
    public bool MeetFirst()
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (!node.Value.Check())
                continue;

            Remove(node);
            node.Value.Met.TrySetResult();
            return true;
        }

        return false;
    }

    void Remove(LinkedListNode<(Func<bool> Check, TaskCompletionSource Met)> node)
    {
        if (node.List is not null)
            _waiting.Remove(node);
    }
}

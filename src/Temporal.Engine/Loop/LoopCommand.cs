using Temporal.Protocol;

namespace Temporal.Engine;

/// <summary>One request on its way through the loop. It may be executed twice, its outcome is released once.</summary>
abstract class LoopCommand
{
    /// <summary>Set when the command ends with a failure instead of a value.</summary>
    public Exception? Outcome { get; set; }

    public abstract void Execute(EngineTransaction tx);

    public abstract void Release();

    public abstract void Fail(Exception failure);
}

sealed class LoopCommand<T>(Func<EngineTransaction, T> work) : LoopCommand
{
    // Continuations never run on the loop's thread.
    readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T? _value;

    public Task<T> Task => _done.Task;

    public override void Execute(EngineTransaction tx)
    {
        Outcome = null;
        _value = work(tx);
    }

    public override void Release()
    {
        if (Outcome is { } failure)
            _done.TrySetException(failure);
        else
            // Execute has run: Release is only called after it.
            _done.TrySetResult(_value!);
    }

    public override void Fail(Exception failure) => _done.TrySetException(failure);
}

/// <summary>Thrown by a command that answers with a failure although its changes are kept.</summary>
sealed class CommittedFailure(RpcFailure failure) : Exception(failure.Message)
{
    public RpcFailure Failure { get; } = failure;
}

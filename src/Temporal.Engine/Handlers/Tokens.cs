using Google.Protobuf;
using Temporal.Engine.Stored;
using Temporal.Protocol;

namespace Temporal.Engine;

/// <summary>Reads what a worker sends back about its task.</summary>
static class Tokens
{
    /// <summary>The token of a task of this namespace. One of another namespace is refused.</summary>
    public static TaskToken ReadTask(NamespaceEntry ns, ByteString bytes)
    {
        if (bytes.IsEmpty)
            throw Refuse.Invalid("Task token not set on request.");
        TaskToken token;
        try
        {
            token = TaskToken.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            throw Refuse.Invalid("Error deserializing task token.");
        }

        if (token.NamespaceId.Length == 0 || token.RunId.Length == 0)
            throw Refuse.Invalid("Error deserializing task token.");
        return token.NamespaceId == ns.Id ? token : throw Refuse.Invalid("Operation requested with a token from a different namespace.");
    }

    public static HistoryToken? ReadHistory(ByteString bytes)
    {
        if (bytes.IsEmpty)
            return null;
        try
        {
            var token = HistoryToken.Parser.ParseFrom(bytes);
            return token.RunKey == 0 ? throw Refuse.Invalid("Invalid NextPageToken.") : token;
        }
        catch (InvalidProtocolBufferException)
        {
            throw Refuse.Invalid("Invalid NextPageToken.");
        }
    }
}

/// <summary>How long calls may wait.</summary>
static class Waits
{
    static readonly TimeSpan PollAtMost = TimeSpan.FromSeconds(60);

    // So that the empty answer arrives before the caller's deadline.
    static readonly TimeSpan PollMargin = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(2);
    static readonly TimeSpan AnyCall = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);

    /// <summary>When a task poll gives up. A poll must have a deadline, or its connection could be dead for ever.</summary>
    public static DateTime ForPoll(RpcServerCall call, TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (call.Deadline is not { } deadline)
            throw Refuse.Invalid("Context timeout is not set.");
        var left = deadline.UtcDateTime - now;
        if (left <= ShortestPoll)
            throw Refuse.Precondition("Context timeout is too short.");
        return now + (left - PollMargin < PollAtMost ? left - PollMargin : PollAtMost);
    }

    /// <summary>When a call ends at the latest, whatever it waits for.</summary>
    public static DateTime LatestOf(RpcServerCall call, DateTime now) =>
        call.Deadline is { } deadline && deadline.UtcDateTime < now + AnyCall ? deadline.UtcDateTime : now + AnyCall;

    /// <summary>How long a call that waits for something in a workflow may take.</summary>
    public static TimeSpan ForLongPoll(RpcServerCall call, TimeProvider time)
    {
        if (call.Deadline is not { } deadline)
            return LongPoll;
        var left = deadline - time.GetUtcNow() - PollMargin;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < LongPoll ? left : LongPoll;
    }

    /// <summary>
    /// False when the time was over first. Ends with the task's own failure, if it has one. The task may complete its waiters on the
    /// loop's thread: what follows the wait runs elsewhere, and on the caller's context where it has one, so that a simulation
    /// keeps all of it on its one thread.
    /// </summary>
    public static async Task<bool> For(Task task, TimeSpan atMost, TimeProvider time, CancellationToken cancelled)
    {
        if (task.IsCompleted)
            return true;
        await task.WaitAsync(atMost, time, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Task.Yield();
        return task.IsCompleted;
    }
}

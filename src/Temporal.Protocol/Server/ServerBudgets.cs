namespace Temporal.Protocol;

/// <summary>What all connections of a server together may hold in memory, so that no number of slow clients takes it all.</summary>
sealed class ServerBudgets(RpcServerOptions options)
{
    /// <summary>Smaller messages fit in the buffers that the number of calls bounds.</summary>
    const int SmallMessage = 4 * 1024;

    readonly Budget _calls = new("calls", options.CallsMax);
    readonly Budget _requests = new("bytes of requests", options.RequestBytesUnderWayMax);
    readonly Budget _answers = new("bytes of answers", options.AnswerBytesUnderWayMax);

    public Budget.Lease Call() => _calls.Take(1);

    public Budget.Lease Request(long bytes) => bytes <= SmallMessage ? default : _requests.Take(bytes);

    public Budget.Lease Answer(long bytes) => bytes <= SmallMessage ? default : _answers.Take(bytes);
}

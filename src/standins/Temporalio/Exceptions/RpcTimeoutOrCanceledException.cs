namespace Temporalio.Exceptions;

/// <summary>A call to the server was cancelled or took too long.</summary>
public class RpcTimeoutOrCanceledException : TemporalException
{
    public RpcTimeoutOrCanceledException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

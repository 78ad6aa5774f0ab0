using Temporalio.Exceptions;

namespace Temporalio.Client;

/// <summary>What the client's calls have in common.</summary>
static class ClientCalls
{
    /// <summary>A call that waits for an update; giving up has its own exception, as the update goes on.</summary>
    public static async Task<T> WaitingForUpdateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (IsTimeoutOrCancel(error))
        {
            throw new WorkflowUpdateRpcTimeoutOrCanceledException(error);
        }
    }

    public static bool IsTimeoutOrCancel(Exception error) => error
        is OperationCanceledException
        or RpcException { Code: RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled };
}

using Temporalio.Exceptions;

namespace Maintenance.Host.Cli;

/// <summary>What the server's refusals mean for the person at the terminal.</summary>
static class WorkflowCalls
{
    public static async Task<T> RunAsync<T>(string run, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (WorkflowUpdateFailedException ex)
        {
            throw new CommandFailure(ExitCode.Failed, $"run {run} refused: {(ex.InnerException ?? ex).Message}");
        }
        catch (WorkflowAlreadyStartedException ex)
        {
            throw new CommandFailure(
                ExitCode.Busy, $"a run with the workflow id {ex.WorkflowId} is open; `maintenance show {ex.WorkflowId}` tells about it.");
        }
        catch (RpcException ex) when (ex.Code == RpcException.StatusCode.NotFound)
        {
            throw new CommandFailure(ExitCode.NotFound, $"there is no open run '{run}' ({ex.Message}); `maintenance runs` lists them.");
        }
        catch (RpcException ex)
        {
            throw new CommandFailure(ExitCode.Unavailable, $"the server did not do it: {ex.Message}");
        }
    }

    public static async Task<T> OfLockAsync<T>(string name, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (WorkflowUpdateFailedException ex)
        {
            throw new CommandFailure(ExitCode.Failed, (ex.InnerException ?? ex).Message);
        }
        catch (RpcException ex) when (ex.Code == RpcException.StatusCode.NotFound)
        {
            throw new CommandFailure(
                ExitCode.NotFound, $"no run has ever asked for a lock '{name}' here; `maintenance locks --all` lists them.");
        }
        catch (RpcException ex)
        {
            throw new CommandFailure(ExitCode.Unavailable, $"the server did not answer about the lock {name}: {ex.Message}");
        }
    }

    public static Task RunAsync(string run, Func<Task> call) =>
        RunAsync(run, async () =>
        {
            await call();
            return 0;
        });
}

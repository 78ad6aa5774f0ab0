using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Cli;

/// <summary>The runs that go on now, oldest first, each with what it does.</summary>
static class RunsUnderWay
{
    /// <summary>More than a person reads at a glance; each is asked what it does.</summary>
    const int Most = 20;

    /// <param name="IsStuck">Something is tried in vain.</param>
    public sealed record Line(RunRecord Run, string Text, bool IsStuck);

    public static async Task<(IReadOnlyList<Line> Lines, bool AreMore)> ListAsync(
        IRunStore store, TemporalClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await store.ListRunsAsync(new() { Status = RunStatus.Running, Limit = Most }, cancellationToken);
        var lines = await Task.WhenAll(
            page.Runs.Reverse().Select(run => LineAsync(client, run, now, cancellationToken)));
        return (lines, page.Next is not null);
    }

    static async Task<Line> LineAsync(TemporalClient client, RunRecord run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (text, isStuck) = await TextAsync(client, run, now, cancellationToken);
        return new(
            run, $"{(isStuck ? '!' : '>')} {run.Job} {RunText.ShortId(run.RunId)}, for {RunText.Duration(now - run.StartedAt)}: {text}", isStuck);
    }

    static async Task<(string Text, bool IsStuck)> TextAsync(
        TemporalClient client, RunRecord run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var asked = await RunNow.AskAsync(client.GetWorkflowHandle(run.WorkflowId), cancellationToken);
            var wait = RunNowText.Wait(asked, now) ?? asked.Silence ?? "between two steps";
            return (string.Join("; ", [wait, .. asked.Troubles]), asked.Status is null || asked.Troubles.Count > 0);
        }
        catch (RpcException ex) when (ex.Code == RpcException.StatusCode.NotFound)
        {
            return ("the server no longer knows its workflow, so that how it ended cannot be told", true);
        }
        catch (RpcException ex)
        {
            return ($"the server does not say what it does: {ex.Message}", true);
        }
    }
}

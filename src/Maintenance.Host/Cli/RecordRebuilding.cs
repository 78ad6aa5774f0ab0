using System.Text.Json;
using Maintenance.Jobs;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Maintenance.Host.Cli;

enum RowWas
{
    Same,
    Missing,

    /// <summary>It could not be read.</summary>
    Damaged,
    Different,
}

/// <summary>A run whose record was written from its history, and what the record was before.</summary>
sealed record RebuiltRun(RunRecord Run, RowWas Was);

/// <summary>
/// Writes records again from what the server knows. Messages are not written: those of a finished run were written with its first record,
/// and a second one would tell people twice.
/// </summary>
sealed class RecordRebuilding(ITemporalClient client, IRunStore store)
{
    /// <exception cref="CommandFailure">The server does not have the run.</exception>
    public async Task<RebuiltRun> RebuildAsync(string name, CancellationToken cancellationToken)
    {
        var handle = await FindAsync(name, cancellationToken);
        return await WorkflowCalls.RunAsync(name, () => RebuildAsync(handle, cancellationToken))
            ?? throw new CommandFailure(ExitCode.NotFound, $"'{name}' is a workflow, and no run of a job that began.");
    }

    /// <summary>All runs of one installation; the ones of others on the same server are left alone.</summary>
    public async Task<IReadOnlyList<RebuiltRun>> RebuildAllAsync(string installation, CancellationToken cancellationToken)
    {
        var rebuilt = new List<RebuiltRun>();
        await foreach (var execution in client.ListWorkflowsAsync($"TaskQueue = '{TaskQueues.Control}'")
            .WithCancellation(cancellationToken))
        {
            if (execution.WorkflowType.StartsWith("maintenance.", StringComparison.Ordinal) || !await IsOursAsync(execution, installation))
                continue;
            if (await RebuildAsync(client.GetWorkflowHandle(execution.Id, execution.RunId), cancellationToken) is { } one)
                rebuilt.Add(one);
        }

        return rebuilt;
    }

    async Task<RebuiltRun?> RebuildAsync(WorkflowHandle handle, CancellationToken cancellationToken)
    {
        var history = await handle.FetchHistoryAsync();
        if (await RunHistory.ReadAsync([.. history.Events], client.Options.DataConverter) is not { } run)
            return null;

        var (before, damaged) = await ReadRowAsync(run.RunId, cancellationToken);
        if (run.FinishedAt is null)
            await store.OpenRunAsync(run, cancellationToken);
        else
            await store.FinishRunAsync(run, [], cancellationToken);
        var after = await store.GetRunAsync(run.RunId, cancellationToken);
        var was = damaged ? RowWas.Damaged
            : before is null ? RowWas.Missing
            : Text(before) == Text(after) ? RowWas.Same : RowWas.Different;
        return new(run, was);
    }

    /// <summary>A row with a word or a JSON text that this program does not understand is as good as none.</summary>
    async Task<(RunRecord? Row, bool Damaged)> ReadRowAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.GetRunAsync(runId, cancellationToken), false);
        }
        catch (Exception ex) when (ex is InvalidDataException or JsonException)
        {
            return (null, true);
        }
    }

    async Task<WorkflowHandle> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(name, out _))
            return await ByRunIdAsync(name) ?? throw new CommandFailure(
                ExitCode.NotFound, $"the server has no run {name} any more; what its namespace's retention lets go cannot be rebuilt.");

        try
        {
            if ((await store.FindRunAsync(name, cancellationToken)).Run is { } known)
                return await ByRunIdAsync(known.RunId) ?? client.GetWorkflowHandle(known.WorkflowId);
        }
        catch (Exception ex) when (ex is InvalidDataException or JsonException)
        {
            throw new CommandFailure(ExitCode.NotFound, $"the record of '{name}' cannot be read ({ex.Message}); write the whole run id.");
        }

        return client.GetWorkflowHandle(name);
    }

    async Task<WorkflowHandle?> ByRunIdAsync(string runId)
    {
        try
        {
            await foreach (var execution in client.ListWorkflowsAsync($"RunId = '{runId}'"))
                return client.GetWorkflowHandle(execution.Id, execution.RunId);
            return null;
        }
        catch (RpcException ex)
        {
            throw new CommandFailure(ExitCode.Unavailable, $"the server did not look for run {runId}: {ex.Message}");
        }
    }

    static async Task<bool> IsOursAsync(WorkflowExecution execution, string installation) =>
        !execution.Memo.TryGetValue(Maintenance.Schedules.RunMemo.Installation, out var owner)
        || await owner.ToValueAsync<string>() == installation;

    static string Text(RunRecord? run) => JsonSerializer.Serialize(run);
}

using System.Runtime.CompilerServices;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Worker.Execution;
using Temporalio.Worker.History;
using Temporalio.Worker.Invocation;

namespace Temporalio.Worker;

/// <summary>Runs workflow code against recorded histories and says whether it still fits them.</summary>
public class WorkflowReplayer
{
    readonly WorkflowSettings _settings;

    /// <summary>A replayer for these workflows.</summary>
    public WorkflowReplayer(WorkflowReplayerOptions options)
    {
        Options = options;
        if (options.Workflows.Count == 0)
            throw new ArgumentException(
                "A replayer needs at least one workflow; add it with WorkflowReplayerOptions.AddWorkflow.", nameof(options));

        _settings = new()
        {
            Namespace = options.Namespace,
            TaskQueue = options.TaskQueue,
            DataConverter = options.DataConverter,
            LoggerFactory = options.LoggerFactory,
            Definitions = [.. options.Workflows],
            Interceptors = options.Interceptors ?? [],
            FailureExceptionTypes = options.WorkflowFailureExceptionTypes ?? [],
            RefusesForeignTasks = !options.DisableWorkflowTracingEventListener,
            OnTaskStarting = (info, definition) => options.OnTaskStarting(this, info, definition),
            OnTaskCompleted = (info, definition, problem) => options.OnTaskCompleted(this, info, definition, problem),
        };
    }

    /// <summary>The options.</summary>
    public WorkflowReplayerOptions Options { get; }

    /// <summary>Replays one history.</summary>
    /// <exception cref="WorkflowNondeterminismException">The code does not fit it, and <paramref name="throwOnReplayFailure"/> is
    /// set.</exception>
    public async Task<WorkflowReplayResult> ReplayWorkflowAsync(
        WorkflowHistory history, bool throwOnReplayFailure = true, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await ReplayAsync(history);
            return new(history, null);
        }
        catch (Exception problem) when (!throwOnReplayFailure)
        {
            return new(history, problem);
        }
    }

    /// <summary>Replays histories one after the other.</summary>
    public async Task<IEnumerable<WorkflowReplayResult>> ReplayWorkflowsAsync(
        IEnumerable<WorkflowHistory> histories, bool throwOnReplayFailure = false, CancellationToken cancellationToken = default)
    {
        var results = new List<WorkflowReplayResult>();
        foreach (var history in histories)
            results.Add(await ReplayWorkflowAsync(history, throwOnReplayFailure, cancellationToken));
        return results;
    }

    /// <summary>Replays histories as they come.</summary>
    public async IAsyncEnumerable<WorkflowReplayResult> ReplayWorkflowsAsync(
        IAsyncEnumerable<WorkflowHistory> histories,
        bool throwOnReplayFailure = false,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var history in histories.WithCancellation(cancellationToken))
            yield return await ReplayWorkflowAsync(history, throwOnReplayFailure, cancellationToken);
    }

    async Task ReplayAsync(WorkflowHistory history)
    {
        var events = history.Events.Select(e => e.Clone()).ToList();
        if (events is not [{ WorkflowExecutionStartedEventAttributes: { } start }, ..])
            throw new ArgumentException($"History '{history.Id}' does not begin with WorkflowExecutionStarted.", nameof(history));

        if (_settings.DataConverter.PayloadCodec is { } codec)
            await PayloadWalker.DecodeAsync(codec, events);
        var workflowId = start.WorkflowId.Length > 0 ? start.WorkflowId : history.Id;
        var run = new WorkflowRun(_settings, new() { WorkflowId = workflowId, RunId = start.OriginalExecutionRunId });
        await Task.Run(() => run.Replay(events));
    }
}

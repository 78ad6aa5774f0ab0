using Microsoft.Extensions.Logging;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Execution;

namespace Temporalio.Workflows;

/// <summary>
/// What workflow code may use. Everything here is the same on every replay of a run; code that takes time, randomness, tasks or
/// input from elsewhere is not. Members throw outside of a workflow; queries and validators may only read.
/// </summary>
public static partial class Workflow
{
    /// <summary>Whether this code runs in a workflow.</summary>
    public static bool InWorkflow => WorkflowInstance.CurrentOrNull is not null;

    /// <summary>What is fixed about this run.</summary>
    public static WorkflowInfo Info => Context.Info;

    /// <summary>The workflow object.</summary>
    public static object Instance => Context.Instance;

    /// <summary>Time of the current workflow task; stands still between two of them.</summary>
    public static DateTime UtcNow => Context.UtcNow;

    /// <summary>A generator with the run's own seed.</summary>
    public static DeterministicRandom Random => Context.Writable().Random;

    /// <summary>Cancelled when the workflow is asked to stop.</summary>
    public static CancellationToken CancellationToken => Context.CancellationToken;

    /// <summary>A logger that says nothing during replay.</summary>
    public static ILogger Logger => Context.Logger;

    /// <summary>Converts values as the worker does, without the codec.</summary>
    public static IPayloadConverter PayloadConverter => Context.PayloadConverter;

    /// <summary>Memo, with the changes this run made.</summary>
    public static IReadOnlyDictionary<string, IRawValue> Memo => Context.Metadata.Memo;

    /// <summary>Search attributes, with the changes this run made.</summary>
    public static SearchAttributeCollection TypedSearchAttributes => Context.Metadata.SearchAttributes;

    /// <summary>Text for user interfaces about what the workflow does now, in Markdown.</summary>
    public static string CurrentDetails
    {
        get => Context.CurrentDetails;
        set => Context.CurrentDetails = value;
    }

    /// <summary>Whether the server suggests to continue as new.</summary>
    public static bool ContinueAsNewSuggested => Context.Task.ContinueAsNewSuggested;

    /// <summary>Why it does.</summary>
    public static IReadOnlyCollection<SuggestContinueAsNewReason> SuggestedContinueAsNewReasons => Context.Task.ContinueAsNewReasons;

    /// <summary>Events in the history up to the current task.</summary>
    public static int CurrentHistoryLength => Context.Task.HistoryLength;

    /// <summary>Bytes of the history up to the current task.</summary>
    public static int CurrentHistorySize => Context.Task.HistorySize;

    /// <summary>Whether the deployment version that new runs go to is another than this run's.</summary>
    public static bool TargetWorkerDeploymentVersionChanged => Context.Task.TargetDeploymentVersionChanged;

    /// <summary>Build id of the worker that runs, or on replay ran, the current task.</summary>
    public static string CurrentBuildId => Context.Task.DeploymentVersion?.BuildId ?? string.Empty;

    /// <summary>Deployment version of the worker that runs, or on replay ran, the current task.</summary>
    public static WorkerDeploymentVersion? CurrentDeploymentVersion => Context.Task.DeploymentVersion;

    static WorkflowInstance Context => WorkflowInstance.Current;

    /// <summary>A random id that is the same on every replay.</summary>
    public static Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Context.Writable().Random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }

    /// <summary>
    /// Whether this run has the changed code of this name: true for runs that began with it, false when replaying a history from before.
    /// </summary>
    public static bool Patched(string patchId) => Context.Patches.Ask(patchId, deprecated: false);

    /// <summary>Says that no run without the change is left, so that the old code could be removed.</summary>
    public static void DeprecatePatch(string patchId) => Context.Patches.Ask(patchId, deprecated: true);

    /// <summary>Changes memo fields.</summary>
    public static void UpsertMemo(params MemoUpdate[] updates) => Context.Metadata.Upsert(updates);

    /// <summary>Changes search attributes.</summary>
    public static void UpsertTypedSearchAttributes(params SearchAttributeUpdate[] updates) => Context.Metadata.Upsert(updates);

    /// <summary>What only tools and loggers should look at.</summary>
    public static class Unsafe
    {
        /// <summary>Whether the code runs again for a task that was completed before, or answers a query.</summary>
        public static bool IsReplaying => Context.IsReplaying;

        /// <summary>
        /// Whether the code runs again for a task that was completed before; false for queries and validators on live runs.
        /// </summary>
        public static bool IsReplayingHistoryEvents => Context.IsReplayingHistoryEvents;

        /// <summary>Runs a function without the checks for foreign tasks.</summary>
        public static void WithTracingEventListenerDisabled(Action fn) => fn();

        /// <summary>Runs a function without the checks for foreign tasks.</summary>
        /// <typeparam name="T">Type of the result.</typeparam>
        public static T WithTracingEventListenerDisabled<T>(Func<T> fn) => fn();
    }
}

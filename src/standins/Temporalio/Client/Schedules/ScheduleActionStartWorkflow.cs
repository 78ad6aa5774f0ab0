using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Common;
using Temporalio.Converters;
using Priority = Temporalio.Common.Priority;
using RetryPolicy = Temporalio.Common.RetryPolicy;

namespace Temporalio.Client.Schedules;

/// <summary>Starts a workflow.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Args">
/// Its arguments. In a described schedule each is an <see cref="IEncodedRawValue"/>, and so are memo values; given back in
/// an update they stay as they are.
/// </param>
/// <param name="Options">
/// Id and task queue are required; the due time is appended to the id. Id policies, cron, start signal and RPC options
/// cannot be set.
/// </param>
/// <param name="Headers">Sent with each start.</param>
public partial record ScheduleActionStartWorkflow(
    string Workflow,
    IReadOnlyCollection<object?> Args,
    WorkflowOptions Options,
    IReadOnlyDictionary<string, IEncodedRawValue>? Headers = null) : ScheduleAction
{
    public static ScheduleActionStartWorkflow Create(
        string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options) => new(workflow, args, options);

    internal static ScheduleActionStartWorkflow FromProto(
        NewWorkflowExecutionInfo proto, DataConverter converter, string ns)
    {
        var own = converter.WithSerializationContext(new ISerializationContext.Workflow(ns, proto.WorkflowId));
        return new(
            proto.WorkflowType?.Name ?? string.Empty,
            [.. (proto.Input?.Payloads_ ?? []).Select(payload => new EncodedRawValue(own, payload))],
            OptionsFrom(proto, own),
            proto.Header is null or { Fields.Count: 0 }
                ? null
                : proto.Header.Fields.ToDictionary(
                    field => field.Key, field => (IEncodedRawValue)new EncodedRawValue(own, field.Value)));
    }

    internal override async Task<Api.Schedule.V1.ScheduleAction> ToProtoAsync(DataConverter converter, string ns)
    {
        var id = Options.Id ?? throw new ArgumentException("WorkflowOptions.Id is not set; a scheduled workflow needs it.");
        var queue = Options.TaskQueue
            ?? throw new ArgumentException("WorkflowOptions.TaskQueue is not set; a scheduled workflow needs it.");
        RequireSchedulable(Options);

        var own = converter.WithSerializationContext(new ISerializationContext.Workflow(ns, id));
        var start = new NewWorkflowExecutionInfo
        {
            WorkflowId = id,
            WorkflowType = new() { Name = Workflow },
            TaskQueue = new() { Name = queue },
            Input = await InputAsync(own),
            WorkflowExecutionTimeout = ToDuration(Options.ExecutionTimeout),
            WorkflowRunTimeout = ToDuration(Options.RunTimeout),
            WorkflowTaskTimeout = ToDuration(Options.TaskTimeout),
            RetryPolicy = Options.RetryPolicy?.ToProto(),
            Memo = await MemoValues.WriteAsync(Options.Memo, own),
            SearchAttributes = Options.TypedSearchAttributes is { Count: > 0 } attributes ? attributes.ToProto() : null,
            Header = HeaderProto(),
            UserMetadata = await ServerCalls.UserMetadataAsync(own, Options.StaticSummary, Options.StaticDetails),
            VersioningOverride = Options.VersioningOverride?.ToProto(),
            Priority = Options.Priority?.ToProto(),
        };
        return new() { StartWorkflow = start };
    }

    static WorkflowOptions OptionsFrom(NewWorkflowExecutionInfo proto, DataConverter converter) =>
        new(proto.WorkflowId, proto.TaskQueue?.Name ?? string.Empty)
        {
            ExecutionTimeout = proto.WorkflowExecutionTimeout?.ToTimeSpan(),
            RunTimeout = proto.WorkflowRunTimeout?.ToTimeSpan(),
            TaskTimeout = proto.WorkflowTaskTimeout?.ToTimeSpan(),
            RetryPolicy = proto.RetryPolicy is { } policy ? RetryPolicy.FromProto(policy) : null,
            Memo = MemoValues.Read(proto.Memo, converter).ToDictionary(field => field.Key, field => (object)field.Value),
            TypedSearchAttributes = proto.SearchAttributes is { } attributes
                ? SearchAttributeCollection.FromProto(attributes)
                : SearchAttributeCollection.Empty,
            Priority = proto.Priority is { } priority ? Priority.FromProto(priority) : null,
        };

    static void RequireSchedulable(WorkflowOptions options)
    {
        if (options.IdReusePolicy != WorkflowIdReusePolicy.AllowDuplicate)
            throw new ArgumentException("WorkflowOptions.IdReusePolicy cannot be set for a scheduled workflow.");
        if (options.IdConflictPolicy != WorkflowIdConflictPolicy.Unspecified)
            throw new ArgumentException("WorkflowOptions.IdConflictPolicy cannot be set for a scheduled workflow.");
        if (options.CronSchedule is not null)
            throw new ArgumentException("WorkflowOptions.CronSchedule cannot be set for a scheduled workflow; use the spec.");
        if (options.StartSignal is not null || options.StartSignalArgs is not null)
            throw new ArgumentException("A scheduled workflow cannot have a start signal.");
        if (options.StartDelay is not null)
            throw new ArgumentException("WorkflowOptions.StartDelay cannot be set for a scheduled workflow.");
        if (options.Rpc is not null)
            throw new ArgumentException("WorkflowOptions.Rpc cannot be set for a scheduled workflow; set it on the call.");
    }

    async Task<Payloads?> InputAsync(DataConverter converter)
    {
        if (Args.Count == 0)
            return null;

        var input = new Payloads();
        foreach (var arg in Args)
            input.Payloads_.Add(arg is IEncodedRawValue encoded ? encoded.Payload : await converter.ToPayloadAsync(arg));
        return input;
    }

    Header? HeaderProto()
    {
        if (Headers is null or { Count: 0 })
            return null;

        var header = new Header();
        foreach (var (name, value) in Headers)
            header.Fields[name] = value.Payload;
        return header;
    }

    static Duration? ToDuration(TimeSpan? time) => time is { } value ? Duration.FromTimeSpan(value) : null;
}
